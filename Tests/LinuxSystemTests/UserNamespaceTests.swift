import ByteStrings
import FileModel
import SystemPackage
import Testing

@testable import LinuxSystem

/// Which ids a namespace gets.
@Suite struct UserNamespaceTests {
    typealias Subordinate = SubordinateIDs.Range
    typealias Range = IDMap.Range

    @Test(
        arguments: [
            ("", []),
            ("user:100000:65536\n", [Subordinate(first: 100_000, count: 65536)]),
            ("1000:100000:65536", [Subordinate(first: 100_000, count: 65536)]),
            ("other:1:2\nuser:3:4\nuser:5:6\n", [Subordinate(first: 3, count: 4), Subordinate(first: 5, count: 6)]),
            ("alias:7:1\n", [Subordinate(first: 7, count: 1)]),
            ("use:1:2\nuserx:1:2\n", []),
            ("user:1\nuser:1:2:3\nuser:-1:2\nuser:+1:2\nuser: 1:2\nuser:1:0\nuser:x:1\n# user:1:1\n", []),
            ("user:4294967295:1\n", []),
            ("user:4294967294:1\n", [Subordinate(first: 4_294_967_294, count: 1)]),
            ("user:1:99999999999999999999\n", []),
        ] as [(String, [Subordinate])]
    )
    func subordinateIDsAreThoseOfTheUserByNameOrNumber(_ text: String, _ expected: [Subordinate]) {
        #expect(SubordinateIDs.ranges(in: Array(text.utf8), names: ["user", "alias"], id: 1000) == expected)
    }

    @Test func aNumberMayHaveSeveralNames() {
        let passwd = "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n:x:1000:::\nbad\nalias:x:1000:5::/:\n"
        #expect(SubordinateIDs.names(in: Array(passwd.utf8), of: 1000) == ["user", "alias"])
        #expect(SubordinateIDs.names(in: Array(passwd.utf8), of: 5) == [])
    }

    @Test(
        arguments: [
            ([], [Range(inside: 0, outside: 1000, count: 1)]),
            (
                [Subordinate(first: 100_000, count: 65536)],
                [Range(inside: 0, outside: 1000, count: 1), Range(inside: 1, outside: 100_000, count: 65536)]
            ),
            (
                [Subordinate(first: 200, count: 10), Subordinate(first: 100, count: 5)],
                [
                    Range(inside: 0, outside: 1000, count: 1), Range(inside: 1, outside: 200, count: 10),
                    Range(inside: 11, outside: 100, count: 5),
                ]
            ),
            // The user's own id, or one that is there already, would make the kernel refuse all of it.
            ([Subordinate(first: 999, count: 2)], [Range(inside: 0, outside: 1000, count: 1)]),
            (
                [Subordinate(first: 100, count: 5), Subordinate(first: 104, count: 5)],
                [Range(inside: 0, outside: 1000, count: 1), Range(inside: 1, outside: 100, count: 5)]
            ),
            (
                [Subordinate(first: 1001, count: .max - 1001)],
                [Range(inside: 0, outside: 1000, count: 1), Range(inside: 1, outside: 1001, count: .max - 1001)]
            ),
        ] as [([Subordinate], [Range])]
    )
    func rootIsTheUserAndTheOthersFollow(_ subordinate: [Subordinate], _ expected: [Range]) {
        #expect(IDMap(own: 1000, subordinate: subordinate).ranges == expected)
    }

    @Test func aMapHasNoMoreRangesThanTheKernelTakes() {
        let many = (0..<1000).map { Subordinate(first: 10_000 + 2 * UInt32($0), count: 1) }
        #expect(IDMap(own: 5, subordinate: many).ranges.count == IDMap.mostRanges)
    }

