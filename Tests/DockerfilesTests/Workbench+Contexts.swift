import Foundation
import TestSupport
import Testing

/// Contexts of every kind.
extension Workbench {
    private static let dockerfile = """
        FROM busybox
        COPY data /data
        RUN stat -c '%u:%g %a' /data/file > /owner && cat /owner
        """

    /// A context whose times are whole seconds, as archives and commits have them; without one given, its Dockerfile
    /// prints owner and mode of a file that it copies.
    func archivableContext(_ dockerfile: String = dockerfile) throws -> URL {
        let context = try self.context(["Dockerfile": dockerfile, "data/file": "some bytes\n", "hidden": "h\n"])
        try Command.shell(
            """
            cd "$1"; printf 'hidden\\n' > .dockerignore; chmod 644 data/file Dockerfile hidden; chmod 755 data
            find . -exec touch -h -d @1000000000 {} +
            """,
            context.path
        )
        return context
    }

    /// Packs a folder with somebody else's owners, and leads that through a program.
    func pack(_ folder: URL, _ filter: String = "cat") throws -> URL {
        let archive = self.folder.appendingPathComponent("archive-\(UUID().uuidString)")
        try Command.shell(
            "tar -C \"$1\" --owner=1234 --group=1234 -cf - . | \(filter) > \"$2\"",
            folder.path,
            archive.path
        )
        return archive
    }

    /// A file to be read as standard input.
    func input(_ text: String) throws -> URL {
        let file = folder.appendingPathComponent("input-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        return file
    }

    /// Builds with plain progress; the last argument is the context, as it would be typed.
    func buildOf(_ arguments: [String], input: URL? = nil) throws -> Outcome {
        try slipway.run(["build", "--progress", "plain"] + arguments, input: input)
    }

    /// The same, which must work.
    func expectBuildOf(
        _ arguments: [String],
        input: URL? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let built = try buildOf(arguments, input: input)
        #expect(built.status == 0, "\(built.errors)", sourceLocation: sourceLocation)
        return built
    }

    /// The line of an image's description that has its time.
    func created(_ name: String) throws -> String {
        let text = try slipway.run("inspect", name).text
        return String(text.split(separator: "\n").first { $0.contains("\"created\"") } ?? "")
    }
}
