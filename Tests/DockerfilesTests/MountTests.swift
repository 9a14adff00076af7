import Foundation
import TestSupport
import Testing

/// Where the mounts of a RUN lie in an image, and what is left of their places.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct MountTests {
    /// The paths in the last layer of what a Dockerfile makes.
    private func lastLayer(_ bench: Workbench, _ context: URL, _ arguments: String...) throws -> [String] {
        let archive = bench.folder.appendingPathComponent("image-\(UUID().uuidString).tar")
        let output = "type=oci,compression=uncompressed,force-compression=true,dest=\(archive.path)"
        let built = try bench.build(context, arguments: arguments + ["-o", output])
        try #require(built.status == 0, "\(built.errors)")
        let listed = try Command.shell(
            """
            mkdir "$1.d"; tar -C "$1.d" -xf "$1"; cd "$1.d"
            manifest=$(grep -o '"digest":"sha256:[0-9a-f]*"' index.json | head -n 1 | cut -d: -f3 | tr -d '"')
            layer=$(grep -o 'sha256:[0-9a-f]*' "blobs/sha256/$manifest" | tail -n 1 | cut -d: -f2)
            tar -tf "blobs/sha256/$layer"
            """,
            archive.path
        )
        return listed.text.split(separator: "\n").map(String.init)
    }

    /// An image where much of what is mounted on lies behind links, some of which lead nowhere.
    private static let links = """
        FROM busybox
        ADD etc.tar /
        RUN mkdir -p /usr/lib /var/real && ln -s ../usr/lib /var/lib && ln -s usr/lib /lib && ln -s /var/real /data

        """

    private func linkedContext(_ bench: Workbench, _ last: String) throws -> URL {
        let context = try bench.context(["Dockerfile": Self.links + last + "\n"])
        try Command.shell(
            """
            cd "$1"; rm -rf made; mkdir -p made/etc
            ln -s /nowhere/x/hosts made/etc/hosts; ln -s ../run/systemd/resolve/stub.conf made/etc/resolv.conf
            tar -C made -cf etc.tar etc; rm -r made
            """,
            context.path
        )
        return context
    }

    @Test(arguments: [
        "true", "--mount=type=secret,id=s,target=/data/secrets/foo test -s /var/real/secrets/foo",
        "--mount=type=cache,target=/lib/cache test -d /usr/lib/cache",
        "--mount=type=tmpfs,target=/var/lib/x/y test -d /usr/lib/x/y",
        "--mount=target=/data/a,rw --mount=type=tmpfs,target=/data test -f /data/a/etc.tar",
        "grep -q localhost /nowhere/x/hosts && test -e /run/systemd/resolve/stub.conf",
    ])
    func nothingIsLeftOfMountsBehindLinks(_ command: String) throws {
        try Workbench.run { bench in
            let context = try linkedContext(bench, "RUN \(command)")
            let secret = bench.path("secret")
            try Data("secret\n".utf8).write(to: URL(fileURLWithPath: secret))
            #expect(try lastLayer(bench, context, "--secret", "id=s,src=\(secret)") == [])
        }
    }

    @Test func whatIsMountedInsideAnotherMountComesAfterIt() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN --mount=type=cache,target=/c/d/e --mount=type=cache,target=/c/d touch /c/d/e/x /c/d/y
                RUN --mount=type=secret,id=s,target=/root/.s --mount=type=tmpfs,target=/root cat /root/.s
                RUN --mount=type=tmpfs,target=/t --mount=type=bind,target=/t test -f /t/Dockerfile
                RUN --mount=type=bind,target=/t --mount=type=tmpfs,target=/t test ! -f /t/Dockerfile
                """
            ])
            let secret = bench.path("secret")
            try Data("secret\n".utf8).write(to: URL(fileURLWithPath: secret))
            _ = try bench.expectBuild(context, "--secret", "id=s,src=\(secret)")
        }
    }

    @Test func aWorkingDirectoryThatAMountHidesIsMadeInIt() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                WORKDIR /app/sub
                RUN --mount=type=tmpfs,target=/app test $PWD = /app/sub && touch x
                RUN --mount=type=cache,target=/app test $PWD = /app/sub && touch x
                RUN --mount=target=/app,rw test -f ../Dockerfile && touch x
                """,
                "closed/Dockerfile": "FROM busybox\nWORKDIR /app/sub\nRUN --mount=target=/app true\n",
            ])
            #expect(try lastLayer(bench, context) == [])
            let closed = try bench.build(context.appendingPathComponent("closed"))
            #expect(closed.status == 1)
            #expect(closed.failure.contains("working directory `/app/sub`: read-only"), "\(closed.errors)")
        }
    }

    @Test func aTmpfsTakesTheModeOfItsFolderAndMayBeReadOnly() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN mkdir -m 2750 /kept
                RUN --mount=type=tmpfs,target=/kept test $(stat -c %a /kept) = 2750 && touch /kept/x
                RUN --mount=type=tmpfs,target=/new test $(stat -c %a /new) = 1777
                RUN --mount=type=tmpfs,target=/new,ro ! touch /new/x
                """
            ])
            _ = try bench.expectBuild(context)
        }
    }

    @Test func theNameOfTheHostCanBeGiven() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": "FROM busybox\nRUN grep -w $(hostname) /etc/hosts && echo \"is $(hostname)\"\n"
            ])
            let argument = "BUILDKIT_SANDBOX_HOSTNAME="
            #expect(try bench.expectBuild(context).errors.contains("is buildkitsandbox\n"))
            #expect(try bench.expectBuild(context, "--build-arg", argument + "a.b-1").errors.contains("is a.b-1\n"))
            let again = try bench.expectBuild(context, "--build-arg", argument)
            #expect(again.steps.first { $0.key.hasPrefix("RUN") }?.value == "CACHED", "an empty name is none")
            let bad = try bench.build(context, "--build-arg", argument + "a b")
            #expect(bad.status == 1)
            #expect(bad.failure.contains("`a b` is no host name"), "\(bad.errors)")
        }
    }

    @Test(arguments: [
        ("type=tmpfs,target=/etc/passwd", "cannot mount tmpfs on `/etc/passwd`: not a directory"),
        ("type=secret,id=s,target=/tmp", "cannot mount a file on `/tmp`: is a directory"),
        ("target=/etc/passwd", "on `/etc/passwd`: not a directory"),
        ("source=Dockerfile,target=/tmp", "on `/tmp`: is a directory"),
    ])
    func aPlaceOfAnotherKindIsNamed(_ mount: String, _ message: String) throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nRUN --mount=\(mount) true\n"])
            let secret = bench.path("secret")
            try Data("secret\n".utf8).write(to: URL(fileURLWithPath: secret))
            let built = try bench.build(context, "--secret", "id=s,src=\(secret)")
            #expect(built.status == 1)
            #expect(built.failure.contains(message), "\(built.errors)")
        }
    }
}
