import ByteStrings
import CFuzzer
import DockerfileSyntax

@main
enum FuzzExpansion {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv as UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        _ = LLVMFuzzerRunDriver(&count, &arguments) { check($0, $1) }
    }
}

/// Expands any word in every way, by variables that the first bytes make up.
private func check(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let choice = bytes.first else { return 0 }
    // Up to the first zero byte stands the value of a variable.
    let rest = bytes.dropFirst()
    let end = rest.firstIndex(of: 0) ?? rest.startIndex
    let value = ByteString(rest[..<end])
    let word = ByteString(rest[(rest.isEmpty ? end : min(end + 1, rest.endIndex))...])
    let lookup = { (name: ByteString) -> ByteString? in
        switch name.bytes.first {
        case UInt8(ascii: "a"): value
        case UInt8(ascii: "b"): choice & 2 == 0 ? "" : "two words"
        case UInt8(ascii: "c"): ByteString(value.prefix(3))
        default: nil
        }
    }
    let expander = WordExpander(escape: choice & 1 == 0 ? UInt8(ascii: "\\") : UInt8(ascii: "`"))
    let expanded = try? expander.expand(word, lookup: lookup)
    if let words = try? expander.expandToWords(word, lookup: lookup) {
        precondition(expanded != nil || words.isEmpty, "words of what is no word")
        precondition(words.allSatisfy { !$0.isEmpty })
    }
    _ = try? expander.expandHeredoc(word, lookup: lookup)
    let unset = expander.unsetNames(in: word) { lookup($0) != nil }
    precondition(unset.allSatisfy { lookup($0) == nil } && Set(unset).count == unset.count)
    if expanded != nil, word.bytes.allSatisfy({ !"$'\"\\`".utf8.contains($0) }) {
        precondition(expanded == word, "plain text was changed")
    }
    if choice & 4 != 0 { _ = try? RunMount(parsing: word) { (word) throws(ExpansionError) in word } }
    return 0
}
