import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerSandbox

@Suite struct DeviceInjectionTests {
    private static let namespace = UserNamespace(
        users: IDMap(own: 1000, subordinate: []),
        groups: IDMap(own: 1000, subordinate: []),
        callerUserID: 1000
    )

    private func edits(_ node: DeviceEdits.Node) -> DeviceEdits {
        var edits = DeviceEdits()
        edits.nodes = [node]
        return edits
    }

    private func device(_ node: DeviceEdits.Node, in namespace: UserNamespace = .initial) throws
        -> ContainerMount.Device
    {
        let items = try DeviceInjection(edits(node), in: namespace).items
        guard case .device(let device) = try #require(items.first).mount.source else { throw CancellationError() }
        return device
    }

    @Test func whatTheSpecificationLeavesOutIsTheHosts() throws {
        let found = try device(.init(path: "/dev/x", hostPath: "/dev/zero"))
        #expect(found.kind == .characterDevice && found.number == DeviceNumber(major: 1, minor: 5))
        #expect(found.permissions == 0o666 && found.owner == nil)
    }

    @Test func aDeviceThatIsToldWholeNeedsNoNodeOnTheHost() throws {
        let number = DeviceNumber(major: 7, minor: 3)
        let node = DeviceEdits.Node(path: "/dev/x", hostPath: "/dev/none", kind: .blockDevice, number: number)
        #expect(try device(node).number == number)
        #expect(throws: DeviceError.missing("/dev/none")) { try device(node, in: Self.namespace) }
    }

    @Test(
        arguments: [
            (.init(path: "/x", hostPath: "/dev/none"), .missing("/dev/none")),
            (.init(path: "/x", hostPath: "/etc/passwd"), .noDevice("/etc/passwd")),
            (.init(path: "/x", hostPath: "/dev"), .noDevice("/dev")),
            (.init(path: "/x", hostPath: "/dev/zero", kind: .blockDevice), .otherDevice("/dev/zero")),
            (
                .init(path: "/x", hostPath: "/dev/zero", number: DeviceNumber(major: 1, minor: 3)),
                .otherDevice("/dev/zero")
            ),
        ] as [(DeviceEdits.Node, DeviceError)]
    )
    func aHostWithoutTheDeviceIsToldSo(_ node: DeviceEdits.Node, _ expected: DeviceError) {
        #expect(throws: expected) { try DeviceInjection(edits(node), in: .initial) }
    }

    @Test func aMountOfNothingIsToldSo() {
        var edits = DeviceEdits()
        edits.mounts = [.init(hostPath: "/nowhere/lib", path: "/lib", attributes: .readOnly)]
        #expect(throws: DeviceError.missing("/nowhere/lib")) { try DeviceInjection(edits) }
    }

    @Test func outerPathsAreMountedFirst() throws {
        var edits = DeviceEdits()
        edits.mounts = [
            .init(hostPath: "/etc/passwd", path: "/a/b/c", attributes: .readOnly),
            .init(hostPath: "/etc", path: "/a", attributes: .readOnly),
        ]
        edits.nodes = [.init(path: "/a/b", hostPath: "/dev/zero")]
        let items = try DeviceInjection(edits).items
        #expect(items.map(\.mount.target) == ["/a", "/a/b", "/a/b/c"])
        #expect(items.map(\.isDirectory) == [true, false, false])
    }

    @Test func rootMakesANodeAndOthersBindTheHosts() throws {
        var request = ContainerRequest(
            shape: ContainerShape(network: .none, hostName: "host", assembly: "/assembly"),
            lowerTrees: ["/tree"],
            upper: "/up",
            work: "/work",
            arguments: ["x"],
            user: ResolvedUser(user: 7, group: 8)
        )
        let device = ContainerMount.Device(
            hostPath: "/dev/host",
            kind: .blockDevice,
            number: DeviceNumber(major: 3, minor: 4),
            group: 9
        )
        request.mounts = [ContainerMount(.device(device), on: "/dev/x")]
        let own = try ContainerSetup.operations(for: request, filter: [])
        #expect(
            own.contains(
                .mountDevice(
                    .init(
                        place: "/assembly",
                        target: "/dev/x",
                        attributes: [.noSetID, .noExecution],
                        isBlock: true,
                        number: device.number,
                        permissions: 0o666,
                        owner: 7,
                        group: 9
                    )
                )
            )
        )
        let bound = try ContainerSetup.operations(for: request, filter: [], namespace: Self.namespace)
        // Read-only, so that nobody changes who may open the host's; a device is written all the same.
        let attributes: MountAttributes = [.noSetID, .noExecution, .readOnly]
        #expect(
            bound.contains(
                .bindMount(.init(source: "/dev/host", subpath: "", target: "/dev/x", attributes: attributes))
            )
        )
    }
}

