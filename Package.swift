// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target of ours is compiled with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let systemPackage = product(name: "SystemPackage", package: "swift-system")
    static let yams = product(name: "Yams", package: "Yams")
}

/// A module and the test target it must have.
func module(_ name: String, _ dependencies: Target.Dependency...) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.byName(name: name), "TestSupport"] + dependencies,
            swiftSettings: strict
        ),
    ]
}

/// Every library module, bottom to top: a module imports only what stands above it in this list.
let pipeline: [[Target]] = [
    // Level 0: values.
    module("ByteStrings"),
    module("FileModel", "ByteStrings"),
    module("SourceDiagnostics"),
    module("OCIModel", "FileModel", .crypto),
    module("DeviceModel", "ByteStrings"),
    // Level 1: text, archives, the kernel, the contract with front ends.
    module("DockerfileSyntax", "ByteStrings", "SourceDiagnostics"),
    module("TarArchive", "ByteStrings", "FileModel", "CArchive", "CDeflate"),
    module("LinuxSystem", "ByteStrings", "FileModel", "CLinuxSystem", .systemPackage),
    module("BuildInterface", "ByteStrings", "FileModel", "SourceDiagnostics", "OCIModel", "DeviceModel"),
    // Level 2: what to do, from where, kept where.
    module("BuildPlanning", "ByteStrings", "SourceDiagnostics", "OCIModel", "DeviceModel", "DockerfileSyntax"),
    module("DockerfileLint", "ByteStrings", "SourceDiagnostics", "OCIModel", "DockerfileSyntax"),
    module("BuildContexts", "ByteStrings", "FileModel", "OCIModel", "LinuxSystem", "TarArchive", .systemPackage),
    module("ContentStorage", "ByteStrings", "FileModel", "OCIModel", "LinuxSystem", "TarArchive", .systemPackage),
    module("ContainerNetworks", "ByteStrings", "FileModel", "LinuxSystem", .systemPackage),
    module("RemoteSources", "ByteStrings", "FileModel", "OCIModel", "LinuxSystem", .asyncHTTPClient, .systemPackage),
    // Level 3: containers, trees, the database.
    module(
        "ContainerSandbox",
        "ByteStrings",
        "FileModel",
        "DeviceModel",
        "LinuxSystem",
        "CSeccomp",
        .yams,
        .systemPackage
    ),
    module(
        "LayerSnapshots",
        "ByteStrings",
        "FileModel",
        "OCIModel",
        "TarArchive",
        "LinuxSystem",
        "BuildContexts",
        "ContentStorage",
        .systemPackage
    ),
    module(
        "StateDatabase",
        "ByteStrings",
        "FileModel",
        "OCIModel",
        "LinuxSystem",
        "BuildContexts",
        "ContentStorage",
        "RemoteSources",
        .grdb,
        .systemPackage
    ),
    // Level 4: steps to layers, layers to images.
    module(
        "BuildSolving",
        "ByteStrings",
        "FileModel",
        "SourceDiagnostics",
        "OCIModel",
        "DeviceModel",
        "TarArchive",
        "LinuxSystem",
        "BuildInterface",
        "BuildPlanning",
        "BuildContexts",
        "ContentStorage",
        "ContainerNetworks",
        "RemoteSources",
        "ContainerSandbox",
        "LayerSnapshots",
        "StateDatabase",
        .systemPackage
    ),
    module(
        "ImageExport",
        "ByteStrings",
        "FileModel",
        "OCIModel",
        "TarArchive",
        "LinuxSystem",
        "BuildContexts",
        "ContentStorage",
        "LayerSnapshots",
        .systemPackage
    ),
    // Level 5: the whole.
    module(
        "SlipwayEngine",
        "ByteStrings",
        "FileModel",
        "SourceDiagnostics",
        "OCIModel",
        "DeviceModel",
        "DockerfileSyntax",
        "TarArchive",
        "LinuxSystem",
        "BuildInterface",
        "BuildPlanning",
        "DockerfileLint",
        "BuildContexts",
        "ContentStorage",
        "RemoteSources",
        "ContainerSandbox",
        "LayerSnapshots",
        "StateDatabase",
        "BuildSolving",
        "ImageExport"
    ),
    // Level 6: the command line.
    module(
        "SlipwayCLI",
        "ByteStrings",
        "FileModel",
        "SourceDiagnostics",
        "OCIModel",
        "DeviceModel",
        "DockerfileSyntax",
        "LinuxSystem",
        "BuildInterface",
        "BuildPlanning",
        "DockerfileLint",
        "RemoteSources",
        "ContainerSandbox",
        "SlipwayEngine",
        .argumentParser
    ),
]

let package = Package(
    name: "slipway",
    products: [
        .executable(name: "slipway", targets: ["slipway"]),
        .executable(name: "slipway-init", targets: ["slipway-init"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    ],
    targets: pipeline.flatMap(\.self) + [
        .target(name: "CLinuxSystem"),
        .target(name: "CSandboxInit"),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .executableTarget(name: "slipway", dependencies: ["SlipwayCLI"], swiftSettings: strict),
        // Runs as the first process of a container, before anything there can be trusted to link against.
        .executableTarget(
            name: "slipway-init",
            dependencies: ["CSandboxInit"],
            swiftSettings: [
                .enableExperimentalFeature("Embedded"), .unsafeFlags(["-wmo", "-parse-as-library"]),
            ],
            linkerSettings: [
                .unsafeFlags([
                    "-enable-experimental-feature", "Embedded", "-Xclang-linker", "-static", "-Xlinker",
                    "--gc-sections",
                ])
            ]
        ),
        .target(name: "TestSupport", dependencies: ["ByteStrings"], swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: strict),
        .testTarget(name: "DockerfilesTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ]
)