    @Test func aMapNeverReachesTheNumberThatMeansNobody() {
        let all = [Subordinate(first: 1, count: .max - 1), Subordinate(first: 0, count: 1)]
        let map = IDMap(own: .max - 1, subordinate: [all[1], Subordinate(first: 1, count: .max - 3)])
        #expect(!map.contains(.max))
        #expect(map.count <= UInt64(UInt32.max))
    }

    @Test(
        arguments: [
            ("         0          0 4294967295\n", IDMap.initial),
            ("", IDMap(ranges: [])),
            (
                "1 100000 65536\n0 1000 1\n",
                IDMap(ranges: [
                    Range(inside: 0, outside: 1000, count: 1), Range(inside: 1, outside: 100_000, count: 65536),
                ])
            ),
            ("0 1\n", nil), ("a b c\n", nil), ("0 1 0\n", nil), ("0 1 4294967296\n", nil),
        ] as [(String, IDMap?)]
    )
    func theKernelsTextIsRead(_ text: String, _ expected: IDMap?) {
        #expect(IDMap(parsing: ByteString(text)) == expected)
    }

    @Test func aMapIsWrittenAsItIsRead() {
        let map = IDMap(own: 1000, subordinate: [Subordinate(first: 100_000, count: 65536)])
        #expect(map.arguments == ["0", "1000", "1", "1", "100000", "65536"])
        #expect(IDMap(parsing: map.text) == map)
    }

    @Test(arguments: [(0, true), (1, true), (65536, true), (65537, false), (UInt32.max, false)])
    func idsAreInTheMapOrNot(_ id: UInt32, _ expected: Bool) {
        #expect(IDMap(own: 1000, subordinate: [Subordinate(first: 100_000, count: 65536)]).contains(id) == expected)
    }

