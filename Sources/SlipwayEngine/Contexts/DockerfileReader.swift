import BuildContexts
import BuildInterface
import ByteStrings
import FileModel
import LinuxSystem
import SourceDiagnostics

/// Finds and reads the Dockerfile of a build.
struct DockerfileReader: Sendable {
    /// Larger files are refused.
    static let sizeLimit = 64 << 20

    private static let usualName: ByteString = "Dockerfile"

    let text: SourceText

    /// The path on the host, for the ignore file beside it; nil for a Dockerfile from anywhere else.
    let path: ByteString?

    /// Takes a Dockerfile that was read already.
    init(_ bytes: [UInt8], named name: ByteString = usualName) {
        text = SourceText(name: name.description, bytes: bytes)
        path = nil
    }

    /// Reads a file of the host.
    ///
    /// - Throws: `BuildFailure` saying where it was looked for.
    init(hostPath path: ByteString) throws {
        text = SourceText(name: path.lastPathComponent.description, bytes: try Self.read(path))
        self.path = path
    }

    /// Reads the Dockerfile at the top of a folder of the host.
    ///
    /// - Throws: `BuildFailure` saying where it was looked for.
    init(inFolder folder: ByteString) throws {
        let found = try Self.spellings(of: Self.usualName).map { folder.appendingPath($0) }.first { path in
            try FileStatus.at(hostPath: path, followingLinks: true) != nil
        }
        guard let found else {
            let status = try FileStatus.at(hostPath: folder, followingLinks: true)
            guard status?.kind == .directory else { throw ContextFailure.noFolder(folder, status) }
            throw FailureText.build(
                "failed to read dockerfile: no such file or directory: `\(folder.appendingPath(Self.usualName))`",
                hint: "pass its path with -f"
            )
        }
        try self.init(hostPath: found)
    }

    /// Reads the Dockerfile among the files of a context, links followed inside it; nil is `Dockerfile` at its top.
    ///
    /// - Throws: `BuildFailure` saying where it was looked for.
    init(_ written: ByteString?, in tree: any FileTree, _ place: String) throws {
        let name = written ?? Self.usualName
        let path = ByteString(name.lexicallyCleanedAbsolute.bytes.dropFirst())
        for spelling in Self.spellings(of: path) {
            let bytes: [UInt8]?
            do {
                bytes = try tree.readFile(spelling, limit: Self.sizeLimit)
            } catch {
                throw FailureText.build("failed to read dockerfile in \(place): \(error)")
            }
            guard let bytes else { continue }
            self.init(bytes, named: spelling.lastPathComponent)
            return
        }
        throw try Self.missing(path, in: tree, place)
    }

    /// Both names that a Dockerfile may have, when this is one of them.
    private static func spellings(of path: ByteString) -> [ByteString] {
        guard path.lastPathComponent == usualName else { return [path] }
        return [path, ByteString(path.bytes.dropLast(usualName.count)) + ByteString("dockerfile")]
    }

    private static func read(_ path: ByteString) throws -> [UInt8] {
        guard let status = try FileStatus.at(hostPath: path, followingLinks: true) else {
            throw FailureText.build("failed to read dockerfile: no such file or directory: `\(path)`")
        }
        guard status.kind != .directory else {
            throw FailureText.build("failed to read dockerfile: `\(path)` is a directory")
        }
        do {
            return try OwnedDescriptor.openFile(path, .readOnly).readAll(limit: sizeLimit)
        } catch {
            throw FailureText.build("failed to read dockerfile: \(error)")
        }
    }

    private static func missing(_ path: ByteString, in tree: any FileTree, _ place: String) throws -> BuildFailure {
        var reason = "there is no `\(path)`"
        if try tree.status(path)?.kind == .symbolicLink {
            reason = "`\(path)` is a link to `\(try tree.readLink(path))`, which is not there"
        }
        // What archives of releases look like: everything is in one folder.
        let top = try tree.children("")
        let inner = top.count == 1 ? top[0].name.appendingPath(path) : path
        let isInside = top.count == 1 && (try? tree.readFile(inner, limit: sizeLimit)) != nil
        return FailureText.build(
            "failed to read dockerfile in \(place): \(reason)",
            hint: isInside
                ? "there is `\(inner)`: pass -f \(inner), and mind that COPY starts above that folder"
                : "pass its path with -f, as it is in the context"
        )
    }
}
