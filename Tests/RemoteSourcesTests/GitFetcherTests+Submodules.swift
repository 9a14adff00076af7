import ByteStrings
import Foundation
import TestSupport
import Testing

@testable import RemoteSources

/// Repositories in repositories.
extension GitFetcherTests {
    @Test func submodulesComeWithItUnlessRefused() async throws {
        let git = try GitServer()
        try git.repository("inner", "echo inner >file; git add -A; git commit -qm x")
        try git.repository(
            "middle",
            "echo m >m; git -c protocol.file.allow=always submodule --quiet add ../inner.git deep/inner; git add -A; git commit -qm x"
        )
        try git.repository(
            "outer",
            "echo o >o; git -c protocol.file.allow=always submodule --quiet add ../middle.git sub; git add -A; git commit -qm x"
        )
        let server = try git.smart()
        let (folder, _) = try await Self.checkOut(server.url("/outer.git"))
        #expect(try Self.text(folder, "sub/deep/inner/file") == "inner\n")
        #expect(try Self.list(folder).allSatisfy { !$0.contains(".git/") && !$0.hasSuffix("/.git") })
        let (bare, _) = try await Self.checkOut(server.url("/outer.git?submodules=false"))
        #expect(try Self.list(bare) == ["o", "sub"])
        let (part, _) = try await Self.checkOut(server.url("/outer.git#main:sub/deep"))
        #expect(try Self.list(part) == ["inner", "inner/file"])
        let (kept, _) = try await Self.checkOut(server.url("/outer.git"), keepsGitDirectory: true)
        #expect(try Self.text(kept, "sub/m") == "m\n")
    }

    /// URLs and paths of submodules that must lead nowhere; the text is the whole of `.gitmodules`.
    @Test(arguments: [
        "[submodule \"s\"]\npath = s\nurl = file:///HOST/secret.git\n",
        "[submodule \"s\"]\npath = s\nurl = /HOST/secret.git\n",
        "[submodule \"s\"]\npath = s\nurl = ../../../../x.git\n",
        "[submodule \"s\"]\npath = s\nurl = \"ext::sh -c 'touch HOST/marker'\"\n",
        "[submodule \"s\"]\npath = s\nurl = ssh://-oProxyCommand=touch/x\n",
        "[submodule \"s\"]\npath = s\nurl = \"--upload-pack=touch HOST/marker\"\n",
        "[submodule \"s\"]\npath = s\nurl = http://169.254.169.254/x.git\n",
        "[submodule \"s\"]\npath = s\nurl = http://2852039166/x\n",
        "[submodule \"../../x\"]\npath = ../s\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = \"s\r\"\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = .git/hooks\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = /tmp/s\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = -s\nurl = ./inner.git\n",
    ])
    func aHostileSubmoduleIsRefused(_ modules: String) async throws {
        let git = try GitServer()
        let secret = try git.repository("secret", "echo secret >file; git add -A; git commit -qm x")
        let text = modules.replacingOccurrences(of: "HOST", with: git.path)
        try text.write(toFile: git.path + "/modules", atomically: true, encoding: .utf8)
        try git.repository(
            "outer",
            "cp ../modules .gitmodules; git add -A; git update-index --add --cacheinfo 160000,\(secret),s; git commit -qm x"
        )
        let server = try git.smart()
        let error = await failure { _ = try await Self.checkOut(server.url("/outer.git")) }
        switch error {
        case .badSubmodule, .addressDenied: break
        default: Issue.record("\(error.debugDescription)")
        }
        #expect(!FileManager.default.fileExists(atPath: git.path + "/marker"))
    }

    @Test func aSubmoduleInPlaceOfALinkIsRefused() async throws {
        let git = try GitServer()
        try git.repository("inner", "echo inner >file; git add -A; git commit -qm x")
        let inner = try git.shell("git -C inner.git rev-parse HEAD")
        // The tree has a link where the path of the submodule goes through.
        try git.repository(
            "outer",
            """
            mkdir -p /tmp/slipway-s; ln -s /tmp a; printf '[submodule "s"]\\npath = a/slipway-s\\nurl = ../inner.git\\n' >.gitmodules; git add -A
            tree=$(printf '160000 commit \(inner)\\tslipway-s\\n' | git mktree --missing)
            link=$(git rev-parse :a); modules=$(git rev-parse :.gitmodules)
            whole=$(printf "120000 blob $link\\ta\\n040000 tree $tree\\ta\\n100644 blob $modules\\t.gitmodules\\n" | git mktree --missing)
            git update-ref refs/heads/main $(git commit-tree -m x $whole)
            """
        )
        let server = try git.smart()
        let error = await failure { _ = try await Self.checkOut(server.url("/outer.git")) }
        switch error {
        case nil, .badSubmodule, .gitFailed: break
        default: Issue.record("\(error.debugDescription)")
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/slipway-s/file"))
        try FileManager.default.removeItem(atPath: "/tmp/slipway-s")
    }

    @Test func aSubmoduleNeedsAnEmptyFolderOfItsOwn() async throws {
        let folder = try TemporaryFolder()
        try await Workplace.with(in: ByteString(folder.url.path)) { work in
            let files = URL(fileURLWithPath: "\(work.files)")
            try FileManager.default.createDirectory(
                at: files.appendingPathComponent("a/b"),
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(atPath: files.path + "/link", withDestinationPath: "a")
            try FileManager.default.createSymbolicLink(atPath: files.path + "/out", withDestinationPath: "/tmp")
            try await work.prepare("a/b")
            for bad in ["a", "link", "link/b", "out", "missing", "a/b/c"] as [ByteString] {
                await #expect(throws: RemoteSourceError.self) { try await work.prepare(bad) }
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
