/// What a `--mount` puts into the container of a `RUN`.
package enum RunMountType: String, Hashable, Sendable, CaseIterable {
    case bind, cache, tmpfs, secret, ssh
}
