import ByteStrings
import OCIModel

/// The names that a build knows without an ARG instruction.
enum PredefinedArguments {
    /// Proxy settings in their upper-case spelling, in the order RUN steps get them.
    static let proxies: [ByteString] = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"]

    static let sourceDateEpoch: ByteString = "SOURCE_DATE_EPOCH"
    static let cacheMountNamespace: ByteString = "BUILDKIT_CACHE_MOUNT_NS"
    static let hostName: ByteString = "BUILDKIT_SANDBOX_HOSTNAME"

    /// Arguments that speak to the builder and never become variables of a command.
    static let withoutEnvironment: Set<ByteString> = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]

    /// Whether a build argument has a meaning of its own, so that no ARG needs to take it up.
    static func contains(_ name: ByteString) -> Bool {
        name == sourceDateEpoch || name.hasPrefix("BUILDKIT_") || proxies.contains(name.asciiUppercased)
            || platformNames.contains(name)
    }

    private static let platformNames: Set<ByteString> = [
        "BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT",
        "TARGETPLATFORM", "TARGETOS", "TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE",
    ]

    /// What FROM lines may use before any ARG: both platforms, and the name of the stage being built.
    static func platformVariables(build: Platform, target: Platform, stage: ByteString) -> [EnvironmentVariable] {
        variables(prefix: "BUILD", platform: build) + variables(prefix: "TARGET", platform: target)
            + [EnvironmentVariable(name: "TARGETSTAGE", value: stage.isEmpty ? "default" : stage)]
    }

    private static func variables(prefix: ByteString, platform: Platform) -> [EnvironmentVariable] {
        let values: [(ByteString, String)] = [
            ("PLATFORM", platform.description), ("OS", platform.os), ("OSVERSION", platform.osVersion ?? ""),
            ("ARCH", platform.architecture), ("VARIANT", platform.variant ?? ""),
        ]
        return values.map { EnvironmentVariable(name: prefix + $0.0, value: ByteString($0.1)) }
    }
}
