internal import Foundation
internal import SoC
internal import Synchronization

/// Ends the process when a module that is not ours does not return: the wall-clock limit is looked
/// at between two instants, which never come then.
///
/// Only runs with such modules and a limit are guarded. Nothing is written, since the simulation is
/// in the middle of an instant.
final class HangGuard: Sendable {
  private let isOver = Atomic(false)

  /// How long after the limit the run may still take to stop by itself, in seconds.
  private static let grace = 2.0

  /// Starts to wait; call ``disarm()`` when the run has ended.
  init?(_ description: SoCDescription, wallSeconds: Double) {
    let names =
      description.accelerators.filter { $0.external != nil || $0.shadow != nil }.map(\.name)
      + description.peripherals.filter { $0.external != nil }.map(\.name)
      + description.memories.filter { $0.external != nil }.map(\.name)
    guard wallSeconds > 0, wallSeconds < 1e6, !names.isEmpty else { return nil }
    let thread = Thread { [weak self] in
      Thread.sleep(forTimeInterval: wallSeconds + Self.grace)
      guard let self, !isOver.load(ordering: .acquiring) else { return }
      StandardStream.note(
        "error: wall-clock limit of \(wallSeconds) s reached inside an instant: a module that is not ours "
          + "does not return (\(names.joined(separator: ", "))); no results are written")
      _exit(ProcessExit.wallLimit.rawValue)
    }
    thread.start()
  }

  /// The run has ended.
  func disarm() {
    isOver.store(true, ordering: .releasing)
  }
}
