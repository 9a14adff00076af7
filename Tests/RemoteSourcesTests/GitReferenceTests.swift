import ByteStrings
import Testing

@testable import RemoteSources

@Suite struct GitReferenceTests {
    /// What a text comes to: the remote, and `ref`, `subdirectory` and options behind.
    private static func summary(_ reference: GitReference?) -> String? {
        guard let reference else { return nil }
        var parts = ["\(reference.remote)"]
        if let user = reference.userInfo { parts.append("user=\(user)") }
        if let ref = reference.ref { parts.append("ref=\(ref)") }
        if !reference.subdirectory.isEmpty { parts.append("subdir=\(reference.subdirectory)") }
        if let checksum = reference.checksum { parts.append("checksum=\(checksum)") }
        if let keeps = reference.keepsGitDirectory { parts.append("keep=\(keeps)") }
        if let submodules = reference.submodules { parts.append("submodules=\(submodules)") }
        if let time = reference.fileTime { parts.append("mtime=\(time)") }
        return parts.joined(separator: " ")
    }

    @Test(arguments: [
        ("https://example.com/", nil), ("https://example.com/foo", nil), ("https://example.com/foo.git/", nil),
        ("https://example.com/foo.git.bar", nil), ("custom.xyz/moby/buildkit.git", nil),
        ("https://github.com/moby/buildkit", nil),
        ("http://github.com/docker/docker.git:#branch", nil), ("./.git", nil), (".git", nil), ("../foo.git", nil),
        ("", nil),
        ("file:///srv/foo.git", nil), ("ext::sh -c touch% /tmp/x", nil), ("ftp://example.com/foo.git", nil),
        ("/srv/foo.git", nil),
        ("git+ssh://example.com/foo.git", nil), ("example.com:foo.git", nil), ("-u@x.git", nil),
        ("https://example.com/foo.git", "https://example.com/foo.git"),
        ("https://example.com/foo.git#deadbeef", "https://example.com/foo.git ref=deadbeef"),
        ("https://example.com/foo.git#release/1.2", "https://example.com/foo.git ref=release/1.2"),
        ("https://example.com/foo.git#", "https://example.com/foo.git"),
        ("https://example.com/foo.git#:", "https://example.com/foo.git"),
        ("HTTPS://Example.com/Foo.git", "https://example.com/Foo.git"),
        ("http://example.com:8080/foo.git", "http://example.com:8080/foo.git"),
        ("https://foo:b%40r@github.com/moby/buildkit.git", "https://github.com/moby/buildkit.git user=foo:b%40r"),
        ("git://example.com/foo", "git://example.com/foo"),
        ("ssh://git@example.com:2222/foo/bar#main:a/b", "ssh://git@example.com:2222/foo/bar ref=main subdir=a/b"),
        ("github.com/moby/buildkit", "https://github.com/moby/buildkit"),
        ("github.com/moby/buildkit.git#v1:x", "https://github.com/moby/buildkit.git ref=v1 subdir=x"),
        ("git@github.com:moby/buildkit", "git@github.com:moby/buildkit"),
        ("user_1@host-2.org:path/to.git#main:sub", "user_1@host-2.org:path/to.git ref=main subdir=sub"),
        ("git@github.com:moby/buildkit.git?ref=v1&subdir=d", "git@github.com:moby/buildkit.git ref=v1 subdir=d"),
        (
            "https://github.com/foo/bar.git#baz/qux:quux/quuz",
            "https://github.com/foo/bar.git ref=baz/qux subdir=quux/quuz"
        ),
        ("https://github.com/docker/docker.git#:myfolder", "https://github.com/docker/docker.git subdir=myfolder"),
        ("https://x/y.git?ref=v1.0.0&subdir=/subdir", "https://x/y.git ref=v1.0.0 subdir=subdir"),
        ("https://x/y.git?subdir=/./a//b/.", "https://x/y.git subdir=a/b"),
        ("https://x/y.git?tag=v1", "https://x/y.git ref=refs/tags/v1"),
        ("https://x/y.git?tag=refs/tags/v1", "https://x/y.git ref=refs/tags/v1"),
        ("https://x/y.git?branch=a%2Fb", "https://x/y.git ref=refs/heads/a/b"),
        ("https://x/y.git?ref=v1#v1", "https://x/y.git ref=v1"),
        ("https://x/y.git?checksum=DEADBEEF", "https://x/y.git ref=deadbeef checksum=deadbeef"),
        ("https://x/y.git?commit=deadbeef&tag=v1", "https://x/y.git ref=refs/tags/v1 checksum=deadbeef"),
        ("https://x/y.git?submodules&keep-git-dir", "https://x/y.git keep=true submodules=true"),
        ("https://x/y.git?submodules=false&keep-git-dir=0", "https://x/y.git keep=false submodules=false"),
        ("https://x/y.git?mtime=commit&fetch-by-commit=true", "https://x/y.git mtime=commit"),
        (
            "https://x/y.git?mtime=checkout#a%20b".replacing("%20", with: "%2F"),
            "https://x/y.git ref=a/b mtime=checkout"
        ),
        ("https://x/y.git#refs/pull/1/merge", "https://x/y.git ref=refs/pull/1/merge"),
    ])
    func aTextIsRead(_ text: String, _ expected: String?) throws {
        #expect(Self.summary(try GitReference(ByteString(text))) == expected)
    }

