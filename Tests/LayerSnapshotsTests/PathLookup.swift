import Foundation
import Testing

/// Who resolves paths while a test runs.
///
/// The walk is made to happen by a filter of system calls for one thread, under which `openat2(2)` is missing.
enum PathLookup: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case kernel = "openat2"
    case walk = "the walk"

    var testDescription: String { rawValue }

    /// Runs `body` on a thread of its own, and waits for it.
    func run<Result>(_ body: () throws -> Result) throws -> Result {
        if self == .kernel { return try body() }
        return try withoutActuallyEscaping(body) { body in
            var outcome: Swift.Result<Result, any Error>?
            let box = ThreadBox {
                outcome = Swift.Result {
                    guard Self.hideOpenat2() else { throw CocoaError(.featureUnsupported) }
                    return try body()
                }
            }
            var thread = pthread_t()
            let code = pthread_create(
                &thread,
                nil,
                { argument in
                    if let argument { Unmanaged<ThreadBox>.fromOpaque(argument).takeRetainedValue().run() }
                    return nil
                },
                Unmanaged.passRetained(box).toOpaque()
            )
            guard code == 0 else { throw CocoaError(.featureUnsupported) }
            pthread_join(thread, nil)
            guard let outcome else { throw CocoaError(.featureUnsupported) }
            return try outcome.get()
        }
    }

    private final class ThreadBox {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private struct Instruction {
        var code: UInt16
        var ifTrue: UInt8 = 0
        var ifFalse: UInt8 = 0
        var value: UInt32
    }

    private struct Program {
        var count: UInt16
        var instructions: UnsafeMutablePointer<Instruction>?
    }

    /// Makes the system call fail with `ENOSYS` for this thread, for good.
    private static func hideOpenat2() -> Bool {
        typealias Call = @convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt
        // Swift imports no functions with a variable number of arguments.
        guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "prctl") else { return false }
        let prctl = unsafeBitCast(symbol, to: Call.self)
        let (noNewPrivileges, seccomp, filterMode): (CInt, CInt, UInt) = (38, 22, 2)
        var filter = [
            Instruction(code: 0x20, value: 0),  // load the number of the call
            Instruction(code: 0x15, ifFalse: 1, value: 437),  // openat2, everywhere
            Instruction(code: 0x06, value: 0x0005_0000 | UInt32(ENOSYS)),
            Instruction(code: 0x06, value: 0x7fff_0000),
        ]
        guard prctl(noNewPrivileges, 1, 0, 0, 0) == 0 else { return false }
        return filter.withUnsafeMutableBufferPointer { instructions in
            var program = Program(count: UInt16(instructions.count), instructions: instructions.baseAddress)
            return withUnsafePointer(to: &program) { prctl(seccomp, filterMode, UInt(bitPattern: $0), 0, 0) == 0 }
        }
    }
}
