package import ByteStrings
import DeviceModel
import FileModel
import LinuxSystem

/// Finds out what this machine offers; nothing is changed by it.
package struct HostProbe {
    private let environment: [ByteString: ByteString]

    /// `environment` is that of the caller, for where programs and configuration are looked for.
    package init(environment: [ByteString: ByteString]) {
        self.environment = environment
    }

    /// What holds now, with builds in `stateDirectory`, which need not exist.
    package func facts(stateDirectory: ByteString) -> HostFacts {
        let status = text("/proc/self/status")
        var facts = HostFacts(
            kernelRelease: Host.kernelRelease.description,
            userID: Host.effectiveUserID,
            capabilities: CapabilitySet(effectiveIn: ByteString(status))?.rawValue ?? 0,
            userNamespaces: userNamespaces,
            groups: groups,
            state: state(stateDirectory)
        )
        facts.hasNoNewPrivileges = status.contains("NoNewPrivs:\t1")
        facts.calls = Set(ProbedCall.allCases.filter(\.isPresent))
        facts.hasOverlay =
            text("/proc/filesystems").split(whereSeparator: \.isWhitespace).contains("overlay")
            || hasModule("overlay")
        facts.canMakeGroups = canMakeGroups
        facts.canOpenFuse = canOpen("/dev/fuse")
        facts.hasTunnel = exists("/dev/net/tun")
        facts.canOpenTunnel = canOpen("/dev/net/tun")
        facts.subordinateUsers = subordinateCount("/etc/subuid")
        facts.subordinateGroups = subordinateCount("/etc/subgid")
        facts.userMapper = helper("newuidmap")
        facts.groupMapper = helper("newgidmap")
        facts.hasNetworkModules = networkModules
        facts.networkHelpers = ["pasta", "slirp4netns"].filter { program(ByteString($0)) != nil }
        facts.registriesFile = registriesFile
        let offer = DeviceCatalog.read(DeviceOffer.standardFolders).offer
        facts.devices = offer.devices.filter { $0.fault == nil }.map(\.name.description)
        facts.deviceFaults =
            offer.faults + offer.devices.compactMap { device in device.fault.map { "`\(device.name)` \($0)" } }
        return facts
    }

    // MARK: - Files

    /// The text of a file, empty when it cannot be read.
    private func text(_ path: ByteString) -> String {
        guard let file = try? OwnedDescriptor.openFile(path, [.readOnly, .nonBlocking]),
            let bytes = try? file.readAll(limit: 4 << 20)
        else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func number(_ path: ByteString) -> UInt64? {
        UInt64(text(path).prefix { $0.isNumber })
    }

    private func exists(_ path: ByteString) -> Bool {
        (try? FileStatus.at(hostPath: path, followingLinks: true)) ?? nil != nil
    }

    private func canOpen(_ path: ByteString) -> Bool {
        (try? OwnedDescriptor.openFile(path, [.readWrite, .nonBlocking]).rawValue) != nil
    }

    // MARK: - Users

    private var userNamespaces: HostFacts.UserNamespaces {
        var found = HostFacts.UserNamespaces(
            most: exists("/proc/self/ns/user") ? number("/proc/sys/user/max_user_namespaces") : nil
        )
        found.areSwitchedOff = number("/proc/sys/kernel/unprivileged_userns_clone") == 0
        found.areConfined = number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1
        return found
    }

    /// How many IDs a file gives to this user, by number or by name.
    private func subordinateCount(_ path: ByteString) -> UInt64 {
        let user = String(Host.effectiveUserID)
        let name = text("/etc/passwd").split(separator: "\n").map { $0.split(separator: ":") }
            .first { $0.count > 2 && $0[2] == user }?.first
        var count: UInt64 = 0
        for line in text(path).split(separator: "\n") {
            let fields = line.split(separator: ":")
            guard fields.count == 3, fields[0] == user || fields[0] == name, let more = UInt64(fields[2]) else {
                continue
            }
            count = count.addingReportingOverflow(more).partialValue
        }
        return count
    }

    private func helper(_ name: ByteString) -> HostFacts.Helper {
        guard let path = program(name), let found = try? FileStatus.at(hostPath: path, followingLinks: true) else {
            return .missing
        }
        if found.permissions & 0o4000 != 0, found.owner == 0 { return .usable }
        let capabilities = try? OwnedDescriptor.openFile(path, .readOnly).extendedAttribute("security.capability")
        return capabilities ?? nil == nil ? .powerless : .usable
    }

    /// The full path of a program, nil when it is not installed.
    private func program(_ name: ByteString) -> ByteString? {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").bytes.split(separator: UInt8(ascii: ":"))
        for folder in folders.map({ ByteString($0) }) + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        where folder.isAbsolutePath {
            let path = folder.appendingPath(name)
            guard let found = try? FileStatus.at(hostPath: path, followingLinks: true) else { continue }
            if found.kind == .regular, found.permissions & 0o111 != 0 { return path }
        }
        return nil
    }

    // MARK: - The kernel

    private var layout: CgroupLayout {
        CgroupLayout(
            mountInfo: ByteString(text("/proc/self/mountinfo")),
            ownGroups: ByteString(text("/proc/self/cgroup"))
        )
    }

    /// Whether a group that this process could make others in belongs to its user.
    private var canMakeGroups: Bool {
        let layout = layout
        let old = layout.hierarchies.filter { !$0.controllers.isEmpty }
        let places = old.isEmpty ? layout.unified?.ownAndAbove ?? [] : old.map(\.own)
        return places.contains { place in
            guard let found = try? FileStatus.at(hostPath: place, followingLinks: true) else { return false }
            // Containers have them belong to root, and read-only.
            return found.owner == Host.effectiveUserID && Host.mayWrite(place)
        }
    }

    private var groups: HostFacts.Groups {
        let layout = layout
        let old = layout.hierarchies.reduce(into: Set<String>()) { $0.formUnion($1.controllers) }
        guard old.isEmpty else { return .version1(controllers: old) }
        guard let unified = layout.unified else { return .none }
        let place = Host.effectiveUserID == 0 ? unified.mountPoint : unified.own
        let found = text(place.appendingPath("cgroup.controllers")).split(whereSeparator: \.isWhitespace)
        return .unified(controllers: Set(found.map(String.init)))
    }

    /// Nil where a kernel without modules tells nothing of what it has built in.
    private var networkModules: Bool? {
        let names: [ByteString] = ["bridge", "veth", "nf_tables"]
        if names.allSatisfy(hasModule) { return true }
        let release = Host.kernelRelease
        let list = ("/lib/modules" as ByteString).appendingPath(release).appendingPath("modules.dep")
        return exists(list) ? false : nil
    }

    /// Whether a module is loaded, built in with something to show, or lies ready to be loaded.
    private func hasModule(_ name: ByteString) -> Bool {
        if exists(("/sys/module" as ByteString).appendingPath(name)) { return true }
        let folder = ("/lib/modules" as ByteString).appendingPath(Host.kernelRelease)
        return ["modules.builtin", "modules.dep"].contains { list in
            text(folder.appendingPath(ByteString(list))).contains("/\(name).ko")
        }
    }

    // MARK: - Disk

    private func state(_ path: ByteString) -> HostFacts.StateDirectory {
        var place = path.lexicallyCleanedAbsolute
        while !exists(place), place != "/" { place = "/" + place.pathComponents.dropLast().joinedAsPath }
        let found = try? OwnedDescriptor.openDirectory(place).filesystem()
        // A file without a name is made and gone at once.
        let isWritable = (try? OwnedDescriptor.temporaryFile(in: place).rawValue) != nil
        return HostFacts.StateDirectory(
            path: path.description,
            filesystem: found?.type ?? 0,
            available: found?.available ?? 0,
            isWritable: isWritable
        )
    }

    private var registriesFile: String? {
        let home = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? "/root").appendingPath(".config")
        return [home.appendingPath("containers/registries.conf"), "/etc/containers/registries.conf"]
            .first(where: exists)?.description
    }
}
