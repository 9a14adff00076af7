import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite struct FileLockTests {
    @Test func onlyOneHoldsAnExclusiveLock() throws {
        let scratch = try Scratch()
        let path = scratch.path("lock")
        do {
            let held = try FileLock.exclusive(path)
            let second = try FileLock.tryExclusive(path)
            let third = try FileLock.tryShared(path)
            #expect((second == nil, third == nil) == (true, true))
            _ = held.file.rawValue
        }
        let free = try FileLock.tryExclusive(path)
        #expect((free != nil) == true)
    }

    @Test func aLockIsGivenUpWhileSomebodyElseHasACopyOfItsDescriptor() throws {
        let scratch = try Scratch()
        let path = scratch.path("lock")
        let held = try FileLock.exclusive(path)
        // As a process that is being started has one, until it closes what is not meant for it.
        let copy = try held.file.duplicate()
        try releaseLock(held)
        let free = try FileLock.tryExclusive(path)
        #expect((free != nil) == true)
        _ = copy.rawValue
    }

    @Test func sharedLocksExcludeExclusiveOnesOnly() throws {
        let scratch = try Scratch()
        let path = scratch.path("lock")
        let first = try FileLock.shared(path)
        let second = try FileLock.shared(path)
        let exclusive = try FileLock.tryExclusive(path)
        #expect((exclusive == nil) == true)
        _ = (first.file.rawValue, second.file.rawValue)
    }

    @Test func aLockOnARemovedNameIsNotBelieved() async throws {
        let scratch = try Scratch()
        let path = scratch.path("lock")
        let held = try FileLock.exclusive(path)
        async let inode = BlockingThread.run { try FileLock.exclusive(path).file.status().inode }
        // The waiter has opened the old file by now or opens the new one; it must end up with the one that has the name.
        try scratch.directory.removeFile("lock")
        _ = try scratch.directory.openChild("lock", [.writeOnly, .create], permissions: 0o600)
        let old = try held.file.status().inode
        try releaseLock(held)
        let found = try await inode
        #expect(found != old)
        #expect(try found == scratch.directory.status(of: "lock").inode)
    }

    private func releaseLock(_ lock: consuming FileLock) throws {}

    @Test func aLockFileIsNotReachedThroughALink() throws {
        let scratch = try Scratch()
        try scratch.write("file")
        try scratch.link("lock", to: "file")
        #expect(errno { try FileLock.exclusive(scratch.path("lock")) } == .tooManySymbolicLinkLevels)
    }
}
