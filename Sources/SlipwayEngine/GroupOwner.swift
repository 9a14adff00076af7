import ByteStrings
import LinuxSystem

/// The mark by which the control groups of a build are told from those that others have left.
///
/// It is in the names of the groups, and taken as long as this object lives, whatever state directory a build uses.
final class GroupOwner: Sendable {
    let id: ByteString
    private let name: AbstractName

    private init(id: ByteString, name: consuming AbstractName) {
        self.id = id
        self.name = name
    }

    /// Takes a mark that nobody has.
    static func claim() throws -> GroupOwner {
        while true {
            if let owner = try claimed(ByteString(try RandomBytes.hex(count: 8))) { return owner }
        }
    }

    private static func claimed(_ id: ByteString) throws -> GroupOwner? {
        guard let name = try claim(id) else { return nil }
        return GroupOwner(id: id, name: name)
    }

    /// Whether somebody has the mark; so is a mark of which that cannot be told.
    static func isAlive(_ id: ByteString) -> Bool {
        do {
            return try claim(id) == nil
        } catch {
            return true
        }
    }

    private static func claim(_ id: ByteString) throws(SystemError) -> AbstractName? {
        try AbstractName.claim(ByteString("slipway-groups-") + id)
    }
}
