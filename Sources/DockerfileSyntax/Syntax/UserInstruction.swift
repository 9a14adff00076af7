package import ByteStrings

/// `USER name:group`.
package struct UserInstruction: Hashable, Sendable {
    /// Names or numbers, unexpanded.
    package var user: ByteString

    package init(user: ByteString) {
        self.user = user
    }
}
