/// Whether Spike would announce the symbol at an instruction of an RV32 hart.
///
/// Spike keeps the program counter of RV32 sign extended but symbols zero extended, so it finds
/// the symbols of addresses from 0x8000_0000 on only where the program counter came zero extended
/// out of a CSR: at the first instruction of a trap handler, and after a return to an address
/// that a CSR instruction wrote to `mepc` or `sepc`.
struct SpikeArrivals: Sendable {
  private var isZeroExtended = false
  private var machineReturnIsZeroExtended = false
  private var supervisorReturnIsZeroExtended = false
  /// The instruction begun last, of which it is not yet known whether it retires.
  private var pending: UInt32 = 0
  private var pendingPC: UInt64 = 1

  /// Notes that the last instruction retired.
  mutating func retire() {
    let word = pending
    guard word & 0x7f == 0x73 else { return }
    pending = 0
    switch word {
    case 0x3020_0073: isZeroExtended = machineReturnIsZeroExtended
    case 0x1020_0073: isZeroExtended = supervisorReturnIsZeroExtended
    default:
      let fields = InstructionFields(word)
      // csrrw and csrrwi always write, the others unless their operand is x0 or zero.
      let function = fields.funct3 & 3
      guard function == 1 || function != 0 && fields.rs1 != 0 else { return }
      if fields.csr == 0x341 { machineReturnIsZeroExtended = true }
      if fields.csr == 0x141 { supervisorReturnIsZeroExtended = true }
    }
  }

  /// Notes the next instruction; whether a symbol at its address would be announced.
  mutating func begin(_ encoding: UInt64, at pc: UInt64, _ xlen: XLEN) -> Bool {
    defer { isZeroExtended = false }
    pending = UInt32(truncatingIfNeeded: encoding)
    pendingPC = pc
    return xlen == .rv64 || pc < 0x8000_0000 || isZeroExtended
  }

  /// Notes a trap: of the last instruction when it is an exception there, else behind it.
  mutating func trap(_ trap: Trap, handledIn mode: PrivilegeMode) {
    if trap.cause.isInterrupt || trap.programCounter != pendingPC { retire() }
    pending = 0
    if mode == .machine {
      machineReturnIsZeroExtended = false
    } else {
      supervisorReturnIsZeroExtended = false
    }
    isZeroExtended = true
  }
}
