internal import Foundation

/// Holds a store for one writing process.
///
/// It is a file of its own beside the store: on some file systems a lock of the database file would
/// get in the way of the database's own. The system gives the lock up with the process, however
/// that ends, so a file that is left behind locks nobody out.
final class StoreLock {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameter path: that of the store.
  /// - Throws: `EvaluationStoreError.inUse` when another process has it, `.unwritable`.
  init(store path: String) throws(EvaluationStoreError) {
    let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    // A file system without locks cannot tell: then nobody is kept away.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw .inUse(path: path)
    }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }
}
