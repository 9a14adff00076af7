import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

/// The programs, or a process of our own, that may give a namespace more ids than the caller's own, waiting for the namespace to be there.
///
/// Source: `newuidmap(1)`, `newgidmap(1)`.
struct IDMapProgram: ~Copyable {
    private let pid: pid_t
    private let control: OwnedDescriptor
    private let answer: OwnedDescriptor

    /// A name server that hangs must not hang builds.
    private static let deadline = Duration.seconds(10)

    private static let mostAnswer = 4096

    /// Starts the process that will run both programs for this one, which may have no other thread.
    init(_ users: IDMap, by userProgram: ByteString, _ groups: IDMap, by groupProgram: ByteString) throws(SystemError) {
        let process = ByteString(String(Host.processID))
        try self.init(
            Mapper(path: userProgram, arguments: [userProgram.lastPathComponent, process] + users.arguments),
            Mapper(path: groupProgram, arguments: [groupProgram.lastPathComponent, process] + groups.arguments)
        )
    }

    /// Starts the process that will write both maps for this one, which may have no other thread.
    init(_ users: IDMap, _ groups: IDMap) throws(SystemError) {
        let folder = ByteString("/proc/\(Host.processID)")
        try self.init(
            Mapper(path: folder.appendingPath("uid_map"), arguments: [users.text], isFile: true),
            Mapper(path: folder.appendingPath("gid_map"), arguments: [groups.text], isFile: true)
        )
    }

    private init(_ users: Mapper, _ groups: Mapper) throws(SystemError) {
        var (control, answer): (CInt, CInt) = (-1, -1)
        pid = try systemCall("start a program") {
            Self.withMapper(users) { first in
                Self.withMapper(groups) { second in slipway_start_mappers(first, second, &control, &answer) }
            }
        }
        self.control = OwnedDescriptor(adopting: control)
        self.answer = OwnedDescriptor(adopting: answer)
    }

    /// A program, or a file with what is to be written into it.
    private struct Mapper {
        let path: ByteString
        let arguments: [ByteString]
        var isFile = false
    }

    /// Runs the programs: nil when both have worked, else what they had to say.
    consuming func run() -> String? {
        var said: [UInt8] = []
        var isLate = false
        do {
            try control.write([1])
            let end = MonotonicClock.now + Self.deadline
            while said.count < Self.mostAnswer {
                guard try !Poller.wait([answer.rawValue], timeout: end - MonotonicClock.now).isEmpty else {
                    isLate = true
                    break
                }
                let piece = try read()
                if piece.isEmpty { break }
                said += piece
            }
        } catch {
            said = Array(error.description.utf8)
        }
        if isLate { kill(pid, SIGKILL) }
        guard end() != 0 else { return nil }
        if isLate { return "newuidmap and newgidmap did not answer within 10 seconds" }
        let line = ByteString(said.split(separator: UInt8(ascii: "\n")).first ?? [])
        return line.isEmpty ? "newuidmap and newgidmap do not work here" : line.description
    }

    /// Ends the process without having asked anything of it.
    consuming func dismiss() {
        kill(pid, SIGKILL)
        _ = end()
    }

    private borrowing func read() throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let piece = [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
            do throws(SystemError) {
                count = try answer.read(into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure { throw failure }
        return piece
    }

    /// The status of the process, nonzero also when it is not known.
    private borrowing func end() -> CInt {
        var status: CInt = -1
        while waitpid(pid, &status, 0) == -1 {
            if errno != EINTR { return -1 }
        }
        return status
    }

    private static func withMapper<Result>(
        _ mapper: Mapper,
        _ body: (UnsafePointer<slipway_mapper>) -> Result
    ) -> Result {
        mapper.path.withTerminated { path in
            ContainerProcess.withVector(mapper.arguments) { arguments in
                let isFile: CInt = mapper.isFile ? 1 : 0
                return withUnsafePointer(to: slipway_mapper(path: path, arguments: arguments, is_file: isFile)) {
                    body($0)
                }
            }
        }
    }
}
