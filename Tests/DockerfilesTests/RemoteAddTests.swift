import Foundation
import Synchronization
import TestSupport
import Testing

/// ADD of what lies on other machines, each played by a server on loopback.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct RemoteAddTests {
    /// The tests of curl and of git's remote programs need them installed.
    private static let hasGit = FileManager.default.isExecutableFile(atPath: "/usr/bin/git")

    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    /// Builds a Dockerfile and prints what a last step, never cached, says of the files.
    private func look(
        _ bench: Workbench,
        _ lines: [String],
        _ question: String,
        _ arguments: String...,
        from base: String = "busybox"
    ) throws -> Outcome {
        let dockerfile = (["FROM \(base) AS files"] + lines + ["FROM files AS look", "RUN \(question)"])
        let context = try bench.context(["Dockerfile": dockerfile.joined(separator: "\n") + "\n"])
        return try bench.build(context, arguments: ["--no-cache-filter", "look", "--network", "none"] + arguments)
    }

    @Test func aFileHasTheNameOfTheURLTheTimeOfTheServerAndMode600() throws {
        try Workbench.run { bench in
            let server = try FaultServer { $0.answer("200 OK", ["Last-Modified: \(Self.date)"], "hello") }
            let built = try look(
                bench,
                ["ADD \(server.url("/pub/some%20file.txt?x=1")) /in/", "ADD \(server.url("/a")) /as"],
                "stat -c '%n %a %u:%g %Y %s' '/in/some file.txt' /as"
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(built.errors.contains("/in/some file.txt 600 0:0 784111777 5"), "\(built.errors)")
            #expect(built.errors.contains("/as 600 0:0 784111777 5"), "\(built.errors)")
        }
    }

    @Test func flagsChangeOwnerAndModeAndExtractArchives() throws {
        try Workbench.run { bench in
            let folder = bench.folder.appendingPathComponent("archive")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("inside\n".utf8).write(to: folder.appendingPathComponent("member"))
            let packed = try Command.run("tar", "-C", folder.path, "-czf", bench.path("a.tgz"), "member")
            #expect(packed.status == 0)
            let archive = try Data(contentsOf: URL(fileURLWithPath: bench.path("a.tgz")))
            let server = try FaultServer { exchange in
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: \(archive.count)\r\n\r\n")
                exchange.send(Array(archive))
            }
            let url = server.url("/a.tgz")
            let built = try look(
                bench,
                [
                    "ADD --chown=7:8 --chmod=644 \(url) /plain/", "ADD --unpack=true \(url) /unpacked/",
                    "ADD --link \(url) /linked/",
                ],
                "stat -c '%n %a %u:%g' /plain/a.tgz /linked/a.tgz && cat /unpacked/member && ls /unpacked"
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(built.errors.contains("/plain/a.tgz 644 7:8"), "\(built.errors)")
            #expect(built.errors.contains("/linked/a.tgz 600 0:0"), "\(built.errors)")
            #expect(built.errors.contains("inside"), "\(built.errors)")
            // One file, asked for once a build, however many steps add it.
            #expect(server.requests.count == 1)
        }
    }

    @Test func whatTheServerSaysIsUnchangedIsTakenFromTheCache() throws {
        try Workbench.run { bench in
            let content = Mutex("one")
            let server = try FaultServer { exchange in
                let body = content.withLock { $0 }
                if exchange.field("If-None-Match") == "\"\(body)\"" {
                    exchange.send("HTTP/1.1 304 Not Modified\r\n\r\n")
                } else {
                    exchange.answer("200 OK", ["ETag: \"\(body)\""], body)
                }
            }
            let context = try bench.context([
                "Dockerfile": "FROM busybox\nADD \(server.url("/file")) /file\nRUN cp /file /copy\n"
            ])
            #expect(try bench.expectBuild(context).cachedSteps.isEmpty)
            #expect(try bench.expectBuild(context).cachedSteps.count == 2)
            content.withLock { $0 = "two" }
            #expect(try bench.expectBuild(context).cachedSteps.isEmpty)
            // Made anew, it needs the bytes, and has them.
            #expect(try bench.expectBuild(context, "--no-cache").cachedSteps.isEmpty)
            #expect(server.requests.count == 4)
        }
    }

    @Test func aChecksumIsHeldToAndMakesTheServerUnnecessary() throws {
        try Workbench.run { bench in
            var server: FaultServer? = try FaultServer { $0.answer("200 OK", [], "hello") }
            let url = try #require(server?.url("/file"))
            let right = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
            let wrong = String(right.reversed())
            let bad = try look(bench, ["ADD --checksum=sha256:\(wrong) \(url) /file"], "true")
            #expect(bad.status != 0)
            #expect(bad.errors.contains("sha256:\(right)") && bad.errors.contains("sha256:\(wrong)"), "\(bad.errors)")
            let lines = ["ARG SUM=\(right)", "ADD --checksum=sha256:${SUM} \(url) /file"]
            let good = try look(bench, lines, "cat /file")
            #expect(good.status == 0, "\(good.errors)")
            server = nil
            let cached = try look(bench, lines, "cat /file")
            #expect(cached.status == 0, "\(cached.errors)")
        }
    }

    @Test func tokensAreForTheirHostAlone() throws {
        try Workbench.run { bench in
            let other = try FaultServer { $0.answer("200 OK", [], $0.field("Authorization") ?? "nobody") }
            let server = try FaultServer { exchange in
                guard let given = exchange.field("Authorization") else { return exchange.answer("401 Unauthorized") }
                if exchange.path == "/elsewhere" {
                    return exchange.answer("302 Found", ["Location: \(other.url("/x", host: "localhost"))"])
                }
                exchange.answer("200 OK", [], given)
            }
            let lines = ["ADD \(server.url("/f")) /here", "ADD \(server.url("/elsewhere")) /there"]
            let refused = try look(bench, lines, "true")
            #expect(refused.status != 0)
            #expect(refused.errors.contains("HTTP_AUTH_TOKEN_127.0.0.1"), "\(refused.errors)")
            try Data("s3cret\n".utf8).write(to: URL(fileURLWithPath: bench.path("token")))
            let built = try look(
                bench,
                lines,
                "cat /here /there",
                "--secret",
                "id=HTTP_AUTH_TOKEN_127.0.0.1,src=\(bench.path("token"))"
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(built.errors.contains("Bearer s3crets") == false)
            #expect(built.errors.contains("Bearer s3cretnobody"), "\(built.errors)")
        }
    }

    /// CVE-2023-26054: credentials of addresses in what a build writes down.
    @Test func credentialsInAddressesAreWrittenNowhere() throws {
        try Workbench.run { bench in
            let token = "tok3nOfThisTest"
            let server = try FaultServer { exchange in
                let isBad = exchange.path.hasPrefix("/bad")
                exchange.answer(isBad ? "500 Broken" : "200 OK", ["ETag: \"1\""], "hello")
            }
            // The value of an ARG is part of an image's history, and the lines of a Dockerfile part of messages.
            for (path, word) in [("/good", token), ("/bad", "${TOKEN}")] {
                let address = "http://user:\(word)@127.0.0.1:\(server.port)\(path)?sig=\(word)"
                let argument = path == "/bad" ? "ARG TOKEN\n" : ""
                let context = try bench.context(["Dockerfile": "FROM busybox\n\(argument)ADD \(address) /file\n"])
                let built = try bench.build(
                    context,
                    arguments: ["--build-arg", "TOKEN=\(token)", "--tag", "it", "--progress", "rawjson"]
                )
                #expect((built.status == 0) == (path == "/good"), "\(built.errors)")
                #expect(!built.errors.contains(token) && !built.text.contains(token), "\(built.errors)")
            }
            #expect(server.requests.allSatisfy { $0.field("Authorization") != nil && $0.path.contains(token) })
            #expect(try bench.slipway.run("history", "it").text.contains("http://xxxxx@127.0.0.1"))
            #expect(try Command.run("grep", "-rlF", token, bench.state.path).text == "")
        }
    }

    /// CWE-918: a service that trusts every process of the machine, read into a layer.
    @Test func addressesOfMetadataServicesAreRefusedUnlessTheCallerAllowsThem() throws {
        try Workbench.run { bench in
            let metadata = "http://169.254.169.254/latest/meta-data"
            let server = try FaultServer { $0.answer("302 Found", ["Location: \(metadata)"]) }
            for address in [metadata, "http://[::ffff:169.254.169.254]/", server.url("/redirect")] {
                let built = try look(bench, ["ADD \(address) /file"], "true")
                #expect(built.status != 0)
                #expect(built.errors.contains("which only this machine may talk to"), "\(built.errors)")
                #expect(built.errors.contains("--allow-host"), "\(built.errors)")
            }
            let scheme = try look(bench, ["ADD ftp://127.0.0.1/x /file"], "true")
            #expect(scheme.status != 0)
        }
    }

    @Test(.enabled(if: Command.exists("unshare") && Command.exists("ip"), "needs unshare and ip"))
    func aHostThatTheCallerAllowsIsFetchedFromWhereverItIs() throws {
        try Workbench.run { bench in
            try bench.context(["file": "hello"], named: "served")
            let context = try bench.context(["Dockerfile": "FROM scratch\nADD http://169.254.77.1:8000/file /\n"])
            let script = """
                ip link set lo up; ip address add 169.254.77.1/32 dev lo
                python3 -m http.server --bind 169.254.77.1 --directory "$1" 8000 >/dev/null 2>&1 & server=$!
                trap "kill $server" EXIT
                until python3 -c 'import socket; socket.create_connection(("169.254.77.1", 8000))' 2>/dev/null
                do sleep 0.1; done
                ! "$2" build --root "$3" --progress plain "$4" || exit 3
                "$2" build --root "$3" --progress plain --allow-host 169.254.77.1 "$4"
                """
            let built = try Command.run(
                "unshare",
                "--net",
                "sh",
                "-euc",
                script,
                "sh",
                bench.path("served"),
                SlipwayProgram.binary.path,
                bench.state.path,
                context.path
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(built.errors.contains("--allow-host 169.254.77.1"), "\(built.errors)")
        }
    }

    @Test func localAndRemoteSourcesKeepTheirOrder() throws {
        try Workbench.run { bench in
            let server = try FaultServer { $0.answer("200 OK", [], "remote") }
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                ADD one/name \(server.url("/name")) /first/
                ADD \(server.url("/name")) one/name <<heredoc /second/
                text
                heredoc
                RUN cat /first/name /second/name /second/heredoc
                """, "one/name": "local",
            ])
            let built = try bench.expectBuild(context)
            #expect(built.errors.contains("remotelocaltext"), "\(built.errors)")
        }
    }

    /// The Dockerfile's line, and a word that the failure has.
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let words: [String]
        let serve: @Sendable (FaultServer.Exchange) -> Void

        var testDescription: String { name }

        static let all = [
            Fault(name: "missing", words: ["answered 404"]) { $0.answer("404 Not Found") },
            Fault(name: "truncated", words: ["ended after 3"]) {
                $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            },
            Fault(name: "redirected in a loop", words: ["redirected in a loop"]) {
                $0.answer("302 Found", ["Location: \($0.path)"])
            },
            Fault(name: "asked to wait", words: ["asks to wait 7200 s"]) {
                $0.answer("429 Too Many Requests", ["Retry-After: 7200"])
            },
            Fault(name: "reset", words: ["cannot reach", "127.0.0.1"]) { $0.reset() },
        ]
    }

    @Test(arguments: Fault.all) func aServerInTroubleEndsTheBuildWithItsReason(_ fault: Fault) throws {
        try Workbench.run { bench in
            let server = try FaultServer(fault.serve)
            let built = try look(bench, ["ADD \(server.url("/file")) /file"], "true")
            #expect(built.status != 0)
            for word in fault.words + ["Dockerfile:2", "hint:"] {
                #expect(built.errors.contains(word), "\(built.errors)")
            }
        }
    }

    @Test(.enabled(if: hasGit, "needs git")) func aCommitIsAddedWithoutItsHistory() throws {
        try Workbench.run { bench in
            let git = try GitServer()
            let commit = try git.repository(
                "r",
                """
                mkdir folder && echo one > folder/file && echo run > tool && chmod 755 tool && ln -s folder link
                git add . && git commit -qm one && git tag v1 && echo two > folder/file && git commit -qam two
                """
            )
            let server = try git.smart()
            let url = server.url("/r.git")
            let lines = [
                "ADD \(url) /head", "ADD \(url)#v1:folder /old", "ADD --keep-git-dir=true \(url)?ref=main /kept",
                "ADD --checksum=\(commit.prefix(12)) \(url)#main /checked", "ADD --chown=5:6 \(url)#v1 /owned/",
            ]
            let question = """
                cat /head/folder/file /old/file /checked/folder/file; ls -a /head /kept /old | tr '\\n' ' '; \
                stat -c '%n %a %u:%g %Y' /head/tool /head/folder/file /owned/tool; readlink /head/link
                """
            let built = try look(bench, lines, question)
            #expect(built.status == 0, "\(built.errors)")
            for line in ["two", "one", "/head/tool 755 0:0 1000000000", "/head/folder/file 644 0:0 1000000000"] {
                #expect(built.errors.contains(line), "\(built.errors)")
            }
            #expect(built.errors.contains("/owned/tool 755 5:6"), "\(built.errors)")
            #expect(built.errors.contains("/kept: . .. .git folder link tool"), "\(built.errors)")
            #expect(built.errors.contains("/head: . .. folder link tool"), "\(built.errors)")

            // Nothing changed: every ADD is found by its commit; then a branch moves on.
            #expect(try look(bench, lines, question).cachedSteps.count == 5)
            try git.shell("cd r && echo three > folder/file && git commit -qam three && git push -q ../r.git main")
            let moved = try look(bench, lines, question)
            #expect(moved.status != 0)
            #expect(moved.errors.contains("--checksum="), "\(moved.errors)")
            #expect(moved.cachedSteps.isEmpty)
            let free = try look(bench, Array(lines.prefix(3)), "cat /head/folder/file /old/file")
            #expect(free.status == 0 && free.errors.contains("three"), "\(free.errors)")
        }
    }

    @Test(.enabled(if: hasGit, "needs git")) func twoBuildsOfACommitHaveOneDigest() throws {
        let git = try GitServer()
        try git.repository("r", "mkdir a && echo one > a/file && git add . && git commit -qm one")
        let server = try git.smart()
        var digests: Set<String> = []
        for mask in ["0022", "0077"] {
            try Workbench.run { bench in
                var bench = bench
                bench.slipway.mask = mask
                let context = try bench.context([
                    "Dockerfile": "FROM scratch\nADD --keep-git-dir=true \(server.url("/r.git")) /r\n"
                ])
                let archive = bench.path("out.tar")
                _ = try bench.expectBuild(context, "--output", "type=oci,dest=\(archive)")
                let index = try Command.run("tar", "-xOf", archive, "index.json")
                digests.insert(index.text)
            }
        }
        #expect(digests.count == 1)
    }
}

extension Outcome {
    /// The titles of ADD and RUN that were not carried out.
    fileprivate var cachedSteps: [String] {
        steps.filter { $0.value == "CACHED" && !$0.key.hasPrefix("FROM") }.map(\.key)
    }
}
