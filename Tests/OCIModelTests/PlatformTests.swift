import OCIModel
import Testing

@Suite struct PlatformTests {
    @Test(arguments: [
        ("linux/amd64", "linux/amd64"), ("linux/x86_64", "linux/amd64"), ("Linux/X86-64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"), ("linux/amd64/v3", "linux/amd64/v3"), ("linux/aarch64", "linux/arm64"),
        ("linux/arm64/v8", "linux/arm64"), ("linux/arm64/8", "linux/arm64"), ("linux/arm64/v9", "linux/arm64/v9"),
        ("linux/arm", "linux/arm/v7"), ("linux/arm/7", "linux/arm/v7"), ("linux/arm/v6", "linux/arm/v6"),
        ("linux/armhf", "linux/arm/v7"), ("linux/armel", "linux/arm/v6"), ("linux/i386", "linux/386"),
        ("macos/arm64", "darwin/arm64"), ("linux/riscv64", "linux/riscv64"), ("arm64", "linux/arm64"),
        ("linux", Platform.current.description), ("x86_64", "linux/amd64"),
    ])
    func writesOneSpellingForEachMachine(_ text: String, _ expected: String) throws {
        let platform = try Platform(text)

        #expect(platform.description == expected)
        #expect(try Platform(platform.description) == platform)
    }

    static let refused: [(String, PlatformError)] = [
        ("", PlatformError.empty("")), ("linux/", .empty("linux/")), ("/amd64", .empty("/amd64")),
        ("linux//v7", .empty("linux//v7")), ("a/b/c/d", .tooManyParts("a/b/c/d")), ("linux/am d", .badPart("am d")),
        ("linux/é", .badPart("é")), ("vax", .unknownWord("vax")),
    ]

    @Test(arguments: refused)
    func namesThePartThatIsWrong(_ text: String, _ error: PlatformError) {
        #expect(throws: error) { try Platform(text) }
    }

    static func descriptor(_ platform: String?, _ content: String) throws -> Descriptor {
        var descriptor = Descriptor(mediaType: .imageManifest, content: Array(content.utf8))
        descriptor.platform = try platform.map { try Platform($0) }
        return descriptor
    }

    @Test(arguments: [
        ("linux/amd64", "amd64"), ("linux/arm64", "arm64"), ("linux/arm/v7", "armv7"), ("linux/arm/v6", "armv6"),
        ("linux/arm/v8", "armv7"), ("linux/amd64/v3", "amd64"), ("linux/arm/v5", nil), ("windows/amd64", nil),
    ])
    func picksTheBestManifestOfAnIndex(_ wanted: String, _ found: String?) throws {
        let index = ImageIndex(manifests: [
            try Self.descriptor(nil, "none"), try Self.descriptor("unknown/unknown", "attestation"),
            try Self.descriptor("linux/arm/v6", "armv6"), try Self.descriptor("linux/arm/v7", "armv7"),
            try Self.descriptor("linux/amd64", "amd64"), try Self.descriptor("linux/arm64/v8", "arm64"),
        ])

        let match = index.manifest(for: try Platform(wanted))

        #expect(match?.digest == found.map { Digest.sha256(of: $0.utf8) })
    }
}
