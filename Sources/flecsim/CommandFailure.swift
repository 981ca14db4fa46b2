internal import ArgumentParser
internal import Foundation
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
    } catch let failure as CommandFailure {
      fail(failure.message, failure.code)
    } catch let errors as ConfigErrors {
      fail("\(errors)", .input)
    } catch let error as SystemError {
      fail("error: \(error)", .input)
    } catch let error as FirmwareError {
      fail("\(error)", .firmwareBuild)
    } catch {
      fail("error: \(error)", .output)
    }
  }

  private func fail(_ message: String, _ code: ProcessExit) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    Self.exit(withError: ExitCode(code.rawValue))
  }
}

/// Prints warnings of a loaded description.
func printWarnings(_ warnings: [ConfigError]) {
  for warning in warnings {
    FileHandle.standardError.write(Data("\(warning)\n".utf8))
  }
}
