import BuildContexts
import FileModel

/// A build context that is no folder of the host, brought here.
struct OpenedContext: Sendable {
    enum Content: Sendable {
        case files(any FileTree)

        /// No archive, and so a Dockerfile that comes without files.
        case dockerfile([UInt8])
    }

    /// What messages call it, such as `the archive on standard input`.
    var place: String
    var content: Content

    /// When it was made: the commit, the server's `Last-Modified`, or the newest file; nil when nobody says.
    var time: Timestamp?
}
