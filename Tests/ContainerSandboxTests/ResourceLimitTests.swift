import ByteStrings
import Foundation
import LinuxSystem
import Testing

@testable import ContainerSandbox

@Suite struct ResourceLimitTests {
    private func check(raise: Bool = false, hard: UInt64 = 4096) -> ProcessLimitCheck {
        ProcessLimitCheck(hardLimit: { _ in hard }, mayRaise: raise, mostDescriptors: 1 << 20)
    }

    @Test(
        arguments: [
            (.nofile, 1024, 4096, false, true), (.nofile, 1024, 4097, false, false), (.nofile, 1, 1 << 20, true, true),
            (.nofile, 1, 1 << 20 + 1, true, false), (.core, 0, ResourceLimit.unlimited, true, true),
            (.core, 0, ResourceLimit.unlimited, false, false), (.nofile, 0, ResourceLimit.unlimited, true, false),
        ] as [(ResourceLimit.Resource, UInt64, UInt64, Bool, Bool)]
    )
    func whatTheKernelWouldRefuseIsRefusedFirst(
        _ resource: ResourceLimit.Resource,
        _ soft: UInt64,
        _ hard: UInt64,
        _ mayRaise: Bool,
        _ isPossible: Bool
    ) {
        let limit = ResourceLimit(resource: resource, soft: soft, hard: hard)
        let accepted: Void? = try? check(raise: mayRaise).check([limit])
        #expect((accepted != nil) == isPossible)
    }

    @Test func theMessageNamesTheLimit() {
        let error = #expect(throws: CgroupError.self) {
            try check().check([ResourceLimit(resource: .nofile, soft: 1, hard: ResourceLimit.unlimited)])
        }
        #expect(
            error?.description
                == "cannot apply `--ulimit nofile`: unlimited is more than the 4096 that may be given here"
        )
    }

    @Test func resourcesHaveTheirUsualNames() {
        for resource in ResourceLimit.Resource.allCases {
            #expect(ResourceLimit.Resource(name: "\(resource)") == resource)
        }
        #expect(ResourceLimit.Resource(name: "files") == nil)
    }

    @Test(
        arguments: [
            ("Name:\tx\nCapEff:\t000001fffeffffff\n", 0x1_ffff_efff_fff), ("CapEff:\tzz\n", nil), ("", nil),
            ("CapEff:\t0000000000000000\n", 0),
        ] as [(String, UInt64?)]
    )
    func capabilitiesAreRead(_ text: String, _ expected: UInt64?) {
        let value = expected.map { $0 == 0x1_ffff_efff_fff ? 0x0000_01ff_feff_ffff : $0 }
        #expect(CapabilitySet(effectiveIn: ByteString(text))?.rawValue == value)
    }

    @Test(.containers) func processLimitsReachTheCommand() throws {
        let image = try TestImage()
        let result = try image.shell("ulimit -n; ulimit -Hn; ulimit -c") {
            $0.limits = [
                ResourceLimit(resource: .nofile, soft: 100, hard: 200),
                ResourceLimit(resource: .core, soft: 0, hard: 0),
            ]
        }
        #expect(result.output == "100\n200\n0\n")
    }
}
