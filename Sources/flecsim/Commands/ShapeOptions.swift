internal import ArgumentParser
internal import Networks
internal import Reference
internal import SoC

/// How a network is read: sizes that its file leaves open, and where weights come from.
struct ShapeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Weights of a Darknet configuration; by default the .weights file beside it, otherwise random ones.",
      valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "Size of an open dimension, for example sequence=128; may be repeated.",
      valueName: "name=size"))
  var dimension: [String] = []

  @Option(
    help: ArgumentHelp(
      "Shape of an input, for example image=1x3x224x224; may be repeated.",
      valueName: "input=shape"))
  var shape: [String] = []

  @Option(help: "Size of the first dimension of every input that leaves it open.")
  var batch: Int?

  @Option(help: "Seed of random weights and random samples.")
  var seed: UInt64 = 1

  func validate() throws {
    if let batch, batch < 1 { throw ValidationError("--batch is at least 1") }
    _ = try dimensions()
    _ = try shapes()
  }

  /// Reads or builds a network.
  func source(named name: String) throws -> NetworkSource {
    try NetworkSource(name, weights: weights, seed: seed)
  }

  /// What the options say about open dimensions of this network.
  func binding(_ source: NetworkSource) throws -> ShapeBinding {
    var binding = ShapeBinding(dimensions: try dimensions(), shapes: try shapes())
    guard let batch else { return binding }
    for input in source.network.inputs where binding.shapes[input.name] == nil {
      guard let first = input.dimensions?.first else { continue }
      switch first {
      case .fixed: break
      case .named(let name): binding.dimensions[name] = binding.dimensions[name] ?? batch
      case .unknown:
        let rest = (input.dimensions ?? []).dropFirst()
        let sides = rest.compactMap { if case .fixed(let side) = $0 { side } else { nil } }
        if sides.count == rest.count { binding.shapes[input.name] = [batch] + sides }
      }
    }
    return binding
  }

  private func dimensions() throws -> [String: Int] {
    var result: [String: Int] = [:]
    for text in dimension {
      guard let (name, value) = Self.assignment(text), let size = Int(value), size > 0 else {
        throw ValidationError("--dimension '\(text)': expected NAME=SIZE, for example batch=4")
      }
      result[name] = size
    }
    return result
  }

  private func shapes() throws -> [String: [Int]] {
    var result: [String: [Int]] = [:]
    for text in shape {
      guard let (name, value) = Self.assignment(text) else {
        throw ValidationError(
          "--shape '\(text)': expected INPUT=SHAPE, for example image=1x3x224x224")
      }
      let sides = value.split(whereSeparator: { "x×,".contains($0) }).map { Int($0) }
      let known = sides.compactMap { $0 }.filter { $0 >= 0 }
      guard known.count == sides.count, !sides.isEmpty else {
        throw ValidationError("--shape '\(text)': '\(value)' is no shape such as 1x3x224x224")
      }
      result[name] = known
    }
    return result
  }

  /// Parts of `name=value`; the last `=` counts, as names of values may hold one.
  static func assignment(_ text: String) -> (name: String, value: String)? {
    guard let sign = text.lastIndex(of: "=") else { return nil }
    let name = String(text[..<sign])
    let value = String(text[text.index(after: sign)...])
    return name.isEmpty || value.isEmpty ? nil : (name, value)
  }
}
