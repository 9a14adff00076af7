import ByteStrings
import LinuxSystem
import Synchronization

@testable import BuildContexts

/// A tree that counts how often a file is opened.
final class CountingTree: FileTree {
    private let base: LocalContext
    private let count = Mutex(0)

    init(_ base: LocalContext) {
        self.base = base
    }

    var opened: Int { count.withLock { $0 } }
    var isLive: Bool { true }

    func status(_ path: ByteString) throws -> TreeEntry? { try base.status(path) }
    func children(_ path: ByteString) throws -> [TreeChild] { try base.children(path) }
    func readLink(_ path: ByteString) throws -> ByteString { try base.readLink(path) }
    func extendedAttributes(_ path: ByteString) -> [ByteString: [UInt8]] { [:] }

    func open(_ path: ByteString) throws -> OwnedDescriptor {
        count.withLock { $0 += 1 }
        return try base.open(path)
    }
}

/// A tree in which something happens after a file was opened and looked at.
final class ChangingTree: FileTree {
    private let base: LocalContext
    private let happen: @Sendable () -> Void

    init(_ base: LocalContext, happen: @escaping @Sendable () -> Void) {
        self.base = base
        self.happen = happen
    }

    var isLive: Bool { true }

    func status(_ path: ByteString) throws -> TreeEntry? { try base.status(path) }
    func children(_ path: ByteString) throws -> [TreeChild] { try base.children(path) }
    func readLink(_ path: ByteString) throws -> ByteString { try base.readLink(path) }
    func extendedAttributes(_ path: ByteString) -> [ByteString: [UInt8]] { [:] }

    func open(_ path: ByteString) throws -> OwnedDescriptor {
        let file = try base.open(path)
        happen()
        return file
    }
}
