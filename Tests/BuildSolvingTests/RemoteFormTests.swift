import BuildPlanning
import ByteStrings
import RemoteSources
import Testing

/// The planner tells sources by their look, the fetcher by reading them.
@Suite struct RemoteFormTests {
    @Test(arguments: [
        "a", "./a@b:c", "a/b@c:d", "@b:c", "a@:c", "a@b", "a@b:c", "git@example.com:r.git", "a_-1@example.com:r",
        "ssh://git@example.com/r", "git://example.com/r", "http://example.com/r.git", "https://example.com/r.git#v1:d",
        "https://example.com/r.git?ref=v1", "https://example.com/r", "http://example.com/r.git/x",
        "ftp://example.com/r",
    ])
    func plannerAndFetcherAgreeOnWhatIsARepository(_ text: String) throws {
        let address = ByteString(text)
        let isGit = try GitReference(address) != nil
        #expect((RemoteSource(address)?.kind == .git) == isGit)
        if RemoteSource(address)?.kind == .url { _ = try RemoteURL(address) }
    }

    @Test(arguments: [
        ("https://me:word@example.com/x@y", "https://xxxxx@example.com/x@y"),
        ("https://token@example.com/x", "https://xxxxx@example.com/x"),
        ("https://example.com/x@y", "https://example.com/x@y"),
        ("https://example.com?a@b", "https://example.com?a@b"),
        ("https://example.com/x?sig=a=b&c&d=", "https://example.com/x?sig=xxxxx&c&d=xxxxx"),
        ("https://example.com/r.git?ref=v1", "https://example.com/r.git?ref=v1"),
        (
            "https://example.com/r.git?tag=v1&access_token=word#a?b=c:d",
            "https://example.com/r.git?tag=v1&access_token=xxxxx#a?b=c:d"
        ),
        ("git@example.com:r?token=word", "git@example.com:r?token=xxxxx"),
        ("ssh://git@example.com/r", "ssh://git@example.com/r"),
        ("ssh://git:word@example.com/r", "ssh://xxxxx@example.com/r"), ("git@example.com:r", "git@example.com:r"),
    ])
    func passwordsAreNotShown(_ written: String, _ shown: String) throws {
        #expect(try #require(RemoteSource(ByteString(written))).shownAddress == ByteString(shown))
    }

    @Test(arguments: [
        "ref=main", "tag=v1", "branch=main", "subdir=d", "checksum=0123", "commit=0123", "keep-git-dir=1",
        "submodules=0", "mtime=commit", "fetch-by-commit=1",
    ])
    func whatAGitReferenceMaySayIsShown(_ field: String) throws {
        let address = ByteString("https://example.com/r.git?\(field)")
        #expect(try GitReference(address) != nil)
        #expect(try #require(RemoteSource(address)).shownAddress == address)
    }
}
