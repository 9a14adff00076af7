/// The numbers by which set-up operations are named in a policy; shared with `slipway-init` by a symbolic link.
///
/// A number never changes its meaning: when the fields of an operation change, ``SetupFormat/version`` does.
enum SetupOpcode: UInt16 {
    case dieWithParent = 1
    case isolateMounts = 2
    case mountOverlay = 3
    case mountFilesystem = 4
    case makeDirectory = 5
    case makeDevice = 6
    case makeSymbolicLink = 7
    case guardDevices = 8
    case bindMount = 9
    case mask = 10
    case makeReadOnly = 11
    case enterRoot = 12
    case setHostName = 13
    case raiseLoopback = 14
    case setCreationMask = 15
    case setLimit = 16
    case joinSessionKeyring = 17
    case closeDescriptors = 18
    case changeDirectory = 19
    case installFilter = 20
    case limitCapabilities = 21
    case assumeUser = 22
    case setCapabilities = 23
    case execute = 24
    case mountFile = 25
    case mountLayers = 26
    case joinNetwork = 27
    case mountDevice = 28
    case mountAssembly = 29
    case adoptMount = 30

    /// Carried out by the reader of policies itself: goes on with another one.
    case awaitCommand = 31
    case followUnmounts = 32
}

/// How a policy begins, where it lies and how its outcome is told.
///
/// There are two for each container: the first makes what every command needs and ends by waiting for the second, which
/// ends by becoming the command. A policy is ``magic`` and a version, then the operations in order: number (16 bits), zero (16 bits), length of the
/// fields (32 bits), fields. Integers are little-endian; a string is its length (32 bits), its bytes and a NUL; a list
/// is its count (32 bits) and its elements.
enum SetupFormat {
    /// The bytes `SLPI`, as a little-endian integer.
    static let magic: UInt32 = 0x4950_4C53

    static let version: UInt32 = 2

    /// The descriptor on which the first process finds its first policy, a sealed memory file.
    static let policyDescriptor: Int32 = 3

    /// The descriptor on which it tells its failure: index of the operation, the second policy counted on from the first,
    /// error number, ``detail``; 32 bits each.
    ///
    /// It closes without a word when the command has been executed.
    static let reportDescriptor: Int32 = 4

    /// The descriptor of the socket by which the second policy comes, behind the descriptors of mounts in one message.
    static let commandDescriptor: Int32 = 5

    /// The descriptor of a network namespace, where there is one to enter; closed before the second policy comes.
    static let networkDescriptor: Int32 = 6

    /// The first of the descriptors that are mounts without a path on the host, as the second policy finds them.
    static let firstTreeDescriptor: Int32 = 6

    /// The index told when the policy itself cannot be read.
    static let noOperation: UInt32 = .max

    static let noDetail: UInt32 = 0

    /// No candidate for the command exists.
    static let commandMissing: UInt32 = 1

    /// The command exists and the kernel refused to execute it.
    static let commandRefused: UInt32 = 2

    /// The target of a mount leads to a place that the container reserves.
    static let targetRefused: UInt32 = 3
}

/// Attributes of a mount, with the kernel's numbers.
///
/// Source: `mount_setattr(2)`.
enum MountAttributeBits {
    static let readOnly: UInt64 = 0x1
    static let noSetUserID: UInt64 = 0x2
    static let noDevices: UInt64 = 0x4
    static let noExecution: UInt64 = 0x8
    static let strictAccessTime: UInt64 = 0x20
}
