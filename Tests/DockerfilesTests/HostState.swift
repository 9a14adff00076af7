import Foundation

/// What a build must leave as it was: mounts, processes and temporary folders.
struct HostState: Equatable {
    var mounts: Int
    var containers: [String]

    /// Counts what is there now.
    static var current: HostState {
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let containers = processes.filter { pid in
            guard pid.allSatisfy(\.isNumber) else { return false }
            let name = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? ""
            return name.hasPrefix("slipway-init")
        }
        return HostState(mounts: mounts.split(separator: "\n").count, containers: containers)
    }

    /// What is left in the `tmp` folder of a state directory.
    static func leftovers(in state: URL) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: state.appendingPathComponent("tmp").path)) ?? []
    }
}
