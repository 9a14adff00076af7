import CSandboxInit

/// What the policy tells of layers.
private struct OverlayFields {
    /// Where the mount is attached: the work folder, where no mount of the policy has its source.
    let place: Text
    let attributes: UInt64

    /// Top first.
    let lowers: TextList

    /// Empty for a tree that takes no changes.
    let upper: Text
    let work: Text

    /// Keys and values in turn.
    let options: TextList

    /// Everything as `mount(2)` wants it, in the order in which to try; none when that would be too long.
    let texts: TextList

    init(_ reader: inout PolicyReader) throws(SetupFailure) {
        place = try reader.text()
        attributes = try reader.integer64()
        lowers = try reader.texts()
        upper = try reader.text()
        work = try reader.text()
        options = try reader.texts()
        texts = try reader.texts()
    }
}

/// Mounts layers as one tree at their place.
func mountOverlay(_ reader: inout PolicyReader) throws(SetupFailure) -> Descriptor {
    let overlay = try OverlayFields(&reader)
    guard overlay.lowers.count > 0 else { return try mountFolder(overlay) }
    do {
        let mount = try createOverlay(overlay)
        let target = try openDirectory(overlay.place)
        try check(init_attach_mount(mount.rawValue, target.rawValue))
        return mount
    } catch {
        // Before Linux 6.5 the file system does not know `lowerdir+`; before 5.2, and behind some filters, there is no
        // context to set it in.
        let mayBeOld =
            error.errorNumber == Int32(INIT_EINVAL.rawValue) || error.errorNumber == Int32(INIT_ENOSYS.rawValue)
        guard mayBeOld, overlay.texts.count > 0 else { throw error }
    }
    try mountWithTexts(overlay)
    return try openDirectory(overlay.place)
}

/// Mounts with the first text that the kernel understands.
private func mountWithTexts(_ overlay: OverlayFields) throws(SetupFailure) {
    var result: Int32 = -Int32(INIT_EINVAL.rawValue)
    for index in 0..<overlay.texts.count where failed(result, INIT_EINVAL) {
        guard let text = overlay.texts.pointer[index] else { throw .malformed }
        result = init_mount_overlay(overlay.place, overlay.attributes, text)
    }
    try check(result)
}

/// Mounts the upper folder, which is the whole tree where there is nothing below it.
private func mountFolder(_ overlay: OverlayFields) throws(SetupFailure) -> Descriptor {
    let folder = try openDirectory(overlay.upper)
    let mount = try Descriptor(init_clone_mount(folder.rawValue, false))
    let target = try openDirectory(overlay.place)
    try check(init_attach_mount(mount.rawValue, target.rawValue))
    try check(init_set_mount_attributes(mount.rawValue, overlay.attributes, 0, false))
    return mount
}

private func createOverlay(_ overlay: OverlayFields) throws(SetupFailure) -> Descriptor {
    let type = ("overlay" as StaticString).text
    let context = try Descriptor(init_fs_open(type))
    // What mount tables show in place of a device.
    try check(init_fs_set_string(context.rawValue, ("source" as StaticString).text, type))
    for index in 0..<overlay.lowers.count {
        let lower = overlay.lowers.pointer[index]
        try check(init_fs_set_folder(context.rawValue, ("lowerdir+" as StaticString).text, lower))
    }
    if overlay.upper[0] != 0 {
        try check(init_fs_set_folder(context.rawValue, ("upperdir" as StaticString).text, overlay.upper))
        try check(init_fs_set_folder(context.rawValue, ("workdir" as StaticString).text, overlay.work))
    }
    for index in 0..<overlay.options.count / 2 {
        let key = overlay.options.pointer[2 * index]
        let value = overlay.options.pointer[2 * index + 1]
        let isFlag = value.map { $0[0] == 0 } ?? true
        try check(
            isFlag
                ? init_fs_set_flag(context.rawValue, key) : init_fs_set_string(context.rawValue, key, value)
        )
    }
    try check(init_fs_create(context.rawValue))
    return try Descriptor(init_fs_mount(context.rawValue, overlay.attributes))
}

private func openDirectory(_ path: Text) throws(SetupFailure) -> Descriptor {
    try Descriptor(init_open(currentDirectory, path, init_flags_directory(), 0))
}
