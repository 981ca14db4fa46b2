internal import Fabric
internal import Interconnect
internal import SimKernel

/// The bus connections around the crossbar while a system is built: one link per initiator and per
/// target port, and the modules at their ends.
final class BusWiring {
  private struct Target {
    let name: String
    let link: BusLink
  }

  private let initiators: [(name: String, link: BusLink)]
  private let targets: [Target]
  /// The address map in terms of target positions.
  let windows: [Interconnect.AddressWindow]
  private var initiatorModules: [String: Module] = [:]
  private var targetModules: [String: Module] = [:]
  private var crossbar: Module?

  init(description: SoCDescription, kernel: Kernel) {
    let width = description.crossbar.widthBits / 8
    let harts = description.cpu?.hartNames ?? []
    let names = harts + description.dmas.map(\.name)
    // Fixed priority follows position, so the listed ones come first; `cpu` means every hart.
    let priority = description.crossbar.priority.flatMap { $0 == "cpu" ? harts : [$0] }
    let ordered = priority.filter(names.contains) + names.filter { !priority.contains($0) }
    initiators = ordered.map { ($0, BusLink(kernel: kernel, widthBytes: width)) }
    var targets: [Target] = []
    var windows: [Interconnect.AddressWindow] = []
    for window in description.moduleWindows {
      let ports = description.memories.first { $0.name == window.name }?.ports ?? 1
      let positions = (0..<ports).map { targets.count + $0 }
      for _ in 0..<ports {
        targets.append(
          Target(name: window.name, link: BusLink(kernel: kernel, widthBytes: width)))
      }
      windows.append(
        Interconnect.AddressWindow(
          base: window.start, length: window.length, targets: positions))
    }
    self.targets = targets
    self.windows = windows
  }

  func initiator(_ name: String) -> BusLink {
    guard let entry = initiators.first(where: { $0.name == name }) else {
      preconditionFailure("no bus initiator \(name)")
    }
    return entry.link
  }

  func target(_ name: String, port: Int = 0) -> BusLink {
    let links = targets.filter { $0.name == name }
    precondition(port < links.count, "no bus target \(name) port \(port)")
    return links[port].link
  }

  func registers(_ name: String, base: Address) -> RegisterPort {
    RegisterPort(bus: target(name).target, base: base)
  }

  func setInitiator(_ name: String, _ module: Module) { initiatorModules[name] = module }
  func setTarget(_ name: String, _ module: Module) { targetModules[name] = module }
  func setCrossbar(_ module: Module) { crossbar = module }

  var initiatorBuses: [BusTarget] { initiators.map(\.link.target) }
  var targetBuses: [BusInitiator] { targets.map(\.link.initiator) }
  var targetNames: [String] { targets.map(\.name) }

  /// Lets all ends wake each other; links without a module at one end stay silent.
  func connect(kernel: Kernel) {
    guard let crossbar else { return }
    for (name, link) in initiators {
      guard let module = initiatorModules[name] else { continue }
      link.connect(kernel: kernel, initiator: module, target: crossbar)
    }
    for target in targets {
      guard let module = targetModules[target.name] else { continue }
      target.link.connect(kernel: kernel, initiator: crossbar, target: module)
    }
  }
}
