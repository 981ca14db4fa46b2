internal import Foundation
internal import SoC

/// A file that fills while the simulation runs. After the first failure nothing more is written; it
/// is reported when the run is over.
final class RecordFile {
  private let name: String
  private var descriptor: Int32
  private var failure: Int32 = 0

  /// Opens a file, in place of an earlier one; `-` is standard output, nil standard error.
  ///
  /// - Throws: `CommandFailure` when it cannot be written.
  init(_ path: String?) throws {
    switch path {
    case nil: (name, descriptor) = ("standard error", STDERR_FILENO)
    case "-": (name, descriptor) = ("standard output", STDOUT_FILENO)
    case let path?:
      name = path
      descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      if descriptor < 0 {
        throw CommandFailure(
          .output, "error: \(path): cannot write: \(String(cString: strerror(errno)))")
      }
    }
  }

  deinit { close() }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) {
    guard failure == 0 else { return }
    failure = StandardStream.store(bytes, descriptor) ?? 0
  }

  /// Makes sure that all is written. A reader that has seen enough is no failure.
  ///
  /// - Throws: `CommandFailure` with the first reason why something was not.
  func finish() throws {
    close()
    guard failure != 0, failure != EPIPE else { return }
    throw CommandFailure(
      .output, "error: \(name): cannot write: \(String(cString: strerror(failure)))")
  }

  private func close() {
    guard descriptor > STDERR_FILENO else { return }
    // Some file systems notice only now that they are full.
    if Foundation.close(descriptor) != 0, failure == 0 { failure = errno }
    descriptor = -1
  }
}
