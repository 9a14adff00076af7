package import ByteStrings
package import OCIModel

/// Why an image cannot be written, read or changed.
package enum ExportError: Error, Hashable, Sendable {
    /// The image has another number of layers than its configuration or its history says.
    case layerCount(layers: Int, expected: Int)

    /// A blob that is no layer of any known kind.
    case unknownLayer(MediaType)

    /// The manifest is not that of an image: its configuration has this type.
    case notAnImage(MediaType)

    /// Uncompressed, the layer is another one than the configuration names.
    case wrongDiffID(expected: DiffID, actual: DiffID)

    /// A file had other bytes or another size when it was read than when it was listed.
    case changedMeanwhile(ByteString)

    /// The archive has a member whose name leads outside, is absolute or empty.
    case hostileName(ByteString)

    /// The archive has two members of the same name.
    case repeatedName(ByteString)

    /// The archive has a link that leads nowhere or in a circle.
    case danglingLink(ByteString)

    /// A document of the archive is too large, no JSON, or says what it must not say.
    case badDocument(ByteString, reason: String)

    /// The archive names a file that is not in it.
    case missingMember(ByteString)

    /// Neither `index.json` nor `manifest.json` is there.
    case notAnImageArchive

    /// The archive is not of the form that was asked for.
    case wrongForm(expected: String)

    /// No image answers to the selector; these are there.
    case noSuchImage(String, available: [String])

    /// More than one image is there and none was chosen.
    case severalImages([String])

    /// The image is there, but for other platforms.
    case noSuchPlatform(Platform, available: [String])

    /// A name that stands for a deletion in layers, and so cannot be a file of an image.
    case reservedName(ByteString)

    /// The archive holds no files.
    case emptyArchive
}

extension ExportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .layerCount(let layers, let expected):
            "the image has \(layers) layers, and its configuration speaks of \(expected)"
        case .unknownLayer(let type): "a layer has the type `\(type)`, which is none of a layer"
        case .notAnImage(let type): "the manifest is not that of an image: its configuration has the type `\(type)`"
        case .wrongDiffID(let expected, let actual):
            "a layer is `\(actual)` when it is uncompressed, and the configuration names `\(expected)`"
        case .changedMeanwhile(let path): "`\(path)` changed while it was read"
        case .hostileName(let name): "the archive has a member `\(name)`, which leads outside of it"
        case .repeatedName(let name): "the archive has two members `\(name)`"
        case .danglingLink(let name): "the link `\(name)` of the archive leads nowhere"
        case .badDocument(let name, let reason): "`\(name)` of the archive is damaged: \(reason)"
        case .missingMember(let name): "the archive has no member `\(name)`, which it speaks of"
        case .notAnImageArchive: "this is no image archive: it has neither `index.json` nor `manifest.json`"
        case .wrongForm(let expected): "this is not an archive of the form `\(expected)`"
        case .noSuchImage(let selector, let available):
            "the archive has no image `\(selector)`" + Self.list(available)
        case .severalImages(let available): "the archive has several images" + Self.list(available)
        case .noSuchPlatform(let platform, let available):
            "the archive has no image for `\(platform)`" + Self.list(available)
        case .reservedName(let path):
            "`\(path)` cannot be a file of an image: names that start with `.wh.` stand for deleted files"
        case .emptyArchive: "the archive holds no files"
        }
    }

    private static func list(_ available: [String]) -> String {
        available.isEmpty ? "" : "; it has " + available.map { "`\($0)`" }.joined(separator: ", ")
    }
}
