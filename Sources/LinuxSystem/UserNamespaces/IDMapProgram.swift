import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

/// The programs that may give a namespace more ids than the caller's own, waiting for the namespace to be there.
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
        var (control, answer): (CInt, CInt) = (-1, -1)
        pid = try systemCall("start a program") {
            Self.withMapper(userProgram, [process] + users.arguments) { first in
                Self.withMapper(groupProgram, [process] + groups.arguments) { second in
                    slipway_start_mappers(first, second, &control, &answer)
                }
            }
        }
        self.control = OwnedDescriptor(adopting: control)
        self.answer = OwnedDescriptor(adopting: answer)
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
        _ program: ByteString,
        _ arguments: [ByteString],
        _ body: (UnsafePointer<slipway_mapper>) -> Result
    ) -> Result {
        program.withTerminated { path in
            ContainerProcess.withVector([program.lastPathComponent] + arguments) { arguments in
                withUnsafePointer(to: slipway_mapper(path: path, arguments: arguments)) { body($0) }
            }
        }
    }
}
