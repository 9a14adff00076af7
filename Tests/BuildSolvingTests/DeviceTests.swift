import BuildContexts
import BuildPlanning
import ByteStrings
import ContainerSandbox
import DeviceModel
import Foundation
import LinuxSystem
import Testing

@testable import BuildSolving

@Suite(.containers) struct DeviceTests {
    /// Describes `v.com/d=given` with these edits, in a folder of the fixture.
    private func catalog(_ fixture: ExecFixture, _ edits: String) throws -> DeviceCatalog {
        try fixture.solver.write(
            ".cdi/d.json",
            #"{"cdiVersion": "0.6.0", "kind": "v.com/d", "devices": [{"name": "given", "containerEdits": \#(edits)}]}"#
        )
        return DeviceCatalog.read([fixture.solver.contextPath.appendingPath(".cdi")])
    }

    private func running(_ line: ByteString, user: ByteString = "") throws -> BuildPlanning.Operation {
        let kind = try #require(DeviceKind("v.com/d"))
        let name = try #require(DeviceName(kind, "given"))
        return .exec(
            ExecOperation(
                arguments: ["/bin/busybox", "sh", "-c", line],
                environment: [EnvironmentVariable(name: "A", value: "image")],
                workingDirectory: "/",
                user: user,
                network: .none,
                devices: [ExecDevice(.named(name), [name])]
            )
        )
    }

    @Test func aCommandGetsNodesFilesVariablesAndGroups() async throws {
        let fixture = try ExecFixture()
        try fixture.solver.write(".lib/driver", "driver\n")
        let library = fixture.solver.contextPath.appendingPath(".lib")
        let devices = try catalog(
            fixture,
            """
            {
                "deviceNodes": [
                    {"path": "/dev/given", "hostPath": "/dev/zero", "fileMode": 432, "gid": 77},
                    {"path": "/opt/nodes/given", "type": "c", "major": 1, "minor": 5}
                ],
                "mounts": [{"hostPath": "\(library)", "containerPath": "/usr/lib/vendor"}],
                "env": ["A=device", "B=x=y"],
                "additionalGids": [77]
            }
            """
        )
        let line: ByteString = """
            for node in /dev/given /opt/nodes/given; do busybox head -c 3 $node | busybox wc -c; done
            busybox stat -c '%a %u:%g' /dev/given /opt/nodes/given
            busybox cat /usr/lib/vendor/driver; echo "$A $B"; busybox id -G
            busybox sh -c 'echo x > /usr/lib/vendor/driver' 2>&1 || echo refused
            """
        let solved = try await fixture.run([try running(line, user: "1234:1234")], devices: devices)
        #expect(
            fixture.text.hasPrefix("3\n3\n660 1234:77\n666 1234:1234\ndriver\ndevice x=y\n1234 77\n"),
            "\(fixture.text)"
        )
        #expect(fixture.text.contains("Read-only file system") && fixture.text.hasSuffix("refused\n"))
        let tree = try await solved.fileTree()
        for path: ByteString in ["dev", "opt", "usr", "etc"] { #expect(try tree.status(path) == nil, "\(path)") }
    }

    @Test func theNextCommandHasNothingOfIt() async throws {
        let fixture = try ExecFixture()
        let devices = try catalog(
            fixture,
            #"{"deviceNodes": [{"path": "/dev/given", "hostPath": "/dev/zero"}], "env": ["B=1"]}"#
        )
        try await fixture.run(
            [
                try running("busybox head -c 1 /dev/given > /dev/null && echo $B; busybox cp -a /dev/given /kept"),
                .running(
                    "busybox test -e /dev/given || echo none; busybox head -c 1 /kept 2>&1 || echo closed; echo [$B]"
                ),
            ],
            devices: devices
        )
        #expect(fixture.text.hasPrefix("1\nnone\n") && fixture.text.hasSuffix("closed\n[]\n"), "\(fixture.text)")
    }

    @Test func aWritableMountIsTheHostsOwn() async throws {
        let fixture = try ExecFixture()
        try fixture.solver.write(".state/file", "old")
        let devices = try catalog(
            fixture,
            """
            {"mounts": [{
                "hostPath": "\(fixture.solver.contextPath)/.state/file", "containerPath": "/state", "options": ["rw"]
            }]}
            """
        )
        try await fixture.run([try running("echo new > /state")], devices: devices)
        let file = fixture.solver.context.appendingPathComponent(".state/file")
        #expect(try String(contentsOf: file, encoding: .utf8) == "new\n")
    }

    @Test func aDeviceThatHasGoneIsToldByItsName() async throws {
        let fixture = try ExecFixture()
        let devices = try catalog(fixture, #"{"deviceNodes": [{"path": "/dev/slipway-gone"}]}"#)
        do {
            try await fixture.run([try running("true")], devices: devices)
            Issue.record("the command ran")
        } catch {
            #expect(
                "\(error)" == """
                    the command cannot be given `v.com/d=given`: `/dev/slipway-gone`, which its specification names, is \
                    not on this host
                    """
            )
        }
    }
}