@Suite(.containers) struct ContainerDeviceTests {
    private let image = try? TestImage()

    private func run(
        _ line: String,
        _ device: ContainerMount.Device,
        on target: ByteString = "/dev/given",
        _ change: (inout ContainerRequest) -> Void = { _ in }
    ) throws -> (output: String, errors: String, status: LinuxSystem.ExitStatus) {
        try #require(image).shell(line) { request in
            request.mounts = [ContainerMount(.device(device), on: target)]
            change(&request)
        }
    }

    private let zero = ContainerMount.Device(
        hostPath: "/dev/zero",
        kind: .characterDevice,
        number: DeviceNumber(major: 1, minor: 5),
        permissions: 0o640,
        owner: 5,
        group: 6
    )

    @Test func aDeviceCanBeOpenedAndLeavesNoTrace() throws {
        let result = try run(
            "stat -c '%F %a %u:%g' /dev/given; dd if=/dev/given bs=4 count=1 2> /dev/null | wc -c",
            zero
        )
        #expect(result.output == "character special file 640 5:6\n4\n", "\(result.errors)")
        #expect(try #require(image).changes() == [])
    }

    @Test func anotherContainerHasItNot() throws {
        _ = try run("cat /dev/null", zero)
        let result = try #require(image).shell(
            "test -e /dev/given || echo none; mknod /dev/given c 1 5; cat /dev/given || echo closed"
        )
        #expect(result.output == "none\nclosed\n")
    }

    @Test func itMayLieAnywhere() throws {
        let result = try run("dd if=/opt/a/b bs=2 count=1 2> /dev/null | wc -c", zero, on: "/opt/a/b")
        #expect(result.output == "2\n", "\(result.errors)")
        let below = try run("dd if=/dev/a/b bs=2 count=1 2> /dev/null | wc -c", zero, on: "/dev/a/b")
        #expect(below.output == "2\n", "\(below.errors)")
    }

    @Test func whatIsDoneToTheNodeIsNotDoneToTheHosts() throws {
        let before = try FileStatus.at(hostPath: "/dev/zero", followingLinks: true)
        let result = try run("chmod 777 /dev/given && stat -c %a /dev/given; cat /dev/zero > /dev/null & kill $!", zero)
        #expect(result.output == "777\n", "\(result.errors)")
        #expect(try FileStatus.at(hostPath: "/dev/zero", followingLinks: true) == before)
    }

    @Test func theModeOfTheNodeHoldsForUsers() throws {
        let nobody = ResolvedUser(user: 1234, group: 1234)
        let closed = try run("cat /dev/given", zero) { $0.user = nobody }
        #expect(!closed.status.isSuccess && closed.errors.contains("Permission denied"), "\(closed.errors)")
        let member = try run("dd if=/dev/given bs=1 count=1 2> /dev/null | wc -c", zero) {
            $0.user = ResolvedUser(user: 1234, group: 1234, groups: [1234, 6])
        }
        #expect(member.output == "1\n", "\(member.errors)")
        var own = zero
        (own.owner, own.group) = (nil, nil)
        let owner = try run("stat -c %u:%g /dev/given; dd if=/dev/given bs=1 count=1 2> /dev/null | wc -c", own) {
            $0.user = nobody
        }
        #expect(owner.output == "1234:1234\n1\n", "\(owner.errors)")
    }

    @Test func noOtherNodeOfTheMemoryItLiesInCanBeReached() throws {
        // Beside a secret, which is in the same memory.
        let result = try run("cat /secret; ls /dev/given; mount | grep -c given", zero) {
            $0.mounts.append(ContainerMount(.file(Array("s\n".utf8)), on: "/secret"))
        }
        #expect(result.output == "s\n/dev/given\n1\n", "\(result.errors)")
    }

    @Test(arguments: ["/proc/x", "/sys/x", "/"]) func theKernelsPlacesStayItsOwn(_ target: String) throws {
        #expect(throws: ExecutorError.forbiddenTarget(ByteString(target))) {
            try run("true", zero, on: ByteString(target))
        }
    }

    @Test func aLinkOfTheImageLeadsNowhereElse() throws {
        let image = try #require(image)
        try image.link("etc/out", to: "/../../../..")
        let result = try run(
            "dd if=/slipway-given bs=1 count=1 2> /dev/null | wc -c",
            zero,
            on: "/etc/out/slipway-given"
        )
        #expect(result.output == "1\n", "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: "/slipway-given"))
    }
}
