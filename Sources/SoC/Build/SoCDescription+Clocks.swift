internal import SimKernel

extension SoCDescription {
  /// All clocks of the system, the processor's instruction clock included, in hertz.
  var clockFrequencies: [(name: String, hertz: UInt64)] {
    var clocks = clocks.map { (name: $0.name, hertz: $0.hertz) }
    if let cpu {
      clocks.append(
        (name: SystemBuilder.instructionClock, hertz: UInt64(cpu.instructionsPerSecond)))
    }
    return clocks
  }

  /// Base ticks per second of the system's kernel; nil when the clocks share none.
  public var ticksPerSecond: UInt64? {
    try? ClockPlan(clockFrequencies).ticksPerSecond
  }
}
