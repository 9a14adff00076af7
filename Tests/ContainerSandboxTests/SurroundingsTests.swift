import ByteStrings
import LinuxSystem
import SystemPackage
import Testing

@testable import ContainerSandbox

/// What a container around the builder takes from it, and what is said of it.
@Suite struct SurroundingsTests {
    private static let mounts = """
        22 1 8:1 / / rw - ext4 /dev/sda1 rw
        23 22 0:21 / /proc rw - proc proc rw
        24 23 0:30 / /proc/sys/fs/binfmt_misc rw - autofs none rw
        """

    private static let hidden =
        mounts + "\n25 23 0:31 / /proc/acpi ro - tmpfs tmpfs ro\n26 23 0:21 /sys /proc/sys ro - proc proc rw"

    private static func read(_ files: [ByteString: String], pod: Bool = false) -> Surroundings {
        Surroundings(environment: pod ? ["KUBERNETES_SERVICE_HOST": "10.0.0.1"] : [:]) {
            ByteString(files[$0] ?? "")
        }
    }

    private static let docker = read([
        "/proc/self/status": "Name:\tx\nNoNewPrivs:\t0\nSeccomp:\t2\nSeccomp_filters:\t1\n",
        "/proc/self/mountinfo": hidden, "/proc/self/attr/current": "docker-default (enforce)\n",
    ])

    @Test func aMachineTakesNothing() {
        let plain = Self.read([
            "/proc/self/status": "Name:\tx\nSeccomp:\t0\n", "/proc/self/mountinfo": Self.mounts,
            "/proc/self/attr/current": "unconfined\n",
        ])
        #expect(plain == Surroundings())
        #expect(!plain.mayForbid)
        #expect(Self.read([:]) == Surroundings())
    }

    @Test func aContainerTakesCallsPlacesAndRights() {
        #expect(Self.docker.hasFilter)
        #expect(Self.docker.hiddenPlaces == ["/proc/acpi", "/proc/sys"])
        #expect(Self.docker.confinement == "AppArmor profile `docker-default`")
        #expect(Self.docker.mayForbid)
    }

    @Test(
        arguments: [
            ("unconfined_u:unconfined_r:unconfined_t:s0\0", nil),
            ("system_u:system_r:container_t:s0:c1,c2\0", "SELinux type `container_t`"), ("", nil),
            ("/usr/bin/thing (enforce)", "AppArmor profile `/usr/bin/thing`"),
        ] as [(String, String?)]
    )
    func labelsOfSecurityModulesAreTold(_ label: String, _ expected: String?) {
        #expect(Self.read(["/proc/self/attr/current": label]).confinement == expected)
    }

    @Test func theLineThatMendsFitsTheEngine() {
        let all = Self.docker.obstacles
        #expect(
            Self.docker.remedy(for: all, capabilities: ["SETFCAP"])
                == "run the outer container with `--cap-add=SETFCAP --security-opt seccomp=unconfined "
                + "--security-opt systempaths=unconfined --security-opt apparmor=unconfined`"
        )
        var pod = Self.docker
        pod.isPod = true
        #expect(
            pod.remedy(for: all, capabilities: ["SETFCAP"])
                == "give the container of the pod `securityContext: {capabilities: {add: [SETFCAP]}, "
                + "seccompProfile: {type: Unconfined}, procMount: Unmasked, appArmorProfile: {type: Unconfined}}`, "
                + "and the pod `hostUsers: false`"
        )
        pod.confinement = "SELinux type `container_t`"
        #expect(
            pod.remedy(for: .confinement)
                == "give the container of the pod `securityContext: {seLinuxOptions: {type: spc_t}}`"
        )
        pod.isPod = false
        #expect(pod.remedy(for: .confinement) == "run the outer container with `--security-opt label=disable`")
        #expect(pod.remedy(for: []) == nil)
    }

    @Test(arguments: [Errno.notPermitted, .permissionDenied, .noFunction])
    func whatIsForbiddenIsToldWithWhoForbids(_ errno: Errno) throws {
        var filtered = Surroundings()
        filtered.hasFilter = true
        let refusal = try #require(SandboxRefusal(.setup("enter the root of the container", errno), in: filtered))
        #expect(refusal.reason.hasPrefix("cannot enter the root of the container: "))
        #expect(refusal.reason.hasSuffix(", by a filter of system calls (seccomp) around this process"))
        #expect(refusal.remedy == "run the outer container with `--security-opt seccomp=unconfined`")
        #expect(SandboxRefusal(.setup("x", errno), in: Surroundings()) == nil)
        #expect(SandboxRefusal(.setup("x", .noSpace), in: filtered) == nil)
        #expect(SandboxRefusal(.initNotFound, in: filtered) == nil)
    }

    @Test func aProcThatIsNotMountedIsTheFaultOfHiddenPlacesOnly() throws {
        let failure = ExecutorError.setup("mount proc on `/proc`", .notPermitted)
        let refusal = try #require(SandboxRefusal(failure, in: Self.docker))
        #expect(refusal.reason.contains("`/proc/acpi`, `/proc/sys`"))
        #expect(refusal.remedy?.contains("systempaths=unconfined`, or build with --no-process-sandbox") == true)
        #expect(SandboxRefusal(failure, in: Surroundings()) == nil)
    }

    @Test func aSwitchOfTheMachineIsNamedBeforeAnyContainer() {
        let line = "sysctl -w user.max_user_namespaces=10000"
        let refusal = SandboxRefusal(.refused(.noSpace, switch: line), in: Self.docker)
        #expect(refusal.remedy == "run `\(line)` on the host")
        #expect(refusal.reason.contains("`\(line)` allows it"))
        let plain = SandboxRefusal(.refused(.notPermitted, switch: nil), in: Surroundings())
        #expect(plain == SandboxRefusal("the kernel refuses a user namespace: operation not permitted"))
    }

    @Test func theProcAroundIsBoundWithItsMounts() throws {
        let shape = ContainerShape(network: .none, hostName: "host", assembly: "/assembly")
        let own = try ContainerPreparation.operations(for: shape, processorCount: 1)
        let shared = try ContainerPreparation.operations(for: shape, processorCount: 1, sharesProcesses: true)
        #expect(own.count == shared.count)
        let place = try #require(own.firstIndex { $0.description == "mount proc on `/proc`" })
        #expect(shared[place].description == "mount `/proc` on `/proc`")
    }
}
