public import Mapping

/// How often everything happens in a planned network that costs energy: the counters of the
/// registry, layer by layer, without a simulation.
///
/// What the plan determines is counted exactly: multiplications, beats, bytes, words and bursts on
/// the bus, padding, register writes of commands. Three things depend on the run: in how many
/// interrupts completions come (one per command unless ``count(_:shape:layers:interrupts:)`` is
/// told otherwise; jobs that end at once share one), whether a linked descriptor crosses a page,
/// which takes one burst more, and what the core loads, stores and prints, which is not counted
/// here. Accesses that wait for a bank (`conflicts`), contested grants and footprints are not
/// counted.
public struct ActionCounts: Sendable {
  private let tally: ActionTally
  private let layerCount: Int

  /// Counts what a planned network does.
  ///
  /// - Parameters:
  ///   - work: the commands of every engine, the core first, as `MappedNetwork.work` has them.
  ///   - shape: the SoC.
  ///   - layers: number of layers of the plan.
  ///   - interrupts: interrupts by engine and layer; nil for one per command.
  public static func count(
    _ work: [EngineWork], shape: SystemShape, layers: Int, interrupts: [[Int]]? = nil
  ) -> ActionCounts {
    var tally = ActionTally(shape: shape, layers: layers)
    for (index, engine) in work.enumerated() {
      tally.add(engine, interrupts: interrupts.map { $0[index] })
    }
    return ActionCounts(tally: tally, layerCount: layers)
  }

  // Names are put to the numbers when they are asked for: that takes longer than counting.

  /// What happens before the first command: the runtime gets to know the devices.
  public var start: [String: ModuleActivity] { tally.activities(at: layerCount) }

  /// What happens for each layer of the plan, by instance path.
  public var layers: [[String: ModuleActivity]] { (0..<layerCount).map { layer($0) } }

  /// What happens for one layer of the plan, by instance path.
  public func layer(_ index: Int) -> [String: ModuleActivity] { tally.activities(at: index) }

  /// Everything together.
  public var total: [String: ModuleActivity] {
    (0..<layerCount).reduce(into: start) { total, index in
      for (module, activity) in layer(index) {
        total[module, default: ModuleActivity()] += activity
      }
    }
  }
}
