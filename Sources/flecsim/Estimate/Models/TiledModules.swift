internal import Estimation
internal import SoC

/// The instance paths of the modules that the tiled model counts for.
struct TiledModules {
  /// The modules around one array, by role; absent ones have no path.
  private var paths: [[TiledCounter.Role: String]] = []

  init(_ soc: SoCDescription) {
    var shared: [TiledCounter.Role: String] = [.crossbar: "crossbar"]
    let places = TiledSystem.places(soc)
    shared[.main] = places.main.map { soc.memories[$0].name }
    shared[.activations] = places.activations.map { soc.memories[$0].name }
    shared[.weightMemory] = (places.weights ?? places.activations).map { soc.memories[$0].name }
    shared[.core] = soc.cpu?.hartNames.first
    shared[.controller] = soc.peripherals.first { $0.kindName == "PLIC" }?.name
    let loaders = soc.dmas.filter { $0.direction == .memory }
    var position = 0
    for accelerator in soc.accelerators
    where accelerator.external == nil
      && (accelerator.kindName == "OSArray" || accelerator.kindName == "WSArray")
    {
      var own = shared
      let name = accelerator.name
      own[.array] = name
      let vector = soc.accelerators.first { other in
        other.kindName == "VectorUnit"
          && other.inputs.contains { $0.key == "in" && $0.value == "\(name).out" }
      }
      own[.vector] = vector?.name
      own[.load] = loaders.isEmpty ? nil : loaders[position % loaders.count].name
      position += 1
      for dma in soc.dmas {
        switch (dma.direction, dma.acceleratorName, dma.acceleratorPort) {
        case (.toModule, name, "in1"): own[.input] = dma.name
        case (.toModule, name, "in2"): own[.weights] = dma.name
        case (.toModule, vector?.name, "side") where vector != nil: own[.side] = dma.name
        case (.fromModule, vector?.name ?? name, _): own[.output] = dma.name
        default: break
        }
      }
      guard own[.input] != nil, own[.weights] != nil, own[.output] != nil else { continue }
      paths.append(own)
    }
    if paths.isEmpty { paths.append(shared) }
  }

  /// How many arrays.
  var count: Int { paths.count }

  /// The roles that a module has, each with the array it belongs to.
  func roles(of path: String) -> [(array: Int, role: TiledCounter.Role)] {
    paths.enumerated().flatMap { array, roles in
      roles.filter { $0.value == path }.map { (array, $0.key) }
    }
  }

  /// What was counted since an earlier count, by module.
  func activity(
    _ counts: TiledCounts, since before: TiledCounts, array: Int
  ) -> [String: ModuleActivity] {
    guard paths.indices.contains(array) else { return [:] }
    var activity: [String: ModuleActivity] = [:]
    for counter in TiledCounter.allCases {
      let value = counts[counter] - before[counter]
      let place = counter.place
      guard value > 0, let path = paths[array][place.role] else { continue }
      for name in place.names {
        activity[path, default: ModuleActivity()].counters[name, default: 0] += UInt64(value)
      }
    }
    return activity
  }
}
