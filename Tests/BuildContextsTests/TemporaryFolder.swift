import ByteStrings
import FileModel
import Foundation
import LinuxSystem

@testable import BuildContexts

/// A folder of the host that is gone after `body`.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("contexts-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var hostPath: ByteString { ByteString(path) }

    func write(_ name: String, _ content: String = "") throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: url)
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    func hardLink(_ name: String, to other: String) throws {
        try FileManager.default.linkItem(atPath: path + "/" + other, toPath: path + "/" + name)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path + "/" + name)
    }

    /// Gives the file a time long past, so that only `st_ctime` is young.
    func age(_ name: String) throws {
        try OwnedDescriptor.openDirectory(hostPath).setModified(Timestamp(seconds: 1_000_000_000), of: ByteString(name))
    }

    func context(ignoring lines: String = "") throws -> LocalContext {
        let file = try IgnoreFile(parsing: Array(lines.utf8), name: ".dockerignore")
        return try LocalContext(hostPath: hostPath, ignore: file.matcher)
    }
}
