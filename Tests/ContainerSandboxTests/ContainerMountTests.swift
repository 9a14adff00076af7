import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import ContainerSandbox

@Suite(.containers) struct ContainerMountTests {
    private let image: TestImage
    private let shared: URL

    init() throws {
        image = try TestImage()
        shared = image.folder.appendingPathComponent("shared")
        try FileManager.default.createDirectory(
            at: shared.appendingPathComponent("inner"),
            withIntermediateDirectories: true
        )
        try Data("shared".utf8).write(to: shared.appendingPathComponent("file"))
        try Data("inside".utf8).write(to: shared.appendingPathComponent("inner/file"))
    }

    private func mount(
        _ source: ContainerMount.Source,
        _ target: ByteString,
        _ attributes: MountAttributes = []
    ) -> (inout ContainerRequest) -> Void {
        { $0.mounts = [ContainerMount(source, on: target, attributes)] }
    }

    private var source: ByteString { ByteString(shared.path) }

    @Test func aFolderOfTheHostCanBeWritten() throws {
        try image.shell("cat /mnt/file && echo new > /mnt/new", mount(.bind(source), "/mnt"))
        #expect(try String(contentsOf: shared.appendingPathComponent("new"), encoding: .utf8) == "new\n")
    }

    @Test func aReadOnlyFolderCannotBeWritten() throws {
        let result = try image.shell("cat /mnt/file; echo new > /mnt/new", mount(.bind(source), "/mnt", .readOnly))
        #expect(result.output == "shared")
        #expect(result.errors.contains("Read-only file system"))
    }

    @Test func aFileIsMountedOnAFile() throws {
        let path = source.appendingPath("file")
        let result = try image.shell("cat /etc/hosts; echo x > /etc/hosts") {
            $0.mounts = [ContainerMount(.bind(path), on: "/etc/hosts", .readOnly)]
        }
        #expect(result.output == "shared")
        #expect(result.errors.contains("Read-only file system"))
        #expect(try image.changes() == [])
    }

