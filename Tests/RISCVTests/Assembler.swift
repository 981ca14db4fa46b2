import RISCV

/// A small assembler: the word of an operation with its operand fields.
///
/// Unused fields are ignored; `immediate` is in bytes for branches and jumps, the upper 20 bits
/// shifted down for `lui` and `auipc`, the CSR number for Zicsr (whose 5-bit immediate is `rs1`).
/// Of encodings that depend on the register width, that of `xlen` is meant.
func assemble(
  _ operation: Operation, rd: Int = 0, rs1: Int = 0, rs2: Int = 0, _ immediate: Int = 0,
  xlen: XLEN = .rv32
) -> UInt32 {
  guard
    let encoding = Encoding.all.first(where: {
      $0.operation == operation && ($0.xlen == nil || $0.xlen == xlen)
    }) ?? Encoding.all.first(where: { $0.operation == operation })
  else { return 0 }
  return encoding.word(rd: rd, rs1: rs1, rs2: rs2, immediate: immediate)
}

/// CSR numbers used in the tests.
enum Register {
  static let mstatus = 0x300
  static let misa = 0x301
  static let mie = 0x304
  static let mtvec = 0x305
  static let mcountinhibit = 0x320
  static let mscratch = 0x340
  static let mepc = 0x341
  static let mcause = 0x342
  static let mtval = 0x343
  static let mip = 0x344
  static let mcycle = 0xb00
  static let minstret = 0xb02
  static let mcycleh = 0xb80
  static let minstreth = 0xb82
  static let time = 0xc01
}

/// A hart with 64 KiB of memory at 0x8000_0000, about to execute there; RV32IM without other modes
/// unless a test says otherwise.
final class Machine {
  static let base: UInt64 = 0x8000_0000
  static let size = 0x1_0000
  let hart: Hart
  let memory: UnsafeMutableRawPointer

  init(
    _ program: [UInt32] = [], _ instructionSet: InstructionSet = .machineOnly,
    misaligned: MisalignedAccess = .supported, engine: Engine = .fast
  ) throws {
    hart = Hart(
      configuration: HartConfiguration(
        hartID: 3, instructionSet: instructionSet, misalignedAccess: misaligned, engine: engine))
    memory = .allocate(byteCount: Self.size, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: Self.size)
    try hart.add(MemoryRegion(base: Self.base, size: UInt64(Self.size), pointer: memory))
    hart.reset(pc: Self.base)
    place(program)
  }

  deinit { memory.deallocate() }

  /// Writes words at an offset, behind the hart's back.
  func place(_ words: [UInt32], at offset: Int = 0) {
    for (index, word) in words.enumerated() {
      memory.storeBytes(
        of: word.littleEndian, toByteOffset: offset + 4 * index, as: UInt32.self)
    }
  }

  /// Writes parcels of 16 bits at an offset, behind the hart's back.
  func place(parcels: [UInt16], at offset: Int) {
    for (index, parcel) in parcels.enumerated() {
      memory.storeBytes(
        of: parcel.littleEndian, toByteOffset: offset + 2 * index, as: UInt16.self)
    }
  }

  func word(at offset: Int) -> UInt32 {
    UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  func csr(_ number: Int) -> UInt64? { hart.readCSR(UInt16(number)) }
}

/// SplitMix64: a small generator with a seed, so that every run tests the same.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
