import Foundation
import TestSupport

/// Root file systems of base images, made once for all tests.
enum Bases {
    private static let folder: URL = {
        let folder = Testdata.repository.appendingPathComponent(".build/test-bases")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }()

    /// A tar made from Debian's busybox-static; nil where that is missing.
    static let busybox: URL? = {
        let tar = folder.appendingPathComponent("busybox.tar")
        let script = Testdata.repository.appendingPathComponent("scripts/make-busybox.sh")
        guard let made = try? Command.run("bash", script.path, tar.path), made.status == 0 else { return nil }
        return tar
    }()

    /// A tar of Debian bookworm made by mmdebstrap; nil without root, mmdebstrap or Debian's archive.
    static let debian: URL? = {
        let tar = folder.appendingPathComponent("debian.tar")
        if FileManager.default.fileExists(atPath: tar.path) { return tar }
        let partial = tar.path + ".partial"
        let script = """
            mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
            SOURCE_DATE_EPOCH=1767225600 mmdebstrap --quiet --variant=minbase --include=ca-certificates \
                --aptopt='APT::Install-Recommends "false"' --format=tar bookworm '\(partial)' ${mirror:+"$mirror"} \
                && mv '\(partial)' '\(tar.path)'
            """
        guard let made = try? Command.run("bash", "-c", script, seconds: 600), made.status == 0 else { return nil }
        return tar
    }()

    /// Whether an example's base can be made here.
    static func canMake(_ name: String) -> Bool {
        switch name {
        case "busybox": busybox != nil
        case "debian": debian != nil
        default: false
        }
    }

    /// Puts a base into the store of `slipway`.
    static func load(_ name: String, into slipway: SlipwayProgram) throws {
        let (tar, reference, command) =
            name == "debian"
            ? (debian, "docker.io/library/debian:bookworm", "CMD [\"bash\"]")
            : (busybox, "docker.io/library/busybox:latest", "CMD [\"sh\"]")
        guard let tar else { throw Missing(base: name) }
        let made = try slipway.run("import", "--change", command, tar.path, reference)
        guard made.status == 0 else { throw Missing(base: "\(name): \(made.errors)") }
    }

    struct Missing: Error {
        let base: String
    }
}
