import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LayerSnapshots
import LinuxSystem
import OCIModel
import TarArchive
import Testing

/// COPY from a context that wants to read more than itself, whoever resolves its paths.
///
/// The classes are those of CVE-2018-15664 and CVE-2024-23651 (a link swapped in), CVE-2021-43784 and CVE-2022-23648 (a
/// link to a file of the host), CVE-2022-4122 (a Dockerfile or ignore file that is a link).
@Suite struct ContextEscapeTests {
    static let secret = "canary of the host"

    /// What the link `l` of the context says; its folder lies beside the file `secret` and the folder `outside`.
    static let targets = [
        "../secret", "../outside", "..", "../..", "/", "/etc/passwd", "/etc", "OUT/secret", "OUT/outside", "OUT",
        "d/../../secret", "d/../../outside/secret", "./../secret", "../context/../secret", "l", "m", "m/secret",
        "up/secret",
        "up/outside/secret", "/proc/self/cwd", "/proc/self/root/etc/passwd", "/dev/stdin", "nothing", "d/up/secret",
    ]

    static let sources = ["l", "l/", "l/secret", "l/*", "l*", "*", "*/secret", "l/outside/secret", "d"]

    final class Case {
        let store: LayerStore
        let context: ByteString

        init(target: String) throws {
            store = try LayerStore()
            let root = try OwnedDescriptor.openDirectory(store.path)
            try root.write(ContextEscapeTests.secret, to: "secret")
            try root.make(directory: "outside")
            try root.write(ContextEscapeTests.secret, to: "outside/secret")
            try root.make(directory: "context")
            let folder = try root.openChild("context", .directory)
            try folder.make(directory: "d")
            try folder.write("inside", to: "d/f")
            let outside = store.path.description
            try folder.makeSymbolicLink("l", to: ByteString(target.replacingOccurrences(of: "OUT", with: outside)))
            try folder.makeSymbolicLink("m", to: "l")
            try folder.makeSymbolicLink("up", to: "..")
            try folder.openChild("d", .directory).makeSymbolicLink("up", to: "../..")
            context = store.path.appendingPath("context")
        }

        /// The tar that a COPY gives, or nil when it fails.
        func copied(_ source: String, parents: Bool) throws -> [UInt8]? {
            let tree = try LocalContext(hostPath: context)
            var packer = try CopyPacker(over: nil, spoolFolder: store.path)
            let paths = PathSelection(patterns: [ByteString(source)], parents: parents)
            guard let selection = try? paths.select(from: tree, destinationIsDirectory: true) else { return nil }
            let hashed = try ContentHasher().hash(selection, in: tree, keepingOwners: false)
            try packer.copy(
                selection,
                from: tree,
                to: "/x/",
                options: CopyOptions(epoch: .epoch),
                unsettled: hashed.unsettled
            )
            let writer = try LayerWriter(into: store.state.blobs.writer(in: store.session), compression: .none)
            _ = try packer.pack(into: writer)
            let layer = try writer.finish()
            return try store.state.blobs.readAll(layer.blob.digest)
        }
    }

    @Test(arguments: PathLookup.allCases, targets)
    func noBytesFromOutsideGetIntoALayer(_ lookup: PathLookup, _ target: String) throws {
        let layers = try lookup.run {
            let test = try Case(target: target)
            return try Self.sources.flatMap { source in
                try [false, true].map { (source, try test.copied(source, parents: $0)) }
            }
        }
        for (source, layer) in layers {
            let leaks = layer.map {
                Self.contains($0, Array(Self.secret.utf8)) || Self.contains($0, Array("root:".utf8))
            }
            #expect(leaks != true, "COPY \(source) with a link to \(target)")
        }
        // The directory `d` is there in any case, so that the test sees what it should see.
        #expect(layers.last?.1 != nil)
    }

    @Test func theWalkIsReallyUsed() throws {
        let store = try LayerStore()
        #expect(throws: SystemError.self) {
            try PathLookup.walk.run {
                let root = try OwnedDescriptor.openDirectory(store.path)
                _ = try root.open("", .directory, resolving: .inRoot, by: .kernel).rawValue
            }
        }
    }

    @Test(arguments: PathLookup.allCases)
    func aFolderSwappedForALinkIsNotFollowed(_ lookup: PathLookup) throws {
        let test = try Case(target: "nothing")
        let folder = try OwnedDescriptor.openDirectory(test.context)
        try folder.openChild("d", .directory).removeFile("up")
        let error = #expect(throws: LayerError.self) {
            try lookup.run {
                let tree = try LocalContext(hostPath: test.context)
                let selection = try PathSelection(patterns: ["d"]).select(from: tree, destinationIsDirectory: true)
                var packer = try CopyPacker(over: nil, spoolFolder: test.store.path)
                try packer.copy(selection, from: tree, to: "/x/", options: CopyOptions(epoch: .epoch))
                try folder.rename("d", to: "old", in: folder)
                try folder.makeSymbolicLink("d", to: "../outside")
                try OwnedDescriptor.openDirectory(test.store.path).write(Self.secret, to: "outside/f")
                _ = try packer.pack(into: test.store.writer())
            }
        }
        #expect(error == .changedDuringBuild("d/f"))
    }

    @Test(arguments: PathLookup.allCases)
    func anIgnoredFileIsNotReachedThroughALink(_ lookup: PathLookup) throws {
        let test = try Case(target: "secret.txt")
        let folder = try OwnedDescriptor.openDirectory(test.context)
        try folder.write(Self.secret, to: "secret.txt")
        let ignore = try IgnoreFile(parsing: Array("secret.txt\n".utf8), name: ".dockerignore")
        let tree = try LocalContext(hostPath: test.context, ignore: ignore.matcher)
        let rule = IgnoreRule(file: ".dockerignore", line: 1, text: "secret.txt")
        for source in ["l", "m", "l*"] as [ByteString] {
            #expect(throws: ContextError.self) {
                try lookup.run {
                    try PathSelection(patterns: [source]).select(from: tree, destinationIsDirectory: true)
                }
            }
        }
        #expect(throws: ContextError.notFound(path: "l", nearest: nil, hiddenBy: rule)) {
            try lookup.run { try PathSelection(patterns: ["l"]).sources(in: tree) }
        }
    }

    static func contains(_ bytes: [UInt8], _ pattern: [UInt8]) -> Bool {
        Data(bytes).range(of: Data(pattern)) != nil
    }
}
