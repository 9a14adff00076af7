/// The version of this program, as `slipway --version` prints it.
enum SlipwayVersion {
    static let text = "slipway 0.1.0"
}
