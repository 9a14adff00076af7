package import Foundation

/// A folder that is gone when its owner is.
package final class TemporaryFolder: Sendable {
    package let url: URL

    /// Makes an empty folder.
    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        if (try? FileManager.default.removeItem(at: url)) != nil { return }
        // What is too deep for a path is removed step by step.
        let removal = ChildProcess()
        removal.executableURL = URL(fileURLWithPath: "/bin/rm")
        removal.arguments = ["-rf", url.path]
        if (try? removal.run()) != nil { removal.waitUntilExit() }
    }
}
