import BuildInterface
import BuildSolving
import ByteStrings
import FileModel
import LinuxSystem
import RemoteSources
import TarArchive

/// Why a build context cannot be had, in words for people and with the way out.
enum ContextFailure {
    /// Nothing came on standard input.
    static let emptyInput = FailureText.usage(
        "standard input is empty: there is neither a build context nor a Dockerfile in it",
        hint: "pipe an archive or a Dockerfile into `slipway build -`; the folder you are in is `slipway build .`"
    )

    /// Two places want to be the Dockerfile.
    static func twoDockerfiles(_ place: String) -> BuildFailure {
        FailureText.usage(
            "\(place) holds no archive and so is the Dockerfile, yet -f names another",
            hint: "leave out -f, or give an archive or a folder as the context"
        )
    }

    /// A folder that is to be built from, and is none.
    static func noFolder(_ path: ByteString, _ status: FileStatus?) -> BuildFailure {
        let forms = "the last argument is the build context: a folder, `-`, a git repository or an HTTP address"
        guard let status else {
            return FailureText.usage("there is no folder `\(path)` to build from", hint: forms)
        }
        return FailureText.usage(
            "the build context `\(path)` is no folder",
            hint: status.kind == .regular
                ? "pass the folder it is in, with the Dockerfile behind -f; an archive is read with `slipway build - < \(path)`"
                : forms
        )
    }

    /// A named context that leads nowhere.
    static func noNamedContext(_ path: ByteString, _ name: ByteString) -> BuildFailure {
        FailureText.usage(
            "there is no folder or archive `\(path)`, which --build-context names for `\(name)`",
            hint: "it takes a folder, an archive, an image or an address; `slipway build --help` has the forms"
        )
    }

    /// A file that is to be a context, and no archive.
    static func noArchive(_ path: ByteString) -> BuildFailure {
        FailureText.build(
            "`\(path)` is neither a folder nor an archive",
            hint: "a context is a folder, or a tar that may be compressed with gzip, bzip2, xz or zstd"
        )
    }

    static func dockerfileTooLarge(_ place: String) -> BuildFailure {
        FailureText.build(
            "\(place) is no archive, and too large for a Dockerfile",
            hint: "a context is a tar that may be compressed with gzip, bzip2, xz or zstd"
        )
    }

    /// What is wrong with an archive.
    static func of(_ reason: String, in place: String, hint: String) -> BuildFailure {
        FailureText.build("cannot read \(place): \(reason)", hint: hint)
    }

    static func hint(for error: ArchiveError) -> String {
        switch error {
        case .limitExceeded: "unpack it where you trust it, and pass the folder"
        case .notAnArchive, .nestedCompression:
            "a context is a tar that may be compressed once, with gzip, bzip2, xz or zstd"
        case .damaged, .unreadable: "make or send it anew: it ends early, or its bytes were changed on the way"
        case .unsupportedKind, .outOfRange, .noLinkTarget: "make the archive anew without that member"
        case .outOfMemory: "free memory, and try again"
        }
    }

    /// What another machine, or git, would not do; `goal` is what it was asked for.
    static func of(_ error: RemoteSourceError, _ goal: String) -> BuildFailure {
        let (message, hint) = ("cannot \(goal): \(error)", error.hint)
        switch error {
        case .badURL, .badGitReference, .unsupportedScheme, .badProxy: return FailureText.usage(message, hint: hint)
        default: return FailureText.build(message, hint: hint)
        }
    }
}
