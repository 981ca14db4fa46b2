import Foundation

/// A Slurm cluster of this machine alone, started and ended by `Scripts/slurm-node`.
public final class SlurmNode {
  /// Whether one can be started here.
  public static let isPossible =
    getuid() == 0
    && ["sbatch", "slurmctld", "slurmd", "munged"].allSatisfy { name in
      ChildProcess.find(name) != nil
        || FileManager.default.isExecutableFile(atPath: "/usr/sbin/\(name)")
    }

  private let folder: String
  /// Path of its `slurm.conf`.
  public let configuration: String

  /// Starts it.
  public init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/slurm-\(UUID().uuidString.prefix(8))"
    let ending = try ChildProcess.run(Self.script, ["start", folder])
    guard ending.code == 0 else { throw Failure(errors: ending.errors) }
    configuration = ending.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit {
    _ = try? ChildProcess.run(Self.script, ["stop", folder])
  }

  /// It did not start.
  public struct Failure: Error {
    /// What the script said.
    public let errors: String
  }

  private static var script: String {
    URL(filePath: #filePath).appending(path: "../../../Scripts/slurm-node").standardizedFileURL
      .path
  }
}
