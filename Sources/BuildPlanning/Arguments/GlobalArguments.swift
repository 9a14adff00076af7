import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// What build arguments, predefined names and the ARG instructions before the first FROM come to.
struct GlobalArguments {
    /// `--build-arg`, the last of a name.
    private(set) var given: [ByteString: ByteString] = [:]

    /// What FROM lines see, and an ARG without a default takes up.
    private(set) var variables = EnvironmentList()

    /// SOURCE_DATE_EPOCH in seconds since 1970; nil when it is not given.
    private(set) var sourceDateEpoch: Int64?

    /// BUILDKIT_SANDBOX_HOSTNAME, the name of the host that commands see; nil when it is not given.
    private(set) var hostName: ByteString?

    init(_ request: PlanRequest, expander: Expander) throws(PlanErrors) {
        for argument in request.buildArguments { given[argument.name] = argument.value }

        let stage = request.target ?? request.dockerfile.stages.last?.from.syntax.stageName?.asciiLowercased ?? ""
        let predefined = PredefinedArguments.platformVariables(
            build: request.buildPlatform,
            target: request.platform,
            stage: stage
        )
        for variable in predefined { variables.set(variable.name, to: given[variable.name] ?? variable.value) }

        for instruction in request.dockerfile.globalArguments {
            for declaration in instruction.syntax.declarations {
                let name = try expander.expand(declaration.name, variables, at: instruction.range)
                if let value = given[name] {
                    variables.set(name, to: value)
                } else if let value = declaration.defaultValue {
                    variables.set(name, to: try expander.expand(value, variables, at: instruction.range))
                }
            }
        }
        try settleEpoch(contextTime: request.contextTime)
        try settleHostName()
    }

    private mutating func settleHostName() throws(PlanErrors) {
        guard let name = given[PredefinedArguments.hostName], !name.isEmpty else { return }
        let isName = name.bytes.allSatisfy { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
        }
        // `sethostname(2)` takes no more.
        guard isName, name.count <= 64 else {
            throw PlanErrors(
                "SandboxHostName",
                "invalid BUILDKIT_SANDBOX_HOSTNAME: `\(name)` is no host name",
                at: nil,
                hint: "it has up to 64 letters, digits, dots and hyphens"
            )
        }
        hostName = name
    }

    /// Reads SOURCE_DATE_EPOCH once, so that every stage sees the same canonical number.
    private mutating func settleEpoch(contextTime: Int64?) throws(PlanErrors) {
        let name = PredefinedArguments.sourceDateEpoch
        guard var text = given[name] ?? variables[name], !text.isEmpty else { return }
        if text == "context" {
            // A folder of the host has no time.
            guard let contextTime else {
                given[name] = nil
                variables.remove(name)
                return
            }
            text = ByteString("\(contextTime)")
        }
        guard let seconds = text.validatedString.flatMap({ Int64($0) }) else {
            throw PlanErrors(
                "SourceDateEpoch",
                "invalid SOURCE_DATE_EPOCH: `\(text)` is not a number of seconds",
                at: nil,
                hint: "give whole seconds since 1970, such as the output of `git log -1 --format=%ct`"
            )
        }
        sourceDateEpoch = seconds
        let canonical = ByteString(String(seconds))
        if given[name] != nil { given[name] = canonical }
        if variables[name] != nil { variables.set(name, to: canonical) }
    }

    /// The proxy settings for RUN steps, each in both spellings.
    var proxyEnvironment: [EnvironmentVariable] {
        PredefinedArguments.proxies.flatMap { proxy -> [EnvironmentVariable] in
            let names = given.keys.filter { $0.asciiUppercased == proxy }.sorted()
            guard let value = names.last.flatMap({ given[$0] }), !value.isEmpty else { return [] }
            return [proxy, proxy.asciiLowercased].map { EnvironmentVariable(name: $0, value: value) }
        }
    }
}
