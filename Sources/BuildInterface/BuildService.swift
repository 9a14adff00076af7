/// Who builds: an engine in this process, or later one behind a socket.
package protocol BuildService: Sendable {
    /// Builds, and reports what happens while it does.
    ///
    /// Cancelling the calling task stops every command and leaves nothing behind. `onEvent` is called from any thread,
    /// one call at a time.
    ///
    /// - Parameters:
    ///   - request: What to build, and where the result goes.
    ///   - onEvent: Told of each step as it happens; it must not block for long.
    /// - Returns: The image that was made.
    /// - Throws: ``BuildFailure`` for everything a user can mend.
    func build(_ request: BuildRequest, onEvent: @escaping @Sendable (BuildEvent) -> Void) async throws -> BuildResult
}
