internal import Exploration
internal import Foundation
internal import Reports

/// A line on the terminal that says how far a study is, and how long it will take.
final class ExploreProgress {
  private let isShown = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var stage = -1
  private var stageStart = 0.0
  private var lastShown = -1.0
  private var hasLine = false

  /// Shows progress a few times per second.
  func show(_ progress: StudyProgress) {
    guard isShown else { return }
    let now = start.duration(to: .now) / .seconds(1)
    if progress.stage != stage {
      stage = progress.stage
      stageStart = now
    }
    guard now - lastShown > 0.2 else { return }
    lastShown = now
    StandardStream.progress(
      ProgressLine.clearing + Self.text(progress, seconds: now - stageStart))
    hasLine = true
  }

  /// Removes the line.
  func finish() {
    if hasLine { StandardStream.progress(ProgressLine.clearing) }
    hasLine = false
  }

  /// The line.
  ///
  /// - Parameter seconds: since the stage began.
  static func text(_ progress: StudyProgress, seconds: Double) -> String {
    var text = "stage \(progress.stage + 1)/\(progress.stages) \(progress.model)  "
    let fresh = progress.done - progress.stored
    if let total = progress.total, total > 0 {
      let width = 24
      let filled = min(width, progress.done * width / total)
      text += String(repeating: "█", count: filled)
      text += String(repeating: "░", count: width - filled)
      text += "  \(progress.done) of \(total)"
    } else {
      text += "\(progress.done) designs"
    }
    if progress.stored > 0 { text += " (\(progress.stored) stored)" }
    guard fresh > 0, seconds > 0.5 else { return text }
    let rate = Double(fresh) / seconds
    text += String(format: rate < 10 ? "  %.1f/s" : "  %.0f/s", rate)
    if let total = progress.total, total > progress.done {
      text += "  \(duration(Double(total - progress.done) / rate)) left"
    }
    return text
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
