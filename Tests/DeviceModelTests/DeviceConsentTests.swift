import ByteStrings
import DeviceModel
import Testing

@Suite struct DeviceConsentTests {
    private static func device(
        _ kind: String,
        _ name: String,
        className: ByteString? = nil,
        isAutoAllowed: Bool = false
    ) throws -> OfferedDevice {
        let kind = try #require(DeviceKind(ByteString(kind)))
        let name = try #require(DeviceName(kind, ByteString(name)))
        return OfferedDevice(name, className: className, isAutoAllowed: isAutoAllowed)
    }

    /// Three of one kind and one of another, of which one is for all.
    private static func offer() throws -> DeviceOffer {
        DeviceOffer([
            try device("v.com/gpu", "b", className: "compute"), try device("v.com/gpu", "a"),
            try device("v.com/gpu", "c", isAutoAllowed: true), try device("w.com/nic", "x", className: "compute"),
        ])
    }

    @Test(
        arguments: [
            ("v.com/gpu", ["v.com/gpu=a"]), ("v.com/gpu=*", ["v.com/gpu=a", "v.com/gpu=b", "v.com/gpu=c"]),
            ("v.com/gpu=b", ["v.com/gpu=b"]), ("v.com/gpu=compute", ["v.com/gpu=b"]),
            ("compute", ["v.com/gpu=b", "w.com/nic=x"]), ("v.com/gpu=z", []), ("u.com/gpu", []), ("u.com/gpu=*", []),
            ("v.com/gp", []), ("none", []), ("a", []),
        ] as [(String, [String])]
    )
    func aNameFindsItsDevices(_ text: String, _ expected: [String]) throws {
        let selector = try #require(DeviceSelector(ByteString(text)))
        #expect(try Self.offer().devices(for: selector).map(\.name.description) == expected)
    }

    private static func grants(_ texts: [String]) throws -> [DeviceGrant] {
        try texts.map { text in
            if text == "*" { return .all }
            let parts = text.split(separator: ">").map { ByteString(String($0)) }
            let selector = try #require(DeviceSelector(parts[0]))
            return parts.count == 2 ? .alias(parts[1], of: selector) : .selected(selector)
        }
    }

    /// Grants, what is asked for, and the devices that are given; nil for a refusal.
    private static let cases: [([String], String, [String]?)] = [
        ([], "v.com/gpu=a", nil),
        ([], "v.com/gpu", nil),
        ([], "compute", nil),
        ([], "v.com/gpu=missing", nil),
        ([], "nothing", nil),
        (["*"], "v.com/gpu=a", ["v.com/gpu=a"]),
        (["*"], "v.com/gpu=missing", []),
        (["v.com/gpu=a"], "v.com/gpu=a", ["v.com/gpu=a"]),
        (["v.com/gpu=a"], "v.com/gpu", ["v.com/gpu=a"]),
        (["v.com/gpu=a"], "v.com/gpu=b", nil),
        (["v.com/gpu=a"], "v.com/gpu=*", nil),
        (["v.com/gpu=a", "v.com/gpu=b"], "v.com/gpu=*", ["v.com/gpu=a", "v.com/gpu=b", "v.com/gpu=c"]),
        (["v.com/gpu=*"], "v.com/gpu=b", ["v.com/gpu=b"]),
        (["v.com/gpu=*"], "compute", nil),
        (["v.com/gpu=*", "w.com/nic"], "compute", ["v.com/gpu=b", "w.com/nic=x"]),
        (["compute"], "w.com/nic=x", ["w.com/nic=x"]),
        (["compute"], "v.com/gpu=a", nil),
        (["v.com/gpu"], "v.com/gpu=b", nil),
        (["v.com/gpu=*"], "v.com/gpu=missing", []),
        (["v.com/gpu=*"], "u.com/gpu=missing", nil),
        (["v.com/gpu=missing"], "v.com/gpu=missing", []),
        (["v.com/gpu=missing"], "v.com/gpu=absent", nil),
        (["v.com/gpu"], "v.com/gpu=missing", nil),
        (["absent"], "absent", []),
        (["absent"], "missing", nil),
        // The specification of the host consents for this one.
        ([], "v.com/gpu=c", ["v.com/gpu=c"]),
        (["v.com/gpu=a>fast"], "fast", ["v.com/gpu=a"]),
        (["v.com/gpu=a>v.com/gpu=b"], "v.com/gpu=b", ["v.com/gpu=a"]),
        (["v.com/gpu=a>fast"], "v.com/gpu=a", nil),
        (["v.com/gpu=a>fast"], "slow", nil),
        (["v.com/gpu=a>fast", "v.com/gpu=b>fast"], "fast", ["v.com/gpu=b"]),
    ]

    @Test(arguments: cases)
    func nobodyGetsMoreThanWasAllowed(_ texts: [String], _ asked: String, _ expected: [String]?) throws {
        let consent = DeviceConsent(try Self.grants(texts), try Self.offer())
        switch consent.verdict(on: ByteString(asked)) {
        case .granted(let found, _): #expect(found.map(\.name.description) == expected)
        case .refused: #expect(expected == nil)
        case .malformed: Issue.record("\(asked) is a name")
        }
    }

    @Test(arguments: ["", "$DEVICE", "v.com/gpu=", "/dev/sda", "v.com/gpu=a,required"])
    func nonsenseIsNeverGranted(_ asked: String) throws {
        #expect(DeviceConsent([.all], try Self.offer()).verdict(on: ByteString(asked)) == .malformed)
    }
}
