import LinuxSystem

extension MountAttributes {
    /// Times of access are kept exactly, as programs that watch terminals expect of `/dev`.
    static let strictAccessTime = MountAttributes(rawValue: MountAttributeBits.strictAccessTime)
}
