import ByteStrings
import LayerSnapshots
import Testing

@Suite struct PermissionChangeTests {
    @Test(arguments: [
        ("640", 0o644, false, 0o640), ("0", 0o644, false, 0), ("07777", 0, false, 0o7777), ("u+x", 0o644, false, 0o744),
        ("go-r", 0o644, false, 0o600), ("a=r", 0o644, false, 0o444), ("u=rwx,g=rx,o=", 0o644, false, 0o750),
        ("+x", 0o644, false, 0o755), ("u+s,g+s", 0o644, false, 0o6644), ("g=u", 0o644, false, 0o664),
        ("o+t", 0o644, false, 0o644), ("a=rX", 0o755, false, 0o555), ("a=rX", 0o644, false, 0o444),
        ("a=rX", 0o700, true, 0o555), ("go+X,u=rwX", 0o700, true, 0o711), ("go+X,u=rwX", 0o755, false, 0o755),
        ("u=rwx,go=", 0o644, false, 0o700), ("u+x-w", 0o644, false, 0o544), ("+t", 0o755, true, 0o1755),
        ("a=r", 0o6755, false, 0o444),
    ])
    func modesChange(text: String, mode: Int, isDirectory: Bool, expected: Int) throws {
        let change = try PermissionChange(parsing: ByteString(text))
        #expect(change.applied(to: UInt16(mode), isDirectory: isDirectory) == UInt16(expected))
    }

    @Test(arguments: ["", "888", "17777", "rwxr", "u", "u+x,", "+q", "a", "0x1ff", "7 7"])
    func otherTextsAreNoModes(text: String) {
        #expect(throws: LayerError.invalidPermissions(ByteString(text))) {
            try PermissionChange(parsing: ByteString(text))
        }
    }
}
