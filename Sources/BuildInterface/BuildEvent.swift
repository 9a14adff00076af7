package import SourceDiagnostics

/// What happens during a build, in the order it happens.
package enum BuildEvent: Sendable {
    /// A piece of work begins; its number is new in this build.
    case started(vertex: Int, name: String)

    /// A command of the vertex wrote something: raw bytes, cut anywhere.
    case output(vertex: Int, stream: OutputStream, bytes: [UInt8])

    /// The result was there already.
    case cached(vertex: Int)

    /// The work is done.
    case completed(vertex: Int, duration: Duration)

    /// The work failed; the error itself ends the build.
    case failed(vertex: Int, message: String)

    /// The work was stopped because something else failed or the user asked for it.
    case cancelled(vertex: Int)

    /// Something worth knowing about the Dockerfile that does not stop the build.
    case warning(Diagnostic, SourceText?)
}

/// The two streams a command writes to.
package enum OutputStream: UInt8, Hashable, Sendable {
    case standardOutput = 1
    case standardError = 2
}
