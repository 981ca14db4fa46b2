internal import SoC

/// The table of exit codes in the help text.
enum ExitTable {
  static var text: String {
    let codes = ProcessExit.allCases.map { exit in
      "  " + String(repeating: " ", count: 3 - "\(exit.rawValue)".count)
        + "\(exit.rawValue)  \(exit.meaning)"
    }
    return (codes + ["  1…255 otherwise: the firmware's own exit code (the reason line says so)"])
      .joined(separator: "\n      ")
  }
}
