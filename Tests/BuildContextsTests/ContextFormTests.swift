import BuildContexts
import TarArchive
import Testing

@Suite struct ContextFormTests {
    @Test(
        arguments: [
            ([], ContextForm.nothing), (Array("FROM busybox\n".utf8), .text), ([0x1F, 0x8B, 8, 0], .archive),
            (Array("BZh91AY".utf8), .archive), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .archive),
            ([0x28, 0xB5, 0x2F, 0xFD], .archive), ([0], .text), ([UInt8](repeating: 0, count: 512), .archive),
            ([UInt8](repeating: 0, count: 511), .text), ([UInt8](repeating: 0x20, count: 512), .text),
            ([UInt8](repeating: UInt8(ascii: "0"), count: 512), .text), ([UInt8](repeating: 0xFF, count: 512), .text),
            (Array(String(repeating: "# a long comment\n", count: 40).utf8.prefix(512)), .text),
        ] as [([UInt8], ContextForm)]
    )
    func theBeginningTells(_ prefix: [UInt8], _ form: ContextForm) {
        #expect(ContextForm(prefix: prefix) == form)
    }

    @Test func aTarIsKnownByItsFirstBlock() throws {
        let tar = try ArchiveContextTests.tar([.file("FROM busybox", "x")])
        #expect(ContextForm(prefix: Array(tar.prefix(ContextForm.probeLength))) == .archive)
        var changed = tar
        changed[3] ^= 1
        #expect(ContextForm(prefix: Array(changed.prefix(ContextForm.probeLength))) == .text)
    }
}
