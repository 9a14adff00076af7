extension ContainerConfiguration: Codable {
    private enum Key: String, CodingKey {
        case user = "User"
        case exposedPorts = "ExposedPorts"
        case environment = "Env"
        case entrypoint = "Entrypoint"
        case cmd = "Cmd"
        case volumes = "Volumes"
        case workingDirectory = "WorkingDir"
        case labels = "Labels"
        case stopSignal = "StopSignal"
        case argsEscaped = "ArgsEscaped"
        case healthcheck = "Healthcheck"
        case shell = "Shell"
        case onBuild = "OnBuild"
    }

    /// Reads the object.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        user = try container.decodeIfPresent(String.self, forKey: .user)
        exposedPorts = try container.decodeIfPresent(KeySet.self, forKey: .exposedPorts)?.keys
        environment = try container.decodeIfPresent([String].self, forKey: .environment)
        entrypoint = try container.decodeIfPresent(Words.self, forKey: .entrypoint)?.words
        cmd = try container.decodeIfPresent(Words.self, forKey: .cmd)?.words
        volumes = try container.decodeIfPresent(KeySet.self, forKey: .volumes)?.keys
        workingDirectory = try container.decodeIfPresent(String.self, forKey: .workingDirectory)
        labels = try container.decodeIfPresent([String: String?].self, forKey: .labels)?.mapValues { $0 ?? "" }
        stopSignal = try container.decodeIfPresent(String.self, forKey: .stopSignal)
        argsEscaped = try container.decodeIfPresent(Bool.self, forKey: .argsEscaped) ?? false
        healthcheck = try container.decodeIfPresent(Healthcheck.self, forKey: .healthcheck)
        shell = try container.decodeIfPresent(Words.self, forKey: .shell)?.words
        onBuild = try container.decodeIfPresent([String].self, forKey: .onBuild)
    }

    /// Writes the object; what is nil or empty is left out.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(user.nonEmpty, forKey: .user)
        try container.encodeIfPresent(exposedPorts.nonEmpty.map(KeySet.init), forKey: .exposedPorts)
        try container.encodeIfPresent(environment.nonEmpty, forKey: .environment)
        try container.encodeIfPresent(entrypoint.nonEmpty, forKey: .entrypoint)
        try container.encodeIfPresent(cmd.nonEmpty, forKey: .cmd)
        try container.encodeIfPresent(volumes.nonEmpty.map(KeySet.init), forKey: .volumes)
        try container.encodeIfPresent(workingDirectory.nonEmpty, forKey: .workingDirectory)
        try container.encodeIfPresent(labels.nonEmpty, forKey: .labels)
        try container.encodeIfPresent(stopSignal.nonEmpty, forKey: .stopSignal)
        if argsEscaped { try container.encode(true, forKey: .argsEscaped) }
        try container.encodeIfPresent(healthcheck, forKey: .healthcheck)
        try container.encodeIfPresent(shell.nonEmpty, forKey: .shell)
        try container.encodeIfPresent(onBuild.nonEmpty, forKey: .onBuild)
    }
}

/// A set, which documents write as an object with empty values.
private struct KeySet: Codable {
    private struct AnyValue: Codable {
        init() {}
        init(from decoder: any Decoder) {}
        func encode(to encoder: any Encoder) {
            _ = encoder.container(keyedBy: Key.self)
        }

        private enum Key: CodingKey {}
    }

    let keys: Set<String>

    init(_ keys: Set<String>) {
        self.keys = keys
    }

    init(from decoder: any Decoder) throws {
        keys = Set(try [String: AnyValue](from: decoder).keys)
    }

    func encode(to encoder: any Encoder) throws {
        try [String: AnyValue](uniqueKeysWithValues: keys.map { ($0, AnyValue()) }).encode(to: encoder)
    }
}

/// A command, for which older images have one string in place of a list.
private struct Words: Decodable {
    let words: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self) {
            words = [word]
        } else {
            words = try container.decode([String].self)
        }
    }
}
