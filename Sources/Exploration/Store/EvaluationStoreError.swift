/// Why a store of evaluations cannot be used: one sentence each.
public enum EvaluationStoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no such file.
  case missing(path: String)
  /// The file is no database, or one of another program.
  case notAStore(path: String)
  /// The store was written by a build with other tables.
  case unsupportedFormat(path: String, found: Int, known: Int)
  /// Another process is writing into the store.
  case inUse(path: String)
  /// The disk, or what the user may use of it, is full.
  case full(path: String)
  /// The system refused to write.
  case unwritable(path: String, reason: String)
  /// The system refused to read.
  case unreadable(path: String, reason: String)
  /// The file is damaged.
  case corrupt(path: String, reason: String)
  /// A key is not 64 hexadecimal digits.
  case invalidKey(String)
  /// The same inputs gave two results: something that the result depends on is not in the key.
  case conflict(path: String, key: String, stored: String, new: String)

  /// `path: reason`.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such store"
    case .notAStore(let path):
      "\(path): is no store of evaluations"
    case .unsupportedFormat(let path, let found, let known):
      "\(path): the store has format \(found); this version works with format \(known)"
    case .inUse(let path):
      "\(path): another process is writing into this store"
    case .full(let path):
      "\(path): no space is left on the disk; what was stored before is intact"
    case .unwritable(let path, let reason):
      "\(path): cannot write: \(reason)"
    case .unreadable(let path, let reason):
      "\(path): cannot read: \(reason)"
    case .corrupt(let path, let reason):
      "\(path): the store is damaged: \(reason)"
    case .invalidKey(let key):
      "'\(key)' is no key of an evaluation: expected 64 hexadecimal digits"
    case .conflict(let path, let key, let stored, let new):
      "\(path): the evaluation \(key) is stored with \(stored) but came out with \(new) now"
    }
  }
}
