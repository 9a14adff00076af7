import ByteStrings
import LinuxSystem
import Testing

@testable import ContainerSandbox

/// The first process without a container around it: only policies that it must refuse.
@Suite struct InitProgramTests {
    private static let header = Array("SLPI".utf8) + [1, 0, 0, 0]

    @Test(
        arguments: [
            ([], UInt32.max, 71), (Array("SLPX".utf8) + [1, 0, 0, 0], .max, 71),
            (Array("SLPI".utf8) + [2, 0, 0, 0], .max, 71), (Array(header[..<6]), .max, 71),
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
        ] as [([UInt8], UInt32, UInt32)]
    )
    func aDamagedPolicyIsRefused(_ policy: [UInt8], _ operation: UInt32, _ errorNumber: UInt32) throws {
        let program = try InitProgram.load()
        let file = try MemoryFile.sealed(name: "policy", bytes: policy)
        let null = try OwnedDescriptor.openFile("/dev/null", .readWrite)
        let report = try OwnedDescriptor.makePipe()
        let process = try ContainerProcess.spawn(
            executable: program,
            arguments: ["slipway-init"],
            environment: [],
            standardInput: null.rawValue,
            standardOutput: null.rawValue,
            standardError: null.rawValue,
            extraDescriptors: [file.rawValue, report.writeEnd.rawValue]
        )
        #expect(try process.wait() == .code(125))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)
        defer { buffer.deallocate() }
        try #require(try report.readEnd.read(into: buffer) == SetupReport.size)
        #expect(buffer.load(as: UInt32.self) == operation)
        #expect(buffer.load(fromByteOffset: 4, as: UInt32.self) == errorNumber)
    }
}
