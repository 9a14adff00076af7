/// The version of this program.
enum SlipwayVersion {
    static let number = "0.1.0"

    /// As `slipway --version` prints it.
    static let text = "slipway \(number)"
}
