import ByteStrings

/// Writes the flags of an instruction, each with a blank before it.
struct FlagWriter {
    private(set) var text: [UInt8] = []

    init() {}

    mutating func add(_ name: String, _ value: ByteString?) {
        guard let value else { return }
        text += Array(" --\(name)=".utf8) + Self.quoted(value)
    }

    mutating func add(_ name: String, _ values: [ByteString]) {
        for value in values { add(name, value) }
    }

    /// A flag without a value when it is true.
    mutating func add(_ name: String, _ isOn: Bool?) {
        guard let isOn else { return }
        text += Array((isOn ? " --\(name)" : " --\(name)=false").utf8)
    }

    /// A duration in the largest unit that needs no fraction.
    mutating func add(_ name: String, nanoseconds: Int64?) {
        guard let nanoseconds else { return }
        let units: [(Int64, String)] = [
            (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"),
        ]
        let unit = units.first { nanoseconds != 0 && nanoseconds % $0.0 == 0 } ?? (1, nanoseconds == 0 ? "s" : "ns")
        add(name, ByteString("\(nanoseconds / unit.0)\(unit.1)"))
    }

    /// Between double quotes unless every byte means itself; there the escape character is always a backslash.
    private static func quoted(_ value: ByteString) -> [UInt8] {
        let plain = Array("_./:=,@%+*-${}!~?[]<>&|;()#^".utf8)
        let isPlain = value.allSatisfy { byte in
            let lower = byte | 0x20
            return (lower >= 0x61 && lower <= 0x7A) || GoLiteral.isDigit(byte) || plain.contains(byte)
        }
        if isPlain { return value.bytes }
        var text = [UInt8(ascii: "\"")]
        for byte in value {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
            text.append(byte)
        }
        return text + [UInt8(ascii: "\"")]
    }
}
