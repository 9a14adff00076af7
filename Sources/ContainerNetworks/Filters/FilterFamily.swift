/// Which packets a table of filters sees.
enum FilterFamily: UInt8, Hashable, Sendable {
    /// Of IPv4 and IPv6.
    case internet = 1
    case ipv4 = 2
}
