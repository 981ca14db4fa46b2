internal import Exploration
internal import Foundation

/// What `flecsim explore --dry-run` prints: the space, and what its constraints leave.
struct DryRunText {
  /// The text, ending in a newline.
  let text: String

  /// Designs that are counted at most.
  private static let limit: UInt64 = 1 << 26

  init(_ space: DesignSpace) {
    let study = space.study
    var lines = ["\(study.name): \(space.size) designs"]
    for parameter in study.parameters {
      let values = parameter.values.map(\.description)
      let shown =
        values.count > 12
        ? values.prefix(5).joined(separator: " ") + " … " + values.suffix(2).joined(separator: " ")
        : values.joined(separator: " ")
      lines.append("  \(parameter.name): \(shown)")
    }
    if space.size <= Self.limit {
      var rejections = RejectionCounts(space)
      var count = 0
      var first: Design?
      space.forEachValid(in: 0..<space.size, &rejections) { _, genome in
        first = first ?? Design(genome: genome)
        count += 1
        return true
      }
      lines.append("  \(count) fulfil the constraints that need no evaluation")
      for rejection in rejections.reasons(space) {
        lines.append("  \(rejection.count) are rejected: \(rejection.reason)")
      }
      if let first {
        lines.append("  the first: " + space.overrides(of: first).joined(separator: " "))
      }
    }
    text = lines.joined(separator: "\n") + "\n"
  }
}
