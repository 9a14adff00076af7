import CLinuxSystem
import SystemPackage

/// The two ends of a pipe.
///
/// Source: `pipe(7)`.
package struct Pipe: ~Copyable, Sendable {
    package let readEnd: OwnedDescriptor
    package let writeEnd: OwnedDescriptor

    package init() throws(SystemError) {
        try self.init("make a pipe", slipway_pipe)
    }

    /// Any two descriptors that one call makes, of which the first is for reading.
    init(_ operation: String, _ call: (UnsafeMutablePointer<CInt>) -> CInt) throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        try systemCall(operation) { call(&ends) }
        readEnd = OwnedDescriptor(adopting: ends[0])
        writeEnd = OwnedDescriptor(adopting: ends[1])
    }

    /// Gives the reading end away and closes the other.
    package consuming func takeReadEnd() -> OwnedDescriptor { readEnd }

    /// Gives the writing end away and closes the other.
    package consuming func takeWriteEnd() -> OwnedDescriptor { writeEnd }

    /// Gives both numbers away, reading end first, without closing them.
    package consuming func release() -> (CInt, CInt) {
        (readEnd.release(), writeEnd.release())
    }
}

extension OwnedDescriptor {
    /// A new pipe; write `let pipe = …`, then use or take its ends.
    package static func makePipe() throws(SystemError) -> Pipe {
        try Pipe()
    }
}
