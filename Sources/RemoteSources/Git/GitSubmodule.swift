internal import ByteStrings
internal import LinuxSystem

/// A repository inside another one, as `.gitmodules` and the tree of a commit together say.
///
/// git's own commands for submodules are not used: they read more of what a repository says than is needed.
struct GitSubmodule: Hashable, Sendable {
    /// Where it belongs in the files of the outer one; clean, and none of its components is `.git`.
    let path: ByteString
    let commit: String
    let reference: GitReference

    /// The submodules of a commit, by path.
    ///
    /// - Throws: ``RemoteSourceError``, `badSubmodule` for one that no server could have meant well.
    static func find(of commit: String, in repository: GitRepository, _ outer: GitReference) async throws
        -> [GitSubmodule]
    {
        let list: [ByteString] = ["ls-tree", "-z", "--full-tree", ByteString(commit)]
        let file = try await repository.run(list + ["--", ".gitmodules"], about: "\(outer)")
        guard file.starts(with: "100".utf8) else { return [] }
        let blob = ByteString("--blob=\(commit):.gitmodules")
        let text = try await repository.run(["config", blob, "--null", "--list"], about: "\(outer)")
        var fields: [ByteString: [ByteString: ByteString]] = [:]
        for entry in text.split(separator: 0) {
            let key = entry.prefix { $0 != UInt8(ascii: "\n") }
            guard key.starts(with: "submodule.".utf8), let dot = key.lastIndex(of: UInt8(ascii: ".")) else { continue }
            let name = ByteString(key[..<dot])
            fields[name, default: [:]][ByteString(key[(dot + 1)...])] = ByteString(entry[key.endIndex...].dropFirst())
        }
        var found: [GitSubmodule] = []
        for (_, values) in fields.sorted(by: { $0.key < $1.key }) where values["update"] != "none" {
            guard let path = values["path"], let url = values["url"] else { continue }
            let shown = String("\(path)".map { $0.isNewline || $0 == "\0" || $0 == "\r" ? "?" : $0 })
            guard isSafe(path) else {
                throw RemoteSourceError.badSubmodule(path: shown, reason: "has a path that is not safe")
            }
            let tree = try await repository.run(list + ["--", path], about: "\(outer)")
            let words = tree.split(maxSplits: 3) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard words.count == 4, words[1].elementsEqual("commit".utf8),
                words[3].dropLast().elementsEqual(path.bytes),
                let inner = GitRepository.objectName(words[2])
            else { continue }
            let reference = try reference(url, shown, outer)
            found.append(GitSubmodule(path: path, commit: inner, reference: reference))
        }
        return found
    }

    static func isSafe(_ path: ByteString) -> Bool {
        let parts = path.bytes.split(separator: ByteString.slash, omittingEmptySubsequences: false)
        guard !path.isEmpty, path.count < 4096, !path.bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            return false
        }
        return parts.allSatisfy { part in
            let name = String(decoding: part, as: UTF8.self).asciiLowercased
            return !part.isEmpty && part.first != UInt8(ascii: "-") && ![".", "..", ".git"].contains(name)
        }
    }

    /// The repository that the URL means, relative ones beside the outer one; only what an ADD could name too.
    private static func reference(_ url: ByteString, _ path: String, _ outer: GitReference) throws -> GitReference {
        func bad(_ reason: String) -> RemoteSourceError { .badSubmodule(path: path, reason: reason) }
        var text = url
        if url.hasPrefix("./") || url.hasPrefix("../") {
            var base = outer.remote.bytes.split(separator: ByteString.slash, omittingEmptySubsequences: false)
            if base.last?.isEmpty == true { base.removeLast() }
            // `https://host` are three, which `..` may not eat into; `user@host:path` is one.
            let least = outer.remote.bytes.firstRange(of: "://".utf8) == nil ? 1 : 3
            for part in url.bytes.split(separator: ByteString.slash) where !part.elementsEqual(".".utf8) {
                if part.elementsEqual("..".utf8) {
                    guard base.count > least else { throw bad("has a URL above its server") }
                    base.removeLast()
                } else {
                    base.append(part)
                }
            }
            text = ByteString(base.joined(separator: [ByteString.slash]))
        }
        guard
            !text.bytes.contains(where: {
                $0 <= 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "?")
            })
        else { throw bad("has a URL that is not valid") }
        // Servers need no `.git` at the end, while an ADD needs it to tell a repository from a file.
        let isHTTP = ["http://", "https://"].contains { text.hasPrefix($0) }
        let isBare = isHTTP && !text.hasSuffix(".git")
        let written = isBare ? ByteString(text.bytes + Array(".git".utf8)) : text
        do {
            guard var reference = try GitReference(written) else {
                throw bad("has the URL `\(url)`, and only http, https, ssh and git are fetched")
            }
            if isBare { reference.remote = ByteString(reference.remote.bytes.dropLast(4)) }
            return reference
        } catch let error as RemoteSourceError {
            if case .badGitReference(_, let reason) = error { throw bad("has a URL that is not valid: \(reason)") }
            throw error
        }
    }
}
