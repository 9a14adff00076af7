import ByteStrings
import LinuxSystem
import SystemPackage

/// Makes the groups of containers where this machine allows it.
struct CgroupFactory: Sendable {
    /// How the name of every group of ours begins; the session and a number follow.
    static let namePrefix: ByteString = "slipway-"

    private let filesystem: any CgroupFilesystem
    private let layout: CgroupLayout

    init(filesystem: any CgroupFilesystem, layout: CgroupLayout) {
        self.filesystem = filesystem
        self.layout = layout
    }

    /// The factory for the machine as it is now.
    static func host() throws(CgroupError) -> CgroupFactory {
        let filesystem = HostCgroupFilesystem()
        do throws(SystemError) {
            let layout = CgroupLayout(
                mountInfo: try filesystem.read("/proc/self/mountinfo"),
                ownGroups: try filesystem.read("/proc/self/cgroup")
            )
            return CgroupFactory(filesystem: filesystem, layout: layout)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Makes a group with these limits, and nothing when one of them cannot be applied.
    func make(_ limits: CgroupLimits, named name: ByteString) throws(CgroupError) -> Cgroup {
        var group = Cgroup(filesystem: filesystem)
        do throws(CgroupError) {
            for part in try parts(of: limits) { try add(part, limits.parent, name, to: &group) }
        } catch {
            group.remove()
            throw error
        }
        return group
    }

    /// Removes groups whose session is gone: where groups would be made now, and below `parent`.
    ///
    /// `isAlive` says whether the session of a group's name still runs.
    func sweep(parent: ByteString? = nil, isAlive: (ByteString) -> Bool) {
        for hierarchy in layout.hierarchies {
            var places = hierarchy.ownAndAbove
            if let parent, let path = try? Self.path(parent) { places.append(hierarchy.mountPoint.appendingPath(path)) }
            for place in places {
                for name in (try? filesystem.groups(in: place)) ?? [] {
                    guard let session = Self.session(of: name), !isAlive(session) else { continue }
                    Cgroup.remove(place.appendingPath(name), in: filesystem)
                }
            }
        }
    }

    /// The name of a session's group.
    static func name(session: ByteString, number: UInt64) -> ByteString {
        ByteString(namePrefix.bytes + session.bytes + Array("-\(number)".utf8))
    }

    /// The session in the name of a group, nil for a name that is not one of ours.
    static func session(of name: ByteString) -> ByteString? {
        guard name.hasPrefix(namePrefix), let dash = name.bytes.lastIndex(of: UInt8(ascii: "-")),
            dash > namePrefix.count, !name.bytes[(dash + 1)...].isEmpty,
            name.bytes[(dash + 1)...].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return ByteString(name.bytes[namePrefix.count..<dash])
    }

    // MARK: - Where

    /// What one hierarchy has to do with a group.
    private struct Part {
        var hierarchy: CgroupHierarchy
        var settings: [CgroupSetting]

        /// The limit that messages name.
        var limit: CgroupLimit
    }

    private func parts(of limits: CgroupLimits) throws(CgroupError) -> [Part] {
        var parts: [Part] = []
        for (old, new) in try pairs(limits) {
            guard let hierarchy = hierarchy(of: old.controller) else {
                if old.isImplied { continue }
                throw .controllerMissing(old.limit, controller: old.controller.rawValue)
            }
            let settings = hierarchy.isUnified ? new : [old]
            if let index = parts.firstIndex(where: { $0.hierarchy == hierarchy }) {
                for setting in settings where !parts[index].settings.contains(setting) {
                    parts[index].settings.append(setting)
                }
            } else {
                parts.append(Part(hierarchy: hierarchy, settings: settings, limit: old.limit))
            }
        }
        guard limits.parent != nil else { return parts }
        // A parent is meant for every controller that it may limit.
        let others = layout.hierarchies.filter { hierarchy in
            (!hierarchy.controllers.isEmpty || hierarchy.isUnified) && !parts.contains { $0.hierarchy == hierarchy }
        }
        return parts + others.map { Part(hierarchy: $0, settings: [], limit: .parent) }
    }

    /// Each setting of version 1 with those of the unified hierarchy for the same limit.
    private func pairs(_ limits: CgroupLimits) throws(CgroupError) -> [(CgroupSetting, [CgroupSetting])] {
        let unified = limits.unifiedSettings
        return limits.settings.map { old in (old, unified.filter { $0.limit == old.limit }) }
    }

    /// The hierarchy that has a controller; version 1 keeps it from the unified one.
    private func hierarchy(of controller: CgroupController) -> CgroupHierarchy? {
        if let old = layout.hierarchies.first(where: { $0.controllers.contains(controller.rawValue) }) { return old }
        guard let unified = layout.unified else { return nil }
        let file = unified.mountPoint.appendingPath("cgroup.controllers")
        return filesystem.words(file).contains(ByteString(controller.rawValue)) ? unified : nil
    }

    private func add(
        _ part: Part,
        _ parent: ByteString?,
        _ name: ByteString,
        to group: inout Cgroup
    ) throws(CgroupError) {
        let countsMemory = part.settings.contains { $0.controller == .memory }
        let candidates =
            try parent.map { parent throws(CgroupError) in
                [part.hierarchy.mountPoint.appendingPath(try Self.path(parent))]
            } ?? part.hierarchy.ownAndAbove
        var failure: SystemError?
        for place in candidates {
            do throws(SystemError) {
                if parent != nil { try makeParents(to: place, below: part.hierarchy, &group) }
                try enableControllers(of: part, in: place)
                let path = place.appendingPath(name)
                try filesystem.makeDirectory(path)
                group.add(.init(path: path, isUnified: part.hierarchy.isUnified, countsMemory: countsMemory))
                try fillProcessorSet(of: path, from: place, part.hierarchy)
            } catch {
                if failure == nil { failure = error }
                // Further up there may be room only where the tree is one.
                if part.hierarchy.isUnified { continue }
                break
            }
            for setting in part.settings { try write(setting, in: place.appendingPath(name)) }
            return
        }
        throw .notDelegated(part.limit, failure)
    }

    private func makeParents(
        to place: ByteString,
        below hierarchy: CgroupHierarchy,
        _ group: inout Cgroup
    ) throws(SystemError) {
        var path = hierarchy.mountPoint
        for name in place.pathComponents.dropFirst(hierarchy.mountPoint.pathComponents.count) {
            let above = path
            path = path.appendingPath(name)
            if try filesystem.exists(path) { continue }
            try filesystem.makeDirectory(path)
            group.addParent(path)
            try fillProcessorSet(of: path, from: above, hierarchy)
        }
    }

    /// Lets the groups below a place have the controllers: from the mount point down, as each level must give leave.
    private func enableControllers(of part: Part, in place: ByteString) throws(SystemError) {
        guard part.hierarchy.isUnified, !part.settings.isEmpty else { return }
        let wanted = Set(part.settings.map { ByteString($0.controller.rawValue) }).sorted()
        var path = part.hierarchy.mountPoint
        for name in [""] + place.pathComponents.dropFirst(path.pathComponents.count) {
            path = path.appendingPath(name)
            let enabled = filesystem.words(path.appendingPath("cgroup.subtree_control"))
            let missing = wanted.filter { !enabled.contains($0) }
            guard !missing.isEmpty else { continue }
            let text = missing.map { "+\($0)" }.joined(separator: " ")
            try filesystem.write(ByteString(text), to: path.appendingPath("cgroup.subtree_control"))
        }
    }

    /// Gives a new group the processors and memory nodes of the one above: it has none, and nobody could join it.
    private func fillProcessorSet(
        of path: ByteString,
        from above: ByteString,
        _ hierarchy: CgroupHierarchy
    ) throws(SystemError) {
        guard hierarchy.controllers.contains(CgroupController.processorSet.rawValue) else { return }
        for file in ["cpuset.cpus", "cpuset.mems"] as [ByteString] {
            let value = try filesystem.read(above.appendingPath(file))
            try filesystem.write(ByteString(value.bytes.filter { $0 > 0x20 }), to: path.appendingPath(file))
        }
    }

    private func write(_ setting: CgroupSetting, in folder: ByteString) throws(CgroupError) {
        do throws(SystemError) {
            try filesystem.write(setting.value, to: folder.appendingPath(setting.file))
        } catch {
            let isMissing = error.errno == .noSuchFileOrDirectory || error.errno == .permissionDenied
            if setting.isImplied, isMissing { return }
            if setting.limit == .memoryAndSwap, isMissing { throw .swapNotCounted }
            throw .refused(setting.limit, value: setting.value.description, error)
        }
    }

    /// The path of a parent below a hierarchy's root.
    ///
    /// The name of a slice alone stands for its place among slices: `a-b.slice` lies in `a.slice`.
    static func path(_ text: ByteString) throws(CgroupError) -> ByteString {
        let names = text.pathComponents
        guard !names.isEmpty, !names.contains(".."), !text.bytes.contains(where: { $0 < 0x20 }) else {
            throw .invalidParent(text.description)
        }
        guard names.count == 1, let name = names[0].validatedString, name.hasSuffix(".slice"), name != "-.slice" else {
            return names.joinedAsPath
        }
        let words = name.dropLast(6).split(separator: "-", omittingEmptySubsequences: false)
        guard !words.contains("") else { throw .invalidParent(name) }
        return (1...words.count).map { ByteString(words.prefix($0).joined(separator: "-") + ".slice") }.joinedAsPath
    }
}
