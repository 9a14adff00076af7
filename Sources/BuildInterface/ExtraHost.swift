/// One `--add-host NAME:ADDRESS`, a line of `/etc/hosts` in RUN steps.
package struct ExtraHost: Hashable, Sendable {
    package var name: String
    package var address: String

    package init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}
