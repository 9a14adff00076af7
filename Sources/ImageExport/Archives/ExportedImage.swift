import ContentStorage
package import OCIModel

/// An image that is about to be written, with the names it gets there.
package struct ExportedImage: Hashable, Sendable {
    package var image: AssembledImage

    /// None leaves the image to be found by its digest.
    package var names: [ImageReference]

    package init(_ image: AssembledImage, names: [ImageReference]) {
        self.image = image
        self.names = names
    }

    /// The entries of an index: one for each name, or one without.
    var indexEntries: [Descriptor] {
        var manifest = image.manifest
        manifest.platform = image.configuration.platform
        if names.isEmpty { return [manifest] }
        return names.map { LayoutImage(manifest: manifest, name: $0).namedDescriptor }
    }
}
