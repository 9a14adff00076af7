import ByteStrings
import TestSupport
import Testing

@testable import RemoteSources

/// Texts that a Dockerfile or a server could make up, from well-formed ones with a few bytes changed.
@Suite struct MutatedTextTests {
    private static let seeds = [
        "https://user:word@example.com:8443/a/b%20c.tgz?x=1&y#f", "http://[::ffff:1.2.3.4]/",
        "git@example.com:r.git#v1:d",
        "ssh://git@example.com:22/r.git", "github.com/a/b", "https://example.com/r.git?ref=v1&subdir=d&checksum=0a1b",
        "attachment; filename=\"a\\\"b\"; filename*=UTF-8''%C3%BC.txt", "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "../../x?y", "//h:1/..//./a",
    ]

    private static let alphabet = Array("ab0:/@#?&=%.-_[]\\\"'; \t\n\u{0}ü*,+~".utf8) + [0xff, 0x80]

    private static func text(_ random: inout SeededGenerator) -> ByteString {
        var bytes = Array(random.pick(seeds).utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where place < bytes.count: bytes.remove(at: place)
            case 1 where place < bytes.count: bytes[place] = random.pick(alphabet)
            case 2: bytes.insert(contentsOf: random.pick(seeds).utf8.prefix(8), at: place)
            default: bytes.insert(random.pick(alphabet), at: place)
            }
        }
        return ByteString(bytes)
    }

    @Test(arguments: 1...4) func whatIsReadIsReadTheSameAgain(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var urls = 0
        var references = 0
        for _ in 0..<5000 {
            let text = Self.text(&random)
            if let url = try? RemoteURL(text) {
                urls += 1
                let again = try RemoteURL(ByteString(url.text))
                #expect(again.text == url.text && again.userInfo == nil, "\(text)")
                #expect(!url.host.isEmpty && !url.host.contains("/"), "\(text)")
                #expect(!url.text.utf8.contains { $0 <= 0x20 || $0 == 0x7f }, "\(text)")
                let other = Self.text(&random)
                if let target = try? url.resolving(other) { #expect(!target.host.isEmpty, "\(text) \(other)") }
                let name = RemoteFileName.choose(contentDisposition: other.description, url: url)
                #expect(RemoteFileName.isSafe(name), "\(text) \(other)")
            }
            if let reference = try? GitReference(text) {
                references += 1
                #expect(reference.remote.bytes.first != UInt8(ascii: "-"), "\(text)")
                #expect(reference.ref?.bytes.first != UInt8(ascii: "-"), "\(text)")
                #expect(!reference.subdirectory.pathComponents.contains(".."), "\(text)")
            }
            _ = HTTPDate.parse(text.description)
        }
        // Enough of them are well formed for this to mean something.
        #expect(urls > 500 && references > 500)
    }
}
