internal import Foundation

/// Ctrl-C ends the simulation between two instants, so that results are still written; a second one
/// ends the process.
enum Interruption {
  nonisolated(unsafe) private static var flag: sig_atomic_t = 0

  /// Catches the first SIGINT and SIGTERM.
  ///
  /// A parent that starts the tool from a thread with blocked signals passes the mask on; it is
  /// lifted.
  static func install() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signalNumber in [SIGINT, SIGTERM] { sigaddset(&signals, signalNumber) }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
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
