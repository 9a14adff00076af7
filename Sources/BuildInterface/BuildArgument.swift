package import ByteStrings

/// One `--build-arg NAME=VALUE`.
package struct BuildArgument: Hashable, Sendable {
    package var name: ByteString
    package var value: ByteString

    package init(name: ByteString, value: ByteString) {
        self.name = name
        self.value = value
    }
}
