import TestSupport

/// The text of a Dockerfile made up at random: many are valid, all are odd.
struct GeneratedText {
    private(set) var bytes: [UInt8] = []
    private var random: SeededGenerator
    private let escape: UInt8

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        escape = random.once(in: 3) ? UInt8(ascii: "`") : UInt8(ascii: "\\")
        if random.once(in: 20) { bytes += [0xEF, 0xBB, 0xBF] }
        if escape == UInt8(ascii: "`") { bytes += "# escape=`\n".utf8 }
        if random.once(in: 5) { bytes += "# check=skip=A;error=true\n".utf8 }
        if random.once(in: 5) { bytes += "# syntax=docker/dockerfile:1\n".utf8 }
        if random.once(in: 4) { instruction("ARG") }
        for _ in 0..<random.pick([1, 1, 1, 2]) {
            line(
                "FROM",
                random.once(in: 3) ? ["scratch", "AS", "s\(Int.random(in: 0..<9, using: &random))"] : ["a/b:c"]
            )
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                instruction(
                    random.pick([
                        "ADD", "ARG", "CMD", "COPY", "COPY", "ENTRYPOINT", "ENV", "ENV", "EXPOSE", "HEALTHCHECK",
                        "LABEL",
                        "MAINTAINER", "ONBUILD", "RUN", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
                    ])
                )
            }
        }
    }

    // MARK: Instructions

    private mutating func instruction(_ keyword: String) {
        switch keyword {
        case "ADD", "COPY": line(keyword, flags(of: keyword) + (random.once(in: 4) ? [json(2)] : words(2)))
        case "ARG", "ENV", "LABEL": line(keyword, random.once(in: 4) ? words(2) : pairs())
        case "CMD", "ENTRYPOINT": line(keyword, random.once(in: 2) ? [json(0)] : words(0))
        case "HEALTHCHECK":
            let command = random.once(in: 2) ? [json(1)] : words(1)
            line(keyword, random.once(in: 5) ? ["NONE"] : flags(of: keyword) + ["CMD"] + command)
        case "ONBUILD":
            bytes += "ONBUILD ".utf8
            instruction(random.pick(["ADD", "ARG", "CMD", "COPY", "ENV", "RUN", "USER", "VOLUME"]))
        case "RUN": line(keyword, flags(of: keyword) + (random.once(in: 4) ? [json(1)] : words(0)))
        case "SHELL": line(keyword, [json(1)])
        case "VOLUME": line(keyword, random.once(in: 2) ? [json(1)] : words(1))
        default: line(keyword, words(1))
        }
    }

    /// One instruction with blanks of all kinds, continuations, comments, and the documents its words ask for.
    private mutating func line(_ keyword: String, _ words: [String]) {
        if random.once(in: 4) { bytes += "# comment \(Int.random(in: 0..<99, using: &random))\n".utf8 }
        if random.once(in: 8) { bytes += random.pick(["\n", "  ", "\t"]).utf8 }
        bytes += (random.once(in: 3) ? keyword.lowercased() : keyword).utf8
        for word in words {
            bytes += random.pick([" ", " ", " ", "  ", "\t", "\u{0B}", "\u{A0} "]).utf8
            if random.once(in: 12) { bytes += [escape] + Array(random.pick(["\n", " \n", "\n  # c\n", "\n\n"]).utf8) }
            bytes += self.bytes(of: word)
        }
        if random.once(in: 8) { bytes += random.pick([" ", "\t", "\u{0C}", "\r", "\u{A0}"]).utf8 }
        bytes += "\n".utf8
        for word in words.joined(separator: " ").split(separator: " ") where word.contains("<<") {
            guard let name = word.split(separator: "<", omittingEmptySubsequences: true).last else { continue }
            let tabs = name.hasPrefix("-")
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                bytes += random.pick(["\tx $A\n", "# y\n", "\n", "two\r\n", "\\\n", "'\"${\n", " E\n"]).utf8
            }
            if tabs { bytes += random.pick(["", "\t", "\t\t"]).utf8 }
            bytes += name.filter { !"-'\"\\".contains($0) }.utf8
            bytes += random.pick(["\n", "\n", "\r\n"]).utf8
        }
    }

    /// The word with stand-ins replaced: `~` is the escape character, `%` a byte that is no UTF-8.
    private mutating func bytes(of word: String) -> [UInt8] {
        word.utf8.map {
            $0 == UInt8(ascii: "~") ? escape : $0 == UInt8(ascii: "%") ? random.pick([0xFF, 0xC3, 0x80, 0]) : $0
        }
    }

    // MARK: Words

    private static let pieces = [
        "a", "b c", "/d/", "$V", "${W:-x}", "'q r'", "\"s t\"", "\"u", "'v", "~ ", "~~", "~\"", "\\", "`", "%", "#",
        "--",
        "[", "]", "\"", ",", "=", "é", "{}", "*", "<", "<<", ".", "-", "~",
    ]

    private mutating func word() -> String {
        if random.once(in: 10) {
            return random.pick([
                "<<E", "<<-E", "<<'E'", "<<-\"E\"", "3<<E", "<<E1", "<<\\E", "<< E", "a<<E", "<<E\"F\"",
            ])
        }
        return (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(Self.pieces) }.joined()
    }

    private mutating func words(_ least: Int) -> [String] {
        (0..<Int.random(in: least...(least + 3), using: &random)).map { _ in word() }
    }

    private mutating func pairs() -> [String] {
        (0..<Int.random(in: 1...4, using: &random)).map { index in "k\(index)=\(word())" }
    }

    private mutating func json(_ least: Int) -> String {
        let strings = (0..<Int.random(in: least...(least + 2), using: &random)).map { _ in
            "\""
                + random.pick([
                    "", "a", "b c", "\\\\", "\\\"", "\\n\\u0000\\u00e9", "%", "<<E", "--x", " y ", "~", "\\/",
                ]) + "\""
        }
        return "[" + strings.joined(separator: random.pick([",", ", ", "\t,"])) + "]"
    }

    private mutating func flags(of keyword: String) -> [String] {
        let known =
            switch keyword {
            case "ADD":
                [
                    "--chown=", "--chmod=644", "--checksum=sha256:0", "--exclude=", "--keep-git-dir", "--link=false",
                    "--unpack=TRUE", "--",
                ]
            case "COPY": ["--from=", "--chown=", "--chmod=u+x", "--exclude=", "--link", "--parents=true", "--"]
            case "HEALTHCHECK":
                ["--interval=1m1.5s", "--timeout=0", "--start-period=1h", "--start-interval=1234567ns", "--retries=3"]
            default: ["--mount=type=cache,target=", "--network=none", "--security=sandbox", "--device=", "--"]
            }
        var flags: [String] = []
        for flag in known where random.once(in: 4) {
            let isOpen = flag.hasSuffix("=")
            flags.append(
                isOpen ? flag + random.pick(["x", "\"a b\"", "'c'd", "\\ e", "$F", "é", "", "\\\"g", "i~"]) : flag
            )
        }
        return flags
    }
}
