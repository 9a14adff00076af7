/// Numbers with a fixed count of decimals, for tables and times.
enum DecimalText {
    /// Writes `value` with `decimals` digits after the point, rounded to nearest.
    static func fixed(_ value: Double, decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * Double(scale)).rounded()
        guard let whole = Int64(exactly: scaled) else { return "\(value)" }
        let magnitude = whole.magnitude
        let sign = whole < 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(magnitude)" }
        let fraction = String(magnitude % UInt64(scale))
        let padding = String(repeating: "0", count: decimals - fraction.count)
        return "\(sign)\(magnitude / UInt64(scale)).\(padding)\(fraction)"
    }

    /// Writes a duration in seconds.
    static func seconds(_ duration: Duration, decimals: Int) -> String {
        let (seconds, attoseconds) = duration.components
        return fixed(Double(seconds) + Double(attoseconds) / 1e18, decimals: decimals)
    }
}
