public import Fabric
public import SimKernel
public import Telemetry

/// A systolic array whose processing elements keep weights (kind `WSArray`): O = A · B with the
/// rows of B in the array, one row of A per cycle.
///
/// Timing model: weights enter one row per cycle, into shadow registers, while the job before is
/// still computing; the first vector takes them into use as its wavefront passes. Vector m enters
/// in the cycle in which its beat is taken; processing element (k, c) works on it k + c cycles
/// later, and its row is complete after YDIM + N − 1 cycles. It goes to the accumulator buffer or,
/// without accumulation, past it, to the output queue and to post-processing.
///
/// Ports: registers, `in1` (A, one element per row of the array), `in2` (B, one element per
/// column), `out` (rows of the result), an interrupt line. Not modelled: see the manual page beside
/// this file's folder.
public final class WeightStationaryArray: Module {
  /// The registers, for the C header and the manual.
  public static var registerMap: RegisterMap { ArrayRegisterMap.weightStationary }

  /// The cores live in the kernel's arena: a tick goes through one switch and touches no reference
  /// count.
  private enum Core {
    case fastInt8(UnsafeMutablePointer<WeightStationaryCore<TiledWeightStationary<Int8>>>)
    case fastInt16(UnsafeMutablePointer<WeightStationaryCore<TiledWeightStationary<Int16>>>)
    case fastFloat(UnsafeMutablePointer<WeightStationaryCore<TiledWeightStationary<Float>>>)
    case steppedInt8(UnsafeMutablePointer<WeightStationaryCore<SteppedWeightStationary<Int8>>>)
    case steppedInt16(UnsafeMutablePointer<WeightStationaryCore<SteppedWeightStationary<Int16>>>)
    case steppedFloat(UnsafeMutablePointer<WeightStationaryCore<SteppedWeightStationary<Float>>>)
  }

  private let core: Core

  /// Creates an array.
  ///
  /// - Parameters:
  ///   - configuration: traps when ``SystolicArrayConfiguration/problems(dataflow:)`` finds
  ///     something.
  ///   - in1: `in1Bytes` wide.
  ///   - in2: `in2Bytes` wide.
  ///   - out: `outBytes` wide.
  ///   - interrupt: high while a finished or refused job was not acknowledged and the interrupt is
  ///     enabled.
  ///   - in1Driver: path of the module that drives `in1`, named by the waiting class.
  ///   - in2Driver: path of the module that drives `in2`.
  ///   - outReceiver: path of the module that takes `out`.
  public init(
    path: String, configuration: SystolicArrayConfiguration, site: ModuleSite,
    registers: RegisterPort, in1: StreamSink, in2: StreamSink, out: StreamSource,
    interrupt: Line?, arena: Arena, in1Driver: String? = nil, in2Driver: String? = nil,
    outReceiver: String? = nil
  ) {
    checkArray(configuration, .weightStationary, in1: in1, in2: in2, out: out)
    let states = ArrayState.descriptors(
      dataflow: .weightStationary, path: path, in1: in1Driver, in2: in2Driver, out: outReceiver)
    func make<Inside: WeightStationaryDatapath>(
      _: Inside.Type
    ) -> UnsafeMutablePointer<WeightStationaryCore<Inside>> {
      let place = arena.allocate(WeightStationaryCore<Inside>.self, count: 1)
      place.initialize(
        to: WeightStationaryCore(
          configuration: configuration, site: site, registers: registers, in1: in1, in2: in2,
          out: out, interrupt: interrupt, arena: arena, states: states))
      return place
    }
    core =
      switch (configuration.fidelity, configuration.dataType) {
      case (.fast, .int8): .fastInt8(make(TiledWeightStationary<Int8>.self))
      case (.fast, .int16): .fastInt16(make(TiledWeightStationary<Int16>.self))
      case (.fast, .fp32): .fastFloat(make(TiledWeightStationary<Float>.self))
      case (.registers, .int8): .steppedInt8(make(SteppedWeightStationary<Int8>.self))
      case (.registers, .int16): .steppedInt16(make(SteppedWeightStationary<Int16>.self))
      case (.registers, .fp32): .steppedFloat(make(SteppedWeightStationary<Float>.self))
      }
    super.init(path: path)
  }

  /// What the registers inside did; nil in the fast fidelity, which has none.
  public var activity: ArrayActivity? {
    switch core {
    case .fastInt8, .fastInt16, .fastFloat: nil
    case .steppedInt8(let core): core.pointee.activity
    case .steppedInt16(let core): core.pointee.activity
    case .steppedFloat(let core): core.pointee.activity
    }
  }

  public override func tick(_ now: Cycle) -> Wake {
    switch core {
    case .fastInt8(let core): core.pointee.tick(now)
    case .fastInt16(let core): core.pointee.tick(now)
    case .fastFloat(let core): core.pointee.tick(now)
    case .steppedInt8(let core): core.pointee.tick(now)
    case .steppedInt16(let core): core.pointee.tick(now)
    case .steppedFloat(let core): core.pointee.tick(now)
    }
  }
}
