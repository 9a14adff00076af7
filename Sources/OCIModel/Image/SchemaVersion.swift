/// The version number that manifests and indexes carry.
enum SchemaVersion {
    static let current = 2

    static func check(_ version: Int) throws(DocumentError) {
        if version != current { throw .unknownSchemaVersion(version) }
    }
}
