import Mapping
import Networks

/// Executes the plan of a mapped network on models of the devices, in a random order that respects nothing but the plan's
/// waits, the depth of queues and the streams between devices.
///
/// A plan that forgets to wait for something gives wrong numbers for some orders; one that waits for too much stops.
final class PlanMachine {
  private let mapped: MappedNetwork
  private let image: PlanImageReader
  private let memory: PlanMemory
  private let kernels: PlanKernels
  private var devices: [PlanDevice?] = []
  private var actors: [PlanDevice] = []
  private var draw: CoreDraw

  /// Commands given to each engine, and for the core commands executed.
  private var issued: [Int]
  private var coreCompleted = 0

  init(_ mapped: MappedNetwork, on platform: Platform, shapes: [PlanPlatform.ArrayShape], seed: Int)
    throws
  {
    self.mapped = mapped
    draw = CoreDraw(seed)
    kernels = try PlanKernels.shared()
    memory = try PlanMemory(
      platform.memories.map { $0.base..<$0.base + UInt32($0.byteCount) })
    image = try PlanImageReader(mapped.plan.bytes, at: mapped.plan.address)
    try image.validate()
    issued = [Int](repeating: 0, count: image.engines.count)
    var byName: [String: PlanDevice] = [:]
    for (array, shape) in zip(platform.arrays, shapes) {
      makeDevices(array, shape).forEach { byName[$0.name] = $0 }
    }
    for (number, engine) in image.engines.enumerated() {
      let device = byName[engine.name]
      guard number == 0 || device != nil else { throw PlanFailure("no device '\(engine.name)'") }
      devices.append(number == 0 ? nil : device)
      if let device { actors.append(device) }
    }
  }

  private func makeDevices(
    _ array: Platform.Array, _ shape: PlanPlatform.ArrayShape
  ) -> [PlanDevice] {
    func stream() -> PlanStream { PlanStream(capacity: draw.number(1...6)) }
    let (operands, weights, sums, side) = (stream(), stream(), stream(), stream())
    var devices: [PlanDevice] = [
      PlanDMA(
        array.input.device.name, portBytes: array.input.portBytes, .toStream(operands), memory),
      PlanDMA(
        array.weights.device.name, portBytes: array.weights.portBytes, .toStream(weights), memory),
      PlanArray(array.device.name, shape, operands: operands, weights: weights, results: sums),
    ]
    var results = sums
    if let vector = array.vector {
      results = stream()
      devices.append(
        PlanVector(
          vector.device.name, shape, maximumWidth: vector.maximumWidth, source: sums, side: side,
          results: results))
      if let dma = vector.side {
        devices.append(
          PlanDMA(dma.device.name, portBytes: dma.portBytes, .toStream(side), memory))
      }
    }
    devices.append(
      PlanDMA(
        array.output.device.name, portBytes: array.output.portBytes, .fromStream(results), memory))
    if let load = array.load {
      devices.append(PlanDMA(load.device.name, portBytes: load.portBytes, .memory, memory))
    }
    return devices
  }

  /// Loads the inputs, executes the plan, and gives the outputs.
  func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    try memory.write(mapped.constants.bytes, to: mapped.constants.address)
    try memory.write(mapped.plan.bytes, to: mapped.plan.address)
    for port in mapped.inputs {
      guard let tensor = inputs[port.name] else { throw PlanFailure("no input '\(port.name)'") }
      try memory.write(port.view.scattered(tensor), to: port.view.address)
    }
    try execute()
    guard memory.isIntact else { throw PlanFailure("something was written outside of memory") }
    guard
      try memory.read(mapped.constants.address, mapped.constants.bytes.count)
        == mapped.constants.bytes,
      try memory.read(mapped.plan.address, mapped.plan.bytes.count) == mapped.plan.bytes
    else { throw PlanFailure("the plan or its constants were overwritten") }
    var outputs: [String: Tensor] = [:]
    for port in mapped.outputs {
      outputs[port.name] = port.view.gathered(
        try memory.read(port.view.address, port.view.byteExtent))
    }
    return outputs
  }

  // MARK: The course of events

  private func execute() throws {
    // Some are fast and some are slow, others in every run.
    var patience = [Int](repeating: 1, count: actors.count + image.engines.count)
    for index in patience.indices { patience[index] = [1, 1, 8, 200][draw.number(0...3)] }
    var order = Array(patience.indices)
    while true {
      var hasMoved = false
      order.shuffle(using: &draw)
      for index in order {
        // Slow ones only move now and then, or when nothing else can.
        if patience[index] > 1, draw.number(1...patience[index]) > 1 { continue }
        let burst = draw.number(0...3) == 0 ? draw.number(1...400) : draw.number(1...8)
        for _ in 0..<burst {
          guard try move(index) else { break }
          hasMoved = true
        }
      }
      if hasMoved { continue }
      for index in order where try move(index) {
        hasMoved = true
        break
      }
      if !hasMoved { break }
    }
    let left = image.engines.indices.filter { completed($0) < image.engines[$0].commands.count }
    guard left.isEmpty else {
      let texts = left.map {
        "\(image.engines[$0].name): \(completed($0)) of \(image.engines[$0].commands.count), "
          + "\(issued[$0]) issued, next waits for "
          + "\(issued[$0] < image.engines[$0].commands.count ? "\(image.engines[$0].commands[issued[$0]].waits)" : "")"
      }
      throw PlanFailure("nothing can move any more:\n  " + texts.joined(separator: "\n  "))
    }
  }

  private func move(_ index: Int) throws -> Bool {
    try index < actors.count ? actors[index].step() : issue(index - actors.count)
  }

  private func completed(_ engine: Int) -> Int { devices[engine]?.completed ?? coreCompleted }

  /// Gives an engine its next command if the runtime would.
  private func issue(_ engine: Int) throws -> Bool {
    let commands = image.engines[engine].commands
    guard issued[engine] < commands.count, issued[engine] - completed(engine) < 2 else {
      return false
    }
    let command = commands[issued[engine]]
    guard command.waits.allSatisfy({ completed($0.engine) >= $0.count }) else { return false }
    issued[engine] += 1
    guard let device = devices[engine] else {
      try kernels.run(command.upper, command.body)
      coreCompleted += 1
      return true
    }
    for write in command.writes { try device.write(write.value, to: write.offset) }
    return true
  }
}
