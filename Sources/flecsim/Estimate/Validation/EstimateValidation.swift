internal import Estimation
internal import Foundation
internal import Mapping
internal import ModelZoo
internal import Networks
internal import Reference
internal import SoC

/// Estimates beside references: runs of this simulator, and measured RTL.
struct EstimateValidation {
  /// A pair of numbers.
  struct Pair {
    /// What was estimated: a layer of a network on a SoC, or a row of a file.
    var subject: String
    /// The layer or row.
    var layer: String
    /// The model.
    var model: String
    /// Cycles that the model says.
    var estimate: Int
    /// Cycles of the reference.
    var reference: Int
  }

  /// All pairs of one subject.
  struct Group {
    /// A network on a SoC, or a file.
    var subject: String
    /// Kind of reference: `cycles` of runs or `RTL`.
    var kind: String
    /// The pairs, in the order of models and layers.
    var pairs: [Pair]
    /// Models that say nothing here, and why.
    var refusals: [ModelComparison.Refusal] = []
  }

  private let installation: Installation
  private let fitted: FittedFile?

  init(_ installation: Installation, fitted: FittedFile?) {
    self.installation = installation
    self.fitted = fitted
  }

  // MARK: Runs

  /// Runs a network on a SoC and compares every layer.
  ///
  /// An fp32 network is quantised when all arrays of the SoC take int8.
  ///
  /// - Parameter overrides: changes of the description, as texts `path=value`.
  func compare(soc: String, _ overrides: [String] = [], network name: String) throws -> Group {
    let loading = EstimateLoading(installation)
    let description = try loading.description(soc, overrides: overrides)
    let program = try loading.program(description)
    let source = try NetworkSource(name, weights: nil, seed: 1)
    do {
      let typed = try network(source, for: Platform(description, program: program))
      let mapping = try NetworkMapping(
        typed, MappingChoices(), on: description, program: program)
      let system = try SystemBuilder(description, program: program).build()
      let context = try EstimateContext(mapping, system, program: program)
      guard let inputs = try source.samples(1, seed: 1, typed: typed).first else {
        throw CommandFailure(.input, "error: \(name): no sample to run")
      }
      let run = try NetworkSimulation(description: description, program: program)
        .run(mapping, inputs: inputs)
      let changes = overrides.isEmpty ? "" : " with " + overrides.joined(separator: ", ")
      return compare(context, run, subject: "\(name) on \(description.name)\(changes)")
    } catch let error as NetworkError {
      throw error.in(file: source.label)
    }
  }

  /// The network as the SoC's arrays take it.
  private func network(_ source: NetworkSource, for platform: Platform) throws -> TypedNetwork {
    let typed = try source.network.typed(ShapeBinding(dimensions: [:], shapes: [:]))
    let isQuantised = typed.network.nodes.contains { $0.operator.name.contains("Linear") }
    let wantsIntegers =
      !platform.arrays.isEmpty && platform.arrays.allSatisfy { $0.element == .int8 }
    guard wantsIntegers, !isQuantised else { return try typed.fusedQuantised(.asWritten) }
    let folded = try typed.folded()
    let samples = try source.samples(2, seed: 1, typed: folded)
    return try Quantiser().quantise(folded, samples: samples).typed().fusedQuantised(.asWritten)
  }

  private func compare(
    _ context: EstimateContext, _ run: NetworkSimulation.Cycles, subject: String
  ) -> Group {
    var group = Group(subject: subject, kind: "cycles", pairs: [])
    // Gemmini is another machine.
    for model in EstimationModels.list(fitted: fitted) where model.inventory(context) == nil {
      do {
        for layer in try model.estimate(context).layers where layer.cycles > 0 {
          guard let reference = run.layers[layer.name], reference > 0 else { continue }
          group.pairs.append(
            Pair(
              subject: subject, layer: layer.name, model: model.name, estimate: layer.cycles,
              reference: reference))
        }
      } catch {
        let reason = (error as? CommandFailure)?.message ?? "\(error)"
        group.refusals.append(ModelComparison.Refusal(model: model.name, reason: reason))
      }
    }
    return group
  }

  // MARK: RTL

  /// Folder of the measurements that come with the tool.
  var measurements: String {
    installation.root + "/Tests/EstimationTests/Fixtures/gemmini-rtl"
  }

  /// Files of measurements that come with the tool; none when only the tool is installed.
  var measuredFiles: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: measurements)) ?? []
    return names.filter { $0.hasSuffix(".csv") }.sorted().map { "\(measurements)/\($0)" }
  }

  /// Compares models of Gemmini with measured rows.
  ///
  /// - Throws: `CommandFailure` with line and column of a mistake.
  func compare(rtl path: String) throws -> Group {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let rows: [GemminiMeasurement]
    switch HostFile.read(path, limit: 256 << 20) {
    case .failure(let problem): throw CommandFailure(.input, "\(path): error: \(problem)")
    case .success(let bytes):
      do {
        rows = try GemminiMeasurements(csv: String(decoding: bytes, as: UTF8.self), name: path).rows
      } catch {
        throw CommandFailure(.input, "error: \(error)")
      }
    }
    var group = Group(subject: name, kind: "RTL", pairs: [])
    for model in GemminiReference.models {
      for row in rows where row.cycles > 0 {
        guard let cycles = model.cycles(row) else { continue }
        group.pairs.append(
          Pair(
            subject: name, layer: "line \(row.line)", model: model.name, estimate: cycles,
            reference: row.cycles))
      }
    }
    return group
  }
}
