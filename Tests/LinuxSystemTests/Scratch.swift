import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

/// A temporary directory of the host, opened.
struct Scratch: ~Copyable {
    private let folder: TemporaryFolder
    let path: ByteString
    let directory: OwnedDescriptor

    init() throws {
        let folder = try TemporaryFolder()
        let path = ByteString(folder.url.path)
        let directory = try OwnedDescriptor.openDirectory(path)
        self.folder = folder
        self.path = path
        self.directory = directory
    }

    func path(_ below: ByteString) -> ByteString {
        path.appendingPath(below)
    }

    /// Writes a file at a clean relative path, and makes the directories above it.
    func write(_ below: ByteString, _ text: String = "") throws {
        let parent = ByteString(path(below).bytes.dropLast(below.lastPathComponent.count))
        _ = try OwnedDescriptor.makeDirectories(parent, permissions: 0o755)
        let file = try OwnedDescriptor.openFile(path(below), [.writeOnly, .create, .truncate])
        try file.write(Array(text.utf8))
    }

    func makeDirectory(_ below: ByteString) throws {
        _ = try OwnedDescriptor.makeDirectories(path(below), permissions: 0o755)
    }

    func link(_ below: ByteString, to target: ByteString) throws {
        let parent = ByteString(path(below).bytes.dropLast(below.lastPathComponent.count))
        try OwnedDescriptor.makeDirectories(parent, permissions: 0o755)
            .makeSymbolicLink(below.lastPathComponent, to: target)
    }

    func text(_ below: ByteString) throws -> String {
        String(decoding: try OwnedDescriptor.openFile(path(below), .readOnly).readAll(limit: 1 << 20), as: UTF8.self)
    }

    func exists(_ below: ByteString) throws -> Bool {
        try FileStatus.at(hostPath: path(below), followingLinks: false) != nil
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs as root alone.
    static var root: ConditionTrait {
        .enabled(if: Host.effectiveUserID == 0, "needs root")
    }
}

/// The errno that a call fails with, or nil when it does not fail.
func errno<Result: ~Copyable>(of call: () throws -> Result) -> Errno? {
    do {
        _ = try call()
        return nil
    } catch {
        return (error as? SystemError)?.errno ?? .notUsed
    }
}

extension Errno {
    /// For errors of another type, which no test expects.
    static let notUsed = Errno(rawValue: 9999)
}
