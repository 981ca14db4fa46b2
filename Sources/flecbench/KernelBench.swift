internal import SimKernel

/// The kernel's workloads: the clocked ring and the timed events are the same two programs that
/// `Scripts/bench` runs on SystemC.
enum KernelBench {
  /// A ring of `size` stages with a token in every channel; returns activations per second.
  ///
  /// - Parameter idle: further modules in the same clock domain that never run.
  static func ring(size: Int = 64, cycles: UInt64, idle: Int = 0) -> Double {
    let kernel = makeKernel()
    let channels = (0..<size).map { _ in kernel.channel(of: UInt64.self) }
    let stages = (0..<size).map {
      RingStage(index: $0, input: channels[$0].in, output: channels[($0 + 1) % size].out)
    }
    for (index, stage) in stages.enumerated() {
      kernel.add(stage, to: kernel.domains[0])
      kernel.connect(
        channels[index].out, producer: stages[(index + size - 1) % size], consumer: stage)
    }
    for index in 0..<idle {
      kernel.add(IdleModule(path: "idle\(index)"), to: kernel.domains[0])
    }
    for channel in channels { channel.out.push(0) }
    return rate(of: stages) { _ = kernel.run(until: cycles - 1) }
  }

  /// `size` modules that sleep 1 to 256 cycles at a time; returns events per second.
  static func timed(size: Int = 64, cycles: UInt64) -> Double {
    let kernel = makeKernel()
    let stages = (0..<size).map { TimedStage(index: $0) }
    for stage in stages { kernel.add(stage, to: kernel.domains[0]) }
    return rate(of: stages) { _ = kernel.run(until: cycles - 1) }
  }

  /// One module that runs alone in every cycle, beside 15 sleeping ones and `otherClocks` domains
  /// of 16 sleeping ones; returns instants per second.
  static func solo(otherClocks: Int = 0, cycles: UInt64) -> Double {
    let kernel = makeKernel(otherClocks: otherClocks)
    let stage = SoloStage(path: "solo")
    kernel.add(stage, to: kernel.domains[0])
    for (index, domain) in kernel.domains.enumerated() {
      for place in 0..<(index == 0 ? 15 : 16) {
        kernel.add(IdleModule(path: "idle\(index).\(place)"), to: domain)
      }
    }
    return rate(of: [stage]) { _ = kernel.run(until: cycles - 1) }
  }

  private static func makeKernel(otherClocks: Int = 0) -> Kernel {
    let others = (0..<otherClocks).map { (name: "clock\($0)", period: UInt64($0) + 2) }
    return Kernel(
      plan: ClockPlan(
        periods: [(name: "clock", period: 1)] + others, ticksPerSecond: 1_000_000_000))
  }

  private static func rate(of modules: [any CountingModule], _ body: () -> Void) -> Double {
    let elapsed = ContinuousClock().measure(body)
    let (seconds, attoseconds) = elapsed.components
    let activations = modules.reduce(0) { $0 + $1.activations }
    return Double(activations) / (Double(seconds) + Double(attoseconds) * 1e-18)
  }
}
