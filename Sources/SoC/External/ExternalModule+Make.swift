internal import Fabric
internal import MemoryModels
internal import Plugins
internal import RTL
internal import SimKernel
internal import Telemetry

extension ExternalModule {
  /// Creates an accelerator.
  ///
  /// - Throws: ``SystemError`` when the plug-in refuses or the RTL does not compile.
  func make(_ context: AcceleratorContext) throws(SystemError) -> Module {
    let name = context.description.name
    switch source {
    case .plugin(let library, let parameters):
      return try plugin(
        library, parameters, path: name, section: "accelerators", registers: context.registers,
        streams: ports.map(context.end), interrupt: context.interrupt, site: context.site,
        arena: context.kernel.arena, fail: context.fail)
    case .rtl(let design):
      for component in design.components {
        context.site.component(
          component.name, class: component.componentClass,
          attributes: Dictionary(
            component.attributes.map { ($0.key, $0.value) },
            uniquingKeysWith: { first, _ in first }), quantity: component.quantity)
      }
      return VerilatedModule(
        path: name, model: try design.instance(path: "accelerators.\(name)"), map: design.map,
        registers: context.registers, streams: ports.map(context.end),
        interrupt: context.interrupt, site: context.site, fail: context.fail)
    }
  }

  /// Lets this RTL watch `model`.
  ///
  /// - Throws: ``SystemError`` when the RTL does not compile.
  func shadow(of model: Module, _ context: AcceleratorContext) throws(SystemError) -> Module {
    guard case .rtl(let design) = source else { preconditionFailure("a shadow is RTL") }
    let name = context.description.name
    return ShadowModule(
      model, rtl: try design.instance(path: "accelerators.\(name).shadow"), map: design.map,
      registers: context.registers, streams: ports.map(context.end), interrupt: context.interrupt,
      fail: context.fail)
  }

  /// Creates a peripheral.
  ///
  /// - Throws: ``SystemError`` when the plug-in refuses.
  func makePeripheral(
    path: String, registers: RegisterPort, interrupt: Line?, site: ModuleSite, arena: Arena,
    fail: @escaping (String) -> Void
  ) throws(SystemError) -> Module {
    guard case .plugin(let library, let parameters) = source else {
      preconditionFailure("a peripheral that is not ours is a plug-in")
    }
    return try plugin(
      library, parameters, path: path, section: "peripherals", registers: registers, streams: [],
      interrupt: interrupt, site: site, arena: arena, fail: fail)
  }

  /// Creates the timing of a memory.
  ///
  /// - Throws: ``SystemError`` when the plug-in refuses.
  func makeMemoryModel(
    path: String, site: ModuleSite, fail: @escaping (String) -> Void
  ) throws(SystemError) -> ExternalMemoryModel {
    guard case .plugin(let library, let parameters) = source else {
      preconditionFailure("a memory that is not ours is a plug-in")
    }
    do throws(PluginError) {
      return try PluginMemoryModel(
        path: path, library: library, parameters: parameters, site: site, fail: fail)
    } catch {
      throw .build(path: "memories.\(path)", reason: "plug-in \(kindName) \(error.message)")
    }
  }

  private func plugin(
    _ library: PluginLibrary, _ parameters: [Int64], path: String, section: String,
    registers: RegisterPort, streams: [StreamEnd], interrupt: Line?, site: ModuleSite,
    arena: Arena, fail: @escaping (String) -> Void
  ) throws(SystemError) -> Module {
    do throws(PluginError) {
      return try PluginModule(
        path: path, library: library, parameters: parameters, registers: registers,
        streams: streams, interrupt: interrupt, site: site, arena: arena, fail: fail)
    } catch {
      throw .build(path: "\(section).\(path)", reason: "plug-in \(kindName) \(error.message)")
    }
  }
}
