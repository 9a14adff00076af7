import BuildPlanning
import ByteStrings
import Testing

@Suite("RUN --mount")
struct MountPlanningTests {
    static let mounts: [(String, MountOperation)] = [
        ("target=m", .init(kind: .bind(.init(origin: .context(nil), source: "/", isReadOnly: true)), target: "/w/m")),
        (
            "type=bind,source=../a/b,dst=/m/,rw",
            .init(kind: .bind(.init(origin: .context(nil), source: "/a/b", isReadOnly: false)), target: "/m")
        ),
        (
            "type=$TYPE,target=$DIR/x",
            .init(kind: .bind(.init(origin: .context(nil), source: "/", isReadOnly: true)), target: "/d/x")
        ),
        (
            "from=data,target=/m",
            .init(kind: .bind(.init(origin: .step(StepID(index: 0)), source: "/", isReadOnly: true)), target: "/m")
        ),
        (
            "from=folder,target=/m",
            .init(kind: .bind(.init(origin: .context("folder"), source: "/", isReadOnly: true)), target: "/m")
        ),
        ("type=cache,target=/c/", .init(kind: .cache(.init(id: "/c")), target: "/c")),
        (
            "type=cache,target=c,id=x,sharing=locked,mode=700,uid=5,gid=6,ro",
            .init(
                kind: .cache(
                    .init(id: "x", sharing: .locked, permissions: 0o700, owner: 5, group: 6, isReadOnly: true)
                ),
                target: "/w/c"
            )
        ),
        (
            "type=cache,target=/c,from=data,source=s",
            .init(kind: .cache(.init(id: "/c", origin: .step(StepID(index: 0)), source: "/s")), target: "/c")
        ),
        ("type=tmpfs,target=/t", .init(kind: .tmpfs(size: nil), target: "/t")),
        ("type=tmpfs,target=/t,ro", .init(kind: .tmpfs(size: nil, isReadOnly: true), target: "/t")),
        ("type=tmpfs,target=/t,size=1m", .init(kind: .tmpfs(size: 1 << 20), target: "/t")),
        ("type=secret,id=a/b", .init(kind: .secret(.init(id: "a/b")), target: "/run/secrets/b")),
        ("type=secret,target=t/x", .init(kind: .secret(.init(id: "x")), target: "/w/t/x")),
        (
            "type=ssh,id=a,required,target=s/../x,mode=666,uid=5,gid=6",
            .init(
                kind: .ssh(.init(id: "a", isRequired: true, permissions: 0o666, owner: 5, group: 6)),
                target: "/w/x"
            )
        ),
        ("type=secret,id=s,env=E", .init(kind: .secret(.init(id: "s", environmentName: "E")), target: nil)),
        (
            "type=secret,id=s,env=E,target=/t,required,mode=440,uid=1,gid=2",
            .init(
                kind: .secret(
                    .init(
                        id: "s",
                        isRequired: true,
                        environmentName: "E",
                        permissions: 0o440,
                        owner: 1,
                        group: 2
                    )
                ),
                target: "/t"
            )
        ),
    ]

    @Test("A mount is what was written, with everything filled in", arguments: mounts)
    func mount(written: String, expected: MountOperation) throws {
        let plan = try PlanFixture.plan(
            "FROM scratch AS data\nCOPY f /\nFROM busybox\nENV TYPE=bind DIR=/d\nWORKDIR /w\n"
                + "COPY --from=data f /\nRUN --mount=\(written) x\n"
        ) { $0.contexts = [PlanContext(name: "folder", kind: .files("folder"))] }
        #expect(plan.execs.first?.mounts == [expected])
    }

    @Test("The cache namespace stands in front of the id")
    func cacheNamespace() throws {
        let plan = try PlanFixture.plan("FROM busybox\nRUN --mount=type=cache,target=/c,id=x y\n") {
            $0.buildArguments = [PlanArgument(name: "BUILDKIT_CACHE_MOUNT_NS", value: "ns")]
        }
        #expect(plan.execs.first?.mounts.first?.kind == .cache(.init(id: "ns/x")))
    }

    @Test("The sockets of agents are counted when they are given no place")
    func agents() throws {
        let plan = try PlanFixture.plan(
            "FROM busybox\nRUN --mount=type=ssh --mount=type=tmpfs,target=/t --mount=type=ssh,id=b x\n"
        )
        #expect(
            plan.execs.first?.mounts == [
                .init(kind: .ssh(.init()), target: "/run/buildkit/ssh_agent.0"),
                .init(kind: .tmpfs(size: nil), target: "/t"),
                .init(kind: .ssh(.init(id: "b")), target: "/run/buildkit/ssh_agent.1"),
            ]
        )
    }
}
