internal import ArgumentParser
internal import Exploration
internal import Foundation

/// `flecsim explore`: searches a space of systems.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Explores a space of systems: which of them are best, and why.",
    discussion: """
      A study names a SoC file, what varies in it, constraints and objectives, how to search, and the models that evaluate \
      designs: estimates first, and the simulator ('cycles') for those that are left. Results go to results/NAME: \
      index.html with the plots, designs.csv, result.json, and the store evaluations.sqlite.

      Nothing is evaluated twice. A study that was interrupted or killed goes on with the same command.

      EXAMPLES
        flecsim explore Configs/studies/lenet5-array-bus.json
        flecsim explore study.json --dry-run           the size of the space and what is rejected
        flecsim explore study.json --table horowitz-45nm   other prices, no new run
        flecsim explore study.json --executor slurm    on a cluster
      """)

  @Argument(help: "The study.", completion: .file(extensions: ["json"]))
  var study: String

  @Option(help: "Folder for the results (default results/NAME).")
  var results: String?

  @Option(
    help: ArgumentHelp(
      "The store; by default evaluations.sqlite in the results. Several studies may use one.",
      valueName: "file"))
  var store: String?

  @Option(help: "Energy table: the name of one that comes with the tool, or a file.")
  var table: String?

  @Option(help: "Where designs are simulated: local (processes of this machine) or slurm.")
  var executor = ExecutorChoice.local

  @Option(help: "Designs at a time (default: as many as there are processors).")
  var jobs: Int?

  @Option(help: "Stop a design's evaluation after this many seconds.")
  var timeLimit: Double?

  @OptionGroup(title: "SLURM")
  var slurm: ClusterOptions

  @Flag(help: "Count designs and stop.")
  var dryRun = false

  @Flag(help: "Print only where the results are.")
  var quiet = false

  func validate() throws {
    if results == "" { throw ValidationError("--results is the path of a folder") }
    if let jobs, !(1...4096).contains(jobs) { throw ValidationError("--jobs is 1 to 4096") }
    if let timeLimit, !(timeLimit > 0 && timeLimit.isFinite) {
      throw ValidationError("--time-limit is a positive number of seconds")
    }
  }

  func run() throws {
    try reporting { try ExploreSession(self).run() }
  }
}

/// Where designs are simulated.
enum ExecutorChoice: String, ExpressibleByArgument, CaseIterable {
  /// Processes of this machine.
  case local
  /// Job arrays of Slurm.
  case slurm
}

/// How jobs are handed to Slurm.
struct ClusterOptions: ParsableArguments {
  @Option(help: "Slurm: the partition.")
  var partition: String?

  @Option(help: "Slurm: designs in a task (default: a sixteenth of them, at most 64).")
  var chunk: Int?

  @Option(help: "Slurm: time limit of a task, as sbatch takes it, for example 2:00:00.")
  var taskTime: String?

  @Option(
    name: .customLong("sbatch"), parsing: .unconditionalSingleValue,
    help: "Slurm: a further argument of sbatch; may be repeated.")
  var arguments: [String] = []

  func validate() throws {
    if let chunk, !(1...100_000).contains(chunk) { throw ValidationError("--chunk is 1 to 100000") }
  }
}
