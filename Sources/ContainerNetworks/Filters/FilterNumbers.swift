/// Numbers of netfilter's tables, from the kernel's headers.
enum FilterNumbers {
    /// The part of netfilter that messages about tables are for.
    static let subsystem: UInt16 = 10

    static let newTable: UInt16 = 0
    static let getTable: UInt16 = 1
    static let deleteTable: UInt16 = 2
    static let newChain: UInt16 = 3
    static let getChain: UInt16 = 4
    static let newRule: UInt16 = 6
    static let getRule: UInt16 = 7
    static let deleteRule: UInt16 = 8
    static let beginBatch: UInt16 = 16
    static let endBatch: UInt16 = 17

    static let headerSize = 4

    static let listElement: UInt16 = 1

    enum Table {
        static let name: UInt16 = 1
        static let flags: UInt16 = 2

        /// The table goes away with the socket that made it.
        static let owned: UInt32 = 2
    }

    enum Chain {
        static let table: UInt16 = 1
        static let name: UInt16 = 3
        static let hook: UInt16 = 4
        static let policy: UInt16 = 5
        static let type: UInt16 = 7
        static let hookNumber: UInt16 = 1
        static let hookPriority: UInt16 = 2
    }

    enum Rule {
        static let table: UInt16 = 1
        static let chain: UInt16 = 2
        static let handle: UInt16 = 3
        static let expressions: UInt16 = 4
        static let userData: UInt16 = 7
    }

    enum Expression {
        static let name: UInt16 = 1
        static let data: UInt16 = 2
        static let dataValue: UInt16 = 1
        static let dataVerdict: UInt16 = 2
        static let verdictCode: UInt16 = 1
        static let verdictRegister: UInt32 = 0
        static let register: UInt32 = 1
    }
}
