import ByteStrings
import FileModel
import LinuxSystem
import Testing

@testable import ContainerSandbox

@Suite struct PolicyTests {
    private func request(_ change: (inout ContainerRequest) -> Void = { _ in }) -> ContainerRequest {
        var request = ContainerRequest(
            shape: ContainerShape(network: .none, hostName: "host", assembly: "/assembly"),
            lowerTrees: ["/trees/b", "/trees/a"],
            upper: "/up",
            work: "/work",
            arguments: ["tool", "x"],
            environment: ["PATH=/a:b:/c"]
        )
        change(&request)
        return request
    }

    private func operations(_ change: (inout ContainerRequest) -> Void = { _ in }) throws -> [SetupOperation] {
        let request = request(change)
        return try ContainerPreparation.operations(for: request.shape, processorCount: 2)
            + ContainerSetup.operations(for: request, filter: [1, 2])
    }

    private func position(_ operations: [SetupOperation], _ matches: (SetupOperation) -> Bool) throws -> Int {
        let index = operations.firstIndex(where: matches)
        return try #require(index)
    }

    @Test func nothingHappensBeforeMountsAreSeparateFromTheHost() throws {
        let operations = try operations()
        #expect(operations.prefix(2) == [.dieWithParent, .followUnmounts])
        // For hours perhaps the container only follows the host; what it is given is its own.
        let isolated = try position(operations) { $0 == .isolateMounts }
        #expect(try isolated == position(operations) { $0 == .awaitCommand } + 1)
    }

