public import Fabric
public import SimKernel
public import Telemetry

/// A systolic array whose processing elements keep the result (kind `OSArray`): O = A · B, one
/// column of A and one row of B per cycle.
///
/// Timing model: step k enters in the cycle in which both its beats are taken; processing element
/// (r, c) works on it r + c cycles later. A job of M×N results and K steps, never stalled, takes
/// K + M + N − 2 cycles from its first operands to its last MAC; its M rows leave the array in the
/// M cycles after that, and the first beat is sent two cycles after its row left. With drain
/// registers the next job's operands follow at once.
///
/// Ports: registers, `in1` (A, one element per row), `in2` (B, one element per column), `out` (rows
/// of the result), an interrupt line. Not modelled: see the manual page beside this file's folder.
public final class OutputStationaryArray: Module {
  /// The registers, for the C header and the manual.
  public static var registerMap: RegisterMap { ArrayRegisterMap.outputStationary }

  /// The cores live in the kernel's arena: a tick goes through one switch and touches no reference
  /// count.
  private enum Core {
    case fastInt8(UnsafeMutablePointer<OutputStationaryCore<TiledOutputStationary<Int8>>>)
    case fastInt16(UnsafeMutablePointer<OutputStationaryCore<TiledOutputStationary<Int16>>>)
    case fastFloat(UnsafeMutablePointer<OutputStationaryCore<TiledOutputStationary<Float>>>)
    case steppedInt8(UnsafeMutablePointer<OutputStationaryCore<SteppedOutputStationary<Int8>>>)
    case steppedInt16(UnsafeMutablePointer<OutputStationaryCore<SteppedOutputStationary<Int16>>>)
    case steppedFloat(UnsafeMutablePointer<OutputStationaryCore<SteppedOutputStationary<Float>>>)
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
    checkArray(configuration, .outputStationary, in1: in1, in2: in2, out: out)
    let states = ArrayState.descriptors(
      dataflow: .outputStationary, path: path, in1: in1Driver, in2: in2Driver, out: outReceiver)
    func make<Inside: OutputStationaryDatapath>(
      _: Inside.Type
    ) -> UnsafeMutablePointer<OutputStationaryCore<Inside>> {
      let place = arena.allocate(OutputStationaryCore<Inside>.self, count: 1)
      place.initialize(
        to: OutputStationaryCore(
          configuration: configuration, site: site, registers: registers, in1: in1, in2: in2,
          out: out, interrupt: interrupt, arena: arena, states: states))
      return place
    }
    core =
      switch (configuration.fidelity, configuration.dataType) {
      case (.fast, .int8): .fastInt8(make(TiledOutputStationary<Int8>.self))
      case (.fast, .int16): .fastInt16(make(TiledOutputStationary<Int16>.self))
      case (.fast, .fp32): .fastFloat(make(TiledOutputStationary<Float>.self))
      case (.registers, .int8): .steppedInt8(make(SteppedOutputStationary<Int8>.self))
      case (.registers, .int16): .steppedInt16(make(SteppedOutputStationary<Int16>.self))
      case (.registers, .fp32): .steppedFloat(make(SteppedOutputStationary<Float>.self))
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

/// Stops a builder that did not check its configuration.
func checkArray(
  _ configuration: SystolicArrayConfiguration, _ dataflow: ArrayDataflow, in1: StreamSink,
  in2: StreamSink, out: StreamSource
) {
  let problems = configuration.problems(dataflow: dataflow)
  precondition(problems.isEmpty, problems.joined(separator: "; "))
  precondition(in1.widthBytes >= configuration.in1Bytes, "in1 is too narrow")
  precondition(in2.widthBytes >= configuration.in2Bytes, "in2 is too narrow")
  precondition(out.widthBytes >= configuration.outBytes, "out is too narrow")
}
