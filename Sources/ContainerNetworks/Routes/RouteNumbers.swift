/// Numbers of `rtnetlink(7)`, from the kernel's headers.
enum RouteNumbers {
    static let newLink: UInt16 = 16
    static let deleteLink: UInt16 = 17
    static let getLink: UInt16 = 18
    static let newAddress: UInt16 = 20
    static let getAddress: UInt16 = 22
    static let newRoute: UInt16 = 24
    static let getRoute: UInt16 = 26

    /// Families of addresses.
    static let internet: UInt8 = 2
    static let internet6: UInt16 = 10

    /// Attributes of links.
    enum Link {
        static let address: UInt16 = 1
        static let name: UInt16 = 3
        static let mtu: UInt16 = 4
        static let lowerLink: UInt16 = 5
        static let master: UInt16 = 10
        static let state: UInt16 = 16
        static let info: UInt16 = 18
        static let families: UInt16 = 26
        static let namespaceDescriptor: UInt16 = 28
        static let extensionMask: UInt16 = 29

        static let infoKind: UInt16 = 1
        static let infoData: UInt16 = 2
        static let infoPortKind: UInt16 = 4
        static let infoPortData: UInt16 = 5

        static let vethPeer: UInt16 = 1
        static let macvlanMode: UInt16 = 1
        static let macvlanPrivate: UInt32 = 1
        static let bridgeMulticastSnooping: UInt16 = 23
        static let portState: UInt16 = 1
        static let portIsolated: UInt16 = 33
        static let addressGeneration: UInt16 = 8

        /// For ``addressGeneration``: no address comes by itself.
        static let noAddressGeneration: UInt8 = 1

        /// For ``state``: packets go through.
        static let isRunning: UInt8 = 6

        /// For ``portState``: the bridge takes packets and gives some.
        static let isForwarding: UInt8 = 3

        /// For ``extensionMask``: no counters.
        static let withoutStatistics: UInt32 = 8
        static let flagUp: UInt32 = 1
        static let headerSize = 16
    }

    /// Attributes of addresses.
    enum Address {
        static let address: UInt16 = 1
        static let local: UInt16 = 2
        static let broadcast: UInt16 = 4
        static let headerSize = 8
    }

    /// Attributes of routes.
    enum Route {
        static let destination: UInt16 = 1
        static let outputInterface: UInt16 = 4
        static let gateway: UInt16 = 5
        static let multipath: UInt16 = 9
        static let table: UInt16 = 15

        static let mainTable: UInt8 = 254
        static let staticProtocol: UInt8 = 4
        static let universe: UInt8 = 0
        static let unicast: UInt8 = 1
        static let headerSize = 12
    }
}
