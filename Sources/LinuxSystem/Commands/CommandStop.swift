import Glibc

/// Wakes the thread that follows a command when nobody wants its result any more.
final class CommandStop: Sendable {
    private let reading: OwnedDescriptor
    private let writing: OwnedDescriptor

    init() throws(SystemError) {
        let (reading, writing) = try Pipe().release()
        self.reading = OwnedDescriptor(adopting: reading)
        self.writing = OwnedDescriptor(adopting: writing)
    }

    /// Can be read from the moment on that a stop was asked for.
    var descriptor: CInt { reading.rawValue }

    func request() {
        _ = Glibc.write(writing.rawValue, "x", 1)
    }
}
