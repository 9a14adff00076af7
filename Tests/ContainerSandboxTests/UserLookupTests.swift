import ByteStrings
import Testing

@testable import ContainerSandbox

@Suite struct UserLookupTests {
    private static let passwd = Array(
        """
        # accounts
        root:x:0:0:root:/root:/bin/sh
        broken:x:one:0::/broken:
        daemon:x:1:1::/usr/sbin:
        1000:x:0:0::/trap:
        huge:x:4294967295:0::/:
        wrapped:x:4294967296:0::/:
        app:x:1000:1001:The App:/srv/app:/bin/sh
        short:x:7:8
        homeless:x:9:9:::
        """.utf8
    )

    private static let group = Array(
        """
        root:x:0:root
        wheel:x:10:root,app
        app:x:1001:
        extra:x:20:other,app
        twice:x:1001:app
        bad:x:nine:app
        55:x:77:
        """.utf8
    )

    private static func user(_ user: UInt32, _ group: UInt32, _ groups: [UInt32], _ home: ByteString) -> ResolvedUser {
        ResolvedUser(user: user, group: group, groups: groups, home: home)
    }

    @Test(
        arguments: [
            ("", user(0, 0, [0], "/root")),
            ("root", user(0, 0, [0, 10], "/root")),
            ("0", user(0, 0, [0, 10], "/root")),
            ("root:", user(0, 0, [0, 10], "/root")),
            (":5", user(0, 5, [5], "/root")),
            ("app", user(1000, 1001, [1001, 10, 20], "/srv/app")),
            ("1000", user(1000, 1001, [1001, 10, 20], "/srv/app")),
            ("01000", user(1000, 1001, [1001, 10, 20], "/srv/app")),
            ("app:wheel", user(1000, 10, [10], "/srv/app")),
            ("app:3", user(1000, 3, [3], "/srv/app")),
            ("app:55", user(1000, 55, [55], "/srv/app")),
            ("1", user(1, 1, [1], "/usr/sbin")),
            ("2", user(2, 0, [0], "/")),
            ("2:3", user(2, 3, [3], "/")),
            ("4294967294", user(4_294_967_294, 0, [0], "/")),
            ("short", user(7, 8, [8], "/")),
            ("homeless", user(9, 9, [9], "/")),
        ])
    func textsNameUsers(_ text: String, _ expected: ResolvedUser) throws {
        #expect(try UserLookup.resolve(ByteString(text), passwd: Self.passwd, group: Self.group) == expected)
    }

    @Test(
        arguments: [
            ("nobody", .unknownUser("nobody")),
            ("broken", .unknownUser("broken")),
            ("huge", .unknownUser("huge")),
            ("wrapped", .unknownUser("wrapped")),
            ("# accounts", .unknownUser("# accounts")),
            ("-1", .unknownUser("-1")),
            ("+1", .unknownUser("+1")),
            ("0x0", .unknownUser("0x0")),
            (" 0", .unknownUser(" 0")),
            ("4294967295", .numberOutOfRange("4294967295")),
            ("4294967296", .numberOutOfRange("4294967296")),
            ("99999999999999999999", .numberOutOfRange("99999999999999999999")),
            ("app:none", .unknownGroup("none")),
            ("app:bad", .unknownGroup("bad")),
            ("app:4294967295", .numberOutOfRange("4294967295")),
            ("app:wheel:x", .unknownGroup("wheel:x")),
        ] as [(String, UserLookupError)]
    )
    func otherTextsAreErrors(_ text: String, _ expected: UserLookupError) {
        #expect(throws: expected) {
            try UserLookup.resolve(ByteString(text), passwd: Self.passwd, group: Self.group)
        }
    }

    @Test func anImageWithoutAccountsHasRootAndNumbers() throws {
        #expect(try UserLookup.resolve("", passwd: nil, group: nil) == Self.user(0, 0, [0], "/"))
        #expect(try UserLookup.resolve("root", passwd: nil, group: nil) == Self.user(0, 0, [0], "/"))
        #expect(try UserLookup.resolve("5:6", passwd: nil, group: nil) == Self.user(5, 6, [6], "/"))
        #expect(throws: UserLookupError.unknownUser("app")) {
            try UserLookup.resolve("app", passwd: nil, group: nil)
        }
    }

    @Test func moreGroupsThanAProcessCanHaveAreRefused() {
        let groups = (1...65536).map { "g\($0):x:\($0 + 5000):app" }.joined(separator: "\n")
        #expect(throws: UserLookupError.tooManyGroups("app", count: 65537)) {
            try UserLookup.resolve("app", passwd: Self.passwd, group: Array(groups.utf8))
        }
    }
}
