import RISCV

/// Programs of instructions of all kinds in random order: mostly arithmetic on all registers,
/// loads and stores around a few pointers, short and a few long jumps, CSR accesses, traps.
struct RandomProgram {
  let xlen: XLEN
  /// Whether control registers and returns from traps are worth trying.
  let isMachine: Bool

  /// Registers that hold addresses and that nothing writes, besides x31, which points to code.
  static let pointers = [8, 18, 19, 20, 21]

  private static let controlRegisters: [UInt16] = [
    0x001, 0x002, 0x003, 0x100, 0x104, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0x300, 0x301,
    0x302, 0x303, 0x304, 0x306, 0x30a, 0x31a, 0x320, 0x340, 0x341, 0x342, 0x343, 0x344, 0x3a0,
    0x3b1, 0x3b2, 0xb00, 0xb02, 0xb03, 0xb80, 0xb82, 0xc00, 0xc01, 0xc02, 0xc80, 0xf14, 0x7c0,
  ]

  private static let encodings: [XLEN: [Encoding]] = [
    .rv32: Encoding.all.filter { $0.xlen != .rv64 },
    .rv64: Encoding.all.filter { $0.xlen != .rv32 },
  ]

  /// `count` parcels of 16 bits.
  func parcels(count: Int, _ random: inout SeededGenerator) -> [UInt16] {
    var parcels: [UInt16] = []
    while parcels.count < count {
      if Int.random(in: 0..<5, using: &random) < 2 {
        parcels.append(compressed(&random))
      } else {
        let word = instruction(&random)
        parcels.append(UInt16(truncatingIfNeeded: word))
        parcels.append(UInt16(truncatingIfNeeded: word >> 16))
      }
    }
    return Array(parcels.prefix(count))
  }

  /// A legal compressed instruction that spares the pointers, or now and then an illegal one.
  private func compressed(_ random: inout SeededGenerator) -> UInt16 {
    while true {
      let parcel = UInt16(truncatingIfNeeded: random.next())
      guard parcel & 3 != 3 else { continue }
      let full = expandCompressed(
        parcel, xlen: xlen, extensions: InstructionSet.rv64Full.extensions)
      guard let full else {
        if Int.random(in: 0..<50, using: &random) == 0 { return parcel }
        continue
      }
      let fields = InstructionFields(full)
      let operation = Encoding.decode(
        full, xlen: xlen, extensions: InstructionSet.rv64Full.extensions)?.operation
      switch operation {
      case .ebreak where Int.random(in: 0..<20, using: &random) > 0: continue
      case .beq, .bne:
        if abs(fields.immediateB) > 32 { continue }
      case .jal:
        if abs(fields.immediateJ) > 64 { continue }
      case .jalr:
        if Int.random(in: 0..<8, using: &random) > 0 { continue }
      case .lw, .ld, .sw, .sd, .flw, .fld, .fsw, .fsd:
        // Relative to x8, or at times to what the stack pointer happens to be.
        if fields.rs1 != 8, Int.random(in: 0..<8, using: &random) > 0 { continue }
      default: break
      }
      let writes = ![.beq, .bne, .sw, .sd, .fsw, .fsd, .flw, .fld].contains(operation)
      if writes, fields.rd == 31 || Self.pointers.contains(fields.rd) { continue }
      return parcel
    }
  }

  private func instruction(_ random: inout SeededGenerator) -> UInt32 {
    func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &random) == 0 }
    func any() -> Int { Int.random(in: 0..<32, using: &random) }
    func target() -> Int {
      while true {
        let number = any()
        if number != 31, !Self.pointers.contains(number) { return number }
      }
    }
    let rows = Self.encodings[xlen] ?? []
    var row = rows.randomElement(using: &random) ?? Encoding.all[0]
    // Rare ones rarer: their traps and flushes would leave nothing of the others.
    if [.csrRegister, .csrImmediate].contains(row.format), !chance(isMachine ? 3 : 12) {
      row = rows.randomElement(using: &random) ?? row
    }
    let pointer = Self.pointers.randomElement(using: &random) ?? 8
    var (rd, rs1, immediate) = (target(), any(), Int.random(in: -2048...2047, using: &random))
    switch row.format {
    case .load, .store, .floatLoad, .floatStore:
      rs1 = chance(16) ? any() : pointer
      if row.format == .store, chance(12) { rs1 = 31 }
      if chance(2) { immediate /= 64 }
      if chance(2) { immediate &= ~7 }
    case .atomic, .loadReserved:
      rs1 = chance(16) ? any() : pointer
    case .branch:
      immediate = Int.random(in: -6...12, using: &random) * 2
      if chance(16) { immediate = Int.random(in: -2048...2047, using: &random) * 2 }
    case .jump:
      immediate = Int.random(in: -6...16, using: &random) * 2
      if chance(6) { immediate = Int.random(in: -0xc00...0xc00, using: &random) * 2 }
    case .immediate where row.operation == .jalr:
      rs1 = chance(16) ? any() : 31
    case .csrRegister, .csrImmediate:
      immediate = Int(Self.controlRegisters.randomElement(using: &random) ?? 0)
    case .floatFused, .floatRounded, .floatUnary, .floatToInteger, .integerToFloat: break
    case .none:
      // Traps and waiting, less often than the rest.
      if !chance(isMachine ? 3 : 8) { return 0x13 }
    default: break
    }
    if [.floatToBits, .floatToInteger, .floatCompare].contains(row.format) == false,
      row.mnemonic.hasPrefix("f"), row.format != .fence
    {
      rd = any()
    }
    return row.word(
      rd: rd, rs1: rs1, rs2: any(), rs3: any(), immediate: immediate,
      rounding: chance(12) ? any() & 7 : 7, acquire: chance(2), release: chance(2))
  }
}
