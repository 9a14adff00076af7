import ByteStrings
import ContentStorage
import Foundation
import TestSupport

/// A state directory in a temporary folder, gone at the end of the test.
struct TemporaryState {
    let folder: TemporaryFolder
    let root: ByteString
    let state: StateDirectory

    init() throws {
        folder = try TemporaryFolder()
        root = ByteString(folder.url.appendingPathComponent("state").path)
        state = try StateDirectory.open(root)
    }

    func url(_ path: String) -> URL {
        folder.url.appendingPathComponent("state").appendingPathComponent(path)
    }

    func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url(path).path).sorted()
    }

    func permissions(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: url(path).path)[.posixPermissions] as? Int
    }
}
