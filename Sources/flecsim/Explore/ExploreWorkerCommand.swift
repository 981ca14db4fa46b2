internal import ArgumentParser
internal import Exploration
internal import SoC

/// `flecsim explore-worker`: evaluates designs that another process asks for. Not for people.
struct ExploreWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore-worker",
    abstract: "Evaluates designs for 'flecsim explore', as a process of its own.",
    discussion: """
      Reads requests from standard input or a file, one JSON object per line, and answers each with a line.
      """,
    shouldDisplay: false)

  @Argument(help: "The study.")
  var study: String

  @Option(help: "Energy table: the name of one that comes with the tool, or a file.")
  var table: String?

  @Option(help: "File of requests; standard input without it.")
  var tasks: String?

  @Option(help: "File that answers are appended to; standard output without it.")
  var answers: String?

  func validate() throws {
    if (tasks == nil) != (answers == nil) {
      throw ValidationError("--tasks and --answers go together")
    }
  }

  func run() throws {
    try reporting {
      let evaluator = try StudyEvaluator(study: study, table: table)
      if let tasks, let answers {
        try WorkerLoop.run(tasks: tasks, answers: answers, evaluator: evaluator)
      } else {
        try WorkerLoop.run(evaluator)
      }
    }
  }
}
