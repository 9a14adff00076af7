import ByteStrings
import FileModel
import LinuxSystem
import Testing

@testable import ContainerSandbox

/// What a container is made of in a namespace of an ordinary user.
@Suite struct RootlessSetupTests {
    private static let many = UserNamespace(
        users: IDMap(own: 1000, subordinate: [.init(first: 100_000, count: 65536)]),
        groups: IDMap(own: 1000, subordinate: [.init(first: 100_000, count: 65536)]),
        callerUserID: 1000
    )

    private static let one = UserNamespace(
        users: IDMap(own: 1000, subordinate: []),
        groups: IDMap(own: 1000, subordinate: []),
        callerUserID: 1000
    )

    private func request(_ network: ContainerNetwork = .none, user: ResolvedUser = .root) -> ContainerRequest {
        ContainerRequest(
            shape: ContainerShape(network: network, hostName: "host", assembly: "/assembly"),
            lowerTrees: ["/trees/a"],
            upper: "/up",
            work: "/work",
            arguments: ["tool"],
            user: user
        )
    }

    private func operations(
        _ namespace: UserNamespace,
        _ network: ContainerNetwork = .none
    ) throws -> [SetupOperation] {
        let request = try request(network).adapted(to: namespace)
        return try ContainerPreparation.operations(for: request.shape, processorCount: 1, namespace: namespace)
            + ContainerSetup.operations(for: request, filter: [1], namespace: namespace)
    }

    private func types(_ operations: [SetupOperation]) -> [ByteString] {
        operations.compactMap { if case .mountFilesystem(let filesystem) = $0 { filesystem.type } else { nil } }
    }

    @Test func marksOfOverlayAreAttributesOfUsers() throws {
        let overlays = try operations(Self.many).compactMap { operation in
            if case .mountOverlay(let overlay) = operation { overlay } else { nil }
        }
        let overlay = try #require(overlays.first)
        #expect(overlay.options.contains(.init(key: "userxattr", value: "")))
        // The kernel takes no other word beside it.
        #expect(overlay.options.contains(.init(key: "redirect_dir", value: "nofollow")))
        #expect(OverlayOptionText.text(of: overlay)?.description.contains(",userxattr,redirect_dir=nofollow,") == true)
    }

    @Test func devicesAreTheHostsAndNoneIsMade() throws {
        let operations = try operations(Self.many)
        let made = operations.filter { if case .makeDevice = $0 { true } else { false } }
        #expect(made.isEmpty)
        for name in ["null", "zero", "full", "tty", "random", "urandom"] {
            let path = ByteString("/dev/\(name)")
            let bind = SetupOperation.bindMount(
                .init(source: path, subpath: "", target: path, attributes: [.noSetID, .noExecution])
            )
            #expect(operations.contains(bind), "\(name)")
        }
    }

    @Test func theGroupOfTerminalsIsLeftOutWhereThereIsNone() throws {
        func options(_ namespace: UserNamespace) throws -> [SetupOperation.Option] {
            try operations(namespace).flatMap { operation -> [SetupOperation.Option] in
                if case .mountFilesystem(let system) = operation, system.type == "devpts" { system.options } else { [] }
            }
        }
        let group = SetupOperation.Option(key: "gid", value: "5")
        #expect(try options(Self.many).contains(group))
        #expect(try !options(Self.one).contains(group))
        #expect(try options(.initial).contains(group))
    }

    @Test func kernelTreesAreThereOrAbsentButNeverTheHosts() throws {
        #expect(try types(operations(Self.many)).contains("sysfs"))
        #expect(try !types(operations(Self.many)).contains("cgroup2"))
        #expect(try !types(operations(Self.many, .host)).contains("sysfs"))
        #expect(try types(operations(.initial, .host)).contains("sysfs"))
    }

    @Test func theOnlyUserStandsInForOthers() throws {
        let user = ResolvedUser(user: 33, group: 44, groups: [44, 55], home: "/home/x")
        let adapted = try request(user: user).adapted(to: Self.one).user
        #expect(adapted == ResolvedUser(user: 0, group: 0, groups: [], home: "/home/x"))
        #expect(try request(user: user).adapted(to: Self.many).user == user)
        #expect(try request(user: user).adapted(to: .initial).user == user)
    }

    @Test(
        arguments: [
            (ResolvedUser(user: 65537, group: 0), "user 65537"), (ResolvedUser(user: 0, group: 70000), "group 70000"),
            (ResolvedUser(user: 0, group: 0, groups: [0, 80000]), "group 80000"),
        ]
    )
    func anIdBeyondTheRangeIsRefusedByName(_ user: ResolvedUser, _ named: String) throws {
        let error = #expect(throws: ExecutorError.self) { try request(user: user).adapted(to: Self.many) }
        #expect(error?.description.contains(named) == true)
    }

    @Test func changesOfOwnersAnswerWithSuccessWhereFilesCannotBeGivenAway() throws {
        let kept = SeccompFilter.bytes(for: .amd64, keepingOwners: true)
        let usual = SeccompFilter.bytes(for: .amd64)
        let success = BPFInstruction.refuse(0).bytes
        func holds(_ filter: [UInt8]) -> Bool {
            stride(from: 0, to: filter.count, by: 8).contains { filter[$0..<($0 + 8)].elementsEqual(success) }
        }
        #expect(holds(kept))
        #expect(!holds(usual))
    }
}
