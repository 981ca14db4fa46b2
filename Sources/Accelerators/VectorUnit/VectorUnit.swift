public import Fabric
public import SimKernel
public import Telemetry

/// A vector unit (kind `VectorUnit`): elementwise arithmetic, table, and pooling of the pixels that
/// stream through it, one beat of up to LANES channels per cycle.
///
/// Timing model: a source beat taken in cycle t is in the operand register in t + 1 and in the
/// result register in t + 2, in which it is sent at the earliest; a pooled pixel likewise after the
/// beat that completes its window. Without stalls a beat is taken and a beat sent in every cycle.
///
/// Ports: registers, `in` (what an array or DMA sends), `side` (second operands, or the source),
/// `out`, an interrupt line. Not modelled: see the manual page of the accelerators.
public final class VectorUnit: Module {
  /// The registers, for the C header and the manual.
  public static var registerMap: RegisterMap { VectorUnitRegisterMap.map }

  /// In the kernel's arena: a tick touches no reference count.
  private let core: UnsafeMutablePointer<VectorUnitCore>

  /// Creates a vector unit.
  ///
  /// - Parameters:
  ///   - configuration: traps when ``VectorUnitConfiguration/problems`` finds something.
  ///   - input: port `in`, `beatBytes` wide like the other two.
  ///   - interrupt: high while a finished or refused job was not acknowledged and the interrupt is
  ///     enabled.
  ///   - inputDriver: path of the module that drives `in`, named by the waiting class.
  ///   - sideDriver: path of the module that drives `side`.
  ///   - outReceiver: path of the module that takes `out`.
  public init(
    path: String, configuration: VectorUnitConfiguration, site: ModuleSite,
    registers: RegisterPort, input: StreamSink, side: StreamSink, out: StreamSource,
    interrupt: Line?, arena: Arena, inputDriver: String? = nil, sideDriver: String? = nil,
    outReceiver: String? = nil
  ) {
    let problems = configuration.problems
    precondition(problems.isEmpty, problems.joined(separator: "; "))
    precondition(input.widthBytes >= configuration.beatBytes, "in is too narrow")
    precondition(side.widthBytes >= configuration.beatBytes, "side is too narrow")
    precondition(out.widthBytes >= configuration.beatBytes, "out is too narrow")
    core = arena.allocate(VectorUnitCore.self, count: 1)
    core.initialize(
      to: VectorUnitCore(
        configuration: configuration, site: site, registers: registers, input: input, side: side,
        out: out, interrupt: interrupt, arena: arena,
        states: VectorState.descriptors(input: inputDriver, side: sideDriver, out: outReceiver)))
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    core.pointee.tick(now)
  }
}
