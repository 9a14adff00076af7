import OCIModel
import Testing

@Suite struct ChainIDTests {
    static let layers = ["a", "b", "c"].map { DiffID(.sha256(of: $0.utf8)) }

    @Test func oneLayerIsItsOwnChain() {
        #expect(ChainID(applying: Self.layers.prefix(1))?.digest == Self.layers[0].digest)
    }

    @Test func everyFurtherLayerHashesBothDigests() throws {
        let first = Digest.sha256(of: "\(Self.layers[0]) \(Self.layers[1])".utf8)
        let second = Digest.sha256(of: "\(first) \(Self.layers[2])".utf8)

        #expect(ChainID(applying: Self.layers)?.digest == second)
        #expect(ChainID(bottom: Self.layers[0]).appending(Self.layers[1]).digest == first)
    }

    @Test func noLayersHaveNoChain() {
        #expect(ChainID(applying: []) == nil)
    }
}
