/// The start from an image.
package struct ImageOperation: Hashable, Sendable {
    package var request: ImageRequest
    package var image: ResolvedImage

    package init(request: ImageRequest, image: ResolvedImage) {
        self.request = request
        self.image = image
    }
}
