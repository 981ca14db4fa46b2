internal import Exploration
internal import Networks

extension AnalyticalEvaluator {
  /// Prepares evaluations of a study's designs.
  ///
  /// - Throws: `CommandFailure` when the model cannot evaluate them.
  convenience init(
    _ model: String, _ study: Study, network: TypedNetwork, pricing: StudyPricing,
    _ installation: Installation
  ) throws {
    try self.init(
      model, soc: study.soc, fixed: study.fixedOverrides, network: network, table: pricing.table,
      pricing: PricingLabel(label: pricing.label, node: pricing.node), installation)
  }
}
