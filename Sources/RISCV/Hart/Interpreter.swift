/// What became of an instruction.
enum Outcome {
  /// It retired; `exit` when the caller has to act before the next one.
  case retired(Exit?)
  case trapped(Trap)
  case stopped(Exit)
}

/// The reference interpreter: fetches, decodes and executes one instruction at a time by the text of
/// the specification. It carries out what the fast loop leaves aside and every traced instruction,
/// and is the oracle the fast loop is tested against.
extension Hart {
  /// Executes the instruction at the program counter.
  func interpret(synchronised: Bool) -> Outcome {
    state.pointee.effects.clear()
    state.pointee.hasFetched = false
    do throws(Interruption) {
      let word = try fetchInstruction()
      state.pointee.word = word
      state.pointee.hasFetched = true
      let length: UInt64 = word & 3 == 3 ? 4 : 2
      state.pointee.nextPC = zeroExtended(state.pointee.pc &+ length)
      let decoded = decoder.decode(word, extensions: state.pointee.control.extensions)
      guard let operation = decoded.operation else { throw illegal() }
      if operation == .ecall, configuration.proxiesEnvironmentCalls,
        state.pointee.deviceAccess == nil
      {
        throw .exit(.environmentCall)
      }
      try execute(operation, InstructionFields(decoded.word), synchronised: synchronised)
    } catch {
      switch error {
      case .exit(let exit): return .stopped(exit)
      case .exception(let cause, let value):
        if let exit = endlessTrap(cause) { return .stopped(exit) }
        return .trapped(enterTrap(cause, value: value))
      }
    }
    return .retired(retire())
  }

  /// Ends an instruction that has been executed.
  private func retire() -> Exit? {
    state.pointee.pc = state.pointee.nextPC
    state.pointee.cycles &+= 1
    state.pointee.instructions &+= 1
    state.pointee.firstOfHandler = false
    state.pointee.deviceAccess = nil
    if state.pointee.hostStore != nil { return takeHostStore() }
    if state.pointee.waitsForInterrupt {
      state.pointee.waitsForInterrupt = false
      return .wfi
    }
    if state.pointee.mustSynchronise {
      state.pointee.mustSynchronise = false
      return .synchronise
    }
    return nil
  }

  /// EBREAK: a semihosting call when it stands between the two instructions that mark one, else an
  /// exception.
  func breakpoint() throws(Interruption) {
    if configuration.semihosting, isSemihostingCall {
      throw .exit(
        .semihosting(operation: zeroExtended(registers[10]), parameter: zeroExtended(registers[11]))
      )
    }
    throw .exception(.breakpoint, value: state.pointee.pc)
  }

  /// Whether `slli x0, x0, 0x1f` precedes the executing EBREAK and `srai x0, x0, 7` follows it.
  private var isSemihostingCall: Bool {
    let pc = state.pointee.pc
    guard state.pointee.word & 3 == 3 else { return false }
    return inspectWord(at: pc &- 4) == 0x01f0_1013 && inspectWord(at: pc &+ 4) == 0x4070_5013
  }

  /// The 32-bit word at a virtual address that could be executed, or nil.
  private func inspectWord(at address: UInt64) -> UInt32? {
    var word: UInt32 = 0
    for half in 0..<UInt64(2) {
      let address = zeroExtended(address &+ 2 * half)
      guard let physical = self.physicalAddress(of: address, access: .fetch),
        let parcel = peek(physical, bytes: 2)
      else { return nil }
      word |= UInt32(truncatingIfNeeded: parcel) << UInt32(16 * half)
    }
    return word
  }
}
