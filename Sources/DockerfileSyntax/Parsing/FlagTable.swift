/// The flags an instruction takes.
struct FlagTable {
    enum Kind {
        /// Takes `true` or `false`, or no value for true.
        case boolean
        /// Takes one value.
        case text
        /// May be given several times.
        case list
    }

    static func flags(of keyword: InstructionKeyword) -> [(name: String, kind: Kind)] {
        switch keyword {
        case .add:
            [
                ("chown", .text), ("chmod", .text), ("checksum", .text), ("exclude", .list), ("keep-git-dir", .boolean),
                ("link", .boolean), ("unpack", .boolean),
            ]
        case .copy:
            [
                ("chown", .text), ("chmod", .text), ("exclude", .list), ("from", .text), ("link", .boolean),
                ("parents", .boolean),
            ]
        case .from: [("platform", .text)]
        case .healthcheck:
            [
                ("interval", .text), ("timeout", .text), ("start-period", .text), ("start-interval", .text),
                ("retries", .text),
            ]
        case .run: [("mount", .list), ("network", .text), ("security", .text), ("device", .list)]
        default: []
        }
    }
}
