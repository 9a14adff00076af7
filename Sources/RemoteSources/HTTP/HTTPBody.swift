internal import AsyncHTTPClient
internal import ByteStrings
internal import NIOCore
internal import NIOHTTP1
internal import OCIModel

/// Reads the body of an answer that is the file.
struct HTTPBody: Sendable {
    let request: HTTPFetchRequest

    /// The URL that answered.
    let origin: RemoteURL

    /// Whether the client undoes gzip and deflate.
    let isDecoding: Bool
    let options: HTTPOptions

    /// Names of files whose own bytes are compressed, whatever a server calls that.
    private static let compressedNames: [ByteString] = [".gz", ".tgz", ".svgz", ".z"]

    func read(
        _ response: HTTPClientResponse,
        into sink: any FetchSink,
        _ progress: TransferProgress
    ) async throws -> CachedResponse {
        let disposition = response.headers.first(name: "Content-Disposition")
        let name = RemoteFileName.choose(contentDisposition: disposition, url: request.url)
        let isDecoded = try checkCoding(response, name)
        let announced = isDecoded ? nil : response.headers.first(name: "Content-Length").flatMap { UInt64($0) }
        if let announced, announced > options.sizeLimit { throw tooLarge }

        try sink.restart()
        var digester = Digester()
        var other = request.checksum?.algorithm == .sha512 ? Digester(.sha512) : nil
        for try await buffer in response.body {
            let count = buffer.readableBytes
            guard UInt64(count) <= options.sizeLimit - min(digester.byteCount, options.sizeLimit) else {
                throw tooLarge
            }
            try buffer.withUnsafeReadableBytes { bytes in
                try sink.write(bytes)
                digester.update(bytes)
                other?.update(bytes)
            }
            progress.add(count)
        }
        if let announced, announced != digester.byteCount {
            throw TransferFailure(
                .truncated(url: "\(origin)", expected: announced, received: digester.byteCount),
                .later(nil)
            )
        }
        let digest = digester.finalize()
        let actual = other?.finalize() ?? digest
        if let expected = request.checksum, expected != actual {
            throw RemoteSourceError.checksumMismatch(url: "\(request.url)", expected: expected, actual: actual)
        }
        let lastModified = response.headers.first(name: "Last-Modified")
        return CachedResponse(
            content: RemoteContent(
                digest: digest,
                size: digester.byteCount,
                fileName: name,
                modified: lastModified.flatMap(HTTPDate.parse)
            ),
            entityTag: response.headers.first(name: "ETag"),
            lastModified: lastModified
        )
    }

    private var tooLarge: RemoteSourceError { .tooLarge(url: "\(origin)", limit: options.sizeLimit) }

    /// Whether the bytes come decoded; asks for that where a server encodes what it was asked not to.
    private func checkCoding(_ response: HTTPClientResponse, _ name: ByteString) throws -> Bool {
        let codings = response.headers[canonicalForm: "Content-Encoding"].map { String($0).asciiLowercased }
        switch codings.filter({ $0 != "identity" && !$0.isEmpty }) {
        case []: return false
        case ["gzip"], ["deflate"], ["x-gzip"]:
            let lower = ByteString(name.description.asciiLowercased)
            if Self.compressedNames.contains(where: lower.hasSuffix) { return false }
            if isDecoding && codings != ["x-gzip"] { return true }
        default: break
        }
        let coding = codings.joined(separator: ", ")
        let error = RemoteSourceError.badResponse(
            url: "\(origin)",
            reason: "it is encoded as `\(coding)`, which was not asked for"
        )
        throw TransferFailure(error, ["gzip", "deflate"].contains(coding) ? .decoding : .none)
    }
}
