import ByteStrings

extension LayerDraft {
    /// Whether a path may lead through a link to nowhere; what is missing is made then.
    enum DanglingLinks {
        case lead, fail
    }

    private static let mostLinks = 40

    /// The path that `path` leads to when links are followed, with `root` as the root that it cannot leave.
    ///
    /// Components that are not there are taken as they are; so are those behind something that is no directory. The
    /// result is below `root`, and clean from the layer's root on.
    ///
    /// - Throws: `LayerError.tooManyLinks`; `LayerError.notFound` for a dangling link when those fail.
    func resolve(
        _ path: ByteString,
        below root: ByteString = "",
        followingLast: Bool = true,
        dangling: DanglingLinks = .lead
    ) throws -> ByteString {
        var kept = root.pathComponents
        var way: [Found] = [.node(0)]
        for (depth, component) in kept.enumerated() {
            way.append(try find(component, in: way[depth], at: kept[...depth].joinedAsPath))
        }
        let start = (kept: kept, way: way)
        var pending = path.pathComponents.reversed().map { (name: $0, isFromLink: false) }
        var links = 0
        while let component = pending.popLast() {
            if component.name == ".." {
                if kept.count > start.kept.count {
                    kept.removeLast()
                    way.removeLast()
                }
                continue
            }
            let parent = way[kept.count]
            kept.append(component.name)
            let found = try find(component.name, in: parent, at: kept.joinedAsPath)
            guard followingLast || !pending.isEmpty, let target = try linkTarget(found, at: kept.joinedAsPath) else {
                if component.isFromLink, dangling == .fail, case .nothing = found {
                    throw LayerError.notFound("/" + kept.joinedAsPath)
                }
                way.append(found)
                continue
            }
            links += 1
            if links > Self.mostLinks { throw LayerError.tooManyLinks(path) }
            if target.isAbsolutePath { (kept, way) = start } else { kept.removeLast() }
            pending += target.pathComponents.reversed().map { (name: $0, isFromLink: true) }
        }
        return kept.joinedAsPath
    }
}
