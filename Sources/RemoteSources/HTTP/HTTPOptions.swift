package import ByteStrings

/// How much patience and room a fetch has, and whom it trusts.
package struct HTTPOptions: Hashable, Sendable {
    package var addresses: AddressPolicy = .standard

    /// The most bytes of one file.
    package var sizeLimit: UInt64 = 64 << 30

    /// How many redirects are followed.
    package var redirectLimit = 10

    package var connectTimeout: Duration = .seconds(10)

    /// The longest time without a byte of the body, and the longest wait for the head of an answer.
    package var stallTimeout: Duration = .seconds(30)

    /// Over each of these spans at least ``minimumRate`` bytes a second have to arrive.
    package var rateWindow: Duration = .seconds(60)

    /// Bytes a second; 0 for any.
    package var minimumRate: Int64 = 64

    /// How often one file is asked for, the first time included.
    package var attempts = 5

    /// The wait before the second attempt; doubled for each one after.
    package var retryDelay: Duration = .milliseconds(250)

    /// The longest wait before an attempt, also when the server asks for more.
    package var longestRetryDelay: Duration = .seconds(60)

    /// A file of PEM certificates to trust; nil for those of the system.
    package var certificates: ByteString?

    package init() {}
}
