import BuildContexts
import ByteStrings
import CFuzzer

@main
enum FuzzIgnore {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv as UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        _ = LLVMFuzzerRunDriver(&count, &arguments) { check($0, $1) }
    }
}

/// Reads any bytes as an ignore file, and asks it for paths.
///
/// The paths stand behind the first zero byte, one a line.
private func check(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
    let paths = bytes[min(end + 1, bytes.endIndex)...].split(separator: UInt8(ascii: "\n")).prefix(64)
        .map { ByteString($0.prefix(1_000)) }.filter { !$0.isEmpty }
    let text = Array(bytes[..<end])
    guard let file = try? IgnoreFile(parsing: text, name: ".dockerignore") else { return 0 }
    for path in paths {
        let deciding = file.matcher.decidingPattern(for: path)
        precondition(file.matcher.ignores(path) == (deciding.map { !$0.isException } ?? false))
        guard let child = path.isAbsolutePath ? nil : path.appendingPath("x") as ByteString? else { continue }
        // What is ignored without any exception takes everything below it along.
        if file.matcher.ignores(path), !file.matcher.patterns.contains(where: \.isException) {
            precondition(file.matcher.ignores(child), "a file outlives its folder")
        }
    }
    if let pattern = try? GlobPattern(ByteString(text)) {
        for path in paths { _ = pattern.matches(path) }
    }
    return 0
}
