import Foundation
import TestSupport
import Testing

@Suite struct ArchitectureTests {
    static let standardLibrary: Set<String> = ["Swift", "Synchronization", "_Concurrency"]

    private static func productFiles() throws -> [SourceFile] {
        try SourceTree.files(under: "Sources").filter { $0.module != "TestSupport" }
    }

    @Test func theTreeIsRead() throws {
        #expect(try Self.productFiles().count > 50)
    }

    @Test func everyModuleHasItsLevel() throws {
        let found = Set(try Self.productFiles().map(\.module))
        #expect(found.subtracting(Layers.modules) == [], "give these a level in Layers.swift")
    }

    @Test func modulesImportOnlyWhatLiesBelowThem() throws {
        for file in try Self.productFiles() {
            let allowed = try #require(Layers.allowed(for: file.module), "\(file.module) has no level")
            let ours = Set(file.imports).intersection(Layers.modules)
            #expect(ours.subtracting(allowed) == [], "an arrow points up in \(file.path)")
        }
    }

    @Test func foreignLibrariesAreImportedByTheirOwnersOnly() throws {
        for file in try Self.productFiles() {
            for name in file.imports where !Layers.modules.contains(name) && !Self.standardLibrary.contains(name) {
                let owners = try #require(Layers.owners[name], "\(file.path) imports \(name), which nobody owns")
                #expect(owners.contains(file.module), "\(file.path) imports \(name)")
            }
        }
    }

    @Test func foundationStaysOutOfTheProgram() throws {
        for file in try Self.productFiles() {
            #expect(!file.imports.contains("Foundation"), "\(file.path): use FoundationEssentials in OCIModel")
        }
    }

    @Test func noFileOutgrows600Lines() throws {
        let files = try SourceTree.files(under: "Sources", endingIn: [".swift", ".c", ".h"])
        for file in files {
            #expect(file.lines.count <= 600, "\(file.path) has \(file.lines.count) lines")
        }
        for file in try SourceTree.files(under: "Tests") {
            #expect(file.lines.count <= 800, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func noFileNameSaysNothing() throws {
        let empty = ["Utils", "Util", "Helpers", "Helper", "Common", "Misc", "Manager", "Extras"]
        for file in try Self.productFiles() {
            let name = URL(fileURLWithPath: file.path).deletingPathExtension().lastPathComponent
            #expect(!empty.contains { name.hasSuffix($0) }, "\(file.path)")
        }
    }

    @Test func everyModuleIsDescribedInTheArchitecture() throws {
        let page = try String(
            contentsOf: Testdata.repository.appendingPathComponent("ARCHITECTURE.md"),
            encoding: .utf8
        )
        for module in Layers.modules {
            #expect(page.contains("`\(module)`"), "ARCHITECTURE.md does not mention \(module)")
        }
    }
}
