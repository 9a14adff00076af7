import ByteStrings
import Synchronization

/// The groups of this machine, found out when the first container needs one.
final class CgroupSource: Sendable {
    private let found = Mutex<CgroupFactory?>(nil)
    private let number = Atomic<UInt64>(0)

    /// The factory for this machine.
    func factory() throws(CgroupError) -> CgroupFactory {
        if let known = found.withLock({ $0 }) { return known }
        let made = try CgroupFactory.host()
        found.withLock { $0 = made }
        return made
    }

    /// A name that no other group of the session has.
    func nextName(session: ByteString) -> ByteString {
        let count = number.add(1, ordering: .relaxed).newValue
        return CgroupFactory.name(session: session, number: count)
    }
}
