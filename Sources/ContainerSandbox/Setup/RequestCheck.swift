import ByteStrings
import LinuxSystem

/// Refuses what no container can be given, before a process is started for it.
enum RequestCheck {
    static func check(_ request: ContainerRequest) throws(ExecutorError) {
        try check(request.shape)
        guard let command = request.arguments.first, !command.isEmpty else {
            throw .invalidRequest("there is no command to run")
        }
        try checkTexts(request)
        for path in request.lowerTrees + [request.upper, request.work, request.workingDirectory] {
            try requireAbsolute(path)
        }
        guard !request.lowerTrees.isEmpty else { throw .invalidRequest("there are no layers to run on") }
        // One descriptor less than a message takes, for the policy comes with them.
        let mostTrees = DescriptorChannel.mostDescriptors - 1
        guard request.trees.count <= mostTrees else {
            throw .invalidRequest("a container has at most \(mostTrees) trees without a path")
        }
        guard request.user.user != .max, request.user.group != .max, !request.user.groups.contains(.max),
            request.user.groups.count <= 65536
        else { throw .invalidRequest("user or groups are out of range") }
        for mount in request.mounts {
            try requireAbsolute(mount.target)
            for path in mount.source.paths { try requireAbsolute(path) }
            if ProtectedPaths.isForbiddenTarget(mount.target) { throw .forbiddenTarget(mount.target) }
        }
    }

    static func check(_ shape: ContainerShape) throws(ExecutorError) {
        guard (1...64).contains(shape.hostName.count) else {
            throw .invalidRequest("a host name has 1 to 64 bytes, not \(shape.hostName.count)")
        }
        try requireAbsolute(shape.assembly)
        for text in [shape.hostName, shape.assembly] { try requireNoNUL(text) }
    }

    private static func checkTexts(_ request: ContainerRequest) throws(ExecutorError) {
        for variable in request.environment where variable.bytes.contains(0) {
            // The value may be a secret.
            let name = ByteString(variable.bytes.prefix { $0 != UInt8(ascii: "=") && $0 != 0 })
            throw .invalidRequest("the variable `\(name)` has a NUL byte, which no process can be given")
        }
        var texts = request.arguments + request.lowerTrees
        texts += [request.upper, request.work, request.workingDirectory, request.user.home]
        for mount in request.mounts {
            texts += [mount.target, mount.source.subpath] + mount.source.paths
        }
        for text in texts { try requireNoNUL(text) }
    }

    private static func requireNoNUL(_ text: ByteString) throws(ExecutorError) {
        guard text.bytes.contains(0) else { return }
        let start = ByteString(text.bytes.prefix { $0 != 0 })
        throw .invalidRequest("a NUL byte follows `\(start)`, which no process can be given")
    }

    private static func requireAbsolute(_ path: ByteString) throws(ExecutorError) {
        guard path.isAbsolutePath else { throw .invalidRequest("`\(path)` is not an absolute path") }
    }
}

extension ContainerMount.Source {
    /// Every path of the host that is needed.
    fileprivate var paths: [ByteString] {
        switch self {
        case .bind(let path, _): [path]
        case .device(let device): [device.hostPath]
        case .layers(let layers): layers.folders + [layers.work] + (layers.upper.map { [$0] } ?? [])
        case .file, .temporary: []
        }
    }

    fileprivate var subpath: ByteString {
        switch self {
        case .bind(_, let subpath): subpath
        case .layers(let layers): layers.subpath
        case .file, .device, .temporary: ""
        }
    }
}