    @Test func aMissingTargetIsMade() throws {
        #expect(try image.shell("cat /a/b/c/file", mount(.bind(source), "/a/b/c")).output == "shared")
        #expect(
            try image.shell("cat /x/y/z", mount(.bind(source.appendingPath("file")), "/x/y/z")).output == "shared"
        )
    }

    @Test func aSubpathIsResolvedInsideItsSource() throws {
        #expect(try image.shell("cat /mnt/file", mount(.bind(source, subpath: "inner"), "/mnt")).output == "inside")
        try FileManager.default.createSymbolicLink(
            atPath: shared.path + "/evil",
            withDestinationPath: "/../../../../inner"
        )
        #expect(try image.shell("cat /mnt/file", mount(.bind(source, subpath: "evil"), "/mnt")).output == "inside")
        #expect(throws: ExecutorError.self) {
            try image.shell("true", mount(.bind(source, subpath: "../../etc/passwd"), "/mnt"))
        }
    }

    @Test func memoryMountsVanishWithTheContainer() throws {
        let result = try image.shell(
            "echo x > /scratch/file && df -k /scratch | grep -o ' 1024 ' | head -n 1; stat -c %a /scratch; mknod /scratch/n c 1 3; head -c 1 /scratch/n",
            mount(.temporary(size: 1 << 20, permissions: 0o700), "/scratch")
        )
        #expect(result.output == " 1024 \n700\n")
        #expect(result.errors.contains("Permission denied"))
        #expect(!(try image.changes()).contains("scratch/file"))
    }

    @Test func stubsKeepTheChangesClean() throws {
        var stubs = StubTree()
        stubs.insert("/var/cache/tool", isDirectory: true)
        stubs.insert("/run/secrets/token", isDirectory: false)
        try stubs.write(in: try OwnedDescriptor.openDirectory(ByteString(image.stubs.path)))
        let result = try image.shell("cat /var/cache/tool/file /run/secrets/token") {
            $0.mounts = [
                ContainerMount(.bind(source), on: "/var/cache/tool"),
                .generatedFile(Array("token".utf8), on: "/run/secrets/token"),
            ]
        }
        #expect(result.output == "sharedtoken")
        #expect(try image.changes() == [])
    }

    @Test(
        arguments: ["/", "/.", "/proc", "/proc/", "/proc/self/attr", "/sys", "/sys/fs/cgroup", "/a/../proc/x"]
            as [ByteString]
    )
    func reservedTargetsAreRefused(_ target: ByteString) throws {
        #expect(throws: ExecutorError.forbiddenTarget(target)) { try image.shell("true", mount(.temporary(), target)) }
        #expect(throws: ExecutorError.forbiddenTarget(target)) { try image.shell("true", mount(.bind(source), target)) }
    }

    @Test(arguments: ["/toproc", "/toproc/self", "/tosys/fs", "/toroot", "/tofd"] as [ByteString])
    func linksToReservedTargetsAreRefused(_ target: ByteString) throws {
        try image.link("toproc", to: "/proc")
        try image.link("tosys", to: "../../sys")
        try image.link("toroot", to: "../..")
        try image.link("tofd", to: "/proc/self/fd/1")
        #expect(throws: ExecutorError.self) { try image.shell("true", mount(.temporary(), target)) }
        #expect(throws: ExecutorError.self) { try image.shell("true", mount(.bind(source), target)) }
    }

    /// Most of these kernels have; which is left out here, the container leaves out as well.
    @Test(
        arguments: ["/proc/keys", "/proc/kcore", "/proc/timer_list", "/sys/firmware"].filter {
            FileManager.default.fileExists(atPath: $0)
        }
    )
    func linksToWhatIsHiddenAreRefused(_ hidden: String) throws {
        try image.link("link", to: hidden)
        try image.link("tonull", to: "/dev/null")
        for target in ["/link", "/tonull"] as [ByteString] {
            let refusal = ExecutorError.forbiddenTarget(target)
            #expect(throws: refusal) { try image.shell("true", mount(.temporary(), target)) }
            #expect(throws: refusal) { try image.shell("true", mount(.bind(source), target)) }
        }
    }

    @Test func aTargetThroughALinkStaysInside() throws {
        let canary = image.folder.appendingPathComponent("canary")
        try FileManager.default.createDirectory(at: canary, withIntermediateDirectories: true)
        try image.link("out", to: "../../../../../../../../../.." + canary.path)
        let result = try image.shell("cat /out/deep/file", mount(.bind(source), "/out/deep"))
        #expect(result.output == "shared")
        #expect(try FileManager.default.contentsOfDirectory(atPath: canary.path) == [])
    }

    @Test(arguments: ["proc", "sys", "dev"])
    func aLinkInPlaceOfASystemFolderIsRefused(_ name: String) throws {
        let canary = image.folder.appendingPathComponent("canary")
        try FileManager.default.createDirectory(at: canary, withIntermediateDirectories: true)
        try image.link(name, to: canary.path)
        #expect(throws: ExecutorError.self) { try image.shell("true") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: canary.path) == [])
    }

    @Test func aSourceThatIsMissingIsTold() throws {
        #expect(throws: ExecutorError.setup("mount `/nowhere` on `/mnt`", .noSuchFileOrDirectory)) {
            try image.shell("true", mount(.bind("/nowhere"), "/mnt"))
        }
    }

    @Test func longPathsOfLayersAreMounted() throws {
        var deep = image.folder
        for _ in 0..<3 { deep.appendPathComponent(String(repeating: "d", count: 120)) }
        try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
        try Data("deep".utf8).write(to: deep.appendingPathComponent("deepfile"))
        let result = try image.shell("cat /deepfile") { $0.lowerTrees.insert(ByteString(deep.path), at: 0) }
        #expect(result.output == "deep")
    }

    @Test func aHundredLayersAreMounted() throws {
        var trees: [ByteString] = []
        for index in 0..<100 {
            let tree = image.folder.appendingPathComponent("layer\(index)")
            try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: true)
            try Data("\(index)".utf8).write(to: tree.appendingPathComponent("which"))
            try Data("x".utf8).write(to: tree.appendingPathComponent("only\(index)"))
            trees.append(ByteString(tree.path))
        }
        let result = try image.shell("cat /which; ls / | grep -c only") { $0.lowerTrees = trees + $0.lowerTrees }
        #expect(result.output == "0100\n")
    }
}
