package import OCIModel

/// An entry of an OCI image layout's index: a manifest and at most one name.
package struct LayoutImage: Hashable, Sendable {
    package var manifest: Descriptor

    /// Nil for a manifest that goes by its digest alone.
    package var name: ImageReference?

    package init(manifest: Descriptor, name: ImageReference?) {
        self.manifest = manifest
        self.name = name
    }

    /// The descriptor with the name in its annotations: the tag for every reader, and all of it for containerd.
    ///
    /// Source: OCI Image Format Specification 1.1, "Pre-Defined Annotation Keys".
    package var namedDescriptor: Descriptor {
        guard let name else { return manifest }
        var descriptor = manifest
        var annotations = manifest.annotations ?? [:]
        annotations[Annotations.containerdImageName] = name.canonicalName
        if let tag = name.tag { annotations[Annotations.referenceName] = tag }
        descriptor.annotations = annotations
        return descriptor
    }
}
