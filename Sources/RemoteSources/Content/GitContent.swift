package import ByteStrings
package import FileModel

/// What a git reference was found to mean; equal values mean an equal checkout.
package struct GitContent: Hashable, Sendable {
    /// The full name of the commit, in lower-case hexadecimal digits.
    package var commit: String

    /// The full name of the annotated tag that was asked for; nil when there is none.
    package var tag: String?

    /// The full name of the branch or tag, such as `refs/heads/main`; nil when a commit was asked for.
    package var refName: ByteString?

    /// The folder of the repository, without slashes at its ends; empty for all of it.
    package var subdirectory: ByteString

    /// Whether submodules are part of it.
    package var hasSubmodules: Bool

    /// Whether `.git` is part of it.
    package var keepsGitDirectory: Bool

    package init(
        commit: String,
        tag: String? = nil,
        refName: ByteString? = nil,
        subdirectory: ByteString = "",
        hasSubmodules: Bool = true,
        keepsGitDirectory: Bool = false
    ) {
        self.commit = commit
        self.tag = tag
        self.refName = refName
        self.subdirectory = subdirectory
        self.hasSubmodules = hasSubmodules
        self.keepsGitDirectory = keepsGitDirectory
    }
}

/// A commit on disk.
package struct GitCheckout: Hashable, Sendable {
    package var content: GitContent

    /// When the commit was made.
    package var committed: Timestamp

    package init(content: GitContent, committed: Timestamp) {
        self.content = content
        self.committed = committed
    }
}
