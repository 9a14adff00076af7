import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite struct AttributesTests {
    @Test(arguments: [0, 0o644, 0o755, 0o7777, 0o4711, 0o2000] as [UInt16])
    func permissionsAreSetInWhole(_ permissions: UInt16) throws {
        let scratch = try Scratch()
        try scratch.write("file")
        try scratch.directory.setPermissions(permissions, of: "file")
        #expect(try scratch.directory.status(of: "file").permissions == permissions)

        let place = try scratch.directory.openChild("file", .pathOnly)
        try place.setPermissions(0o600)
        #expect(try place.status().permissions == 0o600)
        let file = try scratch.directory.openChild("file", .readOnly)
        try file.setPermissions(permissions)
        #expect(try file.status().permissions == permissions)
    }

    @Test func aLinkHasNoPermissionsAndItsTargetKeepsThem() throws {
        let scratch = try Scratch()
        try scratch.write("file")
        try scratch.directory.setPermissions(0o640, of: "file")
        try scratch.link("link", to: "file")
        #expect(errno { try scratch.directory.setPermissions(0o777, of: "link") } == .notSupported)
        #expect(try scratch.directory.status(of: "file").permissions == 0o640)
    }

    @Test(
        arguments: [
            Timestamp(seconds: 0), Timestamp(seconds: -1, nanoseconds: 999_999_999), Timestamp(seconds: -2_000_000_000),
            Timestamp(seconds: 1_700_000_000, nanoseconds: 123_456_789), Timestamp(seconds: 4_294_967_296),
        ])
    func timesAreKeptToTheNanosecond(_ time: Timestamp) throws {
        let scratch = try Scratch()
        try scratch.write("file")
        try scratch.link("link", to: "file")
        try scratch.directory.setModified(.epoch, of: "file")
        try scratch.directory.setModified(time, of: "link")
        #expect(try scratch.directory.status(of: "link").modified == time)
        #expect(try scratch.directory.status(of: "file").modified == .epoch)

        try scratch.directory.openChild("file", .readOnly).setModified(time)
        #expect(try scratch.directory.status(of: "file").modified == time)
        let place = try scratch.directory.openChild("link", .pathOnly)
        try place.setModified(.epoch)
        #expect(try place.status().modified == .epoch)
    }

    @Test(.root) func theOwnerOfALinkIsItsOwn() throws {
        let scratch = try Scratch()
        try scratch.write("file")
        try scratch.link("link", to: "file")
        try scratch.directory.setOwner(4_000_000_000, 5, of: "link")
        let status = try scratch.directory.status(of: "link")
        #expect(status.owner == 4_000_000_000 && status.group == 5)
        #expect(try scratch.directory.status(of: "file").owner == 0)
        try scratch.directory.openChild("link", .pathOnly).setOwner(7, 8)
        #expect(try scratch.directory.status(of: "link").owner == 7)
    }

    @Test func extendedAttributesAreSetReadAndRemoved() throws {
        let scratch = try Scratch()
        try scratch.write("file")
        let large = [UInt8](repeating: 3, count: 3000)
        let here = try scratch.directory.duplicate()
        try here.setExtendedAttribute("user.empty", [], of: "file")
        try here.setExtendedAttribute("user.large", large, of: "file")
        try here.setExtendedAttribute("user.\u{e9}", [0, 255], of: "file")
        let expected: [ByteString: [UInt8]] = ["user.empty": [], "user.large": large, "user.\u{e9}": [0, 255]]
        #expect(try here.extendedAttributes(of: "file") == expected)
        #expect(try here.openChild("file", .pathOnly).extendedAttributes() == expected)
        #expect(try here.openChild("file", .readOnly).extendedAttributes() == expected)

        try here.removeExtendedAttribute("user.large", of: "file")
        #expect(errno { try here.removeExtendedAttribute("user.large", of: "file") } == .noData)
        #expect(try here.extendedAttribute("user.large", of: "file") == nil)
        let place = try here.openChild("file", .pathOnly)
        try place.setExtendedAttribute("user.empty", [1])
        #expect(try place.extendedAttribute("user.empty") == [1])
        try place.removeExtendedAttribute("user.empty")
        #expect(try here.extendedAttributes(of: "file").count == 1)
    }

    @Test func manyExtendedAttributesAreAllListed() throws {
        let scratch = try Scratch()
        try scratch.write("file")
        let names = (0..<60).map { ByteString("user.a-rather-long-name-\($0)") }
        for name in names { try scratch.directory.setExtendedAttribute(name, [1], of: "file") }
        #expect(Set(try scratch.directory.extendedAttributes(of: "file").keys) == Set(names))
    }

    @Test(.root) func theAttributesOfALinkAreItsOwn() throws {
        let scratch = try Scratch()
        try scratch.write("file")
        try scratch.link("link", to: "file")
        try scratch.directory.setExtendedAttribute("trusted.test", [1], of: "link")
        #expect(try scratch.directory.extendedAttributes(of: "link") == ["trusted.test": [1]])
        #expect(try scratch.directory.openChild("link", .pathOnly).extendedAttributes() == ["trusted.test": [1]])
        #expect(try scratch.directory.extendedAttributes(of: "file").isEmpty)
        #expect(errno { try scratch.directory.setExtendedAttribute("user.test", [1], of: "link") } == .notPermitted)
        #expect(try scratch.directory.extendedAttributes(of: "file").isEmpty)
    }

    @Test func aFileSystemWithoutAttributesHasNone() throws {
        let process = try OwnedDescriptor.openDirectory("/proc/self")
        #expect(try process.extendedAttributes(of: "status").isEmpty)
        #expect(try process.extendedAttribute("user.none", of: "status") == nil)
    }
}
