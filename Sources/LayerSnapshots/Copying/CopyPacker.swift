package import BuildContexts
package import ByteStrings
import FileModel

/// Makes the layer of a COPY, an ADD or a WORKDIR without unpacking anything.
///
/// Names and attributes are gathered first, over the file system the step starts from; ``pack(into:)`` then reads each
/// file once, straight into the layer. Directories on the way to a destination are part of the layer, as they are: a
/// layer that left them out would give them other attributes wherever layers are unpacked one by one.
///
/// Destinations are absolute; they are resolved inside the file system, links included. For one thread.
package struct CopyPacker: ~Copyable {
    var draft: LayerDraft
    var origins: [Int32: ContentOrigin] = [:]

    /// The hashes that files must turn out to have whose times cannot tell whether they were written to since.
    var expected: [Int32: ContentHash] = [:]

    /// The trees that files are read from; the first is the one the step starts from.
    private var trees: [(any FileTree)?]

    /// Source: Linux, `NAME_MAX` of `limits.h`.
    private static let longestName = 255

    /// Keeps contents that can be read only once, until the layer is written.
    var spool: Spool

    /// Starts an empty layer.
    ///
    /// `parent` is the file system that the step starts from, or nil when the layer must not depend on it. Contents of
    /// archives go to a file without a name in the folder `spoolFolder` of the host.
    ///
    /// - Throws: What reading `parent` fails with.
    package init(over parent: (any FileTree)?, spoolFolder: ByteString) throws {
        draft = try LayerDraft(over: parent)
        trees = [parent]
        spool = Spool(folder: spoolFolder)
    }

    /// Whether a directory is at the destination, or its text says that it is one.
    ///
    /// - Throws: ``LayerError/tooManyLinks(_:)``, or what reading the parent fails with.
    package func isDirectory(_ destination: ByteString) throws -> Bool {
        if Self.saysDirectory(destination) { return true }
        return try draft.kind(resolve(destination)) == .directory
    }

    /// Copies a selection from a tree.
    ///
    /// An existing directory at the destination keeps its attributes; those below take the source's. `unsettled` has
    /// files that were written to just before they were hashed, as `HashedSelection` gives them;
    /// packing them fails when they have other bytes by then.
    ///
    /// - Throws: ``LayerError/notDirectory(_:)``, ``LayerError/directoryOntoFile(_:)``,
    ///   ``LayerError/fileOntoDirectory(_:)``, ``LayerError/reservedName(_:)``, or what reading the trees fails with.
    package mutating func copy(
        _ selection: Selection,
        from tree: any FileTree,
        to destination: ByteString,
        options: CopyOptions,
        unsettled: [FileID: ContentHash] = [:]
    ) throws {
        let root = try resolve(destination)
        switch selection.form {
        case .nothing: return
        case .directory: try draft.directory(root, made: Self.madeDirectory(options))
        case .file:
            if Self.saysDirectory(destination) { throw LayerError.fileOntoDirectory("/" + root) }
        }
        let number = Int32(clamping: trees.count)
        trees.append(tree)
        var groups: [Int: Int32] = [:]
        for (index, selected) in selection.entries.enumerated() {
            let path = root.appendingPath(selected.destination)
            let attributes = selection.attributes.map { $0[index] ?? [:] }
            guard let node = try place(selected, attributes, from: tree, at: path, options: options, groups: groups)
            else {
                continue
            }
            if let group = selected.linkGroup, groups[group] == nil { groups[group] = draft.nodes[node].file }
            if selected.entry.kind == .regular {
                let file = draft.nodes[node].file
                guard Int(file) == node else { continue }
                origins[file] = origin(selected, in: number, isLive: tree.isLive)
                if !unsettled.isEmpty, let hash = unsettled[selected.entry.fileID] { expected[file] = hash }
            }
        }
    }

    /// Writes a file whose bytes are at hand; into the destination where that is a directory.
    ///
    /// - Throws: As ``copy(_:from:to:options:)``.
    package mutating func write(
        _ content: [UInt8],
        named name: ByteString,
        permissions: UInt16,
        to destination: ByteString,
        options: CopyOptions
    ) throws {
        var path = try resolve(destination)
        if try isDirectory(destination) { path = path.appendingPath(name) }
        var node = LayerNode(kind: .regular, attributes: FileAttributes(permissions: permissions))
        node.attributes.permissions = options.permissions?.applied(to: permissions, isDirectory: false) ?? permissions
        node.attributes.owner = options.owner?.user ?? 0
        node.attributes.group = options.owner?.group ?? 0
        node.attributes.modified = options.epoch
        node.size = UInt64(content.count)
        let number = try put(node, at: path, made: Self.madeDirectory(options))
        origins[Int32(clamping: number)] = .bytes(content)
    }

    /// Makes a directory and those above it; what exists is left as it is.
    ///
    /// - Throws: ``LayerError/notDirectory(_:)``, or what reading the parent fails with.
    package mutating func makeDirectory(_ path: ByteString, options: CopyOptions) throws {
        let resolved = try resolve(path)
        // Nothing to make is nothing to write, not even the directories on the way.
        if try draft.kind(resolved) == .directory { return }
        try draft.directory(resolved, made: Self.madeDirectory(options))
    }

    private func origin(_ selected: SelectedEntry, in tree: Int32, isLive: Bool) -> ContentOrigin {
        isLive
            ? .live(tree, selected.place, selected.entry.fileID, changed: selected.entry.changed)
            : .tree(tree, selected.place, selected.entry.fileID)
    }

    /// The tree that a number in an origin stands for.
    func tree(_ number: Int32) -> (any FileTree)? {
        trees.indices.contains(Int(number)) ? trees[Int(number)] : nil
    }

    func resolve(_ destination: ByteString) throws -> ByteString {
        // No file system this is unpacked to could hold it.
        if let name = destination.pathComponents.first(where: { $0.count > Self.longestName }) {
            throw LayerError.nameTooLong(name)
        }
        return try draft.resolve(destination.lexicallyCleanedAbsolute)
    }

    static func madeDirectory(_ options: CopyOptions) -> LayerNode {
        LayerNode(
            kind: .directory,
            attributes: FileAttributes(
                permissions: options.permissions?.ofMadeDirectories ?? 0o755,
                owner: options.owner?.user ?? 0,
                group: options.owner?.group ?? 0,
                modified: options.epoch
            )
        )
    }

    /// Puts something other than a directory at a path, whose last component may be kept as `shared` already.
    mutating func put(
        _ node: LayerNode,
        at path: ByteString,
        sharing shared: ByteString = "",
        made: LayerNode
    ) throws -> Int {
        if path.isEmpty { throw LayerError.fileOntoDirectory("/") }
        let (folder, last) = path.folderAndName
        let name = last == shared ? shared : last
        if name.hasPrefix(Whiteout.prefix) { throw LayerError.reservedName("/" + path) }
        let parent = try draft.directory(folder, made: made)
        if try draft.kind(of: name, in: parent, at: path) == .directory {
            throw LayerError.fileOntoDirectory("/" + path)
        }
        return draft.put(node, named: name, in: parent)
    }

    private mutating func place(
        _ selected: SelectedEntry,
        _ attributes: [ByteString: [UInt8]]?,
        from tree: any FileTree,
        at path: ByteString,
        options: CopyOptions,
        groups: [Int: Int32]
    ) throws -> Int? {
        if selected.entry.kind == .socket { return nil }
        var node = LayerNode(kind: selected.entry.kind, attributes: FileAttributes(selected.entry))
        if let owner = options.owner {
            node.attributes.owner = owner.user
            node.attributes.group = owner.group
        }
        if let change = options.permissions, node.kind != .symbolicLink {
            node.attributes.permissions = change.applied(
                to: node.attributes.permissions,
                isDirectory: node.kind == .directory
            )
        }
        node.attributes.extendedAttributes = try attributes ?? tree.extendedAttributes(selected.source)
        if node.kind == .directory { return try placeDirectory(node, at: path, options: options) }

        switch node.kind {
        case .regular: node.size = selected.entry.size
        case .symbolicLink: node.linkTarget = try tree.readLink(selected.source, of: selected.entry)
        case .characterDevice, .blockDevice: node.device = selected.entry.deviceNumber
        default: break
        }
        if let group = selected.linkGroup, let file = groups[group] { node.file = file }
        return try put(node, at: path, sharing: selected.place.name, made: Self.madeDirectory(options))
    }

    private mutating func placeDirectory(_ node: LayerNode, at path: ByteString, options: CopyOptions) throws -> Int {
        if path.isEmpty { return try describe(0, as: node) }
        let (folder, name) = path.folderAndName
        if name.hasPrefix(Whiteout.prefix) { throw LayerError.reservedName("/" + path) }
        let parent = try draft.directory(folder, made: Self.madeDirectory(options))
        if let existing = try draft.kind(of: name, in: parent, at: path), existing != .directory {
            throw LayerError.directoryOntoFile("/" + path)
        }
        return try describe(draft.directory(named: name, in: parent, at: path, made: node), as: node)
    }

    private mutating func describe(_ number: Int, as node: LayerNode) throws -> Int {
        draft.update(number) {
            $0.attributes = node.attributes
            $0.isImplied = false
        }
        return number
    }

    /// Whether a path can only name a directory.
    static func saysDirectory(_ destination: ByteString) -> Bool {
        destination.hasSuffix("/") || destination.hasSuffix("/.") || destination.hasSuffix("/..")
    }
}
