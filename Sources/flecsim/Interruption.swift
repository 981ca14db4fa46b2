internal import Foundation

/// Ctrl-C ends the simulation between two instants, so that results are still written; a second one
/// ends the process.
enum Interruption {
  nonisolated(unsafe) private static var flag: sig_atomic_t = 0

  /// Catches the first SIGINT and SIGTERM.
  static func install() {
    for signalNumber in [SIGINT, SIGTERM] {
      signal(signalNumber) { number in
        Interruption.flag = 1
        signal(number, SIG_DFL)
      }
    }
  }

  /// Whether a signal has come.
  static var wasRequested: Bool { flag != 0 }
}
