/// The group of a container, or none; removed when nobody holds it any more.
struct OwnedCgroup: ~Copyable, Sendable {
    /// Nil where nothing is limited.
    let group: Cgroup?

    init(_ group: Cgroup?) {
        self.group = group
    }

    deinit {
        group?.remove()
    }
}
