/// How steps that run at the same time use one cache mount.
package enum RunMountSharing: String, Hashable, Sendable, CaseIterable {
    case shared, `private`, locked
}
