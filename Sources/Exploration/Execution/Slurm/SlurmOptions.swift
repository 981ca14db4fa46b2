/// How designs are handed to a Slurm cluster.
public struct SlurmOptions: Sendable, Equatable {
  /// The partition; nil for the cluster's default.
  public var partition: String?
  /// Time limit of a task, as `sbatch --time` takes it, such as `30` (minutes) or `2:00:00`; nil
  /// for the partition's.
  public var timeLimit: String?
  /// Path of the cluster's `slurm.conf`; nil for that of the environment.
  public var configuration: String?
  /// Further arguments of `sbatch`, such as `--account=lab` or `--mem=2G`.
  public var arguments: [String]
  /// Designs in a task; nil for a sixteenth of the designs, at most 64.
  public var chunkSize: Int?
  /// How often a design is begun, and a task that does nothing submitted, before it counts as
  /// failed.
  public var attempts: Int
  /// Time between two looks at the queue.
  public var pollInterval: Duration

  /// Creates options.
  public init(
    partition: String? = nil, timeLimit: String? = nil, configuration: String? = nil,
    arguments: [String] = [], chunkSize: Int? = nil, attempts: Int = 3,
    pollInterval: Duration = .seconds(2)
  ) {
    self.partition = partition
    self.timeLimit = timeLimit
    self.configuration = configuration
    self.arguments = arguments
    self.chunkSize = chunkSize
    self.attempts = max(1, attempts)
    self.pollInterval = pollInterval
  }

  /// Tasks of one job at most; Slurm's default limit of an array (`MaxArraySize`) is 1001.
  static let tasksPerJob = 1000

  /// Designs in a task, of so many.
  func chunk(of count: Int) -> Int {
    max(1, chunkSize ?? min(64, count / 16))
  }
}
