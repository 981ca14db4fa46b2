internal import Foundation
internal import Mapping
internal import NetworkFormats
internal import Networks
internal import RISCV
internal import Reference
internal import SoC

/// A network on its way through a simulated SoC: mapped, loaded, and its outputs read back.
struct NetworkRun {
  private let options: NetworkRunOptions
  private let mapping: NetworkMapping
  private let inputs: [String: Tensor]
  private let destinations: [(name: String, path: String)]
  /// What was made of the network.
  var mapped: MappedNetwork { mapping.mapped }
  /// Remarks for the user.
  let remarks: [String]
  private let planText: String

  /// Reads and maps a network.
  ///
  /// - Parameters:
  ///   - name: of the network, as the user gave it.
  ///   - program: the runtime firmware.
  /// - Throws: `NetworkError`, `CommandFailure`.
  init(
    _ name: String, _ options: NetworkRunOptions, on description: SoCDescription,
    program: Program
  ) throws {
    self.options = options
    try NetworkMapping.checkRuntime(program, of: description)
    let source = try options.shapes.source(named: name)
    do {
      var binding = try options.shapes.binding(source)
      let given = try ExecutionOptions.inputs(options.input, of: source)
      for (name, tensor) in given where binding.shapes[name] == nil {
        binding.shapes[name] = tensor.shape
      }
      let typed = try source.network.typed(binding).fusedQuantised(.asWritten)
      if given.isEmpty {
        let index = options.sample ?? 0
        let samples = try source.samples(index + 1, seed: options.shapes.seed, typed: typed)
        guard index < samples.count else {
          throw CommandFailure(
            .usage,
            "error: --sample \(index): the network comes with \(samples.count) samples, from 0 on")
        }
        inputs = samples[index]
      } else {
        inputs = given
      }
      for input in typed.network.inputs {
        guard let tensor = inputs[input.name], let type = typed.types[input.name] else {
          throw CommandFailure(.usage, "error: --input: '\(input.name)' is missing")
        }
        guard tensor.type == type else {
          throw CommandFailure(
            .input,
            "error: --input: '\(input.name)' is \(tensor.type), but the network takes \(type)")
        }
      }
      destinations = try ExecutionOptions.destinations(
        options.output, typed, includesInside: false)
      mapping = try NetworkMapping(
        typed, MappingChoices(plan: options.plan, coreOnly: options.coreOnly), on: description,
        program: program)
      remarks = source.network.warnings + mapping.remarks
      planText = PlanFile(mapping.mapped, soc: description.name, network: source.label).text
    } catch let error as NetworkError {
      throw error.in(file: source.label)
    }
    if let path = options.savePlan {
      try flecsim.output { () throws(NetworkError) in
        try HostBytes.write(Array(planText.utf8), to: path)
      }
    }
  }

  /// The description with plan, weights and inputs among its files.
  func description(_ description: SoCDescription) -> SoCDescription {
    mapping.description(description, inputs: inputs)
  }

  /// Keeps plan and loaded bytes beside the results, so that the run can be looked at and repeated.
  func save(in folder: String) throws {
    let place = "\(folder)/\(NetworkMapping.folder)"
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(.output, "error: cannot make the folder \(place)")
    }
    try flecsim.output { () throws(NetworkError) in
      try HostBytes.write(Array(planText.utf8), to: "\(folder)/plan.json")
      for load in mapping.loads(inputs) {
        try HostBytes.write(load.bytes, to: "\(folder)/\(load.file)")
      }
    }
  }

  // MARK: Outputs

  /// The outputs as memory holds them.
  func outputs(of system: System) -> [(name: String, tensor: Tensor)] {
    mapped.outputs.compactMap { port in
      system.bytes(
        of: port.memory, at: UInt64(port.view.address), count: port.view.byteExtent
      ).map { (port.name, port.view.gathered($0)) }
    }
  }

  /// Writes the outputs that the user wants.
  func write(_ outputs: [(name: String, tensor: Tensor)]) throws {
    for (name, path) in destinations {
      guard let tensor = outputs.first(where: { $0.name == name })?.tensor else { continue }
      try flecsim.output { () throws(NetworkError) in try NumPyFile.write(tensor, to: path) }
    }
  }

  /// Compares outputs with the reference executor, if the user wants that.
  func verify(_ outputs: [(name: String, tensor: Tensor)]) throws -> [OutputCheck] {
    guard options.check else { return [] }
    let expected = try Executor(mapping.typed, requantisation: .fixedPoint).run(inputs)
    return outputs.compactMap { output in
      expected[output.name].map { OutputCheck(output.name, output.tensor, expected: $0) }
    }
  }
}

/// An output beside that of the reference executor.
struct OutputCheck {
  /// Name of the output.
  let name: String
  /// Elements that are equal, and elements in all.
  let equal: Int
  let count: Int
  /// The largest difference, and the largest number expected.
  let difference: Double
  let largest: Double
  /// Whether numbers must be equal.
  let isExact: Bool

  /// Allowed difference of fp32 numbers, as a share of the largest.
  static let tolerance = 1e-4

  init(_ name: String, _ found: Tensor, expected: Tensor) {
    self.name = name
    isExact = !expected.type.element.isFloatingPoint
    let (left, right) = (found.numbers, expected.numbers)
    count = right.count
    equal = zip(left, right).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    difference = zip(left, right).reduce(0) {
      let distance = abs($1.0 - $1.1)
      // NaN compares with nothing: it counts as any difference.
      return distance.isNaN ? ($1.0.isNaN && $1.1.isNaN ? $0 : .infinity) : max($0, distance)
    }
    largest = right.reduce(0) { max($0, abs($1).isNaN ? 0 : abs($1)) }
  }

  /// Whether the output is as it must be.
  var isGood: Bool {
    isExact ? equal == count : difference <= Self.tolerance * max(largest, 1e-30)
  }

  /// One line.
  var text: String {
    let relative = largest > 0 ? difference / largest : difference
    return isGood
      ? "\(name): \(equal) of \(count) elements equal those of the reference executor"
        + (equal == count
          ? "" : String(format: ", largest difference %.2g of the largest", relative))
      : "\(name): differs from the reference executor: \(equal) of \(count) elements equal, "
        + String(format: "largest difference %g (%.2g of the largest)", difference, relative)
  }
}

extension Tensor {
  /// The elements as numbers.
  fileprivate var numbers: [Double] {
    switch elements {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .float16(let values): values.map { Double($0.float) }
    case .bfloat16(let values): values.map { Double($0.float) }
    case .int8(let values): values.map(Double.init)
    case .uint8(let values): values.map(Double.init)
    case .int16(let values): values.map(Double.init)
    case .uint16(let values): values.map(Double.init)
    case .int32(let values): values.map(Double.init)
    case .uint32(let values): values.map(Double.init)
    case .int64(let values): values.map(Double.init)
    case .uint64(let values): values.map(Double.init)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }
}
