package import ByteStrings
package import DeviceModel
import FileModel
import LinuxSystem
import SystemPackage

/// The devices that specifications on this host describe.
package struct DeviceCatalog: Sendable {
    /// What there is to be asked for.
    package let offer: DeviceOffer
    private let entries: [DeviceName: Entry]
    private let specifications: [DeviceSpecification]

    /// A device and its file, by its place among all files read.
    private struct Entry {
        var device: DeviceSpecification.Device
        var specification: Int
    }

    /// Files above this number in one folder are told as a fault, and not read.
    private static let mostFiles = 1024

    /// A catalogue of nothing.
    package init() {
        self.init([], folders: [], faults: [])
    }

    /// Reads what the folders hold; what cannot be read is told in ``offer``, and leaves out no other device.
    ///
    /// Of two files that describe a device the one in the later folder counts; of two in one folder, neither.
    package static func read(_ folders: [ByteString]) -> DeviceCatalog {
        var found: [(folder: Int, path: ByteString, DeviceSpecification)] = []
        var faults: [String] = []
        for (index, folder) in folders.enumerated() {
            for path in files(in: folder, &faults) {
                do {
                    found.append((index, path, try DeviceSpecificationReader.read(try content(of: path))))
                } catch {
                    faults.append("`\(path)` is left out: \(error)")
                }
            }
        }
        return DeviceCatalog(found, folders: folders, faults: faults)
    }

    private init(
        _ files: [(folder: Int, path: ByteString, specification: DeviceSpecification)],
        folders: [ByteString],
        faults: [String]
    ) {
        var places: [DeviceName: [(file: Int, device: DeviceSpecification.Device)]] = [:]
        for (index, file) in files.enumerated() {
            for device in file.specification.devices {
                let rivals = places[device.name] ?? []
                // Folders come in rising order.
                let kept = rivals.filter { files[$0.file].folder == file.folder }
                places[device.name] = kept + [(index, device)]
            }
        }
        specifications = files.map(\.specification)
        var entries: [DeviceName: Entry] = [:]
        var offered: [OfferedDevice] = []
        for (name, rivals) in places {
            guard let last = rivals.last else { continue }
            entries[name] = Entry(device: last.device, specification: last.file)
            let refusals = specifications[last.file].edits.refusals + last.device.edits.refusals
            let paths = rivals.map { "`\(files[$0.file].path)`" }.joined(separator: " and ")
            offered.append(
                OfferedDevice(
                    name,
                    className: last.device.className,
                    // What two files say of is no one's consent.
                    isAutoAllowed: rivals.count == 1 && last.device.isAutoAllowed,
                    fault: rivals.count > 1 ? "is described more than once, by \(paths)" : refusals.first
                )
            )
        }
        self.entries = entries
        offer = DeviceOffer(offered, folders: folders, faults: faults)
    }

    /// What a container needs for all of these; names that are not offered come to nothing.
    package func edits(for names: [DeviceName]) -> DeviceEdits {
        var edits = DeviceEdits()
        var files: Set<Int> = []
        var seen: Set<DeviceName> = []
        for name in names where seen.insert(name).inserted {
            guard let entry = entries[name] else { continue }
            if files.insert(entry.specification).inserted { edits.append(specifications[entry.specification].edits) }
            edits.append(entry.device.edits)
        }
        return edits
    }

    // MARK: - Files

    /// The specifications in a folder, by name; a folder that does not exist has none.
    private static func files(in folder: ByteString, _ faults: inout [String]) -> [ByteString] {
        let endings: [ByteString] = [".json", ".yaml", ".yml"]
        do {
            guard try FileStatus.at(hostPath: folder, followingLinks: true) != nil else { return [] }
            let names = try OwnedDescriptor.openDirectory(folder).entries().map(\.name)
                .filter { name in endings.contains { name.hasSuffix($0) } }.sorted()
            if names.count > mostFiles { faults.append("`\(folder)` has more than \(mostFiles) specifications") }
            return names.prefix(mostFiles).map { folder.appendingPath($0) }
        } catch {
            faults.append("\(error)")
            return []
        }
    }

    private static func content(of path: ByteString) throws -> [UInt8] {
        // An administrator's link is followed; a pipe is not waited for.
        let file = try OwnedDescriptor.openFile(path, [.readOnly, .nonBlocking])
        guard try file.status().kind == .regular else {
            throw DeviceSpecificationError(reason: "it is no regular file")
        }
        guard try file.size() <= UInt64(SpecificationNode.mostBytes) else {
            throw DeviceSpecificationError(reason: "it has more than \(SpecificationNode.mostBytes) bytes")
        }
        return try file.readAll(limit: SpecificationNode.mostBytes)
    }
}