    @Test func theFilterComesWhilePrivilegesAreHeldAndTheyGoBeforeTheCommand() throws {
        let operations = try operations()
        let tail = operations.suffix(6)
        #expect(
            tail.prefix(5) == [
                .installFilter([1, 2]), .limitCapabilities(.standard), .assumeUser(user: 0, group: 0, groups: [0]),
                .setCapabilities(active: .standard, inheritable: [], ambient: []), .dieWithParent,
            ]
        )
        #expect(
            tail.last
                == .execute(
                    candidates: ["/a/tool", "/c/tool"],
                    arguments: ["tool", "x"],
                    environment: ["PATH=/a:b:/c", "HOME=/root"]
                )
        )
    }

    @Test func descriptorsAreClosedBeforeTheWorkingDirectoryIsEntered() throws {
        let operations = try operations { $0.workingDirectory = "/w" }
        let closing = try position(operations) { $0 == .closeDescriptors }
        #expect(operations[closing + 1] == .changeDirectory("/w"))
        #expect(try position(operations) { $0 == .enterRoot } < closing)
    }

    @Test func whatNeedsTheLayersComesAfterTheWait() throws {
        let operations = try operations { $0.mounts = [ContainerMount(.bind("/src"), on: "/target")] }
        let wait = try position(operations) { $0 == .awaitCommand }
        let root = try position(operations) { if case .mountOverlay = $0 { true } else { false } }
        let adopted = try ["/proc", "/dev", "/sys"].map { path in
            try position(operations) { $0 == .adoptMount(path, from: "/assembly") }
        }
        let bind = try position(operations) { if case .bindMount = $0 { true } else { false } }
        #expect([root] + adopted + [bind] == [2, 3, 4, 5, 6].map { wait + $0 })
        #expect(!operations[..<wait].contains { $0.description.contains("/src") || $0.description.contains("tool") })
    }

    @Test func whatIsWrittenIsNotFlushedForItsOwnSake() throws {
        let overlays = try operations().compactMap { if case .mountOverlay(let overlay) = $0 { overlay } else { nil } }
        let overlay = try #require(overlays.first)
        let texts = OverlayOptionText.texts(of: overlay).map(\.description)
        #expect(texts.map { $0.contains("volatile") } == [true, false])
    }

    @Test func theStandardCapabilitiesAreFourteen() {
        #expect(CapabilitySet.standard.rawValue == 0xA804_25FB)
    }

    @Test func theKernelsFilesAreHiddenBeforeTheCommandIsKnown() throws {
        let operations = try operations { $0.mounts = [ContainerMount(.bind("/src"), on: "/target")] }
        let lastSystem = operations.lastIndex {
            if case .mountFilesystem(let filesystem) = $0 { !filesystem.isRequested } else { false }
        }
        let firstMask = try position(operations) { if case .mask = $0 { true } else { false } }
        let wait = try position(operations) { $0 == .awaitCommand }
        #expect(try #require(lastSystem) < firstMask)
        #expect(try #require(operations.lastIndex { if case .makeReadOnly = $0 { true } else { false } }) < wait)
        #expect(operations.contains(.mask("/sys/devices/system/cpu/cpu1/thermal_throttle")))
        #expect(operations.contains(.makeReadOnly("/proc/sys")))
    }

    @Test func nothingThatIsMountedMayHoldDevices() throws {
        let mounts = [
            ContainerMount(.bind("/src"), on: "/a"), ContainerMount(.temporary(), on: "/b"),
        ]
        for operation in try operations({ $0.mounts = mounts }) {
            switch operation {
            case .mountOverlay(let overlay): #expect(overlay.attributes.contains(.noDevices))
            case .bindMount(let bind): #expect(bind.attributes.contains(.noDevices))
            case .mountFilesystem(let filesystem) where !["/dev", "/dev/pts"].contains(filesystem.target):
                #expect(filesystem.attributes.contains(.noDevices))
            default: break
            }
        }
    }

    @Test func anInsecureContainerIsNotRestricted() throws {
        for operation in try operations({ $0.shape.isInsecure = true }) {
            switch operation {
            case .mask, .makeReadOnly, .installFilter, .limitCapabilities, .guardDevices: Issue.record("\(operation)")
            case .mountFilesystem(let filesystem): #expect(!filesystem.attributes.contains(.readOnly))
            default: break
            }
        }
    }

    @Test func loopbackIsRaisedOnlyInANetworkOfItsOwn() throws {
        #expect(try operations().contains(.raiseLoopback))
        #expect(!(try operations { $0.shape.network = .host }).contains(.raiseLoopback))
    }

    @Test(
        arguments: [
            { $0.arguments = [] }, { $0.arguments = [""] }, { $0.arguments = ["a\0b"] },
            { $0.environment = ["A=\0"] }, { $0.workingDirectory = "relative" }, { $0.lowerTrees = [] },
            { $0.lowerTrees = ["tree"] }, { $0.shape.hostName = "" },
            { $0.shape.hostName = ByteString(String(repeating: "h", count: 65)) },
            { $0.shape.assembly = "relative" }, { $0.shape.hostName = "a\0b" },
            { $0.user = ResolvedUser(user: .max, group: 0) }, { $0.user = ResolvedUser(user: 0, group: .max) },
            { $0.mounts = [ContainerMount(.bind("relative"), on: "/x")] },
            { $0.mounts = [ContainerMount(.temporary(), on: "x")] },
            { $0.mounts = [ContainerMount(.bind("/a", subpath: "b\0"), on: "/x")] },
        ] as [@Sendable (inout ContainerRequest) -> Void]
    )
    func impossibleRequestsAreRefused(_ change: @Sendable (inout ContainerRequest) -> Void) {
        #expect(throws: ExecutorError.self) { try operations(change) }
    }

    @Test(
        arguments: [
            ("/", true), ("//", true), ("/proc", true), ("/proc/x", true), ("/sys/y/..", true), ("/a/../sys", true),
            ("/process", false), ("/system", false), ("/dev/x", false), ("/a", false),
        ])
    func reservedPathsAreKnown(_ path: String, _ isForbidden: Bool) {
        #expect(ProtectedPaths.isForbiddenTarget(ByteString(path)) == isForbidden)
    }

    @Test func fieldsAreWrittenInTheirForm() {
        let bytes = PolicyEncoder.encode([.setHostName("ab"), .assumeUser(user: 1, group: 2, groups: [3])])
        #expect(
            bytes == Array("SLPI".utf8) + [2, 0, 0, 0]
                + [13, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 0x61, 0x62, 0]
                + [22, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0]
        )
    }

    @Test func optionTextsOfOverlaysAreEscapedAndNeverCut() {
        var overlay = SetupOperation.Overlay(
            place: "/w",
            attributes: [],
            lowers: ["/a:b", "/c,d"],
            upper: "/u:v",
            work: "/w\\x",
            options: [.init(key: "index", value: "off")]
        )
        #expect(
            OverlayOptionText.text(of: overlay)
                == "lowerdir=/a\\:b:/c\\,d,upperdir=/u:v,workdir=/w\\\\x,index=off"
        )
        overlay.lowers = Array(repeating: "/0123456789", count: 400)
        #expect(OverlayOptionText.text(of: overlay) == nil)
    }

    @Test(
        arguments: [
            (["A=1", "B=2", "A=3"], ["B=2", "A=3", "HOME=/h"]), (["HOME=/x"], ["HOME=/x"]), ([], ["HOME=/h"]),
            (["HOME=", "A=1"], ["A=1", "HOME=/h"]), (["HOMER=1"], ["HOMER=1", "HOME=/h"]),
        ] as [([ByteString], [ByteString])]
    )
    func theLastOfTwoVariablesCounts(_ given: [ByteString], _ expected: [ByteString]) {
        #expect(CommandEnvironment(given, home: "/h").entries == expected)
    }

    @Test(
        arguments: [
            ("a/b", "PATH=/x", ["a/b"]), ("a", "PATH=/x:/y/", ["/x/a", "/y/a"]), ("a", "PATH=", []),
            ("a", "P=/x", []), ("a", "PATH=::.:x:/z", ["/z/a"]),
        ] as [(ByteString, ByteString, [ByteString])]
    )
    func candidatesComeFromThePathList(_ command: ByteString, _ path: ByteString, _ expected: [ByteString]) {
        #expect(CommandEnvironment([path], home: "/").candidates(for: command) == expected)
    }
}
