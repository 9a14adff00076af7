/// Folders of control groups, by descriptors that are borrowed.
package struct CgroupDescriptors: Hashable, Sendable {
    /// Every group that a process is to join, at most one of a hierarchy.
    package var folders: [CInt]

    /// The one of ``folders`` in the unified hierarchy; nil for none.
    ///
    /// A process can be made in it, which is cheaper than to be moved there.
    package var unified: CInt?

    package init(folders: [CInt] = [], unified: CInt? = nil) {
        self.folders = folders
        self.unified = unified
    }
}
