import RISCV

/// Privileged state alone, driven by register accesses as instructions make them.
final class Control {
  var state: ControlState

  /// The state after reset of a hart with `set`.
  init(_ set: InstructionSet, protectionEntries: Int = 16) {
    state = ControlState(
      configuration: HartConfiguration(instructionSet: set, protectionEntries: protectionEntries))
  }

  /// What an instruction in the present mode reads from CSR `number`; nil when it is illegal.
  subscript(number: UInt16) -> UInt64? { state.read(number, cycles: 0, instructions: 0) }

  /// Writes CSR `number` and answers the effects a commit log shows.
  @discardableResult
  func write(_ number: UInt16, _ value: UInt64, pc: UInt64 = 0) -> [UInt16: UInt64] {
    var effects = CSREffects()
    state.write(number, value, cycles: 0, instructions: 0, pc: pc, effects: &effects)
    return Self.dictionary(effects)
  }

  /// Another hart in the same state.
  init(copying other: Control) { state = other.state }

  /// Takes a trap; answers where the handler is.
  func trap(_ cause: TrapCause, pc: UInt64 = 0, value: UInt64 = 0) -> UInt64 {
    state.enterTrap(cause, pc: pc, value: value)
  }

  /// Executes `mret`; answers where to.
  func mret() -> UInt64 {
    var effects = CSREffects()
    return state.returnFromMachine(effects: &effects)
  }

  /// Executes `sret`; answers where to.
  func sret() -> UInt64 {
    var effects = CSREffects()
    return state.returnFromSupervisor(effects: &effects)
  }

  static func dictionary(_ effects: CSREffects) -> [UInt16: UInt64] {
    [UInt16: UInt64](
      uniqueKeysWithValues: (0..<effects.count).map { (effects[$0].number, effects[$0].value) })
  }
}

extension InstructionSet {
  /// Multiplication and machine mode only.
  static let machineOnly = InstructionSet(
    xlen: .rv32, extensions: [.m, .zicsr, .zifencei, .zicntr])
  /// Machine and user mode, without floating point.
  static let machineAndUser = InstructionSet(
    xlen: .rv64, extensions: [.m, .zicsr, .zifencei, .zicntr, .user])

  func adding(_ extensions: Extensions) -> InstructionSet {
    InstructionSet(xlen: xlen, extensions: self.extensions.union(extensions))
  }

  func removing(_ extensions: Extensions) -> InstructionSet {
    InstructionSet(xlen: xlen, extensions: self.extensions.subtracting(extensions))
  }
}
