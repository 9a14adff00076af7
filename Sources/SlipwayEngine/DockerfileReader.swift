import BuildInterface
import ByteStrings
import FileModel
import LinuxSystem
import SourceDiagnostics

/// Finds and reads the Dockerfile of a build.
struct DockerfileReader {
    /// Larger files are refused.
    static let sizeLimit = 64 << 20

    let text: SourceText

    /// The path on the host, for the ignore file beside it; nil for standard input.
    let path: ByteString?

    /// Reads the Dockerfile of `request`.
    ///
    /// - Throws: `BuildFailure` saying where it was looked for.
    init(_ request: BuildRequest) throws {
        let folder = request.context.folder
        switch request.dockerfile {
        case .standardInput:
            text = SourceText(name: "Dockerfile", bytes: try StandardInput.readAll(limit: Self.sizeLimit))
            path = nil
        case .path(let path):
            text = SourceText(name: path.lastPathComponent.description, bytes: try Self.read(path))
            self.path = path
        case .defaultInContext:
            let names: [ByteString] = ["Dockerfile", "dockerfile"]
            let found = try names.map { folder.appendingPath($0) }.first { path in
                try FileStatus.at(hostPath: path, followingLinks: true) != nil
            }
            guard let found else {
                throw FailureText.build(
                    "failed to read dockerfile: no such file or directory: `\(folder.appendingPath("Dockerfile"))`",
                    hint: "pass its path with -f"
                )
            }
            text = SourceText(name: found.lastPathComponent.description, bytes: try Self.read(found))
            path = found
        }
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
}
