// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Where tests find their inputs.
package enum Testdata {
    /// The root of the repository: the nearest folder above this file that holds a `Package.swift`.
    package static let repository: URL = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path + "/Package.swift") {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// `testdata` in the repository.
    package static let root = repository.appendingPathComponent("testdata")
}
