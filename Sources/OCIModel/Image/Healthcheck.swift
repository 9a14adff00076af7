/// How to find out whether a container still works.
///
/// Source: Docker image specification 1.2, "Healthcheck"; OCI images carry it too.
package struct Healthcheck: Hashable, Sendable {
    /// `NONE`, `CMD` with arguments or `CMD-SHELL` with a command; nil or empty inherits.
    package var test: [String]?

    /// Nanoseconds between two checks; nil or zero inherits, as for the other times.
    package var interval: Int64?

    /// Nanoseconds after which a check has failed.
    package var timeout: Int64?

    /// Nanoseconds after the start in which failures do not count.
    package var startPeriod: Int64?

    /// Nanoseconds between two checks in the start period.
    package var startInterval: Int64?

    /// How many failures in a row make the container unhealthy; nil or zero inherits.
    package var retries: Int?

    package init(
        test: [String]? = nil,
        interval: Int64? = nil,
        timeout: Int64? = nil,
        startPeriod: Int64? = nil,
        startInterval: Int64? = nil,
        retries: Int? = nil
    ) {
        self.test = test
        self.interval = interval
        self.timeout = timeout
        self.startPeriod = startPeriod
        self.startInterval = startInterval
        self.retries = retries
    }
}

extension Healthcheck: Codable {
    private enum Key: String, CodingKey {
        case test = "Test"
        case interval = "Interval"
        case timeout = "Timeout"
        case startPeriod = "StartPeriod"
        case startInterval = "StartInterval"
        case retries = "Retries"
    }

    /// Reads the object.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        test = try container.decodeIfPresent([String].self, forKey: .test)
        interval = try container.decodeIfPresent(Int64.self, forKey: .interval)
        timeout = try container.decodeIfPresent(Int64.self, forKey: .timeout)
        startPeriod = try container.decodeIfPresent(Int64.self, forKey: .startPeriod)
        startInterval = try container.decodeIfPresent(Int64.self, forKey: .startInterval)
        retries = try container.decodeIfPresent(Int.self, forKey: .retries)
    }

    /// Writes the object; what is nil or zero is left out.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(test.nonEmpty, forKey: .test)
        try container.encodeIfPresent(interval.nonZero, forKey: .interval)
        try container.encodeIfPresent(timeout.nonZero, forKey: .timeout)
        try container.encodeIfPresent(startPeriod.nonZero, forKey: .startPeriod)
        try container.encodeIfPresent(startInterval.nonZero, forKey: .startInterval)
        try container.encodeIfPresent(retries.nonZero, forKey: .retries)
    }
}
