import ByteStrings
import ContentStorage
import Foundation
import TestSupport
import Testing

@Suite struct StateDirectoryTests {
    @Test func openingMakesEveryFolderForItsOwnerOnly() throws {
        let temporary = try TemporaryState()
        #expect(
            try temporary.names(in: "") == ["cache-mounts", "logs", "oci", "tmp", "trees", "version"]
        )
        for folder in ["", "cache-mounts", "logs", "oci", "oci/blobs", "oci/blobs/sha256", "tmp", "trees"] {
            #expect(try temporary.permissions(of: folder) == 0o700, "\(folder)")
        }
        #expect(try Data(contentsOf: temporary.url("version")) == Data("1\n".utf8))
    }

    @Test func theBlobFolderIsAnOCILayout() throws {
        let temporary = try TemporaryState()
        let layout = try JSONSerialization.jsonObject(with: Data(contentsOf: temporary.url("oci/oci-layout")))
        #expect(layout as? [String: String] == ["imageLayoutVersion": "1.0.0"])
        let index = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: temporary.url("oci/index.json"))) as? [String: Any]
        )
        #expect(index["schemaVersion"] as? Int == 2)
        #expect((index["manifests"] as? [Any])?.isEmpty == true)
    }

    @Test func openingAgainFindsTheSameThings() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blob = try temporary.state.blobs.put(Array("bytes".utf8), in: session)
        let again = try StateDirectory.open(temporary.root)
        #expect(try again.blobs.readAll(blob.digest) == Array("bytes".utf8))
    }

    @Test func widenedPermissionsAreTakenBack() throws {
        let temporary = try TemporaryState()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: temporary.url("").path)
        _ = try StateDirectory.open(temporary.root)
        #expect(try temporary.permissions(of: "") == 0o700)
    }

    @Test func aNewerLayoutIsRefusedAndLeftAlone() throws {
        let temporary = try TemporaryState()
        try Data("7\n".utf8).write(to: temporary.url("version"))
        try FileManager.default.removeItem(at: temporary.url("logs"))
        let expected = StorageError.newerVersion(found: 7, root: temporary.root)
        #expect(throws: expected) { try StateDirectory.open(temporary.root) }
        #expect(expected.description.contains("newer program"))
        #expect(try !temporary.names(in: "").contains("logs"))
    }

    @Test(arguments: [
        "", "1", "one\n", "0\n", "-1\n", "1\n\n", "4294967296\n", String(repeating: "1", count: 60) + "\n",
    ])
    func aDamagedVersionIsRefused(text: String) throws {
        let temporary = try TemporaryState()
        try Data(text.utf8).write(to: temporary.url("version"))
        #expect(throws: StorageError.unreadableVersion(root: temporary.root)) {
            try StateDirectory.open(temporary.root)
        }
    }

    @Test func aFolderOfSomebodyElseIsRefused() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.url.appendingPathComponent("thesis.txt"))
        let root = ByteString(folder.url.path)
        #expect(throws: StorageError.notAStateDirectory(root: root)) { try StateDirectory.open(root) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["thesis.txt"])
    }

    @Test func aHalfMadeDirectoryIsFinished() throws {
        let folder = try TemporaryFolder()
        for name in ["oci", "tmp/0123456789abcdef"] {
            try FileManager.default.createDirectory(
                at: folder.url.appendingPathComponent(name),
                withIntermediateDirectories: true
            )
        }
        let state = try StateDirectory.open(ByteString(folder.url.path))
        try state.sweep { _ in false }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/tmp").isEmpty)
        #expect(FileManager.default.fileExists(atPath: folder.url.path + "/version"))
    }

    @Test func aLinkInsideIsNotFollowed() throws {
        let temporary = try TemporaryState()
        let elsewhere = try TemporaryFolder()
        try FileManager.default.removeItem(at: temporary.url("trees"))
        try FileManager.default.createSymbolicLink(at: temporary.url("trees"), withDestinationURL: elsewhere.url)
        #expect(throws: (any Error).self) { try StateDirectory.open(temporary.root) }
    }

    @Test func collectionWaitsForNobodyAndBuildsHoldItOff() throws {
        let temporary = try TemporaryState()
        do {
            let first = try temporary.state.lockForUse()
            let second = try temporary.state.lockForUse()
            #expect(try temporary.state.lockForCollection() == nil)
            withExtendedLifetime((first, second)) {}
        }
        let collection = try temporary.state.lockForCollection()
        #expect(collection != nil)
        #expect(try temporary.state.lockForCollection() == nil)
        withExtendedLifetime(collection) {}
    }

    @Test func manyOpenersAtOnceAgree() async throws {
        let folder = try TemporaryFolder()
        let root = ByteString(folder.url.appendingPathComponent("state").path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let state = try StateDirectory.open(root)
                    let session = try state.makeSession()
                    _ = try state.blobs.put(Array("\(number % 4)".utf8), in: session)
                    try state.sweep { _ in false }
                }
            }
            try await group.waitForAll()
        }
        let state = try StateDirectory.open(root)
        #expect(try state.blobs.list().count == 4)
        #expect(try state.blobs.verify().isEmpty)
    }
}
