internal import Peripherals
internal import SimKernel
internal import Telemetry

/// When to stop a run that does not stop by itself.
public struct RunLimits: Sendable {
  /// The most cycles of the fastest hardware clock; 0 for no limit.
  public var cycles: UInt64
  /// The most seconds of the host's time; 0 for no limit.
  public var wallSeconds: Double

  /// Creates limits.
  public init(cycles: UInt64 = 0, wallSeconds: Double = 0) {
    self.cycles = cycles
    self.wallSeconds = wallSeconds
  }
}

extension System {
  /// The clock that "cycles" without further words means: the fastest hardware clock.
  public var referenceClock: (name: String, hertz: UInt64, period: UInt64) {
    let hardware = kernel.domains.filter { $0.name != SystemBuilder.instructionClock }
    guard let fastest = hardware.max(by: { $0.hertz < $1.hertz }) else {
      preconditionFailure("a system has a hardware clock")
    }
    return (fastest.name, fastest.hertz, fastest.period)
  }

  /// Elapsed cycles of ``referenceClock``.
  public var cycles: UInt64 {
    kernel.time.pointee / referenceClock.period + 1
  }

  /// Instants between two looks at the clock and at the user. A core that computes undisturbed runs
  /// milliseconds in one instant, and a limit has to end it within a second.
  private static let pollInterval = 64

  /// Runs until the firmware exits or something else ends the run.
  ///
  /// - Parameter progress: called now and then with the wall seconds so far; false interrupts the
  ///   run.
  public func run(limits: RunLimits, progress: (Double) -> Bool = { _ in true }) -> RunEnd {
    let clock = ContinuousClock()
    let start = clock.now
    var isOverWallLimit = false
    let outcome = kernel.run(until: lastTick(limits), pollInterval: Self.pollInterval) { [self] in
      let elapsed = start.duration(to: clock.now) / .seconds(1)
      if limits.wallSeconds > 0, elapsed > limits.wallSeconds {
        isOverWallLimit = true
        return false
      }
      if let waves = registry.waves, waves.pendingChanges > 1 << 16 {
        waves.drain(through: kernel.time.pointee)
      }
      return progress(elapsed)
    }
    registry.waves?.drain(through: kernel.time.pointee)
    return end(outcome, limits, isOverWallLimit: isOverWallLimit)
  }

  /// The last tick that `limits` allow.
  func lastTick(_ limits: RunLimits) -> Tick {
    guard limits.cycles > 0 else { return Kernel.lastTick }
    let (tick, overflow) = (limits.cycles - 1).multipliedReportingOverflow(
      by: referenceClock.period)
    return overflow ? Kernel.lastTick : tick
  }

  /// What a run that the kernel ended with `outcome` says about itself.
  func end(_ outcome: Outcome, _ limits: RunLimits, isOverWallLimit: Bool = false) -> RunEnd {
    switch outcome {
    case .finished: return finished()
    case .limitReached:
      return RunEnd(
        kind: .cycleLimit, firmwareCode: nil,
        reason: "cycle limit of \(limits.cycles) cycles (\(referenceClock.name)) reached",
        waits: registry.waits())
    case .deadlocked:
      let waits = registry.waits()
      return RunEnd(
        kind: .deadlock, firmwareCode: nil,
        reason: "deadlock: nothing is scheduled and the firmware has not exited", waits: waits)
    case .interrupted, .paused:
      return isOverWallLimit
        ? RunEnd(
          kind: .wallLimit, firmwareCode: nil,
          reason: "wall-clock limit of \(limits.wallSeconds) s reached", waits: registry.waits())
        : RunEnd(
          kind: .interrupted, firmwareCode: nil, reason: "interrupted by the user",
          waits: registry.waits())
    }
  }

  private func finished() -> RunEnd {
    switch exit.reason {
    case .code(let code, let device):
      return RunEnd(
        kind: .exited, firmwareCode: code,
        reason: "firmware exited with code \(code) through \(device)"
          + (code == Int(RunEnd.processCode(ofFirmware: code))
            ? "" : ", which no process can pass on"),
        waits: [])
    case .reset(let device):
      return RunEnd(
        kind: .reset, firmwareCode: nil, reason: "firmware asked for a reset through \(device)",
        waits: [])
    case .instructionLimit(let count):
      return RunEnd(
        kind: .instructionLimit, firmwareCode: nil,
        reason: "instruction limit of \(count) instructions reached", waits: registry.waits())
    case .unhandledTrap(let text):
      return RunEnd(kind: .unhandledTrap, firmwareCode: nil, reason: text, waits: [])
    case .moduleFault(let text):
      return RunEnd(kind: .moduleFault, firmwareCode: nil, reason: text, waits: [])
    case nil:
      preconditionFailure("the kernel finished without a request")
    }
  }
}
