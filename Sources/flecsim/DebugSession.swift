internal import Debugger
internal import SoC

/// A run under the control of GDB.
struct DebugSession {
  /// The TCP port of 127.0.0.1; 0 for any free one.
  let port: UInt16
  let limits: RunLimits
  let terminal: Terminal

  /// Waits for a debugger and lets it run `system`.
  ///
  /// - Parameter rebuild: builds the same system again, for `monitor reset`.
  /// - Returns: the system that ran last, and how its run ended.
  func run(
    _ system: System, rebuild: @escaping () throws -> System
  ) throws -> (system: System, end: RunEnd) {
    let target: SystemDebugTarget
    let listener: DebugListener
    do {
      target = try SystemDebugTarget(
        system, limits: limits, progress: { !Interruption.wasRequested }, rebuild: rebuild)
      listener = try DebugListener(port: port)
    } catch {
      throw CommandFailure(.usage, "error: --gdb: \(error)")
    }
    terminal.note("gdb: waiting on 127.0.0.1:\(listener.port)")
    guard let transport = listener.accept(isCancelled: { Interruption.wasRequested }) else {
      return (system, .interrupted)
    }
    let end = target.serve(transport) { Interruption.wasRequested }
    transport.finish()
    return (target.system, end)
  }
}
