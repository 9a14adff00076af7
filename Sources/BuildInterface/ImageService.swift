package import ByteStrings
package import OCIModel

/// The images of a store.
package protocol ImageService: Sendable {
    /// All names and what they stand for, in the order of the names.
    ///
    /// - Throws: When the store cannot be read.
    func images() throws -> [StoredImage]

    /// One image by name, digest or unique beginning of a digest.
    ///
    /// - Throws: ``ImageFailure/notFound(_:candidates:)``, ``ImageFailure/ambiguous(_:)``.
    func image(_ reference: String) throws -> StoredImage

    /// Gives an image one more name.
    ///
    /// - Throws: As ``image(_:)``.
    func tag(_ reference: String, as name: ImageReference) throws

    /// Takes a name away, and the bytes when nothing else needs them.
    ///
    /// - Returns: What was removed, one line for each name and blob.
    /// - Throws: As ``image(_:)``.
    func remove(_ reference: String) throws -> [String]

    /// Writes images as one archive that `docker load` reads.
    ///
    /// - Throws: As ``image(_:)``, and when the file cannot be written.
    func save(_ references: [String], to destination: ExportTarget.Destination, form: ExportTarget.Form) async throws

    /// Reads an archive that `docker save`, `skopeo` or ``save(_:to:form:)`` wrote; nil reads standard input.
    ///
    /// - Returns: The images that were loaded.
    /// - Throws: When the archive is damaged or holds no image.
    func load(from path: ByteString?) async throws -> [StoredImage]

    /// Makes an image of one layer from a tar of a root file system; nil reads standard input.
    ///
    /// - Returns: The image.
    /// - Throws: When the archive is damaged.
    func importRootFileSystem(
        from path: ByteString?,
        as name: ImageReference,
        configuration: ContainerConfiguration
    ) async throws -> StoredImage
}
