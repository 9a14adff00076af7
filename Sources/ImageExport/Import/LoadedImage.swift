package import OCIModel

/// An image that came out of an archive and is part of the store.
package struct LoadedImage: Hashable, Sendable {
    package var image: AssembledImage

    /// The names that the archive gives it; none when it says none or only a tag.
    package var names: [ImageReference]

    package init(_ image: AssembledImage, names: [ImageReference]) {
        self.image = image
        self.names = names
    }
}
