import Foundation

/// The Swift files of the repository, as text, for tests of the architecture.
package struct SourceFile: Sendable {
    /// The path below the repository.
    package let path: String

    /// The module: the folder below `Sources`.
    package let module: String
    package let lines: [String]

    /// The modules named by import declarations.
    package var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count else { return nil }
            guard words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) }) else {
                return nil
            }
            // `import struct Module.Type` names the module before the dot.
            let name = Self.kinds.contains(words[keyword + 1]) ? words.last ?? "" : words[keyword + 1]
            return name.split(separator: ".").first.map(String.init)
        }
    }

    private static let accessLevels = ["private", "fileprivate", "internal", "package", "public"]
    private static let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
}

/// Reads the sources of the repository.
package enum SourceTree {
    /// Every file below a folder of the repository whose name ends in one of the endings.
    package static func files(under folder: String, endingIn endings: [String] = [".swift"]) throws -> [SourceFile] {
        let root = Testdata.repository.appendingPathComponent(folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
        return try names.filter { name in endings.contains { name.hasSuffix($0) } }.map { name in
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            return SourceFile(
                path: "\(folder)/\(name)",
                module: String(name.split(separator: "/")[0]),
                lines: text.components(separatedBy: "\n")
            )
        }
    }
}
