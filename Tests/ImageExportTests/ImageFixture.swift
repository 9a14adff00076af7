import ByteStrings
import ContentStorage
import FileModel
import Foundation
import ImageExport
import LayerSnapshots
import OCIModel
import TarArchive
import TestSupport

/// A store with images in it, gone at the end of the test.
struct ImageFixture {
    let folder: TemporaryFolder
    let state: StateDirectory
    let session: Session

    var blobs: BlobStore { state.blobs }

    init() throws {
        folder = try TemporaryFolder()
        state = try StateDirectory.open(ByteString(folder.url.appendingPathComponent("state").path))
        session = try state.makeSession()
    }

    func path(_ name: String) -> ByteString {
        ByteString(url(name).path)
    }

    func url(_ name: String) -> URL {
        folder.url.appendingPathComponent(name)
    }

    /// A layer with one folder and files with these contents, modified at the given second.
    func layer(_ files: [String: String], modified: Int64 = 1_500_000_000) throws -> PackedLayer {
        let writer = try LayerWriter(into: blobs.writer(in: session))
        let time = Timestamp(seconds: modified)
        try writer.append(
            TarEntry(path: "app", kind: .directory, attributes: FileAttributes(permissions: 0o755, modified: time))
        )
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            let bytes = Array(text.utf8)
            try writer.append(
                TarEntry(
                    path: ByteString("app/" + name),
                    kind: .regular,
                    attributes: FileAttributes(permissions: 0o644, modified: time),
                    size: UInt64(bytes.count)
                )
            )
            try bytes.withUnsafeBytes { try writer.write(content: $0) }
        }
        return try writer.finish()
    }

    /// An image of two layers that differs by `name`.
    func image(
        _ name: String = "one",
        platform: Platform = Platform(os: "linux", architecture: "amd64"),
        usesDockerMediaTypes: Bool = false
    ) throws -> AssembledImage {
        let layers = [
            try layer(["base": "base"]),
            try layer(["name": name, "zeros": String(repeating: "0", count: 300_000)], modified: 1_600_000_000),
        ]
        var configuration = ContainerConfiguration()
        configuration.cmd = ["/app/run", name]
        let time = "2020-01-01T00:00:00Z"
        return try ImageAssembler(blobs: blobs, session: session).assemble(
            ImageConfiguration(
                architecture: platform.architecture,
                os: platform.os,
                variant: platform.variant,
                config: configuration
            ),
            layers: layers,
            history: [
                History(created: time, createdBy: "COPY base"),
                History(created: time, createdBy: "ENV", emptyLayer: true),
                History(created: time, createdBy: "RUN \(name)"),
            ],
            created: Timestamp(seconds: 1_577_836_800),
            usesDockerMediaTypes: usesDockerMediaTypes
        )
    }

    func export(
        _ images: [ExportedImage],
        as form: ImageArchiveExporter.Form,
        to name: String
    ) throws -> ByteString {
        try OutputFile.write(to: path(name)) { try ImageArchiveExporter(blobs: blobs).write(images, as: form, to: $0) }
        return path(name)
    }

    var importer: ImageArchiveImporter {
        ImageArchiveImporter(blobs: blobs, session: session)
    }

    /// Runs a program and gives its exit status and both of its outputs.
    @discardableResult
    func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// A tar made by hand: names and contents in order.
    func archive(_ members: [(ByteString, [UInt8])], to name: String) throws -> ByteString {
        var tar = TarWriter(MemorySink())
        for (path, bytes) in members {
            try tar.append(
                TarEntry(
                    path: path,
                    kind: .regular,
                    attributes: FileAttributes(permissions: 0o644),
                    size: UInt64(bytes.count)
                )
            )
            try tar.write(content: bytes)
        }
        try tar.finish()
        try Data(tar.sink.bytes).write(to: url(name))
        return path(name)
    }
}

enum Tool {
    static func isInstalled(_ name: String) -> Bool {
        ["/usr/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
    }
}

let amd64 = Platform(os: "linux", architecture: "amd64")
let arm64 = Platform(os: "linux", architecture: "arm64")
