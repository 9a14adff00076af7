import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

extension StagePlanner {
    /// ENV: no pair of a line sees another.
    mutating func plan(_ env: EnvInstruction, at range: SourceRange?) throws(PlanErrors) {
        let pairs = try expand(env.pairs, of: "ENV", at: range)
        for (name, value) in pairs {
            state.environment.set(name, to: value)
            state.imageEnvironment.set(name, to: value)
        }
        record("ENV " + pairs.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
    }

    /// LABEL: of a key given twice the last counts.
    mutating func plan(_ label: LabelInstruction, at range: SourceRange?) throws(PlanErrors) {
        let pairs = try expand(label.pairs, of: "LABEL", at: range)
        var labels = state.configuration.config.labels ?? [:]
        for (name, value) in pairs { labels[name.description] = value.description }
        state.configuration.config.labels = labels
        record("LABEL " + pairs.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
    }

    private func expand(
        _ pairs: [KeyValue],
        of keyword: String,
        at range: SourceRange?
    ) throws(PlanErrors) -> [(name: ByteString, value: ByteString)] {
        var expanded: [(name: ByteString, value: ByteString)] = []
        for pair in pairs {
            let name = try expand(pair.key, at: range)
            if name.isEmpty {
                throw PlanErrors(
                    "BlankName",
                    "\(keyword) names can not be blank",
                    at: places.word(pair.key, in: range),
                    hint: "write `\(keyword) NAME=value`; a variable in the name needs a value"
                )
            }
            expanded.append((name, try expand(pair.value, at: range)))
        }
        return expanded
    }

    /// ARG: each declaration sees those before it, and `--build-arg` beats the default, which then need not make sense.
    mutating func plan(_ arg: ArgInstruction, at range: SourceRange?) throws(PlanErrors) {
        var texts: [String] = []
        for declaration in arg.declarations {
            let name = try expand(declaration.name, at: range)
            var value = assembly.arguments.given[name]
            if value == nil {
                if let written = declaration.defaultValue {
                    value = try expand(written, at: range)
                } else {
                    value = assembly.arguments.variables[name]
                }
            }
            if let value, !PredefinedArguments.withoutEnvironment.contains(name) {
                state.environment.set(name, to: value)
            }
            state.arguments.append((name, value))
            texts.append(value.map { "\(name)=\($0)" } ?? "\(name)")
        }
        record("ARG " + texts.joined(separator: " "))
    }
}
