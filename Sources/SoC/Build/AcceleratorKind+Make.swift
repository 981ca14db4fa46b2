internal import Accelerators
public import Fabric
internal import SimKernel

extension AcceleratorKind {
  /// Creates the module of this kind, which is a model of ours.
  private func makeModel(_ context: AcceleratorContext) -> Module {
    switch name {
    case Self.outputStationaryArray.name:
      return OutputStationaryArray(
        path: context.description.name, configuration: context.systolicConfiguration,
        site: context.site,
        registers: context.registers, in1: context.sink("in1"), in2: context.sink("in2"),
        out: context.source("out"), interrupt: context.interrupt, arena: context.kernel.arena,
        in1Driver: context.partner("in1"), in2Driver: context.partner("in2"),
        outReceiver: context.partner("out"))
    case Self.weightStationaryArray.name:
      return WeightStationaryArray(
        path: context.description.name, configuration: context.systolicConfiguration,
        site: context.site,
        registers: context.registers, in1: context.sink("in1"), in2: context.sink("in2"),
        out: context.source("out"), interrupt: context.interrupt, arena: context.kernel.arena,
        in1Driver: context.partner("in1"), in2Driver: context.partner("in2"),
        outReceiver: context.partner("out"))
    case Self.vectorUnit.name:
      return VectorUnit(
        path: context.description.name, configuration: context.vectorConfiguration,
        site: context.site, registers: context.registers, input: context.sink("in"),
        side: context.sink("side"), out: context.source("out"), interrupt: context.interrupt,
        arena: context.kernel.arena, inputDriver: context.partner("in"),
        sideDriver: context.partner("side"), outReceiver: context.partner("out"))
    default: preconditionFailure("no model for accelerator kind \(name)")
    }
  }

  /// Creates the module of this kind, with its shadow if it has one.
  ///
  /// - Throws: ``SystemError`` when a plug-in or RTL cannot be made.
  func make(_ context: AcceleratorContext) throws(SystemError) -> Module {
    if let external = context.description.external {
      return try external.make(context)
    }
    let model = makeModel(context)
    guard let shadow = context.description.shadowModule else { return model }
    return try shadow.shadow(of: model, context)
  }

  /// The register map of this kind; nil when it depends on the files an instance names.
  public var registerMap: RegisterMap? {
    switch name {
    case Self.outputStationaryArray.name: OutputStationaryArray.registerMap
    case Self.weightStationaryArray.name: WeightStationaryArray.registerMap
    case Self.vectorUnit.name: VectorUnit.registerMap
    default: nil
    }
  }
}

extension AcceleratorContext {
  fileprivate var vectorConfiguration: VectorUnitConfiguration {
    let arguments = description.arguments
    return VectorUnitConfiguration(
      lanes: arguments[integer: "LANES"],
      dataType: VectorDataType(rawValue: arguments.operandType.rawValue) ?? .fp32,
      maximumWidth: arguments[integer: "MAX_WIDTH"])
  }

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
