import ByteStrings
import FileModel
import LinuxSystem
import Testing

@testable import RemoteSources

@Suite struct RemoteURLTests {
    @Test(arguments: [
        ("http://example.com", "http://example.com/"),
        ("HTTPS://EXAMPLE.com:443/A?b=C#frag", "https://example.com:443/A?b=C"),
        ("http://example.com?x=1", "http://example.com/?x=1"),
        ("http://example.com/a b/ü%zz%41", "http://example.com/a%20b/%C3%BC%25zz%41"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://[0:0::1]/", "http://[::1]/"),
        ("http://user:pass@example.com/", "http://example.com/"),
        ("http://example.com./", "http://example.com./"),
        ("http://example.com:/x", "http://example.com/x"),
        ("http://example.com/\\@evil.com/", "http://example.com/%5C@evil.com/"),
    ])
    func aURLHasOneForm(_ text: String, _ expected: String) throws {
        #expect(try RemoteURL(ByteString(text)).text == expected)
    }

    @Test(arguments: [
        "", "example.com", "/etc/passwd", "http:/example.com", "http://", "http:///x", "http://exa mple.com/",
        "http://ex%61mple.com/",
        "http://example.com:0/", "http://example.com:65536/", "http://example.com:x/", "http://[::1/", "http://[::1]x/",
        "http://[fe80::1%25eth0]/", "http://[127.0.0.1]/", "http://-oProxyCommand=x/", "http://a\u{3002}b/",
        "http://a/\r\nX: y",
        "http://user@/x", "http://example.com\\@evil.com/", "http://\u{FF11}69.254.169.254/",
    ])
    func whatIsNoURLIsRefused(_ text: String) {
        #expect(throws: RemoteSourceError.self) { try RemoteURL(ByteString(text)) }
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://x/", "unix:/x", "data:,x", "git://x/y"])
    func otherSchemesAreNamed(_ text: String) {
        let scheme = String(text.prefix { $0 != ":" })
        #expect(throws: RemoteSourceError.unsupportedScheme(scheme)) { try RemoteURL(ByteString(text)) }
    }

    @Test(arguments: [
        ("", "http://h/a/b?q"), ("c", "http://h/a/c"), ("/c", "http://h/c"), ("?x", "http://h/a/b?x"),
        ("../../..", "http://h/"),
        ("./c/..", "http://h/a/"), ("//o:1/c", "http://o:1/c"), ("https://o/c#f", "https://o/c"),
        ("c d", "http://h/a/c%20d"),
        ("//u:p@o/", "http://o/"),
    ])
    func aReferenceIsResolved(_ reference: String, _ expected: String) throws {
        let base = try RemoteURL("http://me@h/a/b?q")
        let resolved = try base.resolving(ByteString(reference))
        #expect(resolved.text == expected)
        #expect(resolved.userInfo == nil)
    }

    @Test func secretsAreNotShown() throws {
        let url = try RemoteURL("https://user:secret@example.com/a?sig=secret&x&y=secret")
        #expect("\(url)" == "https://xxxxx@example.com/a?sig=xxxxx&x&y=xxxxx")
    }

    @Test(arguments: [
        ("https://user:secret@exa mple.com/a?sig=secret", "https://xxxxx@exa mple.com/a"),
        ("https://user:se?cret@example.com/", "https://xxxxx"), ("https://user:se#cret@example.com/", "https://xxxxx"),
        ("https://user:se/cret@example.com/", "https://xxxxx@example.com/"), ("http:user:secret@h", "xxxxx@h"),
        ("https://u:\(String(repeating: "secret", count: 50))@exa mple.com/", "https://xxxxx@exa mple.com/"),
    ])
    func errorsShowItWithoutSecrets(_ text: String, _ shown: String) {
        let error = #expect(throws: RemoteSourceError.self) { try RemoteURL(ByteString(text)) }
        guard case .badURL(shown, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }

    @Test(arguments: [
        (nil, "http://h/a/b.txt", "b.txt"), (nil, "http://h/a/b.txt/", "b.txt"), (nil, "http://h/", "download"),
        (nil, "http://h/a/%2e%2e%2f", "download"), (nil, "http://h/..", "download"), (nil, "http://h/a%2fb", "b"),
        (nil, "http://h/a%00b", "download"), (nil, "http://h/%0a", "download"), (nil, "http://h/?file=x", "download"),
        ("attachment; filename=\"x y.tgz\"", "http://h/b", "x y.tgz"),
        ("attachment; filename=x.tgz", "http://h/b", "x.tgz"),
        ("attachment; FILENAME = x ; other=1", "http://h/b", "x"), ("inline", "http://h/b", "b"),
        ("attachment; filename=\"../../etc/x\"", "http://h/b", "x"), ("attachment; filename=\"..\"", "http://h/b", "b"),
        ("attachment; filename=\"a/..\"", "http://h/b", "b"), ("attachment; filename=\"a/\"", "http://h/b", "b"),
        ("attachment; filename=\"/\"", "http://h/b", "b"), ("attachment; filename=\"\"", "http://h/b", "b"),
        ("attachment; filename=\".\"", "http://h/", "download"),
        ("attachment; filename=\"a\\\"b\"", "http://h/b", "a\"b"),
        ("attachment; filename=x; filename*=UTF-8''%C3%BC.txt", "http://h/b", "ü.txt"),
        ("attachment; filename*=UTF-8''..%2F..%2Fpasswd", "http://h/b", "passwd"),
        ("attachment; filename*=UTF-8''a%00b", "http://h/b", "b"),
        ("attachment; filename*=latin1''a; filename=c", "http://h/b", "c"),
        ("attachment; filename=\"open", "http://h/b", "open"), ("; ; ;filename", "http://h/b", "b"),
        ("attachment; filename=a\u{1}b", "http://h/b", "b"), ("attachment; filename==", "http://h/b", "="),
        ("attachment; filename=\"a;b\"; x", "http://h/b", "a;b"),
    ])
    func aFileNameIsOneSafeComponent(_ disposition: String?, _ url: String, _ expected: String) throws {
        let name = RemoteFileName.choose(contentDisposition: disposition, url: try RemoteURL(ByteString(url)))
        #expect(name == ByteString(expected))
        #expect(RemoteFileName.isSafe(name))
    }

    @Test func aLongFileNameIsNotTaken() throws {
        let url = try RemoteURL(ByteString("http://h/" + String(repeating: "x", count: 256)))
        #expect(RemoteFileName.choose(contentDisposition: nil, url: url) == RemoteFileName.unnamed)
    }

    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Fri, 29 Feb 2023 00:00:00 GMT", nil), ("", nil), ("0", nil), ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
            ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 PST", nil),
            ("Sun, 99999999999999999999 Nov 1 1:1:1 GMT", nil),
            ("Sun, 00 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Int64?)]
    )
    func aDateIsRead(_ text: String, _ seconds: Int64?) {
        #expect(HTTPDate.parse(text)?.seconds == seconds)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("\u{ff}>", "w78+"),
    ])
    func base64IsTheUsualOne(_ text: String, _ expected: String) {
        #expect(base64(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("http://a.example.com/", false), ("http://example.com/", false), ("http://notexample.com/", true),
        ("http://sub.dot.org/", false), ("http://dot.org/", true), ("http://port.net:81/", false),
        ("http://port.net/", true),
        ("http://10.1.2.3/", false), ("http://11.1.2.3/", true), ("http://1.2.3.4/", false),
        ("http://localhost/", false),
        ("http://127.0.0.9/", false), ("http://[::1]/", false), ("https://other.net/", true),
    ])
    func exceptionsFromTheProxyAreKept(_ url: String, _ isProxied: Bool) throws {
        let settings = try ProxySettings(environment: [
            "http_proxy": "proxy:3128", "HTTPS_PROXY": "socks5://[::1]",
            "no_proxy": "example.com, .dot.org,port.net:81 10.0.0.0/8,1.2.3.4",
        ])
        let proxy = settings.proxy(for: try RemoteURL(ByteString(url)))
        #expect((proxy != nil) == isProxied)
        if let proxy, url.hasPrefix("https") {
            #expect(proxy.kind == .socks && proxy.port == 1080 && proxy.host == "::1")
        }
    }

    @Test(arguments: ["https://proxy:1", "http://", "http://a b"])
    func aProxyThatCannotBeUsedIsAnError(_ value: String) {
        #expect(throws: RemoteSourceError.self) { try ProxySettings(environment: ["HTTP_PROXY": ByteString(value)]) }
    }
}
