internal import Accelerators
public import Fabric
internal import SimKernel

extension AcceleratorKind {
  /// Creates the module of this kind.
  func make(_ context: AcceleratorContext) -> Module {
    let configuration = context.systolicConfiguration
    switch name {
    case Self.outputStationaryArray.name:
      return OutputStationaryArray(
        path: context.description.name, configuration: configuration, site: context.site,
        registers: context.registers, in1: context.sink("in1"), in2: context.sink("in2"),
        out: context.source("out"), interrupt: context.interrupt, arena: context.kernel.arena,
        in1Driver: context.partner("in1"), in2Driver: context.partner("in2"),
        outReceiver: context.partner("out"))
    case Self.weightStationaryArray.name:
      return WeightStationaryArray(
        path: context.description.name, configuration: configuration, site: context.site,
        registers: context.registers, in1: context.sink("in1"), in2: context.sink("in2"),
        out: context.source("out"), interrupt: context.interrupt, arena: context.kernel.arena,
        in1Driver: context.partner("in1"), in2Driver: context.partner("in2"),
        outReceiver: context.partner("out"))
    default: preconditionFailure("no model for accelerator kind \(name)")
    }
  }

  /// The register map of this kind.
  public var registerMap: RegisterMap {
    name == Self.outputStationaryArray.name
      ? OutputStationaryArray.registerMap : WeightStationaryArray.registerMap
  }
}

extension AcceleratorContext {
  fileprivate var systolicConfiguration: SystolicArrayConfiguration {
    let arguments = description.arguments
    var presets: [String: UInt32] = [:]
    for register in description.registers {
      presets[register.key] = UInt32(truncatingIfNeeded: register.value)
    }
    return SystolicArrayConfiguration(
      rows: arguments[integer: "YDIM"], columns: arguments[integer: "XDIM"],
      dataType: ArrayDataType(rawValue: arguments.operandType.rawValue) ?? .fp32,
      outBits: arguments[integer: "OUT_BITS"],
      accumulatorRows: max(1, arguments[integer: "ACC_ROWS"]),
      doubleBuffered: arguments[flag: "DOUBLE_BUFFER"],
      fidelity: fidelity == .fast ? .fast : .registers, registerPresets: presets)
  }
}
