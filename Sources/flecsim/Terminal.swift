internal import Foundation
internal import Reports
internal import SoC

/// Standard output for the firmware, standard error for progress.
final class Terminal {
  /// Whether progress is shown.
  var showsProgress = isatty(STDERR_FILENO) == 1
  /// Called before anything is written.
  var willWrite: (() -> Void)?
  private var hasProgressLine = false
  private var lastShown = 0.0
  private var line: [UInt8] = []
  private static let longestLine = 4096

  /// How reports look: coloured and as wide as the terminal, or plain.
  static var style: TextStyle {
    guard isatty(STDOUT_FILENO) == 1 else { return .file }
    var size = winsize()
    let width = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 100
    let wantsColour = ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    return TextStyle(width: min(120, max(80, width)), usesColour: wantsColour)
  }

  /// A character of the firmware; lines are written whole unless they are very long.
  func print(_ byte: UInt8) {
    line.append(byte)
    if byte == UInt8(ascii: "\n") || line.count == Self.longestLine { flush() }
  }

  private func flush() {
    guard !line.isEmpty else { return }
    willWrite?()
    clearProgress()
    StandardStream.write(line)
    line.removeAll(keepingCapacity: true)
  }

  /// Shows simulated time and speed, a few times per second.
  func showProgress(_ system: System, elapsed: Double) {
    guard showsProgress, elapsed - lastShown > 0.2 else { return }
    lastShown = elapsed
    let text = ProgressLine(
      simulatedSeconds: system.seconds, cycles: system.cycles, elapsedSeconds: elapsed
    ).text(Self.style)
    StandardStream.progress(ProgressLine.clearing + text)
    hasProgressLine = true
  }

  private func clearProgress() {
    guard hasProgressLine else { return }
    StandardStream.progress(ProgressLine.clearing)
    hasProgressLine = false
  }

  /// A line for the user beside the results.
  func note(_ text: String) {
    willWrite?()
    StandardStream.note(text)
  }

  /// Writes what is left of the firmware's output.
  func finish() {
    if let last = line.last, last != UInt8(ascii: "\n") { line.append(UInt8(ascii: "\n")) }
    flush()
    clearProgress()
  }
}
