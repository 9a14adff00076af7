/// What an image runs on: operating system, architecture and variant of the processor, in the normal form.
///
/// The normal form has one spelling for each machine: `x86_64` is `amd64`, `aarch64` and `arm64/v8` are `arm64`, `arm`
/// alone is `arm/v7`. Source: OCI image-spec, `image-index.md`, "platform".
package struct Platform: Hashable, Sendable {
    package let os: String
    package let architecture: String

    /// The variant of the processor; nil when the architecture has one only, or for its usual one.
    package let variant: String?

    /// The version that Windows images demand.
    package let osVersion: String?
    package let osFeatures: [String]?

    /// Makes the normal form of the parts.
    package init(
        os: String,
        architecture: String,
        variant: String? = nil,
        osVersion: String? = nil,
        osFeatures: [String]? = nil
    ) {
        let os = os.lowercased()
        self.os = os == "macos" ? "darwin" : os
        (self.architecture, self.variant) = Self.normalized(architecture.lowercased(), variant?.lowercased() ?? "")
        self.osVersion = osVersion.nonEmpty
        self.osFeatures = osFeatures.nonEmpty
    }

    /// Reads `os/architecture[/variant]`, or one of the first two with the other taken from this machine.
    ///
    /// - Throws: ``PlatformError``.
    package init(_ text: String) throws(PlatformError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if parts.count > 3 { throw .tooManyParts(text) }
        for part in parts {
            if part.isEmpty { throw .empty(text) }
            if !part.utf8.allSatisfy(Self.isAllowed) { throw .badPart(part) }
        }
        if parts.count > 1 {
            self.init(os: parts[0], architecture: parts[1], variant: parts.count > 2 ? parts[2] : nil)
            return
        }
        let word = parts[0].lowercased()
        if Self.operatingSystems.contains(word) {
            self.init(os: word, architecture: Self.current.architecture, variant: Self.current.variant)
        } else if Self.architectures.contains(Self.normalized(word, "").0) {
            self.init(os: Self.current.os, architecture: word)
        } else {
            throw .unknownWord(parts[0])
        }
    }

    /// The platform of this machine.
    package static let current: Platform = {
        #if arch(x86_64)
            Platform(os: "linux", architecture: "amd64")
        #elseif arch(arm64)
            Platform(os: "linux", architecture: "arm64")
        #elseif arch(arm)
            Platform(os: "linux", architecture: "arm", variant: "v7")
        #elseif arch(i386)
            Platform(os: "linux", architecture: "386")
        #elseif arch(powerpc64le)
            Platform(os: "linux", architecture: "ppc64le")
        #elseif arch(s390x)
            Platform(os: "linux", architecture: "s390x")
        #else
            Platform(os: "linux", architecture: "riscv64")
        #endif
    }()

    private static func normalized(_ architecture: String, _ variant: String) -> (String, String?) {
        switch architecture {
        case "i386", "i486", "i586", "i686": ("386", nil)
        case "x86_64", "x86-64", "amd64": ("amd64", variant == "v1" || variant.isEmpty ? nil : variant)
        case "aarch64", "arm64": ("arm64", ["", "8", "v8"].contains(variant) ? nil : variant)
        case "armhf": ("arm", "v7")
        case "armel": ("arm", "v6")
        case "arm":
            switch variant {
            case "", "7": ("arm", "v7")
            case "5", "6", "8": ("arm", "v" + variant)
            default: ("arm", variant)
            }
        default: (architecture, variant.isEmpty ? nil : variant)
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static let operatingSystems: Set<String> = [
        "linux", "windows", "darwin", "macos", "freebsd", "netbsd", "openbsd", "dragonfly", "solaris", "illumos", "aix",
        "android", "ios", "plan9", "wasi", "js", "wasip1",
    ]

    private static let architectures: Set<String> = [
        "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le",
        "riscv64", "s390x", "wasm",
    ]
}

extension Platform: CustomStringConvertible {
    /// `os/architecture`, and `/variant` where there is one.
    package var description: String {
        "\(os)/\(architecture)" + (variant.map { "/" + $0 } ?? "")
    }
}

extension Platform: Codable {
    private enum Key: String, CodingKey {
        case architecture, os, variant
        case osVersion = "os.version"
        case osFeatures = "os.features"
    }

    /// Reads the object of an index.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            os: try container.decode(String.self, forKey: .os),
            architecture: try container.decode(String.self, forKey: .architecture),
            variant: try container.decodeIfPresent(String.self, forKey: .variant),
            osVersion: try container.decodeIfPresent(String.self, forKey: .osVersion),
            osFeatures: try container.decodeIfPresent([String].self, forKey: .osFeatures)
        )
    }

    /// Writes the object of an index.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(architecture, forKey: .architecture)
        try container.encode(os, forKey: .os)
        try container.encodeIfPresent(variant, forKey: .variant)
        try container.encodeIfPresent(osVersion, forKey: .osVersion)
        try container.encodeIfPresent(osFeatures, forKey: .osFeatures)
    }
}
