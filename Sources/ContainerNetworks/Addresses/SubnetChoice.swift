/// Chooses where the addresses of a build's containers come from.
///
/// Subnets of 256 addresses for private use, RFC 1918: 10.0.0.0/8 first, which others use least, then 172.16.0.0/12 and
/// 192.168.0.0/16.
enum SubnetChoice {
    static let prefixLength: UInt8 = 24

    private static let pools = [
        IPv4Subnet(IPv4Address(number: 0x0A00_0000), prefixLength: 8),
        IPv4Subnet(IPv4Address(number: 0xAC10_0000), prefixLength: 12),
        IPv4Subnet(IPv4Address(number: 0xC0A8_0000), prefixLength: 16),
    ]

    /// Shorter prefixes stand for the whole internet, such as the two halves by which a tunnel replaces the default route.
    private static let shortestPrefix: UInt8 = 8

    /// Coprime to the sizes of the pools, so that every subnet comes up once, and neighbours far apart.
    private static let step: UInt32 = 257

    /// How many candidates are looked at in a pool.
    private static let attempts: UInt32 = 4096

    /// Subnets that collide with none of those that the host uses, in the order in which they are to be tried.
    ///
    /// `start` tells where to begin, so that processes at the same time do not all try the same.
    static func candidates(avoiding taken: [IPv4Subnet], start: UInt32, limit: Int = 64) -> [IPv4Subnet] {
        let taken = taken.filter { $0.prefixLength >= shortestPrefix }
        var found: [IPv4Subnet] = []
        for pool in pools {
            let inPool = taken.filter { $0.overlaps(pool) }
            if inPool.contains(where: { $0.prefixLength <= pool.prefixLength }) { continue }
            let size = UInt32(1) << UInt32(prefixLength - pool.prefixLength)
            for attempt in 0..<min(attempts, size) {
                let index = (start &+ attempt &* step) % size
                let candidate = IPv4Subnet(pool.address(at: index << 8), prefixLength: prefixLength)
                if inPool.contains(where: { $0.overlaps(candidate) }) { continue }
                found.append(candidate)
                if found.count == limit { return found }
            }
        }
        return found
    }
}
