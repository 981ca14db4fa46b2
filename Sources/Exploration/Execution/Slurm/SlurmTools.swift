internal import Foundation

/// The cluster as its command line tools show it: `sbatch`, `squeue`, `scancel`, and for reasons
/// `scontrol` and `sacct`.
struct SlurmTools {
  /// A task of a job array.
  struct ArrayTask: Hashable {
    /// Name of the job.
    var job: String
    /// Position in the array.
    var index: Int
  }

  private let folder: String
  private let environment: [String: String]

  /// Looks for the tools.
  ///
  /// - Parameter configuration: path of the cluster's `slurm.conf`; nil for that of the
  ///   environment.
  /// - Throws: `ExecutionError` naming the package to install.
  init(configuration: String?) throws(ExecutionError) {
    var environment = ProcessInfo.processInfo.environment
    if let configuration { environment["SLURM_CONF"] = configuration }
    self.environment = environment
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let folder = folders.map(String.init).first { folder in
      ["sbatch", "squeue", "scancel"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)")
      }
    }
    guard let folder else {
      throw ExecutionError(
        "there is no sbatch on the search path: Slurm is not installed (Debian: slurm-client)"
      )
    }
    self.folder = folder
  }

  /// Submits a job array.
  ///
  /// - Returns: the number of the job.
  /// - Throws: `ExecutionError` with what `sbatch` said.
  func submit(
    name: String, script: String, tasks: Int, log: String, _ options: SlurmOptions
  ) throws(ExecutionError) -> String {
    var arguments = [
      "--parsable", "--job-name=\(name)", "--array=0-\(tasks - 1)", "--output=\(log)",
      "--ntasks=1", "--no-requeue",
    ]
    if let partition = options.partition { arguments.append("--partition=\(partition)") }
    if let limit = options.timeLimit { arguments.append("--time=\(limit)") }
    let result = try run("sbatch", arguments + options.arguments + [script])
    let number = result.output.split(separator: "\n").last?.split(separator: ";").first
    guard result.code == 0, let number, number.allSatisfy(\.isNumber) else {
      throw ExecutionError("sbatch refused the job", diagnostics: result.errors + result.output)
    }
    return String(number)
  }

  /// Those tasks of jobs that wait or run.
  ///
  /// - Returns: nil when the cluster does not answer at present.
  func queue(of jobs: [String]) -> Set<ArrayTask>? {
    var tasks: Set<ArrayTask> = []
    for start in stride(from: 0, to: jobs.count, by: Self.namesPerCall) {
      let names = jobs[start..<min(jobs.count, start + Self.namesPerCall)].joined(separator: ",")
      guard
        let result = try? run(
          "squeue", ["--noheader", "--array", "--name=\(names)", "--format=%j|%K"]),
        result.code == 0
      else { return nil }
      for line in result.output.split(separator: "\n") {
        let fields = line.split(separator: "|")
        guard fields.count == 2, let index = Int(fields[1]) else { continue }
        tasks.insert(ArrayTask(job: String(fields[0]), index: index))
      }
    }
    return tasks
  }

  /// Job names in one call of `squeue` at most.
  private static let namesPerCall = 50

  /// Cancels jobs by name.
  func cancel(_ jobs: [String]) {
    for job in jobs { _ = try? run("scancel", ["--name=\(job)"]) }
  }

  /// How a task ended, as far as the cluster still knows.
  func ending(of job: String, _ index: Int) -> String? {
    let task = "\(job)_\(index)"
    if let result = try? run("scontrol", ["--oneliner", "show", "job", task]), result.code == 0 {
      let fields = result.output.split(whereSeparator: \.isWhitespace)
      let wanted = ["JobState=", "Reason=", "ExitCode="].compactMap { name in
        fields.first { $0.hasPrefix(name) }?.dropFirst(name.count)
      }
      if wanted.count == 3 { return "\(wanted[0]) (\(wanted[1]), exit code \(wanted[2]))" }
    }
    let columns = ["--noheader", "--parsable2", "--format=State,ExitCode", "--jobs=\(task)"]
    guard let result = try? run("sacct", columns), result.code == 0,
      let line = result.output.split(separator: "\n").first
    else { return nil }
    return line.split(separator: "|").joined(separator: ", exit code ")
  }

  private func run(
    _ tool: String, _ arguments: [String]
  ) throws(ExecutionError) -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(folder)/\(tool)")
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    do {
      try process.run()
      // These tools print little; the second pipe holds all of it while the first is read.
      let text = try output.fileHandleForReading.readToEnd() ?? Data()
      let messages = try errors.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return (
        process.terminationStatus, String(decoding: text, as: UTF8.self),
        String(decoding: messages, as: UTF8.self)
      )
    } catch {
      throw ExecutionError("cannot run \(tool): \(error.localizedDescription)")
    }
  }
}
