import Foundation
import TestSupport
import Testing

/// An ordinary account of the machine, made for the tests and removed after them, with a folder of its own.
final class RootlessAccount: Sendable {
    /// What the account may use beside its own id.
    enum Ids: String, CaseIterable, Sendable {
        /// 65536 subordinate ids.
        case many

        /// None.
        case one
    }

    /// Whether accounts can be made here, and have namespaces.
    static let isUsable =
        Workbench.isUsable
        && ["useradd", "userdel", "usermod", "setpriv", "newuidmap", "newgidmap"].allSatisfy(Command.exists)
        && canUseNamespaces

    static let reason: Comment = "needs root, busybox-static, uidmap, and user namespaces for ordinary users"

    private static let canUseNamespaces: Bool = {
        let made = try? Command.run(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "true"
        )
        return made?.status == 0
    }()

    let name: String
    let uid: UInt32

    /// Of the account, and nobody else can look into it.
    let home: URL
    private let folder: TemporaryFolder

    /// Makes the account; one of that name that a test left behind goes away first.
    init(_ ids: Ids) throws {
        name = "slipway-\(ids.rawValue)-\(getpid())"
        _ = try? Command.run("userdel", name)
        try Command.shell("useradd --system --no-create-home --shell /bin/sh \"$1\"", name)
        if ids == .many {
            let range = "\(700_000_000 + UInt32(getpid() % 10_000) * 65536)"
            try Command.shell(
                "usermod --add-subuids $2-$(($2 + 65535)) --add-subgids $2-$(($2 + 65535)) \"$1\"",
                name,
                range
            )
        }
        let id = try Command.shell("id -u \"$1\"", name).digest
        uid = try #require(UInt32(id))
        folder = try TemporaryFolder()
        home = folder.url.appendingPathComponent("home")
        try Command.shell(
            "chmod 755 \"$2\"; mkdir -m 700 \"$3\"; chown \"$1:\" \"$3\"",
            name,
            folder.url.path,
            home.path
        )
    }

    deinit {
        _ = try? Command.run("userdel", name)
    }

    /// Its state directory, as the program chooses it.
    var state: URL { home.appendingPathComponent(".local/share/slipway") }

    /// Runs `slipway` as the account.
    func slipway(_ arguments: String...) throws -> Outcome {
        try slipway(arguments)
    }

    func slipway(_ arguments: [String]) throws -> Outcome {
        try run([SlipwayProgram.binary.path] + arguments)
    }

    /// Runs a program as the account, with the account's variables alone.
    func run(_ words: [String]) throws -> Outcome {
        try start(words).wait()
    }

    func start(_ words: [String]) throws -> RunningCommand {
        let setpriv = try #require(Command.path("setpriv"))
        let identity = ["--reuid=\(name)", "--regid=\(name)", "--clear-groups", "--inh-caps=-all"]
        return try RunningCommand(
            [setpriv] + identity + words,
            environment: ["HOME": home.path, "USER": name, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            directory: URL(fileURLWithPath: "/")
        )
    }

    /// Runs `slipway` as the account, in a mount namespace where everybody may open `/dev/net/tun`.
    func slipwayWithTunnel(_ arguments: [String]) throws -> Outcome {
        let prepare = """
            name=$1; home=$2; shift 2
            mount -t tmpfs tmpfs "$home"; mknod -m 666 "$home/tun" c 10 200; mount --bind "$home/tun" /dev/net/tun
            umount --lazy "$home"
            exec setpriv "--reuid=$name" "--regid=$name" --clear-groups --inh-caps=-all env "HOME=$home" "USER=$name" "$@"
            """
        let unshare = try #require(Command.path("unshare"))
        return try RunningCommand(
            [unshare, "--mount", "sh", "-euc", prepare, "sh", name, home.path, SlipwayProgram.binary.path] + arguments
        ).wait()
    }

    /// Whether the account could have a network of its own.
    static let canHaveNetworks = Command.exists("slirp4netns") && FileManager.default.fileExists(atPath: "/dev/net/tun")

    /// Runs lines of a shell as the account, in a mount namespace where its folder `over` is an overlay, which takes no
    /// other overlay's changes.
    func runOverOverlay(_ script: String, _ arguments: String...) throws -> Outcome {
        let prepare = """
            cd "$1"; mkdir -p lower upper work over
            mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work over
            chown "$2:" over; cd over; lines=$3; name=$2; home=$1; shift 3
            exec setpriv "--reuid=$name" "--regid=$name" --clear-groups --inh-caps=-all \
                env "HOME=$home" sh -euc "$lines" sh "$@"
            """
        let unshare = try #require(Command.path("unshare"))
        return try RunningCommand(
            [unshare, "--mount", "sh", "-euc", prepare, "sh", home.path, name, script] + arguments
        ).wait()
    }

    /// The base as a file that the account can read.
    func baseFile() throws -> URL {
        let base = try #require(Bases.busybox)
        let copy = folder.url.appendingPathComponent("busybox.tar")
        if !FileManager.default.fileExists(atPath: copy.path) { try FileManager.default.copyItem(at: base, to: copy) }
        return copy
    }

    /// Puts the small base into the account's store.
    func loadBase() throws {
        let made = try slipway(
            "import",
            "--change",
            "CMD [\"sh\"]",
            try baseFile().path,
            "docker.io/library/busybox:latest"
        )
        try #require(made.status == 0, "\(made.errors)")
    }

    /// A copy of a folder that the account can read.
    func copy(_ context: URL) throws -> URL {
        let copy = folder.url.appendingPathComponent("context-\(UUID().uuidString)")
        try Command.shell("cp -a \"$1\" \"$2\"; chmod -R a+rX \"$2\"", context.path, copy.path)
        return copy
    }
}
