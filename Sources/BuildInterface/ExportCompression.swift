/// How the layers of an exported image are compressed.
package enum ExportCompression: String, Hashable, Sendable, CaseIterable {
    case uncompressed, gzip, zstd
}
