internal import Estimation
internal import Mapping

/// The actions that a plan determines, whatever model says how long they take.
struct PlanActions {
  private let counts: ActionCounts

  /// Counts the actions of a plan.
  init(_ context: EstimateContext) {
    counts = ActionCounts.count(
      context.mapped.work, shape: SystemShape(context.description),
      layers: context.mapped.layers.count)
  }

  /// What happens before the first layer.
  var start: [String: ModuleActivity] { counts.start }

  /// The estimate with the counts that its model leaves out.
  ///
  /// - Precondition: the estimate has the layers of the plan.
  func completing(_ estimate: NetworkEstimate) -> NetworkEstimate {
    var result = estimate
    for (index, planned) in counts.layers.enumerated() where index < result.layers.count {
      for (module, activity) in planned {
        result.layers[index].activity[module, default: ModuleActivity()].counters.merge(
          activity.counters
        ) { own, _ in own }
      }
    }
    return result
  }
}
