import Foundation
import Testing

/// What a build must leave as it was: mounts, processes, network links, control groups and temporary folders.
struct HostState {
    private let mounts: Set<String>
    private let links: Set<String>
    private let groups: Set<String>

    /// Notes what is there now.
    init() {
        mounts = Self.mounts()
        links = Self.links()
        groups = Self.groups()
    }

    /// Expects no new mount, link or control group, no process of a build in the state directory, and no temporary folder
    /// there.
    ///
    /// Other tests run at the same time, so that what is there for a moment is theirs, and only what stays counts.
    func expectUnchanged(_ state: URL, sourceLocation: SourceLocation = #_sourceLocation) {
        let clean = Poll.until(seconds: 10) {
            Self.mounts().isSubset(of: mounts) && Self.links().isSubset(of: links)
                && Self.groups().isSubset(of: groups) && Self.processes(of: state).isEmpty
                && Self.leftovers(in: state).isEmpty
        }
        guard !clean else { return }
        #expect(Self.mounts().subtracting(mounts) == [], "mounts are left", sourceLocation: sourceLocation)
        #expect(Self.links().subtracting(links) == [], "links are left", sourceLocation: sourceLocation)
        #expect(Self.groups().subtracting(groups) == [], "control groups are left", sourceLocation: sourceLocation)
        #expect(Self.processes(of: state) == [], "processes are left", sourceLocation: sourceLocation)
        #expect(Self.leftovers(in: state) == [], "temporary folders are left", sourceLocation: sourceLocation)
    }

    /// The processes of builds in a state directory, containers too: each has its path in its arguments, or in the root
    /// that is mounted for it.
    static func processes(of state: URL) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { pid in
            guard pid.allSatisfy(\.isNumber), pid != "\(getpid())" else { return false }
            // What has ended and only waits to be asked for its status has no arguments and no mounts.
            return ["cmdline", "mountinfo"].contains { file in
                let data = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") ?? Data()
                return String(decoding: data, as: UTF8.self).contains(state.path + "/")
                    || (file == "cmdline" && String(decoding: data, as: UTF8.self).contains(state.path + "\0"))
            }
        }
    }

    /// What is left in the `tmp` folder of a state directory.
    static func leftovers(in state: URL) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: state.appendingPathComponent("tmp").path)) ?? []
    }

    private static func links() -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")) ?? [])
    }

    /// The control groups that builds have made, in every hierarchy and at any depth.
    private static func groups() -> Set<String> {
        guard let paths = FileManager.default.enumerator(atPath: "/sys/fs/cgroup") else { return [] }
        return Set(paths.compactMap { $0 as? String }.filter { $0.contains("/slipway-") })
    }

    private static func mounts() -> Set<String> {
        let text = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        return Set(text.split(separator: "\n").map(String.init))
    }
}
