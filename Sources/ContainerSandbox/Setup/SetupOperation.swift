import ByteStrings
import FileModel
import LinuxSystem

/// One thing that the first process of a container does before it becomes the command.
///
/// The order in a policy is the order of execution. Paths of places are absolute in the container's root, paths of
/// sources absolute on the host.
enum SetupOperation: Equatable, Sendable {
    /// Dies when the thread that started the container does, or now when it already has.
    case dieWithParent

    /// Lets the host's unmounts reach the container, and nothing the other way.
    case followUnmounts

    /// Stops mounts from propagating to the host and back.
    case isolateMounts
    case joinSessionKeyring

    /// Mounts an empty tree over a folder of the host, as the root until there is another.
    case mountAssembly(ByteString)

    /// Waits for the operations that follow, which are not known when a container is started.
    case awaitCommand
    case mountOverlay(Overlay)

    /// Puts what was mounted at a path of the assembly, if anything was, at the same path of the root.
    case adoptMount(ByteString, from: ByteString)
    case mountFilesystem(Filesystem)
    case makeDirectory(ByteString, permissions: UInt32)
    case makeDevice(ByteString, DeviceNumber, permissions: UInt32)
    case makeSymbolicLink(ByteString, target: ByteString)

    /// Leaves these names as the only usable devices of a folder.
    case guardDevices(ByteString, names: [ByteString])
    case bindMount(Bind)

    /// Mounts a file of the container's own memory.
    case mountFile(File)

    /// Mounts a device at a node of the container's own memory.
    case mountDevice(Device)

    /// Mounts part of a tree that several folders make together.
    case mountLayers(Layers)

    /// Makes a file empty, or a folder empty and read-only; nothing happens when it does not exist.
    case mask(ByteString)

    /// Forbids writing at and below a path; nothing happens when it does not exist.
    case makeReadOnly(ByteString)

    /// Makes the mounted tree the root and lets go of the host.
    case enterRoot

    /// Enters the network namespace behind a descriptor of the process, and closes it.
    case joinNetwork(descriptor: UInt32)
    case setHostName(ByteString)
    case raiseLoopback
    case setCreationMask(UInt32)
    case setLimit(ResourceLimit)
    case closeDescriptors
    case changeDirectory(ByteString)

    /// Installs a filter of system calls: instructions of classic BPF, eight bytes each.
    case installFilter([UInt8])

    /// Gives up, for ever, every capability outside the set.
    case limitCapabilities(CapabilitySet)

    /// Becomes a user; without any group in the list, the groups beside the one stay as they are.
    case assumeUser(user: UInt32, group: UInt32, groups: [UInt32])
    case setCapabilities(active: CapabilitySet, inheritable: CapabilitySet, ambient: CapabilitySet)

    /// Becomes the first candidate that can be executed.
    case execute(candidates: [ByteString], arguments: [ByteString], environment: [ByteString])

    /// Layers as one tree.
    struct Overlay: Equatable, Sendable {
        /// Folder over which the tree is mounted while it is set up.
        var place: ByteString
        var attributes: MountAttributes

        /// Top first.
        var lowers: [ByteString]

        /// Receives changes; empty for a tree that takes none.
        var upper: ByteString

        /// Empty where `upper` is.
        var work: ByteString
        var options: [Option]

        /// Leaves out every flush of the upper folder, also when the tree is unmounted.
        ///
        /// What a command wrote is packed at once, and after a crash of the host nobody trusts the folder.
        static let unflushed = Option(key: "volatile", value: "")
    }

    /// Part of a tree of layers.
    struct Layers: Equatable, Sendable {
        var overlay: Overlay

        /// A path inside the tree, resolved without ever leaving it; empty for all of it.
        var subpath: ByteString
        var target: ByteString
        var attributes: MountAttributes
    }

    /// A file that exists in the container alone.
    struct File: Equatable, Sendable {
        /// The assembly, which is in memory and also holds such files.
        var place: ByteString
        var target: ByteString
        var attributes: MountAttributes
        var permissions: UInt16
        var owner: UInt32
        var group: UInt32
        var content: [UInt8]
    }

    /// A device with a node of its own.
    struct Device: Equatable, Sendable {
        /// As of ``File``.
        var place: ByteString
        var target: ByteString
        var attributes: MountAttributes

        /// A character device otherwise.
        var isBlock: Bool
        var number: DeviceNumber
        var permissions: UInt16
        var owner: UInt32
        var group: UInt32
    }

    /// A file system that the kernel makes up.
    struct Filesystem: Equatable, Sendable {
        var type: ByteString
        var target: ByteString
        var attributes: MountAttributes
        var options: [Option] = []

        /// Whether the Dockerfile chose the target, so that links in it are followed, and the root refused.
        var isRequested = false

        /// Whether the container can do without it where the kernel refuses.
        var isOptional = false
    }

    /// An option of a file system; an empty value stands for a flag.
    struct Option: Equatable, Sendable {
        var key: ByteString
        var value: ByteString
    }

    /// A tree or file of the host.
    struct Bind: Equatable, Sendable {
        var source: ByteString

        /// A path inside `source`, resolved without ever leaving it; empty for `source` itself.
        var subpath: ByteString
        var target: ByteString
        var attributes: MountAttributes
    }
}

extension SetupOperation: CustomStringConvertible {
    /// What is attempted, as a verb and its objects.
    var description: String {
        switch self {
        case .dieWithParent: "watch the builder"
        case .followUnmounts: "keep mounts from the host"
        case .isolateMounts: "separate the mounts from the host's"
        case .joinSessionKeyring: "make a session keyring"
        case .mountAssembly(let place): "mount an empty tree on `\(place)`"
        case .awaitCommand: "wait for the command"
        case .adoptMount(let path, _): "mount `\(path)` in the root of the container"
        case .mountOverlay(let overlay): "mount \(overlay.lowers.count) layers with overlay"
        case .mountFilesystem(let filesystem): "mount \(filesystem.type) on `\(filesystem.target)`"
        case .makeDirectory(let path, _): "make the folder `\(path)`"
        case .makeDevice(let path, _, _): "make the device `\(path)`"
        case .makeSymbolicLink(let path, _): "make the link `\(path)`"
        case .guardDevices(let path, _): "guard the devices in `\(path)`"
        case .bindMount(let bind): "mount `\(bind.source.appendingPath(bind.subpath))` on `\(bind.target)`"
        // Never what is in it, which may be a secret.
        case .mountFile(let file): "mount a file on `\(file.target)`"
        case .mountDevice(let device):
            "mount the device \(device.number.major):\(device.number.minor) on `\(device.target)`"
        case .mountLayers(let layers):
            "mount `\(layers.subpath)` of \(layers.overlay.lowers.count) layers on `\(layers.target)`"
        case .mask(let path): "hide `\(path)`"
        case .makeReadOnly(let path): "make `\(path)` read-only"
        case .enterRoot: "enter the root of the container"
        case .joinNetwork: "enter the network of the build"
        case .setHostName(let name): "set the host name `\(name)`"
        case .raiseLoopback: "bring up the loopback interface"
        case .setCreationMask: "set the file creation mask"
        case .setLimit(let limit): "set the limit `\(limit.resource)`"
        case .closeDescriptors: "close descriptors"
        case .changeDirectory(let path): "change to the working directory `\(path)`"
        case .installFilter: "install the system call filter"
        case .limitCapabilities: "limit capabilities"
        case .assumeUser(let user, let group, _): "become user \(user) and group \(group)"
        case .setCapabilities: "set capabilities"
        case .execute(_, let arguments, _): "execute `\(arguments.first ?? "")`"
        }
    }
}
