internal import SimKernel

/// A clocked module that passes a token along a ring: pop and push in every cycle.
final class RingStage: Module {
  private let input: InPort<UInt64>
  private let output: OutPort<UInt64>
  private let activations: UnsafeMutablePointer<UInt64>

  init(
    index: Int, input: InPort<UInt64>, output: OutPort<UInt64>,
    activations: UnsafeMutablePointer<UInt64>
  ) {
    self.input = input
    self.output = output
    self.activations = activations
    super.init(path: "stage\(index)")
  }

  override func tick(_ now: Cycle) -> Wake {
    activations.pointee &+= 1
    if input.canPop, output.canPush {
      output.push(input.pop() &+ 1)
    }
    return .nextCycle
  }
}

/// A module that wakes itself after a pseudo-random number of cycles.
final class TimedStage: Module {
  private var state: UInt64
  private let activations: UnsafeMutablePointer<UInt64>

  init(index: Int, activations: UnsafeMutablePointer<UInt64>) {
    state = UInt64(index) &* 0x9E37_79B9 &+ 1
    self.activations = activations
    super.init(path: "timer\(index)")
  }

  override func tick(_ now: Cycle) -> Wake {
    activations.pointee &+= 1
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return .at(now &+ 1 &+ (state &>> 33) & 255)
  }
}

/// A module that sleeps for ever.
final class IdleModule: Module {
  override func tick(_ now: Cycle) -> Wake { .onPort }
}

/// A module that counts its clock cycles.
final class CountingModule: Module {
  private let activations: UnsafeMutablePointer<UInt64>

  init(activations: UnsafeMutablePointer<UInt64>) {
    self.activations = activations
    super.init(path: "counting")
  }

  override func tick(_ now: Cycle) -> Wake {
    activations.pointee &+= 1
    return .nextCycle
  }
}

/// The kernel workloads of the bench: a clocked ring and timed events, the same two programs that
/// `Scripts/bench` runs on SystemC.
enum KernelBench {
  /// A ring of `size` stages with a token in every channel; returns activations per second.
  static func ring(size: Int, cycles: UInt64, idle: Int = 0) -> Double {
    let kernel = makeKernel()
    let counters = kernel.arena.allocate(UInt64.self, count: size)
    let channels = (0..<size).map { _ in kernel.channel(of: UInt64.self) }
    let stages = (0..<size).map {
      RingStage(
        index: $0, input: channels[$0].in, output: channels[($0 + 1) % size].out,
        activations: counters + $0)
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
    return Double(size) * rate(of: counters) { _ = kernel.run(until: cycles) }
  }

  /// `size` modules that sleep 1 to 256 cycles at a time; returns events per second.
  static func timed(size: Int, cycles: UInt64) -> Double {
    let kernel = makeKernel()
    let counter = kernel.arena.allocate(UInt64.self, count: 1)
    for index in 0..<size {
      kernel.add(TimedStage(index: index, activations: counter), to: kernel.domains[0])
    }
    return rate(of: counter) { _ = kernel.run(until: cycles) }
  }

  /// One module that ticks alone in every cycle, beside clocks whose modules sleep; returns
  /// instants per second.
  static func solo(cycles: UInt64, otherClocks: Int = 0) -> Double {
    let others = (0..<otherClocks).map { (name: "clock\($0)", period: UInt64($0) + 2) }
    let plan = ClockPlan(
      periods: [(name: "clock", period: 1)] + others, ticksPerSecond: 1_000_000_000)
    let kernel = Kernel(plan: plan)
    let counter = kernel.arena.allocate(UInt64.self, count: 1)
    kernel.add(CountingModule(activations: counter), to: kernel.domains[0])
    for (index, domain) in kernel.domains.enumerated() {
      for place in 0..<16 {
        kernel.add(IdleModule(path: "idle\(index).\(place)"), to: domain)
      }
    }
    return rate(of: counter) { _ = kernel.run(until: cycles) }
  }

  private static func makeKernel() -> Kernel {
    Kernel(plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000_000))
  }

  private static func rate(of counter: UnsafeMutablePointer<UInt64>, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let elapsed = clock.measure(body)
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    return Double(counter.pointee) / seconds
  }
}
