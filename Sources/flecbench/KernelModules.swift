internal import SimKernel

/// A module that counts its activations, as the methods of the SystemC programs do.
protocol CountingModule: Module {
  var activations: UInt64 { get }
}

/// A clocked module that passes a token along a ring: pop and push in every cycle.
final class RingStage: Module, CountingModule {
  private let input: InPort<UInt64>
  private let output: OutPort<UInt64>
  private(set) var activations: UInt64 = 0

  init(index: Int, input: InPort<UInt64>, output: OutPort<UInt64>) {
    self.input = input
    self.output = output
    super.init(path: "stage\(index)")
  }

  override func tick(_ now: Cycle) -> Wake {
    activations &+= 1
    if input.canPop, output.canPush {
      output.push(input.pop() &+ 1)
    }
    return .nextCycle
  }
}

/// A module that wakes itself after a pseudo-random number of cycles, 1 to 256.
final class TimedStage: Module, CountingModule {
  private var state: UInt64
  private(set) var activations: UInt64 = 0

  init(index: Int) {
    state = UInt64(index) &* 0x9E37_79B9 &+ 1
    super.init(path: "timer\(index)")
  }

  override func tick(_ now: Cycle) -> Wake {
    activations &+= 1
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return .at(now &+ 1 &+ (state &>> 33) & 255)
  }
}

/// A module that runs in every cycle and does nothing but count.
final class SoloStage: Module, CountingModule {
  private(set) var activations: UInt64 = 0

  override func tick(_ now: Cycle) -> Wake {
    activations &+= 1
    return .nextCycle
  }
}

/// A module that sleeps for ever.
final class IdleModule: Module {
  override func tick(_ now: Cycle) -> Wake { .onPort }
}
