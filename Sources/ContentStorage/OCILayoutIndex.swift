import ByteStrings
import FileModel
import LinuxSystem
import OCIModel

/// `oci/index.json`: the names of the store's images, for other programs that read OCI image layouts.
///
/// The database is what counts here; this file is written after it, and read only when the database was lost.
///
/// Source: OCI Image Format Specification 1.1, "index.json file".
package struct OCILayoutIndex: Sendable {
    /// The contents of `oci-layout`.
    package static let layoutFile = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)

    private let state: StateDirectory

    package init(_ state: StateDirectory) {
        self.state = state
    }

    /// The images the index names; none when it is missing or damaged.
    ///
    /// - Throws: `SystemError` when reading fails.
    package func read() throws -> [LayoutImage] {
        guard try state.layoutFolder.statusIfPresent(of: "index.json")?.kind == .regular else { return [] }
        let bytes = try state.layoutFolder.openChild("index.json", [.readOnly, .nonBlocking])
            .readAll(limit: CanonicalJSON.defaultSizeLimit)
        let index = try? CanonicalJSON.decode(ImageIndex.self, from: bytes)
        return (index?.manifests ?? []).map { entry in
            let name = entry.annotations?[Annotations.containerdImageName].flatMap { try? ImageReference($0) }
            var manifest = entry
            manifest.annotations = nil
            return LayoutImage(manifest: manifest, name: name)
        }
    }

    /// Replaces the index in one step.
    ///
    /// - Throws: When the file cannot be written.
    package func write(_ images: [LayoutImage], in session: Session) throws {
        let index = ImageIndex(manifests: images.map(\.namedDescriptor))
        try session.write(try CanonicalJSON.encode(index), to: "index.json", in: state.layoutFolder)
    }
}
