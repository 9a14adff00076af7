import ByteStrings
import DockerfileSyntax
import OCIModel

/// What FROM lines see: the platforms, and the ARG instructions before the first FROM.
struct GlobalVariables {
    /// The values that are known.
    private(set) var values: [ByteString: ByteString] = [:]
    /// Everything that may be used without being a mistake, with or without a value.
    private(set) var names: Set<ByteString> = []
    /// The names that ARG declares.
    private(set) var declared: Set<ByteString> = []
    /// `--build-arg`.
    let given: [ByteString: ByteString]

    init(of dockerfile: Dockerfile, in environment: LintEnvironment, given: [ByteString: ByteString]) {
        self.given = given
        let last = dockerfile.stages.last?.from.syntax.stageName?.lowercasedASCII
        let stage = environment.target ?? last ?? "default"
        for (name, value) in PredefinedNames.platformValues(for: environment.platform, stage: stage) {
            set(name, to: given[name] ?? value)
        }
        for instruction in dockerfile.globalArguments {
            for declaration in instruction.syntax.declarations { declare(declaration, escape: dockerfile.escape) }
        }
    }

    private mutating func declare(_ declaration: ArgDeclaration, escape: UInt8) {
        let name = expand(declaration.name, escape: escape) ?? declaration.name
        declared.insert(name)
        names.insert(name)
        if let value = given[name] {
            set(name, to: value)
        } else if let written = declaration.defaultValue, let value = expand(written, escape: escape) {
            set(name, to: value)
        }
    }

    private mutating func set(_ name: ByteString, to value: ByteString) {
        names.insert(name)
        values[name] = value.count <= Scope.longestValue ? value : nil
    }

    /// The word with its variables replaced, those without a value by nothing; nil when it cannot be expanded.
    func expand(_ word: ByteString, escape: UInt8) -> ByteString? {
        try? WordExpander(escape: escape).expand(word) { values[$0] }
    }

    /// The names a word uses, with a value or without.
    static func uses(in word: ByteString, escape: UInt8) -> Set<ByteString> {
        var names: Set<ByteString> = []
        _ = try? WordExpander(escape: escape).expand(word) { name in
            names.insert(name)
            return nil
        }
        return names
    }
}
