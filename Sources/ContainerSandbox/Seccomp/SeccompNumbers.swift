import CSeccomp

/// Numbers of system calls by name, from libseccomp and, for calls younger than it may be, from here.
enum SeccompNumbers {
    /// The largest number, without the base of its table, that the lists here account for.
    static let newest: UInt32 = 466

    /// The number of a call in a table, nil where the table lacks it.
    static func number(of name: String, in table: SeccompTable) -> UInt32? {
        if table == .i386, let number = directSocketCalls[name] { return number }
        let known = seccomp_syscall_resolve_name_arch(table.token, name)
        if known >= 0 { return UInt32(known) }
        if let number = young[name] { return table.base + number }
        return table == .amd64 ? youngOnAMD64[name] : nil
    }

    /// Calls from Linux 6.5 on, which have one number everywhere.
    private static let young: [String: UInt32] = [
        "cachestat": 451, "fchmodat2": 452, "map_shadow_stack": 453, "futex_wake": 454, "futex_wait": 455,
        "futex_requeue": 456, "statmount": 457, "listmount": 458, "mseal": 462, "setxattrat": 463,
        "getxattrat": 464, "listxattrat": 465, "removexattrat": 466,
    ]

    private static let youngOnAMD64: [String: UInt32] = ["uretprobe": 335]

    /// Calls that i386 had only inside `socketcall` and `ipc` at first; libseccomp names them by that.
    private static let directSocketCalls: [String: UInt32] = [
        "socket": 359, "socketpair": 360, "bind": 361, "connect": 362, "listen": 363, "accept4": 364,
        "getsockopt": 365, "setsockopt": 366, "getsockname": 367, "getpeername": 368, "sendto": 369, "sendmsg": 370,
        "recvfrom": 371, "recvmsg": 372, "shutdown": 373,
        "recvmmsg": 337, "sendmmsg": 345, "semget": 393, "semctl": 394, "shmget": 395,
        "shmctl": 396, "shmat": 397, "shmdt": 398, "msgget": 399, "msgsnd": 400, "msgrcv": 401, "msgctl": 402,
    ]
}
