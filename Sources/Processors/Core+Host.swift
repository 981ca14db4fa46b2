internal import Fabric
internal import Peripherals
internal import RISCV
internal import SimKernel
internal import Telemetry

/// What the host does for the program of this hart.
extension Core {
  /// Lets the host look at `tohost`.
  func actForHost(_ now: Cycle) {
    commandDeadline = .max
    guard let hostInterface = services.hostInterface else { return }
    if let code = hostInterface.act() { exitRequest.finish(.code(code, by: "tohost")) }
    planPoll(now)
  }

  /// Lets the host look whether the program has taken its last reply.
  func pollForHost(_ now: Cycle) {
    services.hostInterface?.poll()
    planPoll(now)
  }

  /// Nothing tells when the program takes a reply, so the host looks again while another one waits.
  private func planPoll(_ now: Cycle) {
    replyDeadline =
      services.hostInterface?.hasWaitingReply == true
      ? now &+ HostInterface.lowWordPatience : .max
  }

  /// Carries out the call that the hart stands at, in the cycle of its instruction.
  func answerHostCall(_ now: Cycle) -> Wake {
    phase = .running
    let outcome: HostOutcome?
    switch hostCall {
    case .semihosting(let operation, let parameter):
      outcome = services.semihosting?.perform(
        operation: operation, parameter: parameter, caller: caller)
    default:
      outcome = services.linuxCalls?.perform(
        number: hart[register: 17], arguments: (10...16).map { hart[register: $0] },
        caller: caller)
    }
    residency.enter(State.run, at: now)
    switch outcome {
    case .resume(let value):
      note(.retired(hart.completeHostCall(value)), at: now)
      position = now &+ 1
    case .exit(let code):
      let isSemihosting = if case .semihosting = hostCall { true } else { false }
      exitRequest.finish(.code(code, by: isSemihosting ? "semihosting" : "exit"))
      return .onPort
    case nil:
      note(.trapped(hart.refuseHostCall()), at: now)
    }
    countInstructions()
    showProgramCounter()
    return position == now ? run(now) : .nextCycle
  }

  private var caller: HostCaller {
    HostCaller(
      wordBytes: hart.configuration.instructionSet.xlen == .rv64 ? 8 : 4,
      time: HostTime(ticks: time.pointee, ticksPerSecond: ticksPerSecond),
      translate: { [hart] in hart.physicalAddress(of: $0) })
  }

  // MARK: Messages

  /// Cause, place, instruction and `mtval` of a trap whose handler cannot run, and why it cannot.
  func describe(cause: TrapCause, at address: UInt64, value: UInt64) -> String {
    func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
    let place = symbol(address).map { " in \($0)" } ?? ""
    let code = trappedInstruction(at: address).map { ": \($0)" } ?? ""
    // The hart stands at the handler's first instruction.
    let vector = hart.programCounter
    let isSupervisor = hart.privilege == .supervisor
    return "\(cause) at pc \(hex(address))\(place)\(code), \(isSupervisor ? "stval" : "mtval") "
      + "\(hex(value)); "
      + (vector == 0
        ? "no trap handler is installed (\(isSupervisor ? "stvec" : "mtvec") is 0)"
        : "the trap handler at \(hex(vector))\(symbol(vector).map { " (\($0))" } ?? "") itself traps")
  }

  /// The instruction at the address that a trap came from, in assembler and as a word; nil where
  /// nothing can be fetched. The address is one of the mode that trapped.
  private func trappedInstruction(at address: UInt64) -> String? {
    let mode = hart.privilege
    let status = hart.readCSR(CSR.mstatus) ?? 0
    hart.privilege =
      mode == .supervisor
      ? (status >> 8 & 1 == 0 ? .user : .supervisor)
      : PrivilegeMode(rawValue: UInt8(status >> 11 & 3)) ?? .machine
    defer { hart.privilege = mode }
    return hart.physicalAddress(of: address, access: .fetch).flatMap {
      instruction(at: $0, showing: address)
    }
  }

  /// The instruction at a physical address.
  private func instruction(at address: UInt64, showing programCounter: UInt64) -> String? {
    guard let low = hart.peek(address, bytes: 2) else { return nil }
    let isShort = low & 3 != 3
    guard let value = isShort ? low : hart.peek(address, bytes: 4) else { return nil }
    let word = UInt32(truncatingIfNeeded: value)
    let digits = String(word, radix: 16)
    let padded = "0x" + String(repeating: "0", count: (isShort ? 4 : 8) - digits.count) + digits
    let text = disassemble(
      word, instructionSet: hart.configuration.instructionSet, style: .absolute(pc: programCounter)
    ).split(separator: " ").joined(separator: " ")
    return text == "unknown" ? "no instruction of the core (\(padded))" : "'\(text)' (\(padded))"
  }
}
