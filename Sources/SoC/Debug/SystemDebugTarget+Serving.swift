public import Debugger
internal import SimKernel
internal import Telemetry

extension SystemDebugTarget {
  /// Runs the system under the control of a debugger until the run ends or the debugger leaves;
  /// after a detach it runs on within its limits, without progress reports.
  ///
  /// - Parameter isCancelled: asked several times a second; true ends the run.
  public func serve(
    _ transport: any DebugTransport, isCancelled: @escaping () -> Bool
  ) -> RunEnd {
    let server = GDBServer(target: self, transport: transport, isCancelled: isCancelled)
    let left = server.serve()
    if let end { return end }
    switch left {
    case .detached:
      detach()
      return system.run(limits: limits) { _ in !isCancelled() }
    case .killed: return interrupted("ended by the debugger")
    case .disconnected: return interrupted("the debugger hung up")
    case .exited, .cancelled: return interrupted("interrupted by the user")
    }
  }

  private func interrupted(_ reason: String) -> RunEnd {
    system.registry.waves?.drain(through: system.kernel.time.pointee)
    return RunEnd(
      kind: .interrupted, firmwareCode: nil, reason: reason, waits: system.registry.waits())
  }
}
