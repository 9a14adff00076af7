/// How a layer's media type says it is compressed.
package enum LayerCompression: Hashable, Sendable, CaseIterable {
    case uncompressed, gzip, zstd
}
