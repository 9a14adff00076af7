package import ByteStrings

/// A `key=value` word of `ENV` or `LABEL`, both sides with their quotes and escapes as written.
package struct KeyValue: Hashable, Sendable {
    package var key: ByteString
    package var value: ByteString

    package init(key: ByteString, value: ByteString) {
        self.key = key
        self.value = value
    }
}
