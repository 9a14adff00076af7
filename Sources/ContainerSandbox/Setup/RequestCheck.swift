import ByteStrings
import LinuxSystem

/// Refuses what no container can be given, before a process is started for it.
enum RequestCheck {
    static func check(_ request: ContainerRequest) throws(ExecutorError) {
        guard let command = request.arguments.first, !command.isEmpty else {
            throw .invalidRequest("there is no command to run")
        }
        try checkTexts(request)
        for path in request.lowerTrees + [request.upper, request.work, request.workingDirectory] {
            try requireAbsolute(path)
        }
        guard !request.lowerTrees.isEmpty else { throw .invalidRequest("there are no layers to run on") }
        let mostTrees = ContainerProcess.mostExtraDescriptors - 2
        guard request.trees.count <= mostTrees else {
            throw .invalidRequest("a container has at most \(mostTrees) trees without a path")
        }
        guard (1...64).contains(request.hostName.count) else {
            throw .invalidRequest("a host name has 1 to 64 bytes, not \(request.hostName.count)")
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

    private static func checkTexts(_ request: ContainerRequest) throws(ExecutorError) {
        for variable in request.environment where variable.bytes.contains(0) {
            // The value may be a secret.
            let name = ByteString(variable.bytes.prefix { $0 != UInt8(ascii: "=") && $0 != 0 })
            throw .invalidRequest("the variable `\(name)` has a NUL byte, which no process can be given")
        }
        var texts = request.arguments + request.lowerTrees
        texts += [request.upper, request.work, request.workingDirectory, request.hostName, request.user.home]
        for mount in request.mounts {
            texts += [mount.target, mount.source.subpath] + mount.source.paths
        }
        for text in texts where text.bytes.contains(0) {
            let start = ByteString(text.bytes.prefix { $0 != 0 })
            throw .invalidRequest("a NUL byte follows `\(start)`, which no process can be given")
        }
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
