/// Register access of the instruction being interpreted; writes are noted in its effects.
extension Hart {
  var xlen: XLEN { configuration.instructionSet.xlen }

  var isRV64: Bool { xlen == .rv64 }

  /// Address of the executing instruction.
  var pc: UInt64 { state.pointee.pc }

  /// Address of the instruction behind it, or where it jumps once ``jump(to:)`` was called.
  var nextPC: UInt64 { state.pointee.nextPC }

  /// `value` as an unsigned number of XLEN bits.
  @inline(__always)
  func zeroExtended(_ value: UInt64) -> UInt64 { value & addressMask }

  /// `value`, of XLEN bits, as registers hold it.
  @inline(__always)
  func signExtended(_ value: UInt64) -> UInt64 {
    isRV64 ? value : UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
  }

  /// The integer register `number`, sign extended from XLEN bits.
  func x(_ number: Int) -> UInt64 { registers[number] }

  /// Writes an integer register: the low XLEN bits of `value`; nothing for x0.
  func setX(_ number: Int, _ value: UInt64) {
    guard number != 0 else { return }
    let value = signExtended(value)
    registers[number] = value
    state.pointee.effects.note(Effects.integer(number), zeroExtended(value))
  }

  /// The floating-point register `number`, all 64 bits.
  func f64(_ number: Int) -> UInt64 { floatRegisters[number] }

  /// Writes a floating-point register.
  func setF64(_ number: Int, _ value: UInt64) {
    floatRegisters[number] = value
    state.pointee.effects.note(Effects.float(number), value)
    markFloatingPointDirty()
  }

  /// The single-precision number in register `number`: the canonical NaN when it is not boxed.
  func f32(_ number: Int) -> UInt32 {
    let value = floatRegisters[number]
    return value >> 32 == 0xffff_ffff ? UInt32(truncatingIfNeeded: value) : 0x7fc0_0000
  }

  /// Writes a single-precision number, boxed.
  func setF32(_ number: Int, _ value: UInt32) {
    setF64(number, 0xffff_ffff_0000_0000 | UInt64(value))
  }

  /// Adds exception flags to `fflags`.
  func accrue(_ flags: FloatFlags) {
    guard !flags.isEmpty else { return }
    state.pointee.control.fflags |= flags.rawValue
    state.pointee.effects.note(
      Effects.csr(CSR.fflags), UInt64(state.pointee.control.fflags))
    markFloatingPointDirty()
  }

  /// Sets `mstatus.FS` to dirty.
  func markFloatingPointDirty() {
    guard state.pointee.control.markFloatingPointDirty() else { return }
    let status = state.pointee.control.inspect(
      CSR.mstatus, cycles: state.pointee.cycles, instructions: state.pointee.instructions)
    state.pointee.effects.note(Effects.csr(CSR.mstatus), status ?? 0)
  }

  /// Raises an illegal-instruction exception while the floating-point unit is off.
  func requireFloatingPoint() throws(Interruption) {
    if state.pointee.control.floatingPointIsOff { throw illegal() }
  }

  /// The rounding mode that field `rm` selects, `frm` when it says dynamic.
  func roundingMode(_ rm: UInt32) throws(Interruption) -> RoundingMode {
    let number = rm == 7 ? state.pointee.control.frm : UInt8(truncatingIfNeeded: rm)
    guard let mode = RoundingMode(rawValue: number) else { throw illegal() }
    return mode
  }

  /// The exception for the executing instruction being illegal; its trap value is the encoding.
  func illegal() -> Interruption {
    .exception(.illegalInstruction, value: UInt64(state.pointee.word))
  }

  /// Continues at `target` after this instruction. Without compressed instructions a target
  /// that is not a multiple of 4 raises an exception.
  func jump(to target: UInt64) throws(Interruption) {
    let target = zeroExtended(target)
    if target & 2 != 0, !state.pointee.control.extensions.contains(.c) {
      throw .exception(.instructionAddressMisaligned, value: target)
    }
    state.pointee.nextPC = target
  }
}
