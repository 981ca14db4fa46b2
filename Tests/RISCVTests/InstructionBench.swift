import RISCV
import Testing

/// Executes single instructions on a hart with everything switched on, and shows what they did.
final class InstructionBench {
  static let base: UInt64 = 0x8000_0000
  /// Where programs put data.
  static let data = base + 0x800

  let hart: Hart
  private let memory: UnsafeMutableRawPointer
  private let instructionSet: InstructionSet

  init(_ instructionSet: InstructionSet, misaligned: MisalignedAccess = .supported) throws {
    self.instructionSet = instructionSet
    memory = .allocate(byteCount: 0x1000, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 0x1000)
    hart = Hart(
      configuration: HartConfiguration(
        instructionSet: instructionSet, misalignedAccess: misaligned))
    try hart.add(MemoryRegion(base: Self.base, size: 0x1000, pointer: memory))
    hart.reset(pc: Self.base)
    // mstatus.FS = initial.
    hart.writeCSR(0x300, 0x2000)
  }

  deinit { memory.deallocate() }

  /// The word of an operation. `rm` is the rounding mode, 7 means the one in `frm`; `immediate`
  /// goes to bits 31:20 (a CSR number, a shift amount, the offset of a load or JALR). Fields that
  /// the operation does not have are ignored; stores have offset 0.
  func word(
    _ operation: Operation, rd: Int = 10, rs1: Int = 11, rs2: Int = 12, rs3: Int = 13, rm: Int = 7,
    immediate: Int = 0
  ) throws -> UInt32 {
    let row = try #require(
      Encoding.all.first {
        $0.operation == operation && ($0.xlen == nil || $0.xlen == instructionSet.xlen)
      })
    func field(_ value: Int, _ shift: UInt32) -> UInt32 {
      UInt32(truncatingIfNeeded: value) << shift
    }
    let operands: UInt32 =
      switch row.match & 0x7f {
      case 0x23, 0x27: field(rs1, 15) | field(rs2, 20)
      case 0x03, 0x07, 0x13, 0x1b, 0x67, 0x73:
        field(rd, 7) | field(rs1, 15) | field(immediate, 20)
      case 0x2f: field(rd, 7) | field(rs1, 15) | field(rs2, 20)
      default: field(rd, 7) | field(rm, 12) | field(rs1, 15) | field(rs2, 20) | field(rs3, 27)
      }
    return row.match | operands & ~row.mask
  }

  /// Puts an instruction at the base of the memory, to be the next one.
  func place(_ word: UInt32) {
    memory.storeBytes(of: word.littleEndian, as: UInt32.self)
    hart.invalidateCode()
    hart.programCounter = Self.base
  }

  /// Executes one instruction with the interpreter.
  @discardableResult
  func step(_ word: UInt32) -> Step {
    place(word)
    return hart.step(synchronised: true)
  }

  /// rd of an integer instruction with the given operands, as a number of XLEN bits.
  func integer(
    _ operation: Operation, _ a: UInt64, _ b: UInt64 = 0, immediate: Int = 0
  ) throws -> UInt64 {
    hart[register: 11] = a
    hart[register: 12] = b
    step(try word(operation, immediate: immediate))
    return hart[register: 10]
  }

  /// The result of an instruction that reads floating-point registers, and the flags it raised.
  func float(
    _ operation: Operation, _ a: UInt64, _ b: UInt64 = 0, _ c: UInt64 = 0, rm: Int = 0,
    toInteger: Bool = false
  ) throws -> (result: UInt64, flags: UInt64) {
    hart.writeCSR(0x001, 0)
    (hart[floatRegister: 11], hart[floatRegister: 12], hart[floatRegister: 13]) = (a, b, c)
    step(try word(operation, rm: rm))
    return (
      toInteger ? hart[register: 10] : hart[floatRegister: 10], hart.readCSR(0x001) ?? .max
    )
  }

  /// The exception an instruction raises, nil when it retires.
  func exception(_ word: UInt32) -> Trap? {
    if case .trapped(let trap) = step(word) { trap } else { nil }
  }

  func load(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: 0x800 + offset, as: UInt64.self))
  }

  func store(_ value: UInt64, _ offset: Int = 0) {
    memory.storeBytes(of: value.littleEndian, toByteOffset: 0x800 + offset, as: UInt64.self)
  }
}
