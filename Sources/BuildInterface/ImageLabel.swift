/// A key and a value given on the command line for an image or its manifest.
package struct ImageLabel: Hashable, Sendable {
    package var key: String
    package var value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
