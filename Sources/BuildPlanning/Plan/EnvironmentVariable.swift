package import ByteStrings

/// One variable of a process's environment.
package struct EnvironmentVariable: Hashable, Sendable {
    package var name: ByteString
    package var value: ByteString

    package init(name: ByteString, value: ByteString) {
        self.name = name
        self.value = value
    }
}
