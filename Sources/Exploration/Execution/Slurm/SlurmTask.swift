/// A file of designs at work on the cluster.
struct SlurmTask {
  /// Name of its files in the spool folder.
  let name: String
  /// Its designs without an outcome, by key.
  var missing: [String: EvaluationRequest]
  /// What its answers file says so far.
  var progress = TaskProgress()
  /// Bytes of the answers file that were read.
  var offset: UInt64 = 0
  /// Where it is in the queue; nil when it has to be submitted.
  var place: SlurmTools.ArrayTask?
  /// In how many looks at the queue in a row it was not there.
  var absences = 0
  /// Designs that were begun or answered when it was submitted.
  var mark = 0
  /// How often in a row it was submitted without beginning or answering anything.
  var fruitless = 0

  /// Designs that were begun or answered, each time counted.
  var work: Int { progress.outcomes.count + progress.starts.values.reduce(0, +) }
}
