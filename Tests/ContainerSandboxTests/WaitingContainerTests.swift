import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@testable import ContainerSandbox

/// Containers that are started before their command is known.
@Suite(.containers) struct WaitingContainerTests {
    /// Runs a line of shell in a container that was started before.
    private func run(
        _ line: ByteString,
        in image: TestImage,
        shape: (inout ContainerShape) -> Void = { _ in },
        meanwhile: (borrowing WaitingContainer) throws -> Void = { _ in }
    ) throws -> (output: String, starts: Int) {
        let runner = try Containers.runner.get()
        let request = try image.request(["/bin/sh", "-c", line])
        var own = request.shape
        shape(&own)
        let waiting = try runner.start(own)
        try meanwhile(waiting)
        var (output, starts): ([UInt8], Int) = ([], 0)
        let status = try runner.run(
            request,
            in: waiting,
            onStart: { starts += 1 },
            onOutput: { _, chunk in output += chunk }
        )
        #expect(status.isSuccess)
        return (String(decoding: output, as: UTF8.self), starts)
    }

    private static func isRunning(_ pid: Int32) -> Bool {
        FileManager.default.fileExists(atPath: "/proc/\(pid)")
    }

    @Test func theCommandRunsInTheContainerThatWaits() throws {
        var pid: Int32 = 0
        let ended = try run("echo $$; hostname; ls /dev/null /proc/self/status", in: TestImage()) { _ in
        } meanwhile: { waiting in
            pid = waiting.process.pid
            #expect(Self.isRunning(pid))
        }
        #expect(ended.output == "1\nbuildhost\n/dev/null\n/proc/self/status\n")
        #expect(ended.starts == 1)
        #expect(!Self.isRunning(pid))
    }

    @Test func theRootIsTheFirstOfTheMountsAndNothingOfTheAssemblyIsLeft() throws {
        let ended = try run("cat /proc/self/mounts", in: TestImage())
        let places = ended.output.split(separator: "\n").map { $0.split(separator: " ")[1] }
        #expect(places.prefix(2) == ["/", "/proc"])
        #expect(Set(places).isSuperset(of: ["/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys"]))
        #expect(!ended.output.contains("assembly"))
    }

    @Test func whatTheHostUnmountsIsNotKeptByAContainerThatWaits() throws {
        let image = try TestImage()
        let shared = image.folder.appendingPathComponent("shared").path
        try Self.run(["/bin/mkdir", shared])
        try Self.run(["/bin/mount", "-t", "tmpfs", "tmpfs", shared])
        defer { try? Self.run(["/bin/umount", shared]) }
        try Self.run(["/bin/mount", "--make-shared", shared])
        try Self.run(["/bin/mkdir", shared + "/inner"])
        try Self.run(["/bin/mount", "-t", "tmpfs", "tmpfs", shared + "/inner"])
        let ended = try run("grep -c inner /proc/self/mounts; true", in: image) { _ in
        } meanwhile: { waiting in
            let mounts = "/proc/\(waiting.process.pid)/mounts"
            func sees() throws -> Bool { try String(contentsOfFile: mounts, encoding: .utf8).contains("/inner") }
            // When there is an assembly, the container has begun to follow the host.
            try Self.wait { try String(contentsOfFile: mounts, encoding: .utf8).contains("/assembly/sys") }
            #expect(try sees())
            try Self.run(["/bin/umount", shared + "/inner"])
            #expect(try !sees())
        }
        #expect(ended.output == "0\n")
    }

    private static func run(_ command: [String]) throws {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command)")
    }

    private static func wait(until condition: () throws -> Bool) throws {
        for _ in 0..<2000 {
            if try condition() { return }
            usleep(5000)
        }
        Issue.record("it never happened")
    }

    @Test func aContainerOfAnotherShapeIsNotUsed() throws {
        let ended = try run("hostname", in: TestImage()) { $0.hostName = "other" }
        #expect(ended.output == "buildhost\n")
        #expect(ended.starts == 1)
    }

    @Test func aContainerThatDiedMeanwhileIsReplaced() throws {
        let ended = try run("hostname", in: TestImage()) { _ in
        } meanwhile: { waiting in
            try waiting.process.send(.kill)
            _ = try Poller.wait([waiting.process.pidfd])
        }
        #expect(ended.output == "buildhost\n")
        #expect(ended.starts == 1)
    }

    @Test func aContainerThatIsDroppedIsGone() throws {
        let pid = try pidOfDropped()
        #expect(!Self.isRunning(pid))
    }

    private func pidOfDropped() throws -> Int32 {
        let image = try TestImage()
        let waiting = try Containers.runner.get().start(image.request(["x"]).shape)
        return waiting.process.pid
    }

    @Test func whatCannotBeMadeIsToldWithTheCommand() throws {
        let image = try TestImage()
        var request = try image.request(["true"])
        request.shape.assembly = "/nonexistent"
        let runner = try Containers.runner.get()
        let error = #expect(throws: ExecutorError.self) {
            try runner.run(request, in: runner.start(request.shape), onOutput: { _, _ in })
        }
        #expect(error == .setup("mount an empty tree on `/nonexistent`", .noSuchFileOrDirectory))
    }

    @Test func theLayersMayHaveNoPlaceForTheKernelsFiles() throws {
        let image = try TestImage()
        let runner = try Containers.runner.get()
        var request = try image.request(["/bin/sh", "-c", "ls /proc/self/status /dev/null && ls -d /sys/kernel"])
        request.lowerTrees = [ByteString(image.base.path)]
        var output: [UInt8] = []
        let status = try runner.run(request, onOutput: { _, chunk in output += chunk })
        #expect(status.isSuccess)
        #expect(String(decoding: output, as: UTF8.self) == "/dev/null\n/proc/self/status\n/sys/kernel\n")
    }
}
