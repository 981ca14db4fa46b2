internal import ArgumentParser
internal import Diagnostics
internal import Energy
internal import Networks
internal import RTL
internal import Reports
internal import SoC

/// A mistake that ends a command: a message for the user and the documented exit code.
struct CommandFailure: Error {
  let code: ProcessExit
  let message: String

  init(_ code: ProcessExit, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension ParsableCommand {
  /// Runs the body of a command and turns every failure into its message and exit code.
  func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
      try StandardStream.finish()
    } catch let failure as CommandFailure {
      fail(failure.message, failure.code)
    } catch let errors as ConfigErrors {
      fail("\(errors)", .input)
    } catch let error as SystemError {
      fail("\(error)", .input)
    } catch let refusal as EnergyTableRefusal {
      fail("\(refusal)", .input)
    } catch let error as RTLError {
      fail("\(error)", .input)
    } catch let error as NetworkError {
      fail("\(error)", .input)
    } catch let error as FirmwareError {
      fail("\(error)", .firmwareBuild)
    } catch {
      fail("error: \(error)", .output)
    }
  }

  private func fail(_ message: String, _ code: ProcessExit) -> Never {
    StandardStream.note(message)
    Self.exit(withError: ExitCode(code.rawValue))
  }
}

/// Prints warnings of a loaded description.
func printWarnings(_ warnings: [ConfigError]) {
  for warning in warnings { StandardStream.note("\(warning)") }
}

/// The report format called `name`.
///
/// - Throws: `CommandFailure` with the names there are.
func reportFormat(_ name: String) throws -> any ReportFormat {
  if let format = ReportFormats.named(name, style: Terminal.style) { return format }
  let names = ReportFormats.all().map(\.name)
  let near = Suggestion.nearest(to: name, among: names)
  throw CommandFailure(
    .usage,
    "error: no report format '\(name)'; "
      + (near.map { "did you mean '\($0)'?" } ?? "expected one of \(names.joined(separator: ", "))")
  )
}
