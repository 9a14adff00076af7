import ByteStrings
import Foundation
import LinuxSystem
import Testing

@testable import BuildContexts

/// What an ignore file hides is not read, as the times of access show, which the kernel sets when a folder is listed.
@Suite struct IgnoredFolderTests {
    /// A folder whose time of access lies long before its other times is marked at the next access (`relatime`).
    private struct Access {
        let folder: ByteString

        /// `UTIME_OMIT` of `utimensat(2)`, which Swift does not see.
        private static let keep = 0x3FFF_FFFE

        func prepare(_ path: String) throws {
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: Self.keep)]
            let isSet = utimensat(AT_FDCWD, full(path), &times, 0) == 0
            #expect(isSet)
        }

        func wasRead(_ path: String) -> Bool {
            var status = stat()
            return lstat(full(path), &status) == 0 && status.st_atim.tv_sec != 1
        }

        private func full(_ path: String) -> String {
            path.isEmpty ? folder.description : "\(folder)/\(path)"
        }
    }

    private static let folders = [
        "", "src", "src/deep", "node_modules", "node_modules/a", "node_modules/a/lib", "node_modules/b",
        "node_modules/b/lib", "vendor", "vendor/node_modules", "vendor/node_modules/c",
    ]

    /// Whether the file system that tests write to notes accesses at all.
    private static let notesAccess: Bool = {
        guard let folder = try? TemporaryFolder(), (try? folder.makeFolder("probe")) != nil else { return false }
        let access = Access(folder: folder.hostPath)
        guard (try? access.prepare("probe")) != nil else { return false }
        _ = try? FileManager.default.contentsOfDirectory(atPath: "\(folder.hostPath)/probe")
        return access.wasRead("probe")
    }()

    /// The ignore file, and which folders may be read.
    @Test(
        .enabled(if: notesAccess, "the file system notes no accesses"),
        arguments: [
            ("", folders),
            ("node_modules\n", ["", "src", "src/deep", "vendor", "vendor/node_modules", "vendor/node_modules/c"]),
            ("**/node_modules\n", ["", "src", "src/deep", "vendor"]),
            (
                "node_modules\nvendor\n!vendor\n",
                [
                    "", "src", "src/deep", "vendor", "vendor/node_modules",
                    "vendor/node_modules/c",
                ]
            ),
            // An exception lets in only what leads to it.
            (
                "node_modules\nvendor\n!node_modules/a/lib/kept\n",
                [
                    "", "src", "src/deep", "node_modules",
                    "node_modules/a", "node_modules/a/lib",
                ]
            ),
            (
                "node_modules\nvendor\n!node_modules/*/kept\n",
                [
                    "", "src", "src/deep", "node_modules",
                    "node_modules/a", "node_modules/b",
                ]
            ),
            ("*\n!src\n", ["", "src", "src/deep"]),
            ("*\n", [""]),
        ]
    )
    func onlyWhatCanBeKeptIsRead(_ lines: String, _ expected: [String]) throws {
        let folder = try TemporaryFolder()
        for path in Self.folders where !path.isEmpty { try folder.write("\(path)/file", "x") }
        let access = Access(folder: folder.hostPath)
        let tree = try folder.context(ignoring: lines)
        for path in Self.folders { try access.prepare(path) }
        try tree.walk("") { _ in .descend }
        #expect(Self.folders.filter(access.wasRead) == expected)
    }

    /// `--exclude` spares a walk the same way.
    @Test(.enabled(if: notesAccess, "the file system notes no accesses"))
    func whatACopyExcludesIsNotRead() throws {
        let folder = try TemporaryFolder()
        for path in Self.folders where !path.isEmpty { try folder.write("\(path)/file", "x") }
        let access = Access(folder: folder.hostPath)
        let tree = try folder.context()
        for path in Self.folders { try access.prepare(path) }
        let paths = PathSelection(patterns: ["."], excluded: try IgnoreMatcher(flags: ["**/node_modules"]))
        _ = try paths.select(from: tree, destinationIsDirectory: true)
        #expect(Self.folders.filter(access.wasRead) == ["", "src", "src/deep", "vendor"])
    }
}
