package import ByteStrings
import LinuxSystem

/// What the container that this process is in takes from it; nothing of it where it is in none.
package struct Surroundings: Hashable, Sendable {
    /// Whether a filter of system calls is installed.
    package var hasFilter = false

    /// What something is mounted over in `/proc`, so that the kernel shows it nowhere else.
    package var hiddenPlaces: [ByteString] = []

    /// The name of the security module and of its profile for this process; nil when it is not confined.
    package var confinement: String?

    /// Whether it is a container of a Kubernetes pod.
    package var isPod = false

    package init() {}

    /// Reads what the kernel tells of this process.
    package static func current(environment: [ByteString: ByteString]) -> Surroundings {
        Surroundings(environment: environment) { path in
            guard let file = try? OwnedDescriptor.openFile(path, [.readOnly, .nonBlocking]) else { return "" }
            return ByteString((try? file.readAll(limit: 4 << 20)) ?? [])
        }
    }

    /// The same for what `read` says is in a file, which is empty for a file that is not there.
    init(environment: [ByteString: ByteString], _ read: (ByteString) -> ByteString) {
        hasFilter = read("/proc/self/status").description.contains("\nSeccomp:\t2")
        hiddenPlaces = Self.hiddenPlaces(read("/proc/self/mountinfo"))
        confinement = Self.confinement(read("/proc/self/attr/current").bytes)
        isPod = environment["KUBERNETES_SERVICE_HOST"] != nil
    }

    /// Whether something around this process may keep it from setting up containers.
    package var mayForbid: Bool {
        hasFilter || confinement != nil || !hiddenPlaces.isEmpty
    }

    /// Folders of procfs that are empty and meant to be mounted on.
    private static let openPlaces: [ByteString] = ["/proc/sys/fs/binfmt_misc", "/proc/fs/nfsd"]

    private static func hiddenPlaces(_ mountInfo: ByteString) -> [ByteString] {
        mountInfo.bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count > 4 else { return nil }
            let place = ByteString(fields[4])
            return place.hasPrefix("/proc/") && !openPlaces.contains(place) ? place : nil
        }
    }

    private static func confinement(_ label: [UInt8]) -> String? {
        let text = String(decoding: label.prefix { $0 > 0x20 }, as: UTF8.self)
        if text.isEmpty || text == "unconfined" { return nil }
        let fields = text.split(separator: ":")
        guard fields.count >= 3 else { return "AppArmor profile `\(text)`" }
        return fields[2].hasPrefix("container") ? "SELinux type `\(fields[2])`" : nil
    }
}

extension Surroundings {
    /// What has to be taken away.
    struct Obstacles: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let filter = Obstacles(rawValue: 1)
        static let hiddenProcesses = Obstacles(rawValue: 2)
        static let confinement = Obstacles(rawValue: 4)
    }

    /// All that is there.
    var obstacles: Obstacles {
        var all: Obstacles = []
        if hasFilter { all.insert(.filter) }
        if !hiddenPlaces.isEmpty { all.insert(.hiddenProcesses) }
        if confinement != nil { all.insert(.confinement) }
        return all
    }

    /// The line that takes these away, and gives the capabilities; nil when there is nothing to do.
    func remedy(for obstacles: Obstacles, capabilities: [String] = []) -> String? {
        if obstacles.isEmpty, capabilities.isEmpty { return nil }
        return isPod ? remedyOfPod(obstacles, capabilities) : remedyOfContainer(obstacles, capabilities)
    }

    private func remedyOfContainer(_ obstacles: Obstacles, _ capabilities: [String]) -> String {
        var options = capabilities.map { "--cap-add=\($0)" }
        if obstacles.contains(.filter) { options.append("--security-opt seccomp=unconfined") }
        if obstacles.contains(.hiddenProcesses) { options.append("--security-opt systempaths=unconfined") }
        if obstacles.contains(.confinement) {
            let isAppArmor = confinement?.hasPrefix("AppArmor") ?? true
            options.append("--security-opt \(isAppArmor ? "apparmor=unconfined" : "label=disable")")
        }
        return "run the outer container with `\(options.joined(separator: " "))`"
    }

    private func remedyOfPod(_ obstacles: Obstacles, _ capabilities: [String]) -> String {
        var fields: [String] = []
        if !capabilities.isEmpty {
            fields.append("capabilities: {add: [\(capabilities.joined(separator: ", "))]}")
        }
        if obstacles.contains(.filter) { fields.append("seccompProfile: {type: Unconfined}") }
        if obstacles.contains(.hiddenProcesses) { fields.append("procMount: Unmasked") }
        if obstacles.contains(.confinement) {
            let isAppArmor = confinement?.hasPrefix("AppArmor") ?? true
            fields.append(isAppArmor ? "appArmorProfile: {type: Unconfined}" : "seLinuxOptions: {type: spc_t}")
        }
        let context = "give the container of the pod `securityContext: {\(fields.joined(separator: ", "))}`"
        return obstacles.contains(.hiddenProcesses) ? context + ", and the pod `hostUsers: false`" : context
    }
}
