package import BuildContexts
package import ByteStrings
package import RemoteSources

extension RemoteContents {
    /// A folder with one file in it, called `name`: what a URL holds, once it has been fetched.
    package func folder(with content: RemoteContent, named name: ByteString) -> any FileTree {
        var content = content
        content.fileName = name
        return FetchedFile(content, self)
    }
}
