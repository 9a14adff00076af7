import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import Testing

@testable import ContainerSandbox

/// Mounts of what several folders make together, and of files that no path of the host leads to.
@Suite(.containers) struct ContainerLayersTests {
    private let image: TestImage
    private let low: URL
    private let high: URL
    private let work: URL
    private let upper: URL

    init() throws {
        image = try TestImage()
        (low, high) = (image.folder.appendingPathComponent("low"), image.folder.appendingPathComponent("high"))
        (work, upper) = (image.folder.appendingPathComponent("work"), image.folder.appendingPathComponent("upper"))
        for folder in [low.appendingPathComponent("dir"), high, work, upper] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        for (url, text) in [
            (low.appendingPathComponent("both"), "low"), (low.appendingPathComponent("gone"), "low"),
            (low.appendingPathComponent("dir/file"), "inside"), (high.appendingPathComponent("both"), "high"),
        ] {
            try Data(text.utf8).write(to: url)
        }
        let top = try OwnedDescriptor.openDirectory(ByteString(high.path))
        try top.makeNode("gone", kind: .characterDevice, permissions: 0)
        for (name, target) in [("up", "../../../../../dir"), ("root", "/"), ("host", "/etc")] {
            try top.makeSymbolicLink(ByteString(name), to: ByteString(target))
        }
    }

    private func layers(
        subpath: ByteString = "",
        isWritable: Bool = false,
        _ attributes: MountAttributes = .readOnly
    ) -> (inout ContainerRequest) -> Void {
        let layers = ContainerMount.Layers(
            folders: [ByteString(high.path), ByteString(low.path)],
            upper: isWritable ? ByteString(upper.path) : nil,
            work: ByteString(work.path),
            subpath: subpath
        )
        return { $0.mounts = [ContainerMount(.layers(layers), on: "/mnt", isWritable ? [] : attributes)] }
    }

    @Test func foldersAreMergedTopFirst() throws {
        let result = try image.shell("cat /mnt/both /mnt/dir/file; ls /mnt; echo x > /mnt/new", layers())
        #expect(result.output == "highinsideboth\ndir\nhost\nroot\nup\n")
        #expect(result.errors.contains("Read-only file system"))
    }

    @Test func whatIsWrittenGoesElsewhere() throws {
        let result = try image.shell(
            "echo new > /mnt/both && rm -r /mnt/dir && cat /mnt/both && ls /mnt",
            layers(isWritable: true)
        )
        #expect(result.output == "new\nboth\nhost\nroot\nup\n")
        #expect(try String(contentsOf: high.appendingPathComponent("both"), encoding: .utf8) == "high")
        #expect(FileManager.default.fileExists(atPath: low.path + "/dir/file"))
    }

    /// CVE-2024-1753: a source that is a link of the image must not lead to the host.
    @Test(
        arguments: [
            ("up", "file\n"), ("root/dir", "file\n"), ("/dir/../../../dir", "file\n"),
            ("/", "both\ndir\nhost\nroot\nup\n"),
        ] as [(ByteString, String)]
    )
    func aSourceIsResolvedInsideTheLayers(_ subpath: ByteString, _ expected: String) throws {
        #expect(try image.shell("ls /mnt", layers(subpath: subpath)).output == expected)
    }

    @Test func aSourceThatIsOnlyOnTheHostIsMissing() throws {
        #expect(throws: ExecutorError.self) { try image.shell("true", layers(subpath: "host/passwd")) }
        #expect(throws: ExecutorError.self) { try image.shell("true", layers(subpath: "gone")) }
    }

    @Test func aFileOfLayersIsMountedOnAFile() throws {
        #expect(try image.shell("cat /mnt", layers(subpath: "both")).output == "high")
    }

    @Test func aTreeWithoutAPathIsALayer() throws {
        let mount = try DetachedOverlay.mount(
            lower: [ByteString(high.path), ByteString(low.path)],
            upper: nil,
            work: nil
        )
        let tree = MountedTree(mount)
        let result = try image.shell(
            "cat /both /dir/file; test -e /gone || echo gone; stat -c %d / /both /bin/busybox; echo x > /dir/file"
        ) { request in
            request.trees = [tree]
            request.lowerTrees.insert(ContainerRequest.path(ofTree: 0), at: 1)
        }
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "highinsidegone")
        #expect(Set(lines.dropFirst()).count == 1, "all files are on one device")
        #expect(try image.changes() == ["dir", "dir/file"])
    }

    // MARK: - Files in memory

    private static let secret = ContainerMount.generatedFile(
        Array("s3cret".utf8),
        on: "/run/secrets/s",
        permissions: 0o440,
        owner: 1000,
        group: 7
    )

    @Test func aFileInMemoryIsWhatWasAskedFor() throws {
        let result = try image.shell(
            "cd /run/secrets; cat s; stat -c ' %a %u %g %h' s; stat -f -c %T s; echo x > s; grep ' /run/secrets/s ' /proc/mounts"
        ) { $0.mounts = [Self.secret] }
        let lines = result.output.split(separator: "\n")
        #expect(lines.prefix(2) == ["s3cret 440 1000 7 1", "tmpfs"])
        let options = try #require(lines.last?.split(separator: " ")[3]).split(separator: ",")
        #expect(["ro", "nosuid", "nodev", "noexec"].allSatisfy { options.contains(Substring($0)) })
        #expect(result.errors.contains("Read-only file system"))
    }

    @Test func filesInMemoryAreNowhereElse() throws {
        let many = (0..<40).map { ContainerMount.generatedFile(Array("\($0)".utf8), on: ByteString("/m/\($0)")) }
        let result = try image.shell("cat /m/0 /m/17 /m/39; grep -c tmpfs /proc/mounts; ls /work /upper 2>/dev/null") {
            $0.mounts = many + [Self.secret]
        }
        #expect(result.output.hasPrefix("01739"))
        let enumerator = FileManager.default.enumerator(at: image.folder, includingPropertiesForKeys: nil)
        for case let url as URL in enumerator ?? .init() where !url.path.hasSuffix("busybox") {
            guard let content = try? Data(contentsOf: url) else { continue }
            #expect(content.range(of: Data("s3cret".utf8)) == nil, "\(url.path)")
        }
        #expect(!(try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)).contains(image.folder.path))
    }

    @Test func largeAndEmptyFilesArrive() throws {
        let large = [UInt8](repeating: 0x41, count: 3_000_000)
        let result = try image.shell("wc -c < /large; wc -c < /empty") {
            $0.mounts = [.generatedFile(large, on: "/large"), .generatedFile([], on: "/empty")]
        }
        #expect(result.output == "3000000\n0\n")
    }

    @Test(arguments: ["/", "/proc/x", "/sys"] as [ByteString])
    func reservedTargetsAreRefused(_ target: ByteString) {
        #expect(throws: ExecutorError.forbiddenTarget(target)) {
            try image.shell("true") { $0.mounts = [.generatedFile([], on: target)] }
        }
    }

    @Test func aSecretVariableIsNotInMessages() throws {
        let error = #expect(throws: ExecutorError.self) {
            try image.shell("true") { $0.environment.append("TOKEN=s3c\0ret") }
        }
        #expect(error?.description.contains("TOKEN") == true)
        #expect(error?.description.contains("s3c") == false)
        let operation = SetupOperation.mountFile(
            .init(place: "/p", target: "/t", attributes: [], permissions: 0, owner: 0, group: 0, content: [0x41, 0x42])
        )
        #expect(operation.description == "mount a file on `/t`")
    }
}
