import ArgumentParser
import BuildInterface
import ByteStrings
import FileModel
import LinuxSystem
import OCIModel

extension BuildFlags {
    /// What the flags mean, given the environment of the caller.
    ///
    /// - Throws: `ValidationError` naming the flag and what it takes.
    func resolve(environment: [ByteString: ByteString]) throws -> BuildRequest {
        try refuseAttestations()
        var request = BuildRequest(dockerfile: dockerfileLocation, context: ContextParser.parse(context))
        guard request.context != .standardInput || request.dockerfile != .standardInput else {
            throw ValidationError(
                "standard input cannot be both the context and the Dockerfile: pass one of them as a path"
            )
        }
        request.tags = try tag.map(reference)
        request.arguments = try Self.parse(buildArguments: buildArg, environment: environment)
        request.target = target.map { ByteString($0) }
        request.platform = try platform.map(parsePlatform)
        request.exports = try output.map { try ExportTargetParser.parse($0) }
        guard request.exports.count(where: { $0.destination == .standardOutput }) <= 1 else {
            throw ValidationError("--output: only one result can go to standard output")
        }
        request.namedContexts = try buildContext.map { try NamedContextParser.parse($0) }
        request.labels = try label.map { try keyAndValue($0, flag: "--label") }
        request.annotations = try annotation.map { try keyAndValue($0, flag: "--annotation") }
        request.network = try parseNetwork()
        request.extraHosts = try addHost.map(extraHost)
        request.secrets = try secret.map { try SecretParser.parse($0, environment: environment) }
        request.sshAgents = try ssh.map { try SSHAgentParser.parse($0, environment: environment) }
        if request.sshAgents.isEmpty, let agent = SSHAgentParser.agent(of: request.context, environment: environment) {
            request.sshAgents = [agent]
        }
        request.resources = try resources.resolve()
        let devices = allow.filter(DeviceGrantParser.isGrant)
        request.deviceGrants = try devices.map { try DeviceGrantParser.parse($0) }
        request.entitlements = Set(try allow.filter { !DeviceGrantParser.isGrant($0) }.map(entitlement))
        if !cdiSpecDir.isEmpty { request.deviceFolders = cdiSpecDir.map { ByteString($0) } }
        request.allowedHosts = Set(allowHost.map { $0.lowercased() })
        request.sharesProcesses = noProcessSandbox
        request.ignoresCache = noCache
        request.uncachedStages = noCacheFilter.flatMap { $0.split(separator: ",").map { ByteString(String($0)) } }
        if let shmSize { request.sharedMemorySize = try ByteCount.parse(shmSize, flag: "--shm-size") }
        try setEpoch(of: &request, environment)
        return request
    }

    private var dockerfileLocation: DockerfileLocation {
        switch file {
        case nil: .defaultInContext
        case "-": .standardInput
        case .some(let text): ContextParser.isURL(ByteString(text)) ? .url(ByteString(text)) : .path(ByteString(text))
        }
    }

    private func refuseAttestations() throws {
        for (flag, value) in [("--provenance", provenance), ("--sbom", sbom)] {
            guard let value, value != "false" else { continue }
            throw ValidationError(
                "\(flag)=\(value) is not possible: slipway makes no attestations yet; pass \(flag)=false"
            )
        }
    }

    private func reference(_ text: String) throws -> ImageReference {
        do { return try ImageReference(text) } catch {
            throw ValidationError("--tag \(text): \(error)")
        }
    }

    /// `--build-arg`: what has no value takes that of the environment, and is left out where that has none.
    static func parse(
        buildArguments texts: [String],
        environment: [ByteString: ByteString]
    ) throws -> [BuildArgument] {
        try texts.compactMap { text in
            let bytes = ByteString(text)
            guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else {
                return environment[bytes].map { BuildArgument(name: bytes, value: $0) }
            }
            guard equals > 0 else { throw ValidationError("--build-arg \(text): a name is missing before `=`") }
            return BuildArgument(name: ByteString(bytes[..<equals]), value: ByteString(bytes[(equals + 1)...]))
        }
    }

    private func parsePlatform(_ text: String) throws -> Platform {
        guard !text.contains(",") else {
            throw ValidationError("--platform \(text): one platform at a time")
        }
        if text == "local" { return Platform.current }
        do { return try Platform(text) } catch {
            throw ValidationError("--platform \(text): \(error)")
        }
    }

    private func keyAndValue(_ text: String, flag: String) throws -> ImageLabel {
        guard let equals = text.firstIndex(of: "=") else { return ImageLabel(key: text, value: "") }
        let key = String(text[..<equals])
        guard !key.isEmpty else { throw ValidationError("\(flag) \(text): a key is missing before `=`") }
        return ImageLabel(key: key, value: String(text[text.index(after: equals)...]))
    }

    private func parseNetwork() throws -> RequestedNetwork {
        guard let known = RequestedNetwork(rawValue: network) else {
            let all = RequestedNetwork.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--network \(network): slipway knows \(all)")
        }
        return known
    }

    private func extraHost(_ text: String) throws -> ExtraHost {
        // NAME:ADDRESS as docker takes it, NAME=ADDRESS as docker also takes it; an IPv6 address may stand in brackets.
        let separators: Set<Character> = text.contains("=") ? ["="] : [":"]
        guard let separator = text.firstIndex(where: separators.contains) else {
            throw ValidationError("--add-host \(text): it takes NAME:ADDRESS")
        }
        let name = String(text[..<separator])
        var address = text[text.index(after: separator)...]
        if address.hasPrefix("["), address.hasSuffix("]") { address = address.dropFirst().dropLast() }
        guard !name.isEmpty, !address.isEmpty else {
            throw ValidationError("--add-host \(text): it takes NAME:ADDRESS")
        }
        // Whichever address the host has in the network of a step.
        guard address == "host-gateway" || IPAddress(ByteString(String(address))) != nil else {
            throw ValidationError("--add-host \(text): `\(address)` is not an IP address")
        }
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "#") && $0 != 0x7f }) else {
            throw ValidationError("--add-host \(text): `\(name)` is not a host name")
        }
        return ExtraHost(name: name, address: String(address))
    }

    private func entitlement(_ text: String) throws -> BuildEntitlement {
        guard let known = BuildEntitlement(rawValue: text) else {
            let all = (BuildEntitlement.allCases.map(\.rawValue) + ["device"]).joined(separator: ", ")
            throw ValidationError("--allow \(text): slipway knows \(all)")
        }
        return known
    }

    private func setEpoch(of request: inout BuildRequest, _ environment: [ByteString: ByteString]) throws {
        let name: ByteString = "SOURCE_DATE_EPOCH"
        let text =
            sourceDateEpoch ?? request.arguments.last { $0.name == name }?.value.validatedString
            ?? environment[name]?.validatedString
        guard let text, !text.isEmpty else { return }
        if text == "context" {
            // Only the build knows which time that is.
            request.arguments.append(BuildArgument(name: name, value: "context"))
            return
        }
        guard let seconds = Int64(text), seconds >= 0, seconds < 1 << 40 else {
            throw ValidationError("SOURCE_DATE_EPOCH `\(text)`: it takes whole seconds since 1970, or `context`")
        }
        request.sourceDateEpoch = Timestamp(seconds: seconds)
    }
}
