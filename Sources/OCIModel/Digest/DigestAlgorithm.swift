/// The hash algorithms a digest may use.
///
/// Source: OCI image-spec, `descriptor.md`, "Registered Algorithms".
package enum DigestAlgorithm: String, Hashable, Sendable, CaseIterable {
    case sha256, sha512

    /// How many hexadecimal digits a hash has.
    package var hexCount: Int {
        switch self {
        case .sha256: 64
        case .sha512: 128
        }
    }
}
