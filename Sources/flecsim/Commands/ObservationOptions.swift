internal import ArgumentParser

/// What the command line asks to be recorded of the execution.
struct ObservationOptions: ParsableArguments {
  @Flag(
    name: [.customShort("l"), .customLong("log-instructions")],
    help: "Log every instruction, as Spike's -l does.")
  var logInstructions = false

  @Flag(help: "Log what every instruction writes, as Spike's --log-commits does.")
  var logCommits = false

  @Option(
    help: ArgumentHelp(
      """
      Where the log goes: a file, or '-' for standard output; standard error without it. Alone it \
      asks for instructions.
      """, valueName: "file"), completion: .file())
  var log: String?

  @Option(
    help: ArgumentHelp(
      """
      Write the cycles of every chain of calls to this file, as folded stacks for flame graphs, and \
      report them by function.
      """, valueName: "file"), completion: .file())
  var profile: String?

  @Option(
    help: ArgumentHelp("Stop when a hart has retired this many instructions.", valueName: "n"))
  var instructions: UInt64?

  @Option(
    help: ArgumentHelp(
      "Write memory from begin_signature to end_signature to this file when the run has ended.",
      valueName: "file"), completion: .file())
  var signature: String?

  @Option(
    help: ArgumentHelp("Bytes per line of the signature.", valueName: "bytes"))
  var signatureGranularity = 16

  func validate() throws {
    if instructions == 0 { throw ValidationError("--instructions is above 0") }
    guard signatureGranularity > 0, signatureGranularity <= 4096 else {
      throw ValidationError("--signature-granularity is a number of bytes from 1 to 4096")
    }
    for (name, path) in [("log", log), ("profile", profile), ("signature", signature)]
    where path == "" {
      throw ValidationError("--\(name) is the path of a file")
    }
    let paths = [log, profile, signature].compactMap { $0 }
    guard Set(paths).count == paths.count else {
      throw ValidationError("--log, --profile and --signature are different files")
    }
  }
}
