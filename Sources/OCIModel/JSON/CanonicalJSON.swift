internal import FoundationEssentials

/// The one way to write and read JSON that has a digest.
///
/// Equal values give equal bytes: members sorted by the bytes of their names, no white space, and only those characters
/// escaped that must be.
package enum CanonicalJSON {
    /// The largest manifest or configuration that is read: 4 MiB.
    package static let defaultSizeLimit = 4 << 20

    /// How deep arrays and objects may be nested.
    package static let depthLimit = 64

    /// Writes a value.
    ///
    /// - Throws: ``DocumentError/notEncodable(_:)``.
    package static func encode(_ value: some Encodable) throws(DocumentError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data: Data
        do {
            data = try encoder.encode(value)
        } catch {
            throw .notEncodable("\(error)")
        }
        // Order and escapes are ours, so that no change of the encoder changes a digest.
        var output: [UInt8] = []
        try JSONReader.read(Array(data), depthLimit: .max).write(to: &output)
        return output
    }

    /// Reads a document strictly.
    ///
    /// - Throws: ``DocumentError`` naming the limit or the member.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8],
        sizeLimit: Int = defaultSizeLimit
    ) throws(DocumentError) -> Value {
        if bytes.count > sizeLimit { throw .tooLarge(limit: sizeLimit) }
        _ = try JSONReader.read(bytes, depthLimit: depthLimit)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DocumentError {
            throw error
        } catch let error as DigestError {
            throw .invalid("", error.description)
        } catch let error as DecodingError {
            throw DocumentError(error)
        } catch {
            throw .invalid("", "\(error)")
        }
    }
}

extension DocumentError {
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self = .missing(Self.path(context.codingPath + [key]))
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            self = .invalid(Self.path(context.codingPath), "a value has another type or is out of range")
        @unknown default:
            self = .invalid("", "it cannot be read")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
