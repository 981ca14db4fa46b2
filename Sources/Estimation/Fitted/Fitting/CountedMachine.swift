/// A machine whose runs are counted; what was run once is not run again.
///
/// The machine is a closure from a layer to its cycles: a cycle-accurate run, or a model.
struct CountedMachine {
  private let run: (LayerShape) throws -> Double
  private var known: [LayerShape: Double] = [:]

  init(_ run: @escaping (LayerShape) throws -> Double) { self.run = run }

  /// How many different layers were run.
  var runs: Int { known.count }

  /// Cycles of a layer.
  mutating func cycles(of layer: LayerShape) throws -> Double {
    if let cycles = known[layer] { return cycles }
    let cycles = try run(layer)
    known[layer] = cycles
    return cycles
  }
}
