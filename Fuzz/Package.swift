// swift-tools-version: 6.2
import PackageDescription

// Fuzzing of what reads text from outside. The modules are compiled from their own folders, a few files of them where
// the rest would need the system; nothing else of the program is built.

/// Every function reports where it has been, and every access to memory is checked.
let instrumented: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

/// A program that hands one function to the library that drives the fuzzing.
func fuzzer(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies + ["CFuzzer"],
        swiftSettings: instrumented,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"]), .linkedLibrary("m")]
    )
}

let package = Package(
    name: "fuzz",
    targets: [
        .target(name: "CFuzzer"),
        .target(name: "ByteStrings", swiftSettings: instrumented),
        .target(name: "SourceDiagnostics", swiftSettings: instrumented),
        .target(
            name: "DockerfileSyntax",
            dependencies: ["ByteStrings", "SourceDiagnostics"],
            swiftSettings: instrumented
        ),
        .target(
            name: "BuildContexts",
            dependencies: ["ByteStrings"],
            sources: ["ContextError.swift", "Patterns"]
                + ["File", "Matcher", "Pattern", "Rule"].map { "Ignore/Ignore\($0).swift" } + ["Ignore/PathText.swift"],
            swiftSettings: instrumented
        ),
        fuzzer("FuzzDockerfile", "ByteStrings", "SourceDiagnostics", "DockerfileSyntax"),
        fuzzer("FuzzExpansion", "ByteStrings", "DockerfileSyntax"),
        fuzzer("FuzzIgnore", "ByteStrings", "BuildContexts"),
    ]
)
