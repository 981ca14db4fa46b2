internal import Exploration
internal import NetworkFormats
internal import Networks
internal import Reference
internal import SoC

/// What every design of a study runs: a network with its input, read once, or the SoC's own firmware.
struct StudyWorkload: Sendable {
  /// The network with types and fused quantisation; nil for the SoC's own firmware.
  let network: TypedNetwork?
  /// Inputs of the network.
  let inputs: [String: Tensor]
  /// What the network's results depend on, for digests.
  let digest: String
  /// What messages call the network.
  let label: String

  /// Reads or builds the network of a study, and quantises it if the study says so.
  ///
  /// - Throws: `NetworkError`, `CommandFailure`.
  init(_ study: Study) throws {
    guard let name = study.network else {
      network = nil
      inputs = [:]
      digest = "firmware"
      label = "firmware"
      return
    }
    let source = try NetworkSource(name, weights: nil, seed: Self.seed)
    label = source.label
    do {
      var typed = try source.network.typed(ShapeBinding())
      if let count = study.calibrationSamples {
        let folded = try typed.folded()
        let samples = try source.samples(count, seed: Self.seed, typed: folded)
        typed = try Quantiser(options: .init()).quantise(folded, samples: samples).typed()
      }
      network = try typed.fusedQuantised(.asWritten)
      inputs = try source.samples(1, seed: Self.seed, typed: typed).first ?? [:]
    } catch let error as NetworkError {
      throw error.in(file: source.label)
    }
    // Cycles follow from shapes and kinds, but values may reach the core's programs. A network from a file
    // counts with all its weights, wherever they lie; one of the tool with its name, as the tool counts.
    var hash = Digest()
    hash.add(study.calibrationSamples.map { "int8 \($0)" } ?? "as it is")
    if source.model == nil {
      hash.add(try ONNXFile.bytes(try source.network.typed(ShapeBinding())))
    } else {
      hash.add(name)
    }
    digest = hash.hexadecimal()
  }

  /// Seed of random weights and inputs.
  private static let seed: UInt64 = 1
}
