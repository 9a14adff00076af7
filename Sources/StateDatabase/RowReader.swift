import ByteStrings
import FileModel
import FoundationEssentials
import GRDB
import OCIModel

/// The columns of a row in order; a value of another type than expected is nil, never a trap.
struct RowReader {
    private let row: Row
    private var position = 0

    init(_ row: Row) {
        self.row = row
    }

    mutating func text() -> String? { String.fromDatabaseValue(next()) }
    mutating func integer() -> Int64? { Int64.fromDatabaseValue(next()) }
    mutating func bytes() -> [UInt8]? { Data.fromDatabaseValue(next()).map(Array.init) }
    mutating func digest() -> Digest? { text().flatMap { try? Digest($0) } }
    mutating func size() -> UInt64? { integer().flatMap(UInt64.init(exactly:)) }
    mutating func time() -> Timestamp? { integer().map { Timestamp(seconds: $0) } }

    private mutating func next() -> DatabaseValue {
        guard position < row.count else { return .null }
        defer { position += 1 }
        return row[position]
    }
}

/// Bytes as the argument of a statement.
struct BlobArgument: DatabaseValueConvertible {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var databaseValue: DatabaseValue {
        Data(bytes).databaseValue
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> BlobArgument? {
        Data.fromDatabaseValue(value).map { BlobArgument(Array($0)) }
    }
}

extension Database {
    /// Runs a statement that is prepared once a connection.
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Whether there is a row; its first column must be a number.
    func hasRow(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
        try Int64.fetchOne(cachedStatement(sql: sql), arguments: arguments) != nil
    }

    /// The first row, if there is one.
    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    /// All rows.
    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }
}
