import BuildPlanning
import ByteStrings
import OCIModel

/// What the results of steps are stored under.
///
/// Digests of the same step, from the cheapest to the most telling. The definition key is known before anything is
/// touched. The result key, under which results are found without touching a file, adds which layers the inputs came to
/// have: a step that was made anew under its old definition brings no old results of the steps above it. The content
/// key sees through inputs that were made anew with the same content; the operation key says whether looking for a
/// content key is worth the wait.
enum CacheKeys {
    /// The operation and what it selects from a context, without its inputs.
    ///
    /// A command that cannot give files away leaves others than one that can, so `hasSingleID` makes it another one.
    static func operation(_ step: Step, selection: Digest?, hasSingleID: Bool = false) -> Digest {
        var parts = [step.canonicalEncoding, Array((selection?.description ?? "").utf8)]
        if hasSingleID, case .exec = step.operation { parts.append(Array("single-id".utf8)) }
        return combine("operation", parts)
    }

    /// The operation and the definition keys of its inputs.
    static func definition(operation: Digest, inputs: [Digest]) -> Digest {
        combine("definition", [text(operation)] + inputs.map(text))
    }

    /// The definition, and the layers of the inputs that decide what the step leaves.
    static func result(definition: Digest, inputs: [Digest]) -> Digest {
        combine("result", [text(definition)] + inputs.map(text))
    }

    /// The operation and the content of its inputs.
    static func content(operation: Digest, inputs: [Digest]) -> Digest {
        combine("content", [text(operation)] + inputs.map(text))
    }

    /// An image by the digest of its manifest.
    static func image(_ manifest: Digest) -> Digest {
        combine("image", [text(manifest)])
    }

    /// A file system without layers.
    static let noLayers = combine("layers", [])

    /// A file system with one more layer on top of those that `below` stands for.
    static func layer(_ diffID: DiffID, upon below: Digest) -> Digest {
        combine("layers", [text(below), text(diffID.digest)])
    }

    private static func text(_ digest: Digest) -> [UInt8] {
        Array(digest.description.utf8)
    }

    /// A digest of parts that no other parts give: each is written with its length in front.
    ///
    /// The first word is the version of all of this; a change of meaning changes it, and old results are not found.
    private static func combine(_ kind: String, _ parts: [[UInt8]]) -> Digest {
        var digester = Digester(.sha256)
        for part in [Array("slipway.cache.v2".utf8), Array(kind.utf8)] + parts {
            let length = withUnsafeBytes(of: UInt64(part.count).littleEndian, Array.init)
            digester.update(length)
            digester.update(part)
        }
        return digester.finalize()
    }
}
