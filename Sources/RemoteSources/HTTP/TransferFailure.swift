/// A failed attempt at a transfer, and whether another one may do better.
struct TransferFailure: Error {
    enum Remedy: Hashable, Sendable {
        case none

        /// The next address of the host.
        case otherAddress

        /// The same again, after a wait; the server may say how long.
        case later(Duration?)

        /// The same again, the body's encoding undone.
        case decoding
    }

    let error: RemoteSourceError
    let remedy: Remedy

    init(_ error: RemoteSourceError, _ remedy: Remedy = .none) {
        self.error = error
        self.remedy = remedy
    }
}
