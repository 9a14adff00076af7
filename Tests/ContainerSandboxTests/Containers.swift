import ByteStrings
import Foundation
import LinuxSystem
import Testing

@testable import ContainerSandbox

/// What tests of real containers need, and whether this machine has it.
enum Containers {
    static let busybox = "/bin/busybox"

    static let isPossible = Host.effectiveUserID == 0 && FileManager.default.isExecutableFile(atPath: busybox)

    static let reason: Comment = "needs root, namespaces and busybox-static"

    static let runner: Result<ContainerRunner, ExecutorError> = Result { () throws(ExecutorError) in
        try ContainerRunner()
    }
}

extension Trait where Self == ConditionTrait {
    static var containers: ConditionTrait { .enabled(if: Containers.isPossible, Containers.reason) }
}

/// A small image in a temporary folder, with folders for changes.
final class TestImage {
    let folder: URL
    let base: URL
    let stubs: URL

    /// Where containers are put together.
    let assembly: URL
    private var upperCount = 0

    /// The folder that received the changes of the last container.
    private(set) var upper: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-\(UUID().uuidString)")
        base = folder.appendingPathComponent("base")
        stubs = folder.appendingPathComponent("stubs")
        assembly = folder.appendingPathComponent("assembly")
        upper = folder.appendingPathComponent("u0")
        for path in ["bin", "etc", "tmp", "root", "home/someone"] {
            try FileManager.default.createDirectory(
                at: base.appendingPathComponent(path),
                withIntermediateDirectories: true
            )
        }
        for place in [stubs, assembly] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        try StubTree().write(in: try OwnedDescriptor.openDirectory(ByteString(stubs.path)))
        try FileManager.default.copyItem(atPath: Containers.busybox, toPath: base.path + "/bin/busybox")
        for name in Self.applets {
            try FileManager.default.createSymbolicLink(
                atPath: base.path + "/bin/\(name)",
                withDestinationPath: "busybox"
            )
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private static let applets = [
        "cat", "chmod", "dd", "df", "echo", "env", "grep", "head", "hostname", "id", "ifconfig", "kill", "ls", "mkdir",
        "mknod", "mount", "pwd", "readlink", "rm", "seq", "sh", "sleep", "stat", "test", "touch", "tr", "true",
        "umount",
        "unshare", "wc",
    ]

    func write(_ text: String, to path: String, permissions: Int = 0o644) throws {
        let file = base.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file.path)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: base.path + "/" + path,
            withDestinationPath: target
        )
    }

    /// A request over a fresh folder for changes.
    func request(_ arguments: [ByteString]) throws -> ContainerRequest {
        upperCount += 1
        upper = folder.appendingPathComponent("u\(upperCount)")
        let work = folder.appendingPathComponent("w\(upperCount)")
        try FileManager.default.createDirectory(at: upper, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        return ContainerRequest(
            shape: ContainerShape(network: .none, hostName: "buildhost", assembly: ByteString(assembly.path)),
            lowerTrees: [ByteString(base.path), ByteString(stubs.path)],
            upper: ByteString(upper.path),
            work: ByteString(work.path),
            arguments: arguments,
            environment: ["PATH=/usr/bin:/bin"]
        )
    }

    /// Runs a line of shell and gives what it wrote and how it ended.
    @discardableResult
    func shell(
        _ line: String,
        _ change: (inout ContainerRequest) -> Void = { _ in }
    ) throws -> (output: String, errors: String, status: LinuxSystem.ExitStatus) {
        var request = try request(["/bin/sh", "-c", ByteString(line)])
        change(&request)
        return try run(request)
    }

    func run(_ request: ContainerRequest) throws -> (output: String, errors: String, status: LinuxSystem.ExitStatus) {
        var bytes: [ContainerRunner.OutputStream: [UInt8]] = [:]
        let status = try Containers.runner.get().run(
            request,
            onOutput: { stream, chunk in bytes[stream, default: []] += chunk }
        )
        return (
            String(decoding: bytes[.standardOutput] ?? [], as: UTF8.self),
            String(decoding: bytes[.standardError] ?? [], as: UTF8.self), status
        )
    }

    /// Names of everything in the folder that received the changes.
    func changes() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: upper.path).sorted()
    }
}
