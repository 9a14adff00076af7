package import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

/// Extended attributes by full name, such as `security.capability`. Source: `xattr(7)`.
///
/// Calls with a name act on an entry of this directory and never follow a link. Symbolic links may carry `trusted.*` and
/// `security.*`, never `user.*`.
extension OwnedDescriptor {
    /// All extended attributes of the entry `name` that this process may see; empty where there can be none.
    package borrowing func extendedAttributes(of name: ByteString) throws(SystemError) -> [ByteString: [UInt8]] {
        try readAttributes(Self.checked(name))
    }

    /// All extended attributes of this file that this process may see; empty where there can be none.
    package borrowing func extendedAttributes() throws(SystemError) -> [ByteString: [UInt8]] {
        try readAttributes(nil)
    }

    /// The value of one attribute of the entry `name`, or nil when it is not set.
    package borrowing func extendedAttribute(
        _ attribute: ByteString,
        of name: ByteString
    ) throws(SystemError) -> [UInt8]? {
        try readAttribute(attribute, of: Self.checked(name))
    }

    /// The value of one attribute of this file, or nil when it is not set.
    package borrowing func extendedAttribute(_ attribute: ByteString) throws(SystemError) -> [UInt8]? {
        try readAttribute(attribute, of: nil)
    }

    /// Sets one attribute of the entry `name`, made or replaced.
    package borrowing func setExtendedAttribute(
        _ attribute: ByteString,
        _ value: [UInt8],
        of name: ByteString
    ) throws(SystemError) {
        try writeAttribute(attribute, value, of: Self.checked(name))
    }

    /// Sets one attribute of this file, made or replaced.
    package borrowing func setExtendedAttribute(_ attribute: ByteString, _ value: [UInt8]) throws(SystemError) {
        try writeAttribute(attribute, value, of: nil)
    }

    /// Removes one attribute of the entry `name`; `ENODATA` when it is not set.
    package borrowing func removeExtendedAttribute(
        _ attribute: ByteString,
        of name: ByteString
    ) throws(SystemError) {
        try removeAttribute(attribute, of: Self.checked(name))
    }

    /// Removes one attribute of this file; `ENODATA` when it is not set.
    package borrowing func removeExtendedAttribute(_ attribute: ByteString) throws(SystemError) {
        try removeAttribute(attribute, of: nil)
    }

    /// `XATTR_LIST_MAX` and `XATTR_SIZE_MAX` of `linux/limits.h`.
    private static let mostBytes = 65536

    private static func checked(_ name: ByteString) throws(SystemError) -> ByteString {
        guard name.isSingleComponent else {
            throw SystemError(operation: "use the extended attributes of", errno: .invalidArgument, path: name)
        }
        return name
    }

    private borrowing func readAttributes(_ name: ByteString?) throws(SystemError) -> [ByteString: [UInt8]] {
        let file = rawValue
        let list: [UInt8]
        do {
            list = try Self.filled("list the extended attributes of", name) { buffer in
                Self.withOptional(name) {
                    slipway_list_attributes(
                        file,
                        $0,
                        buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                        buffer.count
                    )
                }
            }
        } catch let error where error.errno == .notSupported {
            return [:]
        }
        var attributes: [ByteString: [UInt8]] = [:]
        for attribute in list.split(separator: 0).map({ ByteString($0) }) {
            // One that is gone since, or that may be listed but not read, is none.
            attributes[attribute] = try readAttribute(attribute, of: name)
        }
        return attributes
    }

    private borrowing func readAttribute(
        _ attribute: ByteString,
        of name: ByteString?
    ) throws(SystemError) -> [UInt8]? {
        let file = rawValue
        do {
            return try Self.filled("read an extended attribute of", name) { buffer in
                Self.withOptional(name) { name in
                    attribute.withTerminated {
                        slipway_get_attribute(file, name, $0, buffer.baseAddress, buffer.count)
                    }
                }
            }
        } catch let error where error.errno == .noData || error.errno == .notSupported {
            return nil
        }
    }

    private borrowing func writeAttribute(
        _ attribute: ByteString,
        _ value: [UInt8],
        of name: ByteString?
    ) throws(SystemError) {
        let file = rawValue
        try Self.require(attribute)
        try systemCall("set the extended attribute `\(attribute)` of", name) {
            Self.withOptional(name) { name in
                attribute.withTerminated { attribute in
                    value.withUnsafeBytes {
                        slipway_set_attribute(file, name, attribute, $0.baseAddress, $0.count)
                    }
                }
            }
        }
    }

    private borrowing func removeAttribute(_ attribute: ByteString, of name: ByteString?) throws(SystemError) {
        let file = rawValue
        try Self.require(attribute)
        try systemCall("remove the extended attribute `\(attribute)` of", name) {
            Self.withOptional(name) { name in
                attribute.withTerminated { slipway_remove_attribute(file, name, $0) }
            }
        }
    }

    private static func require(_ attribute: ByteString) throws(SystemError) {
        guard !attribute.bytes.contains(0) else {
            throw SystemError(operation: "name an extended attribute", errno: .invalidArgument, path: attribute)
        }
    }

    private static func withOptional<Result>(_ name: ByteString?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        guard let name else { return body(nil) }
        return name.withTerminated { body($0) }
    }

    /// What `call` writes into a buffer: a small one first, for most files have few attributes or none.
    private static func filled(
        _ operation: String,
        _ name: ByteString?,
        _ call: (UnsafeMutableRawBufferPointer) -> Int
    ) throws(SystemError) -> [UInt8] {
        func attempt(_ capacity: Int) throws(SystemError) -> [UInt8] {
            var failure: SystemError?
            let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                do throws(SystemError) {
                    count = try systemCall(operation, name) { call(UnsafeMutableRawBufferPointer(buffer)) }
                } catch {
                    failure = error
                    count = 0
                }
            }
            if let failure { throw failure }
            return bytes
        }
        do {
            return try attempt(512)
        } catch let error where error.errno == .outOfRange {
            return try attempt(mostBytes)
        }
    }
}
