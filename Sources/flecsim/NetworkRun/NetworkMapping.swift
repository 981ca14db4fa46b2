internal import Mapping
internal import Networks
internal import RISCV
internal import Reference
internal import SoC

/// A network mapped to a described SoC: what a run carries out and what models estimate.
struct NetworkMapping {
  /// The network with types and fused quantisation.
  let typed: TypedNetwork
  /// What the plan may use.
  let platform: Platform
  /// What was made of the network.
  let mapped: MappedNetwork
  /// Remarks for the user.
  let remarks: [String]

  /// Maps a network.
  ///
  /// - Parameters:
  ///   - choices: what the user says about the mapping.
  ///   - program: the runtime firmware.
  ///   - leavesWeightsOut: whether weights of arrays get places but no bytes.
  /// - Throws: `NetworkError`, `CommandFailure`.
  init(
    _ typed: TypedNetwork, _ choices: MappingChoices, on description: SoCDescription,
    program: Program, leavesWeightsOut: Bool = false
  ) throws {
    self.typed = typed
    platform = Platform(description, program: program)
    var options = Mapper.Options()
    options.coreOnly = choices.coreOnly
    options.leavesWeightsOut = leavesWeightsOut
    options.choices = choices.layers
    if let plan = choices.plan {
      options.choices = try PlanFile.choices(
        plan, layers: try typed.folded().network.nodes.map(\.name),
        engines: platform.arrays.flatMap {
          [$0.device.name] + ($0.vector.map { [$0.device.name] } ?? [])
        } + ["core"])
    }
    mapped = try Mapper(platform: platform, options: options).plan(typed)
    try Self.checkHeap(mapped, description)
    remarks = platform.remarks + Self.remarks(on: mapped, platform, choices)
  }

  /// Folder of the results in which what is loaded is kept.
  static let folder = "network"

  /// The description with plan, weights and inputs among its files.
  func description(
    _ description: SoCDescription, inputs: [String: Tensor]
  ) -> SoCDescription {
    description.adding(loads(inputs), arguments: [String(mapped.plan.address, radix: 16)])
  }

  /// Plan, weights and inputs as bytes in memories.
  func loads(_ inputs: [String: Tensor]) -> [SoCDescription.LoadedBytes] {
    var loads = [
      SoCDescription.LoadedBytes(
        name: "network_weights", file: "\(Self.folder)/weights.bin",
        memory: mapped.constants.memory, address: UInt64(mapped.constants.address),
        bytes: mapped.constants.bytes),
      SoCDescription.LoadedBytes(
        name: "network_plan", file: "\(Self.folder)/plan.bin", memory: mapped.plan.memory,
        address: UInt64(mapped.plan.address), bytes: mapped.plan.bytes),
    ].filter { !$0.bytes.isEmpty }
    for (index, port) in mapped.inputs.enumerated() {
      guard let tensor = inputs[port.name] else { continue }
      loads.append(
        SoCDescription.LoadedBytes(
          name: "network_input\(index)", file: "\(Self.folder)/input\(index).bin",
          memory: port.memory, address: UInt64(port.view.address),
          bytes: port.view.scattered(tensor)))
    }
    return loads
  }

  /// A function that only the runtime firmware has.
  private static let runtimeSymbol = "engines_core_command"

  /// Refuses firmware that is not the runtime.
  static func checkRuntime(_ program: Program, of description: SoCDescription) throws {
    guard program.image.address(of: runtimeSymbol) == nil else { return }
    throw CommandFailure(
      .input,
      "error: \(description.name): cpu.cpu_firmware is not the network runtime; expected the sources of Firmware/network, as in Configs/npu"
    )
  }

  /// Kernels of the core keep rows between their inputs and results in the heap.
  private static func checkHeap(
    _ mapped: MappedNetwork, _ description: SoCDescription
  ) throws {
    guard case .sources(let sources) = description.cpu?.firmware,
      sources.heapBytes < UInt64(mapped.scratchBytes)
    else { return }
    throw CommandFailure(
      .input,
      "error: \(description.name): cpu.cpu_firmware.heap_bytes: kernels of the core need \(mapped.scratchBytes) bytes, found \(sources.heapBytes): \(mapped.scratchBytes - Int(sources.heapBytes)) bytes too few"
    )
  }

  /// Products on the core although there are arrays.
  private static func remarks(
    on mapped: MappedNetwork, _ platform: Platform, _ choices: MappingChoices
  ) -> [String] {
    let left = mapped.layers.filter { $0.choice.engine == "core" && $0.macs > 0 }
    guard !platform.arrays.isEmpty, !choices.coreOnly, choices.plan == nil, let first = left.first
    else { return [] }
    let all = mapped.layers.reduce(0) { $0 + $1.macs }
    let own = left.reduce(0) { $0 + $1.macs }
    let kinds = Set(platform.arrays.map(\.element.rawValue)).sorted().joined(separator: ", ")
    return [
      "\(left.count) layers with products run on the core (\(own) of \(all) MACs), the first is '\(first.name)' (\(first.kind)); the arrays take \(kinds)"
    ]
  }
}

/// What the user says about a mapping.
struct MappingChoices {
  /// The path of a plan with choices for layers.
  var plan: String?
  /// Everything on the core.
  var coreOnly = false
  /// Choices for layers, without a plan.
  var layers: [String: LayerChoice] = [:]
}
