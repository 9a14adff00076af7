import ByteStrings
import Testing

@testable import BuildPlanning

@Suite("Text forms")
struct TextFormTests {
    @Test(
        "Durations have the largest units that fit",
        arguments: [
            (0, "0s"), (1, "1ns"), (1_500, "1.5µs"), (500_000_000, "500ms"), (3_000_000_000, "3s"),
            (90_000_000_000, "1m30s"), (300_000_000_000, "5m0s"), (3_723_500_000_000, "1h2m3.5s"),
            (7_200_000_000_000, "2h0m0s"),
        ] as [(Int64, String)]
    )
    func durations(nanoseconds: Int64, text: String) {
        #expect(HistoryText.duration(nanoseconds: nanoseconds) == text)
    }

    @Test(
        "Strings are quoted with everything escaped that does not print",
        arguments: [
            (Array("a b".utf8), #""a b""#), (Array("\"\\".utf8), #""\"\\""#), (Array("\n\t\u{1}".utf8), #""\n\t\x01""#),
            (Array("é🚢".utf8), "\"é🚢\""), ([0xFF, 0x61], #""\xffa""#), ([0x61, 0xE2, 0x82], #""a\xe2\x82""#),
            (Array("\u{A0}\u{200B}".utf8), #""\u00a0\u200b""#),
        ] as [([UInt8], String)]
    )
    func quoting(bytes: [UInt8], text: String) {
        #expect(HistoryText.quoted(ByteString(bytes)) == text)
    }

    @Test(
        "Ports are numbers, ranges and protocols",
        arguments: [
            ("80", ["80/tcp"]), ("53/UDP", ["53/udp"]), ("132/sctp", ["132/sctp"]),
            ("1-3", ["1/tcp", "2/tcp", "3/tcp"]),
            ("127.0.0.1:80:91/udp", ["91/udp"]), ("8080:80", ["80/tcp"]), ("0", ["0/tcp"]), ("65535", ["65535/tcp"]),
            ("80/", ["80/tcp"]),
        ]
    )
    func ports(word: String, ports: [String]) throws {
        #expect(try PortSpecification(parsing: ByteString(word)).ports == ports)
    }

    @Test(
        "Other words are no ports",
        arguments: ["", "x", "/tcp", "80/x", "65536", "3-1", "1-2-3", "-1", "1-", "x:80"]
    )
    func malformedPorts(word: String) {
        #expect(throws: PortSpecification.Malformed.self) { try PortSpecification(parsing: ByteString(word)) }
    }

    @Test(
        "Signals are numbers and names",
        arguments: [
            ("9", true), ("64", true), ("SIGTERM", true), ("quit", true), ("sigint", true), ("RTMIN+3", true),
            ("SIGRTMAX-14", true), ("0", false), ("65", false), ("-9", false), ("", false), ("SIG", false),
            ("RTMIN+16", false), ("RTMAX-15", false), ("SIGNOSUCH", false), ("99999999999999999999", false),
        ]
    )
    func signals(text: String, isValid: Bool) {
        #expect(StopSignal.isValid(ByteString(text)) == isValid)
    }

    @Test(
        "Modes are octal or symbolic",
        arguments: [
            ("0", true), ("640", true), ("0711", true), ("7777", true), ("u+x", true), ("u=rwX,go-w", true),
            ("+x", true),
            ("a=", true), ("g=u", true), ("u+s,g+s", true), ("o+t", true), ("u+r-w", true), ("17777", false),
            ("888", false), ("rwxr-xr-x", false), ("", false), ("u", false), ("u+x,", false), ("u=ug", false),
        ]
    )
    func modes(text: String, isValid: Bool) {
        #expect(PermissionText.isValid(ByteString(text)) == isValid)
    }

    @Test("Setting a variable again keeps its place, removing one keeps the others")
    func environmentList() {
        var list = EnvironmentList()
        list.set("a", to: "1")
        list.set("b", to: "2")
        list.set("a", to: "3")
        #expect(list.variables.map(\.value) == ["3", "2"])
        list.remove("a")
        #expect(list["a"] == nil)
        #expect(list["b"] == "2")
    }

    @Test(
        "The origin of a mount is known before its variables are",
        arguments: [
            ("type=$T,from=a,target=/m", "a"), ("target=/m", nil), ("FROM=a,from=b", "b"), ("\"from=a,b\",x", "a,b"),
            ("\"target=/a,from=x\"", nil), ("\"from=a\"\"b\"", "a\"b"), ("from=", nil), ("", nil),
        ] as [(String, String?)]
    )
    func mountOrigin(text: String, origin: String?) {
        #expect(RunMountText.origin(of: ByteString(text)) == origin.map { ByteString($0) })
    }
}
