import LinuxSystem

/// The standard input of the process.
enum StandardInput {
    static let descriptor: CInt = 0

    /// Reads to the end; the descriptor itself, for a socket could not be opened anew by its path.
    static func readAll(limit: Int) throws(SystemError) -> [UInt8] {
        let input = OwnedDescriptor(adopting: descriptor)
        let bytes: [UInt8]
        do {
            bytes = try input.readAll(limit: limit)
        } catch {
            _ = input.release()
            throw error
        }
        _ = input.release()
        return bytes
    }
}
