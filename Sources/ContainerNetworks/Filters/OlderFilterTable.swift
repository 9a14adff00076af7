import ByteStrings
import LinuxSystem

/// The rules of the older iptables, as far as they tell whether packets of an interface may pass through the host.
///
/// They are read only: that interface replaces a table as a whole, and another change at the same time would be lost.
/// Source: `struct ipt_entry` in the kernel's headers.
struct OlderFilterTable {
    private let table: FilterTable

    /// The numbers of verdicts, as the kernel keeps them in a rule.
    private static let drop: Int32 = -1
    private static let accept: Int32 = -2

    private static let entrySize = 112
    private static let nameSize = 16

    init(_ table: FilterTable) {
        self.table = table
    }

    /// Whether packets that come in by this interface may pass: by the policy, or by a rule of any chain that names it.
    func lets(pass interface: ByteString) -> Bool {
        guard verdict(at: table.forwardPolicy) == Self.drop else { return true }
        var offset = 0
        while let next = integer(at: offset + 90, as: UInt16.self), next >= Self.entrySize {
            if verdict(at: offset) == Self.accept, names(interface, at: offset) { return true }
            offset += Int(next)
        }
        return false
    }

    /// Whether the rule is about the interface by which packets come in, and that may be this one.
    private func names(_ wanted: ByteString, at offset: Int) -> Bool {
        let name = table.entries.dropFirst(offset + 16).prefix(Self.nameSize)
        let mask = table.entries.dropFirst(offset + 48).prefix(Self.nameSize)
        guard mask.count == Self.nameSize, mask.contains(where: { $0 != 0 }), wanted.count < Self.nameSize else {
            return false
        }
        let padded = wanted.bytes + [UInt8](repeating: 0, count: Self.nameSize - wanted.count)
        return zip(padded, zip(name, mask)).allSatisfy { ($0 ^ $1.0) & $1.1 == 0 }
    }

    /// What a rule decides, or nil when it leads elsewhere.
    private func verdict(at offset: Int) -> Int32? {
        guard offset >= 0, let target = integer(at: offset + 88, as: UInt16.self) else { return nil }
        // A target without a name is a verdict.
        guard integer(at: offset + Int(target) + 2, as: UInt8.self) == 0 else { return nil }
        return integer(at: offset + Int(target) + 32, as: Int32.self)
    }

    private func integer<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Integer.Type)
        -> Integer?
    {
        table.entries[...].integer(at: offset, as: type)
    }
}
