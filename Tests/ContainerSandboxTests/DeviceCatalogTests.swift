import ByteStrings
import DeviceModel
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerSandbox

@Suite struct DeviceCatalogTests {
    private static func folder(_ name: String) -> ByteString {
        ByteString(Testdata.root.appendingPathComponent("cdi/\(name)").path)
    }

    private static func name(_ text: String) throws -> DeviceName {
        guard case .named(let name) = DeviceSelector(ByteString(text)) else { throw CancellationError() }
        return name
    }

    @Test func aLaterFolderCountsFirst() throws {
        let catalog = DeviceCatalog.read([Self.folder("conflict/low"), Self.folder("conflict/high")])
        #expect(
            catalog.offer.devices.map(\.name.description) == [
                "v.com/d=alone", "v.com/d=overridden", "v.com/d=settled", "v.com/d=twice",
            ]
        )
        let variables = try catalog.edits(
            for: ["overridden", "settled", "alone"].map { try Self.name("v.com/d=\($0)") }
        )
        #expect(variables.environment == ["FROM=high-a", "FROM=high-a", "FROM=low-a"])
    }

    @Test func twoFilesOfOneFolderCancelEachOther() throws {
        let both = DeviceCatalog.read([Self.folder("conflict/low"), Self.folder("conflict/high")])
        let faults = both.offer.devices.filter { $0.fault != nil }
        #expect(faults.map(\.name.name) == ["twice"])
        let fault = try #require(faults.first?.fault)
        #expect(fault.contains("conflict/low/a.json` and `") && fault.contains("conflict/low/b.yaml`"), "\(fault)")
        // Nobody is given such a device, whatever either of the two says.
        #expect(faults.allSatisfy { !$0.isAutoAllowed })
        let low = DeviceCatalog.read([Self.folder("conflict/low")])
        #expect(low.offer.devices.filter { $0.fault != nil }.map(\.name.name) == ["settled", "twice"])
        #expect(low.offer.devices.filter(\.isAutoAllowed).map(\.name.name) == ["alone", "overridden"])
    }

    @Test func aFileThatCannotBeReadIsToldAndHidesNoOther() throws {
        let catalog = DeviceCatalog.read([Self.folder("conflict/low")])
        #expect(catalog.offer.faults.count == 1)
        let fault = try #require(catalog.offer.faults.first)
        #expect(fault.contains("conflict/low/broken.yaml` is left out: line "), "\(fault)")
    }

    @Test func aFolderThatIsNotThereHoldsNothing() {
        let catalog = DeviceCatalog.read(["/nowhere/at/all"])
        #expect(catalog.offer == DeviceOffer([], folders: ["/nowhere/at/all"]))
    }

    @Test func pipesLinksAndFoldersOfThatNameDoNoHarm() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.url.path
        #expect(mkfifo(path + "/pipe.json", 0o600) == 0)
        try FileManager.default.createDirectory(atPath: path + "/folder.json", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: path + "/dangling.yaml", withDestinationPath: "nothing")
        try FileManager.default.createSymbolicLink(
            atPath: path + "/link.yaml",
            withDestinationPath: Self.folder("valid/nic.yaml").description
        )
        let catalog = DeviceCatalog.read([ByteString(path)])
        #expect(catalog.offer.devices.map(\.name.description) == ["vendor.com/nic=0", "vendor.com/nic=all"])
        #expect(catalog.offer.faults.count == 3)
    }

    @Test func whatCannotBeGivenIsToldWithItsReason() throws {
        let devices = DeviceCatalog.read([Self.folder("refused")]).offer.devices
        let told = devices.map { "\($0.name) \($0.fault ?? "can be given")\n" }.joined()
        let expected = try String(
            contentsOf: Testdata.root.appendingPathComponent("cdi/refused.txt"),
            encoding: .utf8
        )
        #expect(told == expected)
    }

    @Test func whatAllDevicesOfAFileNeedComesOnce() throws {
        let catalog = DeviceCatalog.read([Self.folder("valid")])
        let names = try ["vendor.com/gpu=0", "vendor.com/gpu=1", "vendor.com/gpu=0"].map(Self.name)
        let edits = catalog.edits(for: names)
        #expect(edits.environment == ["VENDOR=1", "EMPTY=", "LIST=a=b"])
        #expect(edits.nodes.map(\.path) == ["/dev/vendor0", "/dev/vendor-control", "/dev/vendor1"])
        #expect(edits.groups == [44])
        #expect(catalog.edits(for: [try Self.name("vendor.com/gpu=9")]) == DeviceEdits())
    }

    @Test func theLastOfTwoOnOnePathIsMounted() {
        var edits = DeviceEdits()
        edits.nodes = [.init(path: "/dev/x", hostPath: "/dev/zero"), .init(path: "/dev/y", hostPath: "/dev/null")]
        edits.mounts = [.init(hostPath: "/a", path: "/m", attributes: .readOnly)]
        var other = DeviceEdits()
        other.nodes = [.init(path: "/dev/x", hostPath: "/dev/full")]
        other.mounts = [.init(hostPath: "/b", path: "/m", attributes: [])]
        edits.append(other)
        #expect(edits.nodes.map(\.hostPath) == ["/dev/null", "/dev/full"])
        #expect(edits.mounts.map(\.hostPath) == ["/b"])
    }
}
