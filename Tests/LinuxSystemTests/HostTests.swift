import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite struct HostTests {
    @Test func theHostIsDescribed() throws {
        #expect(try Host.bootID().count == 36)
        #expect(Host.environment["PATH"].map(\.description) == ProcessInfo.processInfo.environment["PATH"])
        #expect(try Host.currentDirectory().description == FileManager.default.currentDirectoryPath)
        #expect(Host.processorCount >= 1 && Host.processorCount <= 8192)
        #expect(Host.hostName.description == ProcessInfo.processInfo.hostName || !Host.hostName.isEmpty)
        #expect(["x86_64", "aarch64"].contains(Host.machine))
        #expect(Host.kernelRelease.first.map { (0x30...0x39).contains($0) } == true)
        #expect(Host.processID == getpid())
        #expect(Host.effectiveUserID == geteuid() && Host.effectiveGroupID == getegid())
    }

    @Test func aPipeIsNoTerminal() throws {
        let pipe = try OwnedDescriptor.makePipe()
        #expect(!Host.isTerminal(pipe.readEnd.rawValue))
        #expect(Host.terminalSize(pipe.readEnd.rawValue) == nil)
    }

    @Test func aTerminalTellsItsSize() throws {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(master >= 0)
        defer { close(master) }
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
        #expect(Host.terminalSize(master)?.columns == 80)
        #expect(Host.terminalSize(master)?.rows == 24)
    }

    @Test func clocksGoForward() {
        let (time, file, monotonic) = (WallClock.now, WallClock.fileTime, MonotonicClock.now)
        #expect(file <= WallClock.now)
        #expect(time.seconds > 1_600_000_000)
        #expect(MonotonicClock.now >= monotonic)
    }

    @Test func randomBytesDiffer() throws {
        let texts = try (0..<100).map { _ in try RandomBytes.hex(count: 16) }
        #expect(Set(texts).count == 100)
        #expect(texts.allSatisfy { $0.count == 32 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
        #expect(try RandomBytes.bytes(count: 0).isEmpty)
        #expect(Set(try RandomBytes.bytes(count: 100_000)).count == 256)
    }

    @Test func aSealedFileInMemoryCannotChange() throws {
        let file = try MemoryFile.sealed(name: "sealed", bytes: [1, 2, 3])
        #expect(try file.readAll(limit: 10) == [1, 2, 3])
        #expect(errno { try file.truncate(to: 1) } == .notPermitted)
        #expect(errno { try file.truncate(to: 100) } == .notPermitted)
        try file.seek(to: 0)
        #expect(errno { try file.write([9]) } == .notPermitted)
        #expect(errno { try MemoryFile.seal(file) } == .notPermitted)
    }

    @Test func signalsArriveAsValues() async throws {
        let stream = try SignalWatcher.signals([.windowChange])
        kill(getpid(), SIGWINCH)
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next() == .windowChange)
    }

    @Test(arguments: [(Signal.terminate, "SIGTERM"), (Signal(rawValue: 34), "signal 34")])
    func signalsHaveNames(_ signal: Signal, _ name: String) {
        #expect(signal.description == name)
    }

    @Test func writingToAClosedPipeIsAnError() throws {
        try SignalWatcher.ignoreBrokenPipe()
        let writing = try OwnedDescriptor.makePipe().takeWriteEnd()
        #expect(errno { try writing.write([1]) } == .brokenPipe)
    }
}
