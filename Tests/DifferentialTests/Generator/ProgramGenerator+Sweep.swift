import RISCV

extension ProgramGenerator {
  /// The floating-point instructions that a sweep tries.
  static func floatRows(_ words: InstructionWords) -> [Encoding] {
    words.all.filter { [0x43, 0x47, 0x4b, 0x4f, 0x53].contains($0.match & 0x7f) }
  }

  /// Every so many programs one is a sweep.
  static let sweepInterval = 8

  /// A program that tries one floating-point instruction with many operands, and mixes all results
  /// and the flags of each into one register.
  static func sweep(xlen: XLEN, seed: UInt64, index: Int) -> RandomProgram {
    let words = InstructionWords(xlen: xlen)
    let stream = UInt64(index) | 1 << 40
    var generator = ProgramGenerator(
      words: words, random: SplitMix64(seed: seed, stream: stream), extent: 2)
    let rows = floatRows(words)
    let row = rows[index / sweepInterval % rows.count]
    var data = DataBlock()
    for offset in stride(from: DataBlock.scratch.lowerBound, to: sweepResult, by: 8) {
      data.set(generator.sweepOperand(row), at: offset)
    }
    for register in 0..<32 {
      data.set(UInt64(register), at: DataBlock.integerRegister(register))
      data.set(CornerValues.floatRegister(&generator.random), at: DataBlock.floatRegister(register))
    }
    // Three operands have more combinations.
    let count = row.mask >> 27 & 31 == 0 ? 450 : 150
    let items = (0..<count).map { _ in Item(generator.sweepItem(row)) }
    return RandomProgram(
      xlen: xlen, seed: seed, index: index, base: generator.base, items: items, data: data)
  }

  /// The scratch cell that results pass through.
  private static let sweepResult = DataBlock.scratch.upperBound - 8

  private static func readsDouble(_ row: Encoding) -> Bool {
    row.operation == .fcvtSD || row.match >> 25 & 3 == 1 && row.operation != .fcvtDS
  }

  private mutating func sweepOperand(_ row: Encoding) -> UInt64 {
    if Self.readsInteger(row) { return CornerValues.integer(&random) }
    if Self.readsDouble(row) { return CornerValues.double(&random, special: 55) }
    let (high, low) = (
      CornerValues.single(&random, special: 55), CornerValues.single(&random, special: 55)
    )
    return UInt64(high) << 32 | UInt64(low)
  }

  /// Operands from memory, flags cleared, the instruction, its result and flags mixed in.
  private mutating func sweepItem(_ row: Encoding) -> [Piece] {
    let free = (5...14).filter { $0 != base }
    let (result, high, sum, integer) = (free[0], free[1], free[2], free[3])
    var fields = UInt32(random.below(5)) << 12
    if random.chance(10) { fields = 7 << 12 }
    let writesInteger = Self.writesInteger(row)
    fields |= UInt32(writesInteger ? result : 10) << 7
    fields |= UInt32(Self.readsInteger(row) ? integer : 11) << 15 | 12 << 20 | 13 << 27
    let word = row.match | fields & ~row.mask
    var pieces: [Piece] = []
    func place(_ bytes: Int) -> Int {
      let scratch = DataBlock.scratch.lowerBound..<Self.sweepResult
      return scratch.lowerBound + bytes * random.below(scratch.count / bytes)
    }
    if Self.readsInteger(row) {
      pieces.append(.word(words.load(integer, place(8), base)))
    } else {
      for register in 11...13
      where register == 11 || row.mask >> (register == 12 ? 20 : 27) & 31 == 0 {
        let isDouble = Self.readsDouble(row) != random.chance(5)
        let load: Operation = isDouble ? .fld : .flw
        pieces.append(
          .word(words.immediate(load, rd: register, rs1: base, place(isDouble ? 8 : 4))))
      }
    }
    func mix(_ register: Int) {
      pieces.append(.word(words.immediate(.rori, rd: sum, rs1: sum, 5)))
      pieces.append(.word(words.register(.add, rd: sum, rs1: sum, rs2: register)))
    }
    pieces.append(.word(words.immediate(.csrrwi, rd: 0, rs1: 0, 1)))
    pieces.append(.word(word))
    if !writesInteger {
      pieces.append(.word(words.store(.fsd, rs2: 10, rs1: base, Self.sweepResult)))
      pieces.append(.word(words.immediate(.lw, rd: result, rs1: base, Self.sweepResult)))
      pieces.append(.word(words.immediate(.lw, rd: high, rs1: base, Self.sweepResult + 4)))
      mix(high)
    }
    mix(result)
    pieces.append(.word(words.csrRead(result, 1)))
    mix(result)
    return pieces
  }
}
