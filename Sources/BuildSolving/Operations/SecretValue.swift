import BuildInterface
import ByteStrings
import FileModel
import LinuxSystem

/// The value of a secret, read when a step mounts it.
enum SecretValue {
    /// Larger values are refused.
    ///
    /// Source: BuildKit, whose limit this is.
    static let sizeLimit = 500 << 10

    /// The value, or nil when no such secret was given.
    static func read(
        _ id: ByteString,
        _ secrets: [BuildSecret],
        _ environment: [ByteString: ByteString]
    ) throws -> [UInt8]? {
        guard let secret = secrets.last(where: { $0.id == id }) else { return nil }
        switch secret.source {
        case .environment(let name): return environment[name]?.bytes
        case .file(let path):
            let file = try OwnedDescriptor.openFile(path, [.readOnly, .nonBlocking])
            guard try file.status().kind == .regular else {
                throw SolveFailure("secret `\(id)`: `\(path)` is not a regular file")
            }
            guard try file.size() <= UInt64(sizeLimit) else {
                throw SolveFailure("secret `\(id)` has more than \(sizeLimit) bytes")
            }
            return try file.readAll(limit: sizeLimit)
        }
    }
}
