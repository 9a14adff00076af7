import OCIModel

/// An image of an archive whose documents are read and whose layers are found.
struct ArchivedImage {
    var names: [ImageReference]

    /// With the type and the size of the documents that were read.
    var manifest: Descriptor
    var document: ImageManifest
    var configuration: ImageConfiguration
    var manifestBlob: SourceBlob
    var configurationBlob: SourceBlob

    /// The lowest first, as in the manifest.
    var layers: [SourceBlob]
}

/// What images an archive has.
protocol ImageCatalog {
    /// Every image, of those for several platforms the one for `platform`.
    func all(for platform: Platform) throws -> [ArchivedImage]

    /// The image that is meant.
    func one(_ selector: ImageSelector, for platform: Platform) throws -> ArchivedImage
}
