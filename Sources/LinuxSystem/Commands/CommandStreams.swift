import Glibc

/// Reads what a command writes until it is gone.
struct CommandStreams {
    private let command: Command

    /// Borrowed, and -1 from the end of the stream on.
    private var outputEnd: CInt
    private var errorEnd: CInt

    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []

    init(output: CInt, errors: CInt, command: Command) {
        outputEnd = output
        errorEnd = errors
        self.command = command
    }

    /// Returns when the process behind `pidfd` is gone.
    mutating func follow(_ pidfd: CInt, until stop: CommandStop) throws {
        let end = MonotonicClock.now + command.deadline
        while true {
            let rest = end - MonotonicClock.now
            guard rest > .zero else { throw CommandError.tooLong(command.program, command.deadline) }
            let ready = try Poller.wait([outputEnd, errorEnd, pidfd, stop.descriptor], timeout: rest)
            if ready.contains(stop.descriptor) { throw CancellationError() }
            try read(ready)
            if ready.contains(pidfd) { return }
        }
    }

    /// Takes what lies in the pipes by now; a process that left the group may hold them open for ever.
    mutating func drain() throws {
        for _ in 0..<1024 {
            let ready = try Poller.wait([outputEnd, errorEnd], timeout: .zero)
            if ready.isEmpty { return }
            try read(ready)
        }
    }

    private mutating func read(_ ready: [CInt]) throws {
        if ready.contains(outputEnd), try !Self.read(outputEnd, into: &output) { outputEnd = -1 }
        if output.count > command.outputLimit {
            throw CommandError.tooMuchOutput(command.program, limit: command.outputLimit)
        }
        if ready.contains(errorEnd), try !Self.read(errorEnd, into: &errors) { errorEnd = -1 }
        if errors.count > 2 * command.errorLimit { errors.removeFirst(errors.count - command.errorLimit) }
    }

    /// False at the end of the stream.
    private static func read(_ descriptor: CInt, into bytes: inout [UInt8]) throws -> Bool {
        try withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
            if count == -1 && errno != EAGAIN && errno != EINTR { throw lastError("read from a command") }
            return count != 0
        }
    }
}
