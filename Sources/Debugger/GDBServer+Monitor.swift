extension GDBServer {
  private static let help = """
    modules              every hardware module: what it is doing and whom it waits for
    module NAME          one module: its classes of cycles and its counters
    waits                who waits for whom, and the circle in a deadlock
    time                 simulated time and elapsed cycles of every clock
    registers            the registers of the selected hart
    run-for N [cycles]   runs everything for N cycles of the reference clock
    reset                starts again from the first cycle
    help                 this list

    """
  private static let staleRegisters =
    "GDB does not know yet: 'maintenance flush register-cache' shows the new registers\n"

  /// `monitor …`: text from the user, in hexadecimal.
  func monitor(_ text: ArraySlice<UInt8>) {
    guard let bytes = Hexadecimal.decode(text) else { return reply("E01") }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .map(String.init)
    show(answer(to: words))
    reply("OK")
  }

  private func answer(to words: [String]) -> String {
    guard let command = words.first else { return Self.help }
    let arguments = Array(words.dropFirst())
    switch (command, arguments.count) {
    case ("help", 0): return Self.help
    case ("modules", 0): return ModuleReport.table(target.modules())
    case ("waits", 0): return ModuleReport.waits(target.modules())
    case ("time", 0): return ModuleReport.time(target.time)
    case ("registers", 0): return registerDump()
    case ("module", 1):
      let modules = target.modules()
      guard let module = modules.first(where: { $0.path == arguments[0] }) else {
        return "no module '\(arguments[0])'; there are "
          + modules.map(\.path).sorted().joined(separator: ", ") + "\n"
      }
      return ModuleReport.details(module)
    case ("run-for", 1), ("run-for", 2):
      guard arguments.count == 1 || arguments[1] == "cycles", let cycles = UInt64(arguments[0]),
        cycles > 0
      else { return "run-for takes a number of cycles above 0\n" }
      return runFor(cycles)
    case ("reset", 0):
      do {
        try target.reset()
      } catch {
        return "\(error)\n"
      }
      thread = 1
      lastStop = StopEvent(thread: 1, reason: .interrupt)
      return "the system stands before its first instruction\n" + Self.staleRegisters
    case ("module", _): return "module takes the name of one module\n"
    case ("help", _), ("modules", _), ("waits", _), ("time", _), ("registers", _), ("reset", _):
      return "\(command) takes no argument\n"
    case ("run-for", _): return "run-for takes a number of cycles above 0\n"
    default: return "unknown command '\(command)'\n" + Self.help
    }
  }

  private func runFor(_ cycles: UInt64) -> String {
    let event = run(everybody, cycles: cycles)
    let pc = target.readRegister(.programCounter, thread: thread)
    let place = pc.map { " at \(Hexadecimal.padded($0, digits: target.architecture.xlen / 4))" }
    let reason =
      switch event.reason {
      case .breakpoint: "stopped by a breakpoint"
      case .watchpoint(_, let address):
        "stopped by the watchpoint at \(Hexadecimal.padded(address, digits: 1))"
      case .step, .interrupt: "stopped"
      case .ended(_, let text): text
      case .exited(let code): "the run has ended with code \(code)"
      }
    return "\(reason)\(place ?? "")\n" + ModuleReport.time(target.time) + Self.staleRegisters
  }

  private func registerDump() -> String {
    let architecture = target.architecture
    let digits = architecture.xlen / 4
    var text = ""
    func value(_ name: String, _ register: DebugRegister) -> String? {
      target.readRegister(register, thread: thread).map {
        ModuleReport.column(name, 6) + Hexadecimal.padded($0, digits: digits)
      }
    }
    for row in 0..<8 {
      let columns = (0..<4).compactMap { column in
        let index = row + 8 * column
        return value(TargetDescription.integerNames[index], .integer(index))
      }
      text += columns.joined(separator: "  ") + "\n"
    }
    let mode = target.readRegister(.privilege, thread: thread).map { value in
      switch value {
      case 0: "user"
      case 1: "supervisor"
      default: "machine"
      }
    }
    text += (value("pc", .programCounter) ?? "") + (mode.map { "  \($0) mode" } ?? "") + "\n"
    for csr in architecture.controlRegisters {
      guard let value = target.readRegister(.csr(csr.number), thread: thread), value != 0 else {
        continue
      }
      text += ModuleReport.column(csr.name, 15) + Hexadecimal.padded(value, digits: digits) + "\n"
    }
    return text + "(control and status registers that are not shown hold 0)\n"
  }
}
