import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite struct OwnedDescriptorTests {
    private static func isOpen(_ descriptor: CInt) -> Bool {
        fcntl(descriptor, F_GETFD) != -1
    }

    @Test func aDescriptorClosesWithItsOwner() throws {
        var number: CInt = -1
        // A name that no other test uses: the number may be somebody else's by the time it is looked at.
        let name = "slipway-test-closes-with-its-owner"
        do {
            let file = try MemoryFile.unsealed(name: ByteString(name))
            number = file.rawValue
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
        #expect(target?.contains(name) != true)
    }

    @Test func aReleasedDescriptorStaysOpen() throws {
        let number = try OwnedDescriptor.openFile("/dev/null", .readOnly).release()
        #expect(Self.isOpen(number))
        try OwnedDescriptor(adopting: number).close()
    }

    @Test func closingTwiceIsReported() throws {
        #expect(errno { try OwnedDescriptor(adopting: 1_000_000).close() } == .badFileDescriptor)
    }

    @Test func aDuplicateSharesTheOffset() throws {
        let file = try MemoryFile.unsealed(name: "test")
        let second = try file.duplicate()
        #expect(fcntl(second.rawValue, F_GETFD) & FD_CLOEXEC != 0)
        try file.write([1, 2, 3])
        try second.seek(to: 1)
        #expect(try file.readAll(limit: 10) == [2, 3])
    }

    @Test(arguments: [(0, true), (2, true), (3, false), (100, false)])
    func readingStopsAtTheLimit(_ limit: Int, fails: Bool) throws {
        let file = try MemoryFile.sealed(name: "test", bytes: [1, 2, 3])
        #expect(errno { try file.readAll(limit: limit) } == (fails ? .fileTooLarge : nil))
    }

    @Test func bytesAreReadAndWrittenAtOffsets() throws {
        let file = try MemoryFile.unsealed(name: "test")
        let bytes: [UInt8] = [7, 8, 9]
        try bytes.withUnsafeBytes { try file.write(all: $0, at: 5) }
        var buffer = [UInt8](repeating: 0xff, count: 4)
        let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0, at: 4) }
        #expect(count == 4)
        #expect(buffer == [0, 7, 8, 9])
        #expect(try file.size() == 8)
        #expect(errno { try file.seek(to: .max) } == .invalidArgument)
    }

    @Test func holesAreFound() throws {
        let scratch = try Scratch()
        let file = try scratch.directory.openChild("sparse", [.readWrite, .create], permissions: 0o600)
        try file.truncate(to: 4 << 20)
        try file.seek(to: 2 << 20)
        try file.write([1])

        #expect(try file.nextData(from: 0) == 2 << 20)
        let hole = try file.nextHole(from: 2 << 20)
        #expect(hole > 2 << 20 && hole < 4 << 20)
        #expect(try file.nextData(from: hole) == nil)
        #expect(errno { try file.nextHole(from: 4 << 20) } == .noSuchAddressOrDevice)
    }

    @Test func aWriterWaitsForASlowReader() async throws {
        let pipe = try OwnedDescriptor.makePipe()
        try pipe.writeEnd.setNonBlocking(true)
        let bytes = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (reading, writing) = pipe.release()
        async let written: Void = BlockingThread.run { try OwnedDescriptor(adopting: writing).write(bytes) }
        let read = try await BlockingThread.run { try OwnedDescriptor(adopting: reading).readAll(limit: 1 << 21) }
        try await written
        #expect(read == bytes)
    }

    @Test func aTemporaryFileGetsItsNameInOneStep() throws {
        let scratch = try Scratch()
        let file = try scratch.directory.temporaryFile(permissions: 0o640)
        try file.write(Array("text".utf8))
        #expect(try scratch.directory.isEmptyDirectory())
        try file.link(as: "named", in: scratch.directory)
        try scratch.directory.synchronize()
        #expect(try scratch.text("named") == "text")
        #expect(errno { try file.link(as: "named", in: scratch.directory) } == .fileExists)
    }

    @Test func aTemporaryFileLeavesNoName() throws {
        let scratch = try Scratch()
        let file = try OwnedDescriptor.temporaryFile(in: scratch.path)
        try file.write([1])
        #expect(try scratch.directory.entries().isEmpty)
    }

    @Test func aLinkIsNoChild() throws {
        let scratch = try Scratch()
        try scratch.link("link", to: "/etc/passwd")
        #expect(errno { try scratch.directory.openChild("link", .readOnly) } == .tooManySymbolicLinkLevels)
        let link = try scratch.directory.openChild("link", .pathOnly)
        #expect(try link.status().kind == .symbolicLink)
        #expect(try link.readOwnLink() == "/etc/passwd")
    }

    @Test func bytesAreCopiedInsideTheKernel() throws {
        let scratch = try Scratch()
        try scratch.write("from", "content")
        let from = try scratch.directory.openChild("from", .readOnly)
        let to = try scratch.directory.openChild("to", [.readWrite, .create], permissions: 0o600)
        #expect(try to.copyRange(from: from, count: 100) == 7)
        #expect(try to.copyRange(from: from, count: 100) == 0)
        #expect(try scratch.text("to") == "content")
    }

    @Test func theFileSystemHasANameAndRoom() throws {
        #expect(try OwnedDescriptor.openDirectory("/proc").filesystem().type == FilesystemStatus.procfs)
        let scratch = try Scratch()
        let status = try scratch.directory.filesystem()
        #expect(status.available > 0 && status.available <= status.total)
        try scratch.directory.synchronizeFilesystem()
    }
}

@Suite struct SystemErrorTests {
    @Test(arguments: [
        (
            SystemError(operation: "open", errno: .noSuchFileOrDirectory, path: "/a\n\u{1b}b"),
            "cannot open `/a\\x0a\\x1bb`: no such file or directory"
        ),
        (SystemError(operation: "read", errno: .fileTooLarge), "cannot read: file too large"),
    ])
    func theTextSaysWhatFailedAndWhy(_ error: SystemError, _ text: String) {
        #expect(error.description == text)
    }
}
