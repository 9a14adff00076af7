import ByteStrings
import OCIModel

/// The names that a build knows without an ARG instruction.
enum PredefinedNames {
    private static let proxies: Set<ByteString> = [
        "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
    ]

    /// Whether a name may be used in a stage that does not declare it.
    ///
    /// The names of platforms are not among them: those have to be declared.
    static func needsNoDeclaration(_ name: ByteString) -> Bool {
        name.hasPrefix("BUILDKIT_") || proxies.contains(name.uppercasedASCII)
    }

    /// Whether an ARG of the name says something to the builder, even if no word uses it.
    static func speaksToBuilder(_ name: ByteString) -> Bool {
        name == "SOURCE_DATE_EPOCH" || needsNoDeclaration(name)
    }

    /// The platform names with their values, and the name of the stage being built.
    static func platformValues(for target: Platform, stage: ByteString) -> [(ByteString, ByteString)] {
        values("BUILD", .current) + values("TARGET", target) + [("TARGETSTAGE", stage)]
    }

    private static func values(_ prefix: ByteString, _ platform: Platform) -> [(ByteString, ByteString)] {
        let parts: [(ByteString, String)] = [
            ("PLATFORM", platform.description), ("OS", platform.os), ("OSVERSION", platform.osVersion ?? ""),
            ("ARCH", platform.architecture), ("VARIANT", platform.variant ?? ""),
        ]
        return parts.map { (prefix + $0.0, ByteString($0.1)) }
    }
}
