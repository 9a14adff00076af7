import ByteStrings
import DeviceModel
import OCIModel

extension Operation {
    /// Raised whenever the bytes of an unchanged operation change their meaning.
    private static let encodingVersion: UInt8 = 1

    /// The bytes that stand for the operation in cache keys.
    ///
    /// Left out is what must not cause a rebuild: proxy settings, the addresses of extra hosts, the names of caches and
    /// how they are shared. Left out too is what the keys of the inputs say: an origin that is a step is written as
    /// nothing but that.
    package func canonicalEncoding() -> [UInt8] {
        var encoder = CanonicalEncoder(version: Self.encodingVersion)
        switch self {
        case .image(let image):
            encoder.append("image")
            encoder.append(image.image.manifest.description)
        case .exec(let exec):
            encoder.append("exec")
            exec.encode(into: &encoder)
        case .copy(let copy):
            encoder.append("copy")
            copy.encode(into: &encoder)
        case .makeDirectory(let directory):
            encoder.append("directory")
            encoder.append(directory.path)
            encoder.append(directory.user)
        }
        return encoder.bytes
    }
}

extension ExecOperation {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(arguments)
        encoder.append(environment) {
            $1.append($0.name)
            $1.append($0.value)
        }
        encoder.append(workingDirectory)
        encoder.append(user)
        encoder.append(mounts) { $0.encode(into: &$1) }
        encoder.append(network.rawValue)
        encoder.append(isInsecure)
        encoder.append(extraHosts.map(\.name))
        encoder.append(scripts) { $0.encode(into: &$1) }
        encoder.append(limits) {
            $1.append(ByteString($0.name))
            $1.append($0.soft)
            $1.append($0.hard)
        }
        // Without either the bytes are what they were before there were any.
        guard !devices.isEmpty || hostName != nil else { return }
        encoder.append(devices) {
            $1.append($0.meant.text)
            $1.append($0.names.map(\.text))
        }
        if let hostName { encoder.append(hostName) }
    }
}

extension CopyOperation {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(sources) { source, encoder in
            switch source {
            case .path(let path):
                encoder.append("path")
                encoder.append(path)
            case .remote(let remote):
                // What the address leads to is a part of the key of its own.
                encoder.append("remote")
                encoder.append(remote.isUnpacked)
            case .inline(let file):
                encoder.append("inline")
                file.encode(into: &encoder)
            }
        }
        origin.encode(into: &encoder)
        encoder.append(destination)
        encoder.append(owner)
        encoder.append(permissions)
        encoder.append(isLink)
        encoder.append(keepsParents)
        encoder.append(excludes)
        encoder.append(unpacking.rawValue)
    }
}

extension MountOperation {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(target)
        switch kind {
        case .bind(let bind):
            encoder.append("bind")
            bind.origin.encode(into: &encoder)
            encoder.append(bind.source)
            encoder.append(bind.isReadOnly)
        case .cache(let cache):
            encoder.append("cache")
            cache.origin.encode(into: &encoder)
            encoder.append(cache.source)
            encoder.append(UInt64(cache.permissions))
            encoder.append(UInt64(cache.owner))
            encoder.append(UInt64(cache.group))
            encoder.append(cache.isReadOnly)
        case .tmpfs(let size, let isReadOnly):
            encoder.append(isReadOnly ? "tmpfs,ro" : "tmpfs")
            encoder.append(size != nil)
            encoder.append(size ?? 0)
        case .secret(let secret):
            encoder.append("secret")
            encoder.append(secret.id)
            encoder.append(secret.isRequired)
            encoder.append(secret.environmentName)
            encoder.append(UInt64(secret.permissions))
            encoder.append(UInt64(secret.owner))
            encoder.append(UInt64(secret.group))
        case .ssh(let ssh):
            encoder.append("ssh")
            encoder.append(ssh.id)
            encoder.append(ssh.isRequired)
            encoder.append(UInt64(ssh.permissions))
            encoder.append(UInt64(ssh.owner))
            encoder.append(UInt64(ssh.group))
        }
    }
}

extension FileOrigin {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .context(let name):
            encoder.append("context")
            encoder.append(name)
        case .step:
            encoder.append("step")
        case .nothing:
            encoder.append("nothing")
        }
    }
}

extension InlineFile {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(name)
        encoder.append(content)
        encoder.append(UInt64(permissions))
    }
}
