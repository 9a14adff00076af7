package import FileModel
package import OCIModel
import GRDB

/// What a step left the last time it ran.
package struct ResultRecord: Hashable, Sendable {
    /// The operation, the definition keys of its inputs and the layers these came to have; no two results have the same.
    package var definitionKey: Digest

    /// The operation without its inputs.
    package var operationKey: Digest

    /// The operation and the content of its inputs; nil when that was never known.
    package var contentKey: Digest?

    /// The layer that the step made; nil when it changed nothing.
    package var diffID: DiffID?

    /// The time that stands for the file system which the step left.
    package var epoch: Timestamp

    /// The manifest of the step's inputs, in a form that whoever explains a miss knows.
    package var inputs: [UInt8]

    /// The step as people know it, such as `[build 2/5] RUN make`.
    package var description: String
    package var durationMilliseconds: Int64

    /// In whole seconds.
    package var created: Timestamp

    /// In whole seconds.
    package var lastUsed: Timestamp

    package init(
        definitionKey: Digest,
        operationKey: Digest,
        contentKey: Digest?,
        diffID: DiffID?,
        epoch: Timestamp,
        inputs: [UInt8],
        description: String,
        durationMilliseconds: Int64,
        created: Timestamp,
        lastUsed: Timestamp
    ) {
        self.definitionKey = definitionKey
        self.operationKey = operationKey
        self.contentKey = contentKey
        self.diffID = diffID
        self.epoch = epoch
        self.inputs = inputs
        self.description = description
        self.durationMilliseconds = durationMilliseconds
        self.created = created
        self.lastUsed = lastUsed
    }
}

extension ResultRecord {
    static let columns = """
        definition_key, operation_key, content_key, diff_id, epoch_seconds, epoch_nanoseconds, inputs, description, \
        duration_milliseconds, created_at, last_used_at
        """

    /// Nil for a row that cannot be read; it is as good as none.
    init?(_ row: Row) {
        var reader = RowReader(row)
        guard let definition = reader.digest(), let operation = reader.digest() else { return nil }
        // An unreadable key or layer must not pass for one that the step does not have.
        let content = reader.text()
        let layer = reader.text()
        let contentKey = content.flatMap { try? Digest($0) }
        let diffID = layer.flatMap { try? Digest($0) }
        if (content != nil && contentKey == nil) || (layer != nil && diffID == nil) { return nil }

        guard let seconds = reader.integer(),
            let nanoseconds = reader.integer().flatMap(UInt32.init(exactly:)), nanoseconds < 1_000_000_000,
            let inputs = reader.bytes(), let description = reader.text(), let duration = reader.integer(),
            let created = reader.time(), let lastUsed = reader.time()
        else { return nil }
        self.init(
            definitionKey: definition,
            operationKey: operation,
            contentKey: contentKey,
            diffID: diffID.map { DiffID($0) },
            epoch: Timestamp(seconds: seconds, nanoseconds: nanoseconds),
            inputs: inputs,
            description: description,
            durationMilliseconds: duration,
            created: created,
            lastUsed: lastUsed
        )
    }

    var arguments: StatementArguments {
        [
            definitionKey.description, operationKey.description, contentKey?.description, diffID?.digest.description,
            epoch.seconds, Int64(epoch.nanoseconds), BlobArgument(inputs), description, durationMilliseconds,
            created.seconds, lastUsed.seconds,
        ]
    }
}
