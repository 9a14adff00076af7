import LinuxSystem

extension ContainerRequest {
    /// The same request with a user that the namespace has.
    ///
    /// Where there is one user only, that one stands in for all others; a namespace with more has an end of its ids.
    func adapted(to namespace: UserNamespace) throws(ExecutorError) -> ContainerRequest {
        var request = self
        if namespace.hasSingleID {
            request.user = ResolvedUser(user: 0, group: 0, groups: [], home: user.home)
            return request
        }
        guard !namespace.isInitial else { return request }
        for (kind, map, ids) in [
            ("user", namespace.users, [user.user]), ("group", namespace.groups, [user.group] + user.groups),
        ] {
            guard let missing = ids.first(where: { !map.contains($0) }) else { continue }
            throw .invalidRequest(
                "\(kind) \(missing) is not among the \(map.count) ids there are here: a longer range in "
                    + "/etc/sub\(kind == "user" ? "uid" : "gid") gives more"
            )
        }
        return request
    }
}
