/// The modules by level: a module imports only from levels below its own.
enum Layers {
    static let levels: [[String]] = [
        ["ByteStrings", "FileModel", "SourceDiagnostics", "OCIModel", "DeviceModel", "CLinuxSystem", "CSandboxInit"],
        ["DockerfileSyntax", "TarArchive", "LinuxSystem", "BuildInterface"],
        ["BuildPlanning", "DockerfileLint", "BuildContexts", "ContentStorage", "ContainerNetworks", "RemoteSources"],
        ["ContainerSandbox", "LayerSnapshots", "StateDatabase"],
        ["BuildSolving", "ImageExport"],
        ["SlipwayEngine"],
        ["SlipwayCLI"],
        ["slipway", "slipway-init"],
    ]

    /// Modules that may import others of their own level, and which.
    static let neighbours: [String: Set<String>] = [
        "FileModel": ["ByteStrings"],
        "SourceDiagnostics": ["ByteStrings"],
        "OCIModel": ["ByteStrings", "FileModel"],
        "DeviceModel": ["ByteStrings"],
    ]

    /// What is not ours, and the only modules that may import it.
    static let owners: [String: Set<String>] = [
        "Glibc": ["LinuxSystem"],
        "Musl": ["LinuxSystem"],
        "CLinuxSystem": ["LinuxSystem"],
        "CSandboxInit": ["slipway-init"],
        "SystemPackage": [
            "LinuxSystem", "BuildContexts", "ContentStorage", "ContainerNetworks", "ContainerSandbox", "LayerSnapshots",
            "StateDatabase", "RemoteSources", "BuildSolving", "ImageExport",
        ],
        "GRDB": ["StateDatabase"],
        "SQLite3": ["StateDatabase"],
        "CArchive": ["TarArchive"],
        "CDeflate": ["TarArchive"],
        "CSeccomp": ["ContainerSandbox"],
        "Yams": ["ContainerSandbox"],
        "Crypto": ["OCIModel"],
        "ArgumentParser": ["SlipwayCLI"],
        "AsyncHTTPClient": ["RemoteSources"],
        "NIOCore": ["RemoteSources"],
        "NIOHTTP1": ["RemoteSources"],
        "NIOHTTPCompression": ["RemoteSources"],
        "NIOPosix": ["RemoteSources"],
        "NIOSSL": ["RemoteSources"],
        "Dispatch": ["TarArchive", "LinuxSystem", "ContentStorage", "SlipwayCLI"],
        "FoundationEssentials": ["OCIModel", "StateDatabase"],
        "Synchronization": [],
    ]

    /// Every module that some module of the given name may import.
    static func allowed(for module: String) -> Set<String>? {
        guard let level = levels.firstIndex(where: { $0.contains(module) }) else { return nil }
        return Set(levels[..<level].joined()).union(neighbours[module] ?? [])
    }

    static var modules: Set<String> { Set(levels.joined()) }
}
