internal import GRDB
internal import GRDBSQLite

/// A prepared statement without boxes around its values: for the few statements that run once for
/// each design.
///
/// It is valid inside the database access that made it. Statements are kept by the connection, so
/// that making one again costs next to nothing.
struct StoreStatement {
  private let statement: Statement
  private let raw: SQLiteStatement

  /// Prepares a statement.
  init(_ database: Database, _ sql: String) throws {
    statement = try database.cachedStatement(sql: sql)
    raw = statement.sqliteStatement
    sqlite3_reset(raw)
    sqlite3_clear_bindings(raw)
  }

  /// Tells SQLite to copy what it is given.
  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  // MARK: Parameters, from 1

  func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(raw, index, value) }

  /// What is not a number becomes NULL.
  func bind(_ index: Int32, _ value: Double) { sqlite3_bind_double(raw, index, value) }

  func bind(_ index: Int32, _ key: EvaluationKey) {
    withUnsafeBytes(of: key.bytes) { buffer in
      _ = sqlite3_bind_blob(raw, index, buffer.baseAddress, Int32(buffer.count), Self.copied)
    }
  }

  /// No bytes become NULL.
  func bind(_ index: Int32, blob bytes: [UInt8]) {
    guard !bytes.isEmpty else {
      sqlite3_bind_null(raw, index)
      return
    }
    bytes.withUnsafeBytes { buffer in
      _ = sqlite3_bind_blob(raw, index, buffer.baseAddress, Int32(buffer.count), Self.copied)
    }
  }

  func bind(_ index: Int32, text bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { buffer in
      let start = buffer.bindMemory(to: CChar.self).baseAddress
      _ = sqlite3_bind_text(raw, index, start, Int32(buffer.count), Self.copied)
    }
  }

  func bind(_ index: Int32, text: String) {
    var text = text
    text.withUTF8 { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        _ = sqlite3_bind_text(
          raw, index, characters.baseAddress, Int32(characters.count), Self.copied)
      }
    }
  }

  func bindNull(_ index: Int32) { sqlite3_bind_null(raw, index) }

  // MARK: Running

  /// Goes to the next row.
  ///
  /// - Returns: false when there is none.
  /// - Throws: `DatabaseError`.
  func step() throws -> Bool {
    let code = sqlite3_step(raw)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    let connection = sqlite3_db_handle(raw)
    let message = sqlite3_errmsg(connection).map { String(cString: $0) }
    let extended = sqlite3_extended_errcode(connection)
    sqlite3_reset(raw)
    throw DatabaseError(resultCode: ResultCode(rawValue: extended), message: message)
  }

  /// Runs a statement without rows and makes it ready for the next values.
  func run() throws {
    while try step() {}
    sqlite3_reset(raw)
  }

  /// Makes it ready for the next values.
  func reset() { sqlite3_reset(raw) }

  /// Rows that the last run of this connection changed.
  var changes: Int32 { sqlite3_changes(sqlite3_db_handle(raw)) }

  /// Number of the row that was inserted last.
  var insertedRow: Int64 { sqlite3_last_insert_rowid(sqlite3_db_handle(raw)) }

  // MARK: Columns, from 0

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(raw, column) }

  /// NULL is not a number.
  func real(_ column: Int32) -> Double {
    isNull(column) ? .nan : sqlite3_column_double(raw, column)
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }

  func text(_ column: Int32) -> String {
    sqlite3_column_text(raw, column).map { String(cString: $0) } ?? ""
  }

  func blob(_ column: Int32) -> [UInt8] {
    Array(buffer(column))
  }

  /// A column of 32 bytes.
  func key(_ column: Int32) -> EvaluationKey? {
    EvaluationKey(buffer(column))
  }

  private func buffer(_ column: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: sqlite3_column_blob(raw, column), count: Int(sqlite3_column_bytes(raw, column)))
  }
}
