import ByteStrings
import OCIModel

/// `oci/index.json`: the names of the store's images, for other programs that read OCI image layouts.
///
/// The database is what counts here; this file is written after it and never read.
///
/// Source: OCI Image Format Specification 1.1, "index.json file".
package struct OCILayoutIndex: Sendable {
    /// The contents of `oci-layout`.
    package static let layoutFile = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)

    private let state: StateDirectory

    package init(_ state: StateDirectory) {
        self.state = state
    }

    /// Replaces the index in one step.
    ///
    /// - Throws: When the file cannot be written.
    package func write(_ images: [LayoutImage], in session: Session) throws {
        let index = ImageIndex(manifests: images.map(\.namedDescriptor))
        try session.write(try CanonicalJSON.encode(index), to: "index.json", in: state.layoutFolder)
    }
}
