internal import Foundation
internal import GRDB

/// All evaluations of a study in one SQLite file: looked up by the digest of their inputs, so that
/// nothing is evaluated twice.
///
/// - Every call that inserts is one transaction. What it has returned from survives the end of the
///   process by any signal; after a power failure the last transactions may be missing, never half
///   of one.
/// - One process writes, which a lock beside the file ensures; any number of others may read while
///   it does, through this type or the `sqlite3` command, whose view `design` shows everything as
///   text.
/// - Keys are unique. An evaluation that is inserted again must have come out the same.
/// - Evaluations that failed are kept apart and, unless asked otherwise, forgotten by look-ups of
///   the next process, so that they are tried again.
///
/// An object serves one thread at a time.
public final class EvaluationStore {
  /// Who may use the file how.
  public enum Access: Sendable, Equatable {
    /// Reads and writes; makes the file, and the folders above it, when they are missing.
    case write
    /// Reads only, also while another process writes.
    case read
  }

  /// Path of the file, as given.
  public let path: String
  let queue: DatabaseQueue
  var texts = TextNumbers()
  /// Number of this opening among all that wrote.
  let session: Int64
  /// Whether failures of earlier sessions count as absent.
  let retriesFailures: Bool
  /// Whether there may be rows in `failure`; most stores have none, which saves a look-up.
  var mayHaveFailures: Bool
  private var lock: StoreLock?

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - tool: version of the tool, which is noted in a new store.
  ///   - retriesFailures: whether evaluations that failed in earlier sessions are looked up as
  ///     absent.
  /// - Throws: `EvaluationStoreError`.
  public init(
    path: String, access: Access = .write, tool: String = "", retriesFailures: Bool = true
  ) throws(EvaluationStoreError) {
    self.path = path
    self.retriesFailures = retriesFailures
    if access == .write {
      try Self.makeFolder(of: path)
    } else if !FileManager.default.fileExists(atPath: path) {
      throw .missing(path: path)
    }
    lock = access == .write ? try StoreLock(store: path) : nil
    do {
      queue = try Self.connect(path, access)
      try Self.prepare(queue, path, access, tool)
      session = try access == .write ? Self.nextSession(queue) : Int64.max
      mayHaveFailures = try queue.read { database in
        try Bool.fetchOne(database, sql: "SELECT EXISTS(SELECT 1 FROM failure)") ?? false
      }
    } catch {
      throw Self.explain(error, path)
    }
  }

  /// Ends the use of the file; all later calls fail. An object that goes away does the same.
  ///
  /// - Throws: `EvaluationStoreError`.
  public func close() throws(EvaluationStoreError) {
    do {
      try queue.close()
      lock = nil
    } catch {
      throw Self.explain(error, path)
    }
  }

  // MARK: Opening

  private static func makeFolder(of path: String) throws(EvaluationStoreError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: path, reason: "cannot make the folder \(folder)")
    }
  }

  private static func connect(_ path: String, _ access: Access) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "evaluations"
    configuration.readonly = access == .read
    configuration.foreignKeysEnabled = false  // checked on every insert otherwise
    configuration.busyMode = .timeout(10)  // a reader may be cleaning up after a killed writer
    configuration.prepareDatabase { database in
      // 64 MiB of pages: the index over a million keys stays in memory.
      try database.execute(sql: "PRAGMA cache_size = -65536")
    }
    do {
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch let error as DatabaseError where access == .read && error.resultCode == .SQLITE_CANTOPEN
    {
      // In a folder that is not writable there is no place for the files that readers and writer
      // share; with no writer there they are not needed.
      guard !FileManager.default.fileExists(atPath: path + "-wal") else { throw error }
      let name = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
      return try DatabaseQueue(path: "file:\(name)?immutable=1", configuration: configuration)
    }
  }

  /// Checks what is in the file before anything is changed.
  private static func prepare(
    _ queue: DatabaseQueue, _ path: String, _ access: Access, _ tool: String
  ) throws {
    let content = try queue.read { try StoreSchema.content($0) }
    switch content {
    case .foreign: throw EvaluationStoreError.notAStore(path: path)
    case .store(let format) where format != StoreSchema.format:
      throw EvaluationStoreError.unsupportedFormat(
        path: path, found: format, known: StoreSchema.format)
    case .empty where access == .read: throw EvaluationStoreError.notAStore(path: path)
    case .empty, .store: break
    }
    guard access == .write else { return }
    try queue.writeWithoutTransaction { database in
      // Readers see the last complete state while this process writes.
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      // 16 MiB between copies from the journal to the file: batches of many designs change most
      // pages of the index.
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 4096")
      try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
      if content == .empty {
        try database.inTransaction(.immediate) {
          try StoreSchema.create(database, tool: tool)
          return .commit
        }
      }
    }
  }

  private static func nextSession(_ queue: DatabaseQueue) throws -> Int64 {
    try queue.write { database in
      try database.execute(sql: "UPDATE meta SET value = value + 1 WHERE name = 'session'")
      return try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE name = 'session'") ?? 0
    }
  }

  // MARK: Errors

  /// The error of the database, in terms of the store.
  static func explain(_ error: any Error, _ path: String) -> EvaluationStoreError {
    if let error = error as? EvaluationStoreError { return error }
    guard let error = error as? DatabaseError else {
      return .unreadable(path: path, reason: "\(error)")
    }
    let reason = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_NOTADB: return .notAStore(path: path)
    case .SQLITE_FULL: return .full(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .inUse(path: path)
    case .SQLITE_CORRUPT: return .corrupt(path: path, reason: reason)
    case .SQLITE_READONLY, .SQLITE_PERM: return .unwritable(path: path, reason: reason)
    case .SQLITE_IOERR where error.extendedResultCode != .SQLITE_IOERR_READ:
      return .unwritable(path: path, reason: reason)
    default: return .unreadable(path: path, reason: reason)
    }
  }
}
