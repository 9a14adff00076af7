import ArgumentParser

/// Sizes as people type them.
enum ByteCount {
    /// Reads `64m`, `1g`, `512k` or a bare count of bytes.
    static func parse(_ text: String, flag: String) throws -> UInt64 {
        let units: [(String, UInt64)] = [
            ("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30), ("b", 1),
        ]
        let lower = text.lowercased()
        let (digits, factor) =
            units.first { lower.hasSuffix($0.0) }.map { (String(lower.dropLast($0.0.count)), $0.1) } ?? (lower, 1)
        guard let count = UInt64(digits) else { throw ValidationError("\(flag) \(text): it takes a size such as 64m") }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow else { throw ValidationError("\(flag) \(text): that is too much") }
        return bytes
    }

    /// Writes a size for people, such as `1.1MB`, in powers of ten as `docker images` does.
    static func text(_ bytes: UInt64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1000, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        if unit == 0 { return "\(bytes)B" }
        let decimals = value < 10 ? 2 : value < 100 ? 1 : 0
        return DecimalText.fixed(value, decimals: decimals) + units[unit]
    }
}