    @Test(
        arguments: [
            ([:], nil),
            (["/proc/sys/user/max_user_namespaces": "0"], "sysctl -w user.max_user_namespaces=10000"),
            (["/proc/sys/user/max_user_namespaces": "100"], nil),
            (
                ["/proc/sys/kernel/unprivileged_userns_clone": "0"],
                "sysctl -w kernel.unprivileged_userns_clone=1"
            ),
            (["/proc/sys/kernel/unprivileged_userns_clone": "1"], nil),
            (
                ["/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"],
                "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
            ),
            (["/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "0"], nil),
        ] as [([ByteString: ByteString], String?)]
    )
    func theSwitchThatForbidsNamespacesIsNamed(_ files: [ByteString: ByteString], _ expected: String?) {
        #expect(UserNamespace.refusingSwitch { files[$0] } == expected)
    }

    @Test func anErrorSaysWhatMendsIt() {
        let error = UserNamespaceError.refused(.noSpace, switch: "sysctl -w x=1")
        #expect(error.description.hasSuffix("no space left on device (`sysctl -w x=1` allows it)"))
        #expect(error.mendingLine == "sysctl -w x=1")
        #expect(!UserNamespaceError.powerless(.notPermitted, switch: nil).description.contains("("))
    }
}

/// What stands for a namespace that was refused.
@Suite struct RefusedNamespaceTests {
    private static let refused = UserNamespace.refused(.incapable("CAP_SETFCAP"), callerUserID: 1000)

    @Test func rootKeepsTheIdsOfTheNamespaceAround() throws {
        let around = try #require(IDMap(parsing: "0 1000 1\n1 100000 65536\n"))
        let own = [Range(inside: 0, outside: 0, count: 1), Range(inside: 1, outside: 1, count: 65536)]
        #expect(around.insideOut.ranges == own)
        #expect(IDMap.initial.insideOut == .initial)
        var namespace = UserNamespace.initial
        namespace.isOwn = true
        #expect(!namespace.isInitial)
        #expect(namespace.tag != UserNamespace.initial.tag)
    }

    @Test func aRefusedNamespaceHasNobody() {
        #expect(!Self.refused.isInitial)
        #expect(Self.refused.hasSingleID)
        #expect(!Self.refused.contains(owner: 0, group: 0))
        #expect(Self.refused.tag != UserNamespace.initial.tag)
    }

    typealias Range = IDMap.Range

    @Test(arguments: ["", "8", "77777", "-1", "0x1"]) func nothingButTwelveBitsArePermissions(_ text: String) {
        #expect(FileRecord.decodePermissions(Array(text.utf8)) == nil)
    }

    @Test(arguments: [0, 0o400, 0o555, 0o4111, 0o7777] as [UInt16])
    func permissionsThatShutOutAreRecorded(_ permissions: UInt16) throws {
        #expect(FileRecord.decodePermissions(FileRecord.encode(permissions: permissions)) == permissions)
        let scratch = try Scratch()
        let folder = try OwnedDescriptor.openDirectory(scratch.path)
        try folder.makeDirectory("folder", permissions: 0o700)
        try folder.makeNode("file", kind: .regular, permissions: 0o600)
        for name in ["folder", "file"] as [ByteString] {
            try folder.setRecordedPermissions(permissions, of: name, in: Self.refused)
            let kept = try #require(try folder.statusIfPresent(of: name)).permissions
            #expect(kept & 0o600 == 0o600)
            #expect(kept | 0o700 == permissions | 0o700)
            #expect(try folder.recordedStatus(of: name, in: Self.refused)?.permissions == permissions)
            try folder.setRecordedPermissions(0o755, of: name, in: Self.refused)
            #expect(try folder.recordedStatus(of: name, in: Self.refused)?.permissions == 0o755)
            #expect(try folder.extendedAttributes(of: name) == [:])
        }
        let inner = try folder.openChild("folder", [.pathOnly, .directory])
        try inner.setRecordedPermissions(permissions, in: Self.refused)
        #expect(try inner.recordedStatus(in: Self.refused).permissions == permissions)
        #expect(try inner.recordedStatus(in: Self.refused).owner == 0)
    }

    @Test func aRecordedCapabilityIsReadAsOne() throws {
        let scratch = try Scratch()
        let folder = try OwnedDescriptor.openDirectory(scratch.path)
        try folder.makeNode("file", kind: .regular, permissions: 0o600)
        try folder.setExtendedAttribute(FileRecord.recordedCapability, [1, 2, 3], of: "file")
        #expect(try folder.recordedAttributes(of: "file", in: Self.refused)["security.capability"] == [1, 2, 3])
        #expect(try folder.recordedAttributes(of: "file", in: .initial)["security.capability"] == nil)
    }
}

/// Whose a file is meant to be, where it cannot be.
@Suite struct FileRecordTests {
    private static let single = UserNamespace(
        users: IDMap(own: 1000, subordinate: []),
        groups: IDMap(own: 1000, subordinate: []),
        callerUserID: 1000
    )

    @Test(
        arguments: [
            ("1:2", 1, 2), ("4294967295:0", .max, 0), ("1", nil, nil), ("1:2:3", nil, nil), ("", nil, nil),
            ("-1:2", nil, nil), ("1:4294967296", nil, nil),
        ] as [(String, UInt32?, UInt32?)]
    )
    func ownersAreReadStrictly(_ text: String, _ owner: UInt32?, _ group: UInt32?) {
        let found = FileRecord.decodeOwner(Array(text.utf8))
        #expect(found?.owner == owner)
        #expect(found?.group == group)
    }

    @Test(arguments: ["c:0:0", "b:0:0", "x:1:3", "c:1", "c:1:3:4", "c", "", "cc:1:3", "c:-1:3"])
    func nothingElseIsADevice(_ text: String) {
        #expect(FileRecord.decodeDevice(Array(text.utf8)) == nil)
    }

    @Test func aRecordIsReadAsItWasWritten() {
        #expect(FileRecord.decodeOwner(FileRecord.encode(owner: 5, group: 6)) ?? (0, 0) == (5, 6))
        for isBlock in [false, true] {
            let found = FileRecord.decodeDevice(
                FileRecord.encode(device: DeviceNumber(major: 8, minor: 1), isBlock: isBlock)
            )
            #expect(found?.device == DeviceNumber(major: 8, minor: 1))
            #expect(found?.isBlock == isBlock)
        }
    }

    @Test func linksAreTakenBackOneByOne() throws {
        var record = LinkRecord()
        record.set(1000, 1001, of: "a")
        record.set(1000, 1001, of: "b")
        record.set(7, 8, of: "c")
        record.set(9, 9, of: "c")
        record.remove("b")
        let value = try #require(record.value)
        let read = try #require(LinkRecord(value))
        #expect(read.owner(of: "a") ?? (0, 0) == (1000, 1001))
        #expect(read.owner(of: "b") == nil)
        #expect(read.owner(of: "c") ?? (0, 0) == (9, 9))
        record.remove("a")
        record.remove("c")
        #expect(record.value == nil)
    }

    @Test(arguments: [[], [1], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 1], [0, 1], [255]] as [[UInt8]])
    func otherBytesAreNoLinks(_ value: [UInt8]) {
        #expect(LinkRecord(value)?.owner(of: "a") == nil)
    }

    @Test func manyLinksOfOneFolderFitIntoABlock() throws {
        var record = LinkRecord()
        for number in 0..<500 { record.set(1000, 1000, of: ByteString("link-\(number)")) }
        let value = try #require(record.value)
        #expect(value.count < 4000)
    }

    @Test func aFileHasTheOwnerThatIsRecorded() throws {
        let scratch = try Scratch()
        let folder = try OwnedDescriptor.openDirectory(scratch.path)
        try folder.makeNode("file", kind: .regular, permissions: 0o640)
        try folder.makeDirectory("folder", permissions: 0o755)
        try folder.makeSymbolicLink("link", to: "nowhere")
        try folder.makeNode("fifo", kind: .fifo, permissions: 0o600)
        for name in ["file", "folder", "link", "fifo"] as [ByteString] {
            try folder.record(1000, 1001, of: name)
            let status = try #require(try folder.recordedStatus(of: name, in: Self.single))
            #expect(status.owner == 1000, "\(name)")
            #expect(status.group == 1001, "\(name)")
            let real = try #require(try folder.recordedStatus(of: name, in: .initial))
            #expect(real.owner == Host.effectiveUserID, "\(name)")
            try folder.forgetRecord(of: name)
            let after = try #require(try folder.recordedStatus(of: name, in: Self.single))
            #expect(after.owner == Host.effectiveUserID, "\(name)")
        }
        #expect(try folder.extendedAttributes().isEmpty)
    }

    @Test(arguments: [FileKind.characterDevice, .blockDevice])
    func aDeviceIsAnEmptyFileThatSaysSo(_ kind: FileKind) throws {
        let scratch = try Scratch()
        let folder = try OwnedDescriptor.openDirectory(scratch.path)
        let number = DeviceNumber(major: 1, minor: 3)
        try folder.makeRecordedNode("node", kind: kind, permissions: 0o640, device: number, in: Self.single)
        #expect(try folder.status(of: "node").kind == .regular)
        let status = try #require(try folder.recordedStatus(of: "node", in: Self.single))
        #expect(status.kind == kind)
        #expect(status.deviceNumber == number)
        #expect(status.permissions == 0o640)
    }

    @Test func theLinksOfACopiedFolderAreForgotten() throws {
        let scratch = try Scratch()
        let folder = try OwnedDescriptor.openDirectory(scratch.path)
        try folder.makeSymbolicLink("link", to: "nowhere")
        try folder.record(1000, 1001, of: "link")
        try folder.forgetRecordedLinks(in: Self.single)
        try folder.forgetRecordedLinks(in: Self.single)
        #expect(try folder.recordedStatus(of: "link", in: Self.single)?.owner == Host.effectiveUserID)
    }
}
