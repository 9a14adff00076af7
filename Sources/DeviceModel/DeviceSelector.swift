package import ByteStrings

/// How devices are asked for.
///
/// Source: Dockerfile reference, "RUN --device".
package enum DeviceSelector: Hashable, Sendable {
    /// `vendor.com/gpu`: the first device of the kind, by name.
    case first(DeviceKind)

    /// `vendor.com/gpu=*`: every device of the kind.
    case all(DeviceKind)

    /// `vendor.com/gpu=0`: the device of this name, and where there is none, those of the kind whose class this is.
    case named(DeviceName)

    /// `compute`: every device of this class, whatever its kind.
    case classed(ByteString)

    /// Nil for a text of no such form.
    package init?(_ text: ByteString) {
        guard text.bytes.contains(ByteString.slash) else {
            guard DeviceName.isName(text) else { return nil }
            self = .classed(text)
            return
        }
        let parts = text.bytes.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = DeviceKind(ByteString(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self = .first(kind)
            return
        }
        if parts[1].elementsEqual("*".utf8) {
            self = .all(kind)
        } else {
            guard let name = DeviceName(kind, ByteString(parts[1])) else { return nil }
            self = .named(name)
        }
    }

    /// The text as it is written.
    package var text: ByteString {
        switch self {
        case .first(let kind): kind.text
        case .all(let kind): ByteString(kind.text.bytes + Array("=*".utf8))
        case .named(let name): name.text
        case .classed(let name): name
        }
    }

    /// The kind it names, nil for a class of any kind.
    package var kind: DeviceKind? {
        switch self {
        case .first(let kind), .all(let kind): kind
        case .named(let name): name.kind
        case .classed: nil
        }
    }
}

extension DeviceSelector: CustomStringConvertible {
    package var description: String { text.description }
}