    @Test(arguments: [
        "https://x/y.git?what=1", "https://x/y.git?ref=", "https://x/y.git?ref=a&ref=a", "https://x/y.git?ref=a#b",
        "https://x/y.git?tag=a&branch=a", "https://x/y.git?tag=a#a", "https://x/y.git?subdir=a#:b",
        "https://x/y.git?mtime=now",
        "https://x/y.git?submodules=maybe", "https://x/y.git?checksum=xyz", "https://x/y.git?checksum=abc",
        "https://x/y.git?checksum=abcd&commit=abce", "https://x/y.git#main:..", "https://x/y.git#main:a/../../b",
        "https://x/y.git?subdir=%2e%2e", "https://x/y.git?subdir=a%00b",
        "https://x/y.git#--upload-pack=touch%20/tmp/x", "https://x/y.git#-x", "https://x/y.git#a..b",
        "https://x/y.git#a%0ab",
        "https://x/y.git#a b", "https://x/y.git#a~1", "https://x/y.git#a^", "https://x/y.git#a*",
        "https://x/y.git#@{-1}",
        "https://x/y.git#a.lock", "https://x/y.git#.a", "https://x/y.git#/a", "https://x/y.git#a/",
        "https://x/y.git?ref=%2b:x",
        "https://-x/y.git", "ssh://-oProxyCommand=touch/x", "ssh://-x@host/x", "ssh://%2dx@host/x", "ssh://host",
        "-o@host:x", "git@-oProxyCommand:x", "git@host:-x", "git@host:a\u{1}b", "https://x y/z.git", "git://",
    ])
    func whatIsWrongInItIsNamed(_ text: String) {
        let error = #expect(throws: RemoteSourceError.self) { try GitReference(ByteString(text)) }
        guard case .badGitReference = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }

    @Test(arguments: [
        ("https://u:secret@x/a/b.git", "https://x/a/b.git"), ("ssh://git@x/b", "ssh://git@x/b"),
        ("ssh://git:secret@x/b", "ssh://xxxxx@x/b"), ("ssh://git:se@cret@x/b", "ssh://xxxxx@x/b"),
        ("ssh://x/a:b@c", "ssh://x/a:b@c"), ("git@x:a/b.git", "git@x:a/b.git"),
    ])
    func itIsShownWithoutSecrets(_ text: String, _ shown: String) throws {
        let reference = try #require(try GitReference(ByteString(text)))
        #expect("\(reference)" == shown)
    }

    /// What an error shows of a text.
    @Test(arguments: [
        ("https://u:secret@x/b.git?what=1", "https://xxxxx@x/b.git?what=xxxxx"),
        ("https://x/b.git?access_token=secret&ref=v1#a~", "https://x/b.git?access_token=xxxxx&ref=v1#a~"),
        ("https://x/b.git?ref=a~&%72ef=secret&&c", "https://x/b.git?ref=a~&%72ef=secret&&c"),
        ("ssh://u:se@cret@x/-b?what=secret", "ssh://xxxxx@x/-b?what=xxxxx"),
        ("git@x:b?what=secret", "git@x:b?what=xxxxx"), ("git://u:se#cret@x/b", "git://xxxxx"),
        ("https://u:\(String(repeating: "secret", count: 40))@x/b.git?what=1", "https://xxxxx@x/b.git?what=xxxxx"),
        (
            "https://x/b.git?ref=\(String(repeating: "~", count: 300))",
            "https://x/b.git?ref=" + String(repeating: "~", count: 180)
        ),
    ])
    func errorsShowItWithoutSecrets(_ text: String, _ shown: String) {
        let error = #expect(throws: RemoteSourceError.self) { try GitReference(ByteString(text)) }
        guard case .badGitReference(shown, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }
}
