internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import NetworkFormats
internal import Networks
internal import Reference
internal import SoC

/// Inputs and outputs of the reference executor.
struct ExecutionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "An input as a .npy file, with its name where there are several; may be repeated.",
      valueName: "[name=]file"))
  var input: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where an output goes, with the name of an output or of any value inside; may be repeated.",
      valueName: "[name=]file"))
  var output: [String] = []

  @Option(
    help:
      "Take this sample as the input: one that comes with the network, otherwise random numbers.")
  var sample: Int?

  /// How quantised operators compute.
  enum Arithmetic: String, ExpressibleByArgument, CaseIterable {
    /// The bits of onnxruntime.
    case onnxruntime
    /// The bits of the systolic arrays.
    case arrays
  }

  @Option(
    help: ArgumentHelp(
      "How accumulators of quantised operators become bytes: as onnxruntime does, by an fp32 factor, or as the arrays "
        + "do, by an integer factor and a shift."))
  var arithmetic: Arithmetic?

  @Option(help: ArgumentHelp("Refuse a run that needs more memory.", valueName: "GiB"))
  var memoryLimit: Int?

  /// Whether none of the options is given.
  var isEmpty: Bool {
    input.isEmpty && output.isEmpty && sample == nil && arithmetic == nil && memoryLimit == nil
  }

  func validate() throws {
    if let sample, !(0..<1_000_000).contains(sample) {
      throw ValidationError("--sample is 0 to 999 999")
    }
    if let memoryLimit, !(1...1 << 20).contains(memoryLimit) {
      throw ValidationError("--memory-limit is a number of GiB, at least 1")
    }
    for text in output where text == "-" || text.hasSuffix("=-") {
      throw ValidationError("--output '\(text)': an array goes to a file, not to standard output")
    }
    if sample != nil, !input.isEmpty {
      throw ValidationError("--sample takes the place of --input")
    }
  }

  /// Computes the network and writes and summarises its outputs.
  func run(_ source: NetworkSource, _ binding: ShapeBinding, seed: UInt64) throws {
    var binding = binding
    let given = try inputs(of: source)
    for (name, tensor) in given where binding.shapes[name] == nil {
      binding.shapes[name] = tensor.shape
    }
    let isOfArrays = arithmetic == .arrays
    let typed = try source.network.typed(binding).fusedQuantised(
      isOfArrays ? .asWritten : .unsigned)
    let values = try given.isEmpty ? samples(source, typed, seed) : given
    let files = try destinations(typed)

    let clock = ContinuousClock()
    let executor = Executor(
      typed, requantisation: isOfArrays ? .fixedPoint : .float32,
      memoryLimit: memoryLimit.map { $0 << 30 } ?? Executor.defaultMemoryLimit)
    let start = clock.now
    let results = try executor.run(values, keeping: Set(files.map(\.name)))
    let elapsed = start.duration(to: clock.now)

    for (name, path) in files {
      guard let tensor = results[name] else { continue }
      try flecsim.output { () throws(NetworkError) in try NumPyFile.write(tensor, to: path) }
    }
    for name in typed.network.outputs {
      guard let tensor = results[name] else { continue }
      StandardStream.print("\(name)  \(TensorSummary(tensor).text)")
    }
    let seconds =
      Double(elapsed.components.attoseconds) * 1e-18 + Double(elapsed.components.seconds)
    let text =
      seconds < 1
      ? String(format: "%.3g ms", seconds * 1_000) : String(format: "%.2f s", seconds)
    StandardStream.print("computed in \(text) on one core")
  }

  private func inputs(of source: NetworkSource) throws -> [String: Tensor] {
    try Self.inputs(input, of: source)
  }

  /// Reads `[name=]file` arguments.
  static func inputs(_ input: [String], of source: NetworkSource) throws -> [String: Tensor] {
    let names = source.network.inputs.map(\.name)
    var result: [String: Tensor] = [:]
    for text in input {
      let (name, path) = try Self.named(text, names, "--input", "input")
      if result[name] != nil {
        throw CommandFailure(.usage, "error: --input: '\(name)' is given twice")
      }
      result[name] = try NumPyFile.tensor(path: path)
    }
    return result
  }

  private func samples(
    _ source: NetworkSource, _ typed: TypedNetwork, _ seed: UInt64
  ) throws -> [String: Tensor] {
    guard let index = sample ?? (source.model == nil ? nil : 0) else {
      let names = source.network.inputs.map(\.name).joined(separator: ", ")
      throw CommandFailure(
        .usage, "error: --reference needs --input for \(names), or --sample 0 for random numbers")
    }
    let samples = try source.samples(index + 1, seed: seed, typed: typed)
    guard index < samples.count else {
      throw CommandFailure(
        .usage,
        "error: --sample \(index): the network comes with \(samples.count) samples, from 0 on")
    }
    return samples[index]
  }

  /// The value and the file of each output; outputs of the network and values inside it may be named.
  private func destinations(_ typed: TypedNetwork) throws -> [(name: String, path: String)] {
    try Self.destinations(output, typed, includesInside: true)
  }

  /// Reads `[name=]file` arguments of outputs.
  static func destinations(
    _ output: [String], _ typed: TypedNetwork, includesInside: Bool
  ) throws -> [(name: String, path: String)] {
    let outputs = typed.network.outputs
    let names = outputs + (includesInside ? typed.types.keys.sorted() : [])
    return try output.map { text in
      try named(text, names, "--output", "output", outputs.count)
    }
  }

  /// Splits `[name=]path`.
  private static func named(
    _ text: String, _ names: [String], _ option: String, _ what: String, _ count: Int? = nil
  ) throws -> (name: String, path: String) {
    if let (name, path) = ShapeOptions.assignment(text), names.contains(name) {
      return (name, path)
    }
    let primary = Array(names.prefix(count ?? names.count))
    if let (name, _) = ShapeOptions.assignment(text) {
      let near = Suggestion.nearest(to: name, among: names)
      throw CommandFailure(
        .input,
        "error: \(option): the network has no \(what) '\(name)'; "
          + (near.map { "did you mean '\($0)'?" } ?? "it has \(primary.joined(separator: ", "))"))
    }
    guard let only = primary.first, primary.count == 1 else {
      throw CommandFailure(
        .usage,
        "error: \(option) \(text): the network has the \(what)s \(primary.joined(separator: ", ")); "
          + "write \(option) NAME=\(text)")
    }
    return (only, text)
  }
}
