/// The flags of `HEALTHCHECK`; times in nanoseconds, nil for a flag that is not there.
package struct HealthcheckOptions: Hashable, Sendable {
    package var interval: Int64?
    package var timeout: Int64?
    package var startPeriod: Int64?
    package var startInterval: Int64?
    package var retries: Int?

    package init(
        interval: Int64? = nil,
        timeout: Int64? = nil,
        startPeriod: Int64? = nil,
        startInterval: Int64? = nil,
        retries: Int? = nil
    ) {
        self.interval = interval
        self.timeout = timeout
        self.startPeriod = startPeriod
        self.startInterval = startInterval
        self.retries = retries
    }
}
