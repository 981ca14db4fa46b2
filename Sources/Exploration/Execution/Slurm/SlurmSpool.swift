internal import Foundation

/// The folder through which a study and its tasks on the cluster exchange files.
///
/// | file | content |
/// |---|---|
/// | `id` | what the names of this study's jobs begin with |
/// | `task-N.requests` | designs, one request a line |
/// | `task-N.answers` | what came out; written by the task, see ``WorkerLoop`` |
/// | `job-N.tasks` | the tasks of a job array, one a line; there before the job is submitted |
/// | `job-N.sh` | the script of the job |
/// | `job-N.number` | number of the job, once it is known |
/// | `job-N_I.log` | what task I of the array printed |
///
/// Everything that has to be known after the end of the submitting process, however it came, is in
/// these files and in the queue: jobs are found there by their names.
struct SlurmSpool {
  /// The folder, absolute.
  let folder: String
  /// What the names of the study's jobs begin with.
  let prefix: String
  private var lastTask: Int
  private var lastJob: Int

  /// Opens a folder, which is made when it is missing.
  ///
  /// - Throws: `ExecutionError`.
  init(_ path: String) throws(ExecutionError) {
    let folder = URL(fileURLWithPath: path).standardizedFileURL.path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ExecutionError("cannot make the folder \(folder)")
    }
    let stored = String(decoding: try TaskFile.bytes("\(folder)/id"), as: UTF8.self)
    if stored.isEmpty {
      prefix = "flecsim-" + String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16)
      try TaskFile.write(Data(prefix.utf8), to: "\(folder)/id")
    } else {
      prefix = stored
    }
    self.folder = folder
    let names = Self.names(folder)
    lastTask = names.compactMap { Self.number($0, "task-", ".requests") }.max() ?? 0
    lastJob = names.compactMap { Self.number($0, "job-", ".tasks") }.max() ?? 0
  }

  /// Names of the tasks that are there, in order.
  var tasks: [String] {
    Self.names(folder).compactMap { Self.number($0, "task-", ".requests") }.sorted()
      .map { "task-\($0)" }
  }

  /// The tasks of all jobs that were ever submitted, or about to be: which task of which array they
  /// are.
  ///
  /// - Throws: `ExecutionError`.
  func submissions() throws(ExecutionError) -> [SlurmTools.ArrayTask: String] {
    var result: [SlurmTools.ArrayTask: String] = [:]
    for job in Self.names(folder).compactMap({ Self.number($0, "job-", ".tasks") }) {
      let list = String(decoding: try TaskFile.bytes("\(folder)/job-\(job).tasks"), as: UTF8.self)
      for (index, task) in list.split(separator: "\n").enumerated() {
        result[SlurmTools.ArrayTask(job: "\(prefix)-\(job)", index: index)] = String(task)
      }
    }
    return result
  }

  /// Path of a task's requests.
  func requests(_ task: String) -> String { "\(folder)/\(task).requests" }

  /// Path of a task's answers.
  func answers(_ task: String) -> String { "\(folder)/\(task).answers" }

  /// Writes a new task.
  ///
  /// - Returns: its name.
  /// - Throws: `ExecutionError`.
  mutating func add(_ requests: some Sequence<EvaluationRequest>) throws(ExecutionError) -> String {
    lastTask += 1
    let name = "task-\(lastTask)"
    try TaskFile.write(requests, to: self.requests(name))
    return name
  }

  /// Notes the failure of a design beside the answers of its task, so that the task does not begin
  /// it once more. The task must not be running.
  ///
  /// - Throws: `ExecutionError`.
  func note(_ answer: EvaluationAnswer, _ task: String) throws(ExecutionError) {
    let path = answers(task)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ExecutionError("cannot write \(path)") }
    defer { close(descriptor) }
    // The task may have died in the middle of a line.
    try FileBytes.write([UInt8(ascii: "\n")] + answer.line, to: descriptor)
  }

  /// Writes the files of a new job array.
  ///
  /// - Parameter command: what evaluates a task, without the names of the files.
  /// - Returns: the job's name, and its path without the endings.
  /// - Throws: `ExecutionError`.
  mutating func addJob(
    _ tasks: [String], command: [String]
  ) throws(ExecutionError) -> (name: String, path: String) {
    lastJob += 1
    let path = "\(folder)/job-\(lastJob)"
    let list = tasks.map { $0 + "\n" }.joined()
    let words = command.map(Self.quoted).joined(separator: " ")
    let script = """
      #!/bin/sh
      # Task of a job array: evaluates one of the files of designs in \(folder)
      cd \(Self.quoted(FileManager.default.currentDirectoryPath)) || exit
      list=\(Self.quoted(path + ".tasks"))
      task=\(Self.quoted(folder))/$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$list")
      exec \(words) --tasks "$task.requests" --answers "$task.answers"

      """
    try TaskFile.write(Data(list.utf8), to: path + ".tasks")
    try TaskFile.write(Data(script.utf8), to: path + ".sh")
    return ("\(prefix)-\(lastJob)", path)
  }

  /// Number of a job that was submitted, by its name; nil when the submission was not seen to its
  /// end.
  func number(of job: String) -> String? {
    let path = "\(folder)/job-\(job.dropFirst(prefix.count + 1)).number"
    guard let bytes = try? TaskFile.bytes(path), !bytes.isEmpty else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Last line that a task of a job array printed; empty without one.
  func lastLine(of place: SlurmTools.ArrayTask) -> String {
    let path = "\(folder)/job-\(place.job.dropFirst(prefix.count + 1))_\(place.index).log"
    let text = String(decoding: (try? TaskFile.bytes(path)) ?? [], as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
  }

  private static func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  private static func number(_ name: String, _ start: String, _ end: String) -> Int? {
    guard name.hasPrefix(start), name.hasSuffix(end) else { return nil }
    return Int(name.dropFirst(start.count).dropLast(end.count))
  }

  /// A word of a shell command.
  private static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
