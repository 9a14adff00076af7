package import ByteStrings
import FileModel

/// What a file is meant to be where the user namespace cannot make it so, kept in extended attributes.
///
/// They are read when a layer is made of the files, and never get into one.
package enum FileRecord {
    /// The names of all such attributes begin like this.
    package static let prefix: ByteString = "user.slipway."

    static let owner: ByteString = "user.slipway.owner"
    static let device: ByteString = "user.slipway.device"
    static let links: ByteString = "user.slipway.links"
    static let permissions: ByteString = "user.slipway.permissions"
    static let recordedCapability: ByteString = "user.slipway.capability"

    /// What ``recordedCapability`` stands for.
    static let capability: ByteString = "security.capability"

    /// Where whiteouts are recorded: where commands cannot, as far as slipway can do what they cannot.
    static func whiteout(in namespace: UserNamespace) -> ByteString {
        namespace.isInitial ? "trusted.slipway.whiteout" : "user.slipway.whiteout"
    }

    static func encode(owner: UInt32, group: UInt32) -> [UInt8] {
        Array("\(owner):\(group)".utf8)
    }

    /// Nil for anything but two numbers.
    static func decodeOwner(_ value: [UInt8]) -> (owner: UInt32, group: UInt32)? {
        let numbers = numbers(value[...])
        guard numbers.count == 2, let owner = numbers[0], let group = numbers[1] else { return nil }
        return (owner, group)
    }

    static func encode(permissions: UInt16) -> [UInt8] {
        Array(String(permissions & 0o7777, radix: 8).utf8)
    }

    /// Nil for anything but an octal number of twelve bits.
    static func decodePermissions(_ value: [UInt8]) -> UInt16? {
        guard value.count <= 4, value.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return UInt16(String(decoding: value, as: UTF8.self), radix: 8)
    }

    static func encode(device: DeviceNumber, isBlock: Bool) -> [UInt8] {
        Array("\(isBlock ? "b" : "c"):\(device.major):\(device.minor)".utf8)
    }

    /// Nil for anything else, and for the numbers by which overlay marks deletions.
    static func decodeDevice(_ value: [UInt8]) -> (device: DeviceNumber, isBlock: Bool)? {
        guard value.count > 2, value[1] == UInt8(ascii: ":") else { return nil }
        let numbers = numbers(value[2...])
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        guard major != 0 || minor != 0 else { return nil }
        switch value[0] {
        case UInt8(ascii: "b"): return (DeviceNumber(major: major, minor: minor), true)
        case UInt8(ascii: "c"): return (DeviceNumber(major: major, minor: minor), false)
        default: return nil
        }
    }

    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [UInt32?] {
        bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { digits in
            guard digits.count <= 10, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return UInt32(String(decoding: digits, as: UTF8.self))
        }
    }
}
