import Foundation

/// Runs a command of an unpacked image with runc.
enum Container {
    /// Runs `command` in the OCI bundle at `bundle`, without a terminal, a network or limits.
    static func run(_ command: [String], in bundle: URL) throws -> Outcome {
        let file = bundle.appendingPathComponent("config.json")
        let data = try Data(contentsOf: file)
        guard var config = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            var process = config["process"] as? [String: Any],
            var linux = config["linux"] as? [String: Any]
        else { throw CocoaError(.fileReadCorruptFile) }
        process["terminal"] = false
        process["args"] = command
        process["rlimits"] = nil
        config["process"] = process
        linux["resources"] = nil
        linux["cgroupsPath"] = nil
        // A cgroup mount needs what the host may not give; the command does not look at it.
        let mounts = config["mounts"] as? [[String: Any]] ?? []
        config["mounts"] = mounts.filter { $0["type"] as? String != "cgroup" }
        config["linux"] = linux
        try JSONSerialization.data(withJSONObject: config).write(to: file)
        return try Command.run(
            "runc",
            "run",
            "--bundle",
            bundle.path,
            "slipway-test-\(UUID().uuidString.prefix(8))"
        )
    }
}
