import BuildSolving
import RemoteSources
import Testing

@Suite struct RemoteHintTests {
    @Test(arguments: [
        ("git@example.com:a/b", "example.com"), ("ssh://example.com/a", "example.com"),
        ("ssh://git@example.com:2222/a", "-p 2222 example.com"), ("ssh://xxxxx@[::1]:2222/a", "-p 2222 ::1"),
        ("ssh://git@[::1]/a", "::1"),
    ])
    func theKeyOfAServerIsFoundByItsAddress(_ remote: String, _ words: String) throws {
        let error = RemoteSourceError.unknownServerKey(remote: remote, known: "/h/known_hosts", isChanged: false)
        let hint = try #require(error.hint)
        #expect(hint.contains("`ssh-keyscan \(words)`") && hint.contains("`/h/known_hosts`"))
    }

    @Test(arguments: [
        (RemoteSourceError.gitStatus(remote: "https://h/r.git", code: 401, reason: ""), "id=GIT_AUTH_TOKEN.h,"),
        (.gitStatus(remote: "https://h:81/r.git", code: 403, reason: ""), "id=GIT_AUTH_TOKEN.h:81,"),
        (.badStatus(url: "https://h/f", code: 401, reason: ""), "id=HTTP_AUTH_TOKEN_h,"),
    ])
    func theTokenThatIsMissingIsNamed(_ error: RemoteSourceError, _ words: String) throws {
        #expect(try #require(error.hint).contains(words))
    }

    @Test func anotherKeyThanTheKnownOneIsNotJustAdded() throws {
        let error = RemoteSourceError.unknownServerKey(remote: "git@h:r", known: "/h/known_hosts", isChanged: true)
        let hint = try #require(error.hint)
        #expect(!hint.contains("ssh-keyscan") && hint.contains("`/h/known_hosts`"))
    }
}
