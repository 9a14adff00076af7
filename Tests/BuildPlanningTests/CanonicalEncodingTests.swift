import BuildPlanning
import ByteStrings
import DeviceModel
import Testing

@Suite("Cache keys")
struct CanonicalEncodingTests {
    private static let exec = ExecOperation(
        arguments: ["a", "b"],
        environment: [EnvironmentVariable(name: "A", value: "1")],
        workingDirectory: "/",
        user: ""
    )

    /// What a `--device` came to on a host that has these of the kind.
    private static func devices(_ meant: ByteString, _ names: [ByteString]) -> [ExecDevice] {
        guard let selector = DeviceSelector(meant), let kind = selector.kind else { return [] }
        return [ExecDevice(selector, names.compactMap { DeviceName(kind, $0) })]
    }

    /// Changes that must change the key.
    static let differences: [@Sendable (inout ExecOperation) -> Void] = [
        { $0.arguments = ["ab"] },
        { $0.arguments = ["a", "b", ""] },
        { $0.environment = [EnvironmentVariable(name: "A1", value: "")] },
        { $0.workingDirectory = "/w" },
        { $0.user = "1" },
        { $0.network = .none },
        { $0.isInsecure = true },
        { $0.devices = devices("v.com/d=a", []) },
        { $0.devices = devices("v.com/d=b", []) },
        { $0.devices = devices("v.com/d=a", ["a"]) },
        { $0.devices = devices("v.com/d", ["a"]) },
        { $0.devices = devices("v.com/d", ["a", "b"]) },
        { $0.devices = devices("v.com/d", ["a"]) + devices("v.com/d", ["b"]) },
        { $0.extraHosts = [HostEntry(name: "h", address: "1.2.3.4")] },
        { $0.scripts = [InlineFile(name: "a", content: "b", permissions: 0o755)] },
        { $0.mounts = [MountOperation(kind: .tmpfs(size: nil), target: "/t")] },
        { $0.mounts = [MountOperation(kind: .tmpfs(size: 0), target: "/t")] },
        { $0.mounts = [MountOperation(kind: .tmpfs(size: 0, isReadOnly: true), target: "/t")] },
        { $0.hostName = "name" },
        { $0.mounts = [MountOperation(kind: .cache(CacheMount(id: "a")), target: "/t")] },
        { $0.mounts = [MountOperation(kind: .secret(SecretMount(id: "a")), target: "/t")] },
        { $0.mounts = [MountOperation(kind: .ssh(SSHMount(id: "a")), target: "/t")] },
        { $0.mounts = [MountOperation(kind: .ssh(SSHMount(id: "a", owner: 1)), target: "/t")] },
        {
            $0.mounts = [
                MountOperation(
                    kind: .bind(BindMount(origin: .context("a"), source: "/", isReadOnly: true)),
                    target: "/t"
                )
            ]
        },
        {
            $0.mounts = [
                MountOperation(
                    kind: .bind(BindMount(origin: .context(nil), source: "/", isReadOnly: true)),
                    target: "/t"
                )
            ]
        },
    ]

    @Test("Different work has different bytes")
    func different() {
        var encodings: Set<[UInt8]> = [Operation.exec(Self.exec).canonicalEncoding()]
        for change in Self.differences {
            var changed = Self.exec
            change(&changed)
            #expect(encodings.insert(Operation.exec(changed).canonicalEncoding()).inserted)
        }
    }

    @Test(
        "What must not cause a rebuild changes nothing",
        arguments: [
            { $0.proxyEnvironment = [EnvironmentVariable(name: "HTTP_PROXY", value: "x")] },
            { $0.extraHosts[0].address = "5.6.7.8" },
            { $0.mounts[0].kind = .cache(CacheMount(id: "other", sharing: .locked)) },
            {
                $0.mounts[1].kind = .bind(
                    BindMount(origin: .step(StepID(index: 9)), source: "/", isReadOnly: true)
                )
            },
        ] as [@Sendable (inout ExecOperation) -> Void]
    )
    func same(change: @Sendable (inout ExecOperation) -> Void) {
        var operation = Self.exec
        operation.extraHosts = [HostEntry(name: "h", address: "1.2.3.4")]
        operation.mounts = [
            MountOperation(kind: .cache(CacheMount(id: "a")), target: "/t"),
            MountOperation(
                kind: .bind(BindMount(origin: .step(StepID(index: 0)), source: "/", isReadOnly: true)),
                target: "/u"
            ),
        ]
        var changed = operation
        change(&changed)
        #expect(Operation.exec(operation).canonicalEncoding() == Operation.exec(changed).canonicalEncoding())
        #expect(operation != changed)
    }

    @Test("The bytes of an operation stay what they are")
    func stable() {
        let operation = Operation.makeDirectory(MakeDirectoryOperation(path: "/w", user: "7"))
        let expected: [UInt8] =
            [1, 9, 0, 0, 0, 0, 0, 0, 0] + Array("directory".utf8) + [2, 0, 0, 0, 0, 0, 0, 0] + Array("/w".utf8)
            + [1, 0, 0, 0, 0, 0, 0, 0] + Array("7".utf8)
        #expect(operation.canonicalEncoding() == expected)
    }

    @Test("A command without devices has the bytes it had before there were any")
    func commandWithoutDevices() {
        var operation = Self.exec
        operation.limits = [StepLimit(name: "nofile", soft: 1, hard: 2)]
        let bytes = Operation.exec(operation).canonicalEncoding()
        // The last words are those of the limit: its name, and two numbers of eight bytes.
        #expect(bytes.suffix(22) == Array("nofile".utf8) + [1, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0, 0, 0, 0, 0])
        operation.devices = Self.devices("v.com/d=a", ["a"])
        #expect(Operation.exec(operation).canonicalEncoding().starts(with: bytes))
    }

    @Test("A step upon nothing and the same upon something differ")
    func parents() throws {
        let plan = try PlanFixture.plan("FROM scratch\nWORKDIR /w\nWORKDIR /w\n")
        #expect(plan.steps[0].operation == plan.steps[1].operation)
        #expect(plan.steps[0].canonicalEncoding != plan.steps[1].canonicalEncoding)
    }
}
