import Foundation
import TestSupport

/// An archive of an image, unpacked.
struct ImageLayout {
    private let temporary: TemporaryFolder

    var folder: URL { temporary.url }

    /// Unpacks an archive with tar.
    init(archive: URL) throws {
        temporary = try TemporaryFolder()
        _ = try Command.run("tar", "--extract", "--file", archive.path, "--directory", temporary.url.path)
    }

    /// The digests of its blobs.
    var blobs: [String] {
        let path = folder.appendingPathComponent("blobs/sha256").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// The blobs whose bytes are not those of their digest.
    var damaged: [String] {
        get throws {
            let path = folder.appendingPathComponent("blobs/sha256").path
            let sums = try Command.shell("cd \"$1\"; sha256sum -- *", path)
            let actual = sums.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            return actual.filter { $0.count != 2 || $0[0] != $0[1] }.map { $0.last ?? "" }
        }
    }

    /// The digests of the manifests that its index names.
    var manifests: [String] {
        get throws {
            struct Index: Decodable {
                struct Entry: Decodable { let digest: String }
                let manifests: [Entry]
            }
            let data = try Data(contentsOf: folder.appendingPathComponent("index.json"))
            return try JSONDecoder().decode(Index.self, from: data).manifests.map(\.digest)
        }
    }
}
