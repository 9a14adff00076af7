import ByteStrings
import DockerfileSyntax

extension RunMount {
    /// What a secret is called: its source, else its id, else the file name it is mounted under.
    var secretID: ByteString {
        source.isEmpty ? id ?? target.lastPathComponent : source
    }
}
