import Testing

@testable import ContainerSandbox

@Suite struct ELFImageTests {
    private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func sectionHeader(name: Int, offset: Int, size: Int) -> [UInt8] {
        bytes(name, 4) + [UInt8](repeating: 0, count: 20) + bytes(offset, 8) + bytes(size, 8)
            + [UInt8](repeating: 0, count: 24)
    }

    /// A file with the sections "", `.shstrtab` and `.wanted`, the last of three bytes.
    private static var file: [UInt8] {
        let names = Array("\0.shstrtab\0.wanted\0".utf8)
        var header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)
        let table = 64 + names.count + 3
        header.replaceSubrange(0x28..<0x30, with: bytes(table, 8))
        header.replaceSubrange(0x3A..<0x40, with: bytes(64, 2) + bytes(3, 2) + bytes(1, 2))
        return header + names + [7, 8, 9] + sectionHeader(name: 0, offset: 0, size: 0)
            + sectionHeader(name: 1, offset: 64, size: names.count)
            + sectionHeader(name: 11, offset: 64 + names.count, size: 3)
    }

    private func find(_ name: String, in file: [UInt8]) -> ELFImage.Section? {
        ELFImage.section(named: name) { offset, count in
            guard offset < UInt64(file.count) else { return [] }
            return Array(file[Int(offset)...].prefix(count))
        }
    }

    @Test func aSectionIsFoundByItsName() {
        #expect(find(".wanted", in: Self.file) == ELFImage.Section(offset: 83, size: 3))
        #expect(find(".want", in: Self.file) == nil)
        #expect(find("wanted", in: Self.file) == nil)
    }

    @Test func damageNeverTraps() {
        let whole = Self.file
        for count in 0..<whole.count { #expect(find(".wanted", in: Array(whole[..<count])) == nil) }
        for index in whole.indices {
            for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
                var damaged = whole
                damaged[index] = value
                _ = find(".wanted", in: damaged)
            }
        }
        #expect(find(".wanted", in: Array("#!/bin/sh".utf8)) == nil)
    }
}
