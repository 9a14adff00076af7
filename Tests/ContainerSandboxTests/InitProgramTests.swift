import ByteStrings
import LinuxSystem
import Testing

@testable import ContainerSandbox

/// The first process without a container around it: only policies that it must refuse.
@Suite struct InitProgramTests {
    private static let header = Array("SLPI".utf8) + [2, 0, 0, 0]

    /// The operation that waits for the second policy.
    private static let wait: [UInt8] = [31, 0, 0, 0, 0, 0, 0, 0]

    @Test(
        arguments: [
            ([], UInt32.max, 71), (Array("SLPX".utf8) + [2, 0, 0, 0], .max, 71),
            (Array("SLPI".utf8) + [1, 0, 0, 0], .max, 71), (Array(header[..<6]), .max, 71),
            // Nothing to become, an unknown operation, fields cut off, fields too many, a list longer than the policy.
            (header, .max, 71),
            (header + [99, 0, 0, 0, 0, 0, 0, 0], 0, 71),
            (header + [15, 0, 0, 0, 4, 0, 0, 0, 0], 0, 71),
            (header + [15, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0, 71),
            (header + [24, 0, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255], 0, 71),
            (header + [19, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 47], 0, 71),
            // An operation in the container's root before there is one.
            (header + [10, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 47, 0], 0, 71),
            (header + [12, 0, 0, 0, 0, 0, 0, 0], 0, 71),
            // Something behind the end of the first policy.
            (header + wait + wait, 0, 71),
        ] as [([UInt8], UInt32, UInt32)]
    )
    func aDamagedPolicyIsRefused(_ policy: [UInt8], _ operation: UInt32, _ errorNumber: UInt32) throws {
        let container = try StartedInit(policy)
        let told = try container.end()
        #expect(told == [operation, errorNumber, 0])
    }

    @Test(
        arguments: [
            // What cannot be read is told with the wait, and so is a policy without a command.
            ([], UInt32(0), 71), (Array("SLPX".utf8) + [2, 0, 0, 0], 0, 71), (header, 0, 71),
            // There is one wait, and operations of the second policy are counted on from it.
            (header + wait, 1, 71), (header + [13, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1], 1, 71),
        ] as [([UInt8], UInt32, UInt32)]
    )
    func aDamagedSecondPolicyIsRefusedAndCountedOn(
        _ policy: [UInt8],
        _ operation: UInt32,
        _ errorNumber: UInt32
    ) throws {
        let container = try StartedInit(Self.header + Self.wait)
        let file = try MemoryFile.sealed(name: "policy", bytes: policy)
        try container.send([file.rawValue])
        let told = try container.end()
        #expect(told == [operation, errorNumber, 0])
    }

    @Test func withoutAnybodyToWaitForItLeavesWithoutAWord() throws {
        let container = try StartedInit(Self.header + Self.wait)
        #expect(try container.endUnheard() == [])
    }
}

/// The program started with a first policy.
private struct StartedInit: ~Copyable {
    private let process: ProcessHandle
    private let report: OwnedDescriptor
    private let commands: OwnedDescriptor

    init(_ policy: [UInt8]) throws {
        let program = try InitProgram.load()
        let file = try MemoryFile.sealed(name: "policy", bytes: policy)
        let null = try OwnedDescriptor.openFile("/dev/null", .readWrite)
        let pipe = try OwnedDescriptor.makePipe()
        let channel = try DescriptorChannel()
        process = try ContainerProcess.spawn(
            executable: program,
            arguments: ["slipway-init"],
            environment: [],
            standardInput: null.rawValue,
            standardOutput: null.rawValue,
            standardError: null.rawValue,
            extraDescriptors: [file.rawValue, pipe.writeEnd.rawValue, channel.receivingDescriptor]
        )
        report = pipe.takeReadEnd()
        commands = channel.takeSender()
    }

    func send(_ descriptors: [CInt]) throws {
        try DescriptorChannel.send(descriptors, by: commands)
    }

    /// What it tells before it ends.
    consuming func end() throws -> [UInt32] {
        let told = try report.readAll(limit: 64)
        #expect(try process.wait() == .code(125))
        return stride(from: 0, to: told.count, by: 4).map { start in
            told[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// The same when nobody will ever tell it a second policy.
    consuming func endUnheard() throws -> [UInt8] {
        let process = process
        let report = report
        // The sending end goes first, and with it whoever is waited for.
        let commands = commands
        try commands.close()
        let told = try report.readAll(limit: 64)
        #expect(try process.wait() == .code(1))
        return told
    }
}
