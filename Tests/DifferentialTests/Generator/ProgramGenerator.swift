import RISCV

/// Makes random user-mode programs over all unprivileged extensions.
///
/// A program depends on the seed, its index and XLEN alone.
struct ProgramGenerator {
  let words: InstructionWords
  var random: SplitMix64
  /// The register that is never written.
  let base: Int
  /// Few registers, so that results become operands.
  let integers: [Int]
  let floats: [Int]
  /// Items that the program will have.
  let count: Int
  /// Backward branches made so far.
  var counters = 0
  /// Instructions that only compute, in groups.
  let arithmetic: [[Encoding]]

  var xlen: XLEN { words.xlen }
  /// Bytes of an integer register.
  var xlenBytes: Int { Int(xlen.rawValue) / 8 }

  /// Program number `index` of those with `seed`.
  static func program(xlen: XLEN, seed: UInt64, index: Int, extent: Int = 56) -> RandomProgram {
    if index % sweepInterval == sweepInterval - 1 {
      return sweep(xlen: xlen, seed: seed, index: index)
    }
    var generator = ProgramGenerator(
      words: InstructionWords(xlen: xlen),
      random: SplitMix64(seed: seed ^ UInt64(xlen.rawValue) << 32, stream: UInt64(index)),
      extent: extent)
    return generator.program(seed: seed, index: index)
  }

  init(words: InstructionWords, random: SplitMix64, extent: Int) {
    self.words = words
    var random = random
    // x2 and x8 to x15 are what compressed loads and stores can use.
    base =
      switch random.below(10) {
      case 0...3: 2
      case 4...7: 8 + random.below(8)
      default: 1 + random.below(31)
      }
    let base = base
    let all = (1..<32).filter { $0 != base }.shuffled(using: &random)
    integers = Array(all.prefix(4 + random.below(10)))
    floats = Array((0..<32).shuffled(using: &random).prefix(3 + random.below(8)))
    count = extent / 2 + random.below(extent)
    arithmetic = Self.groups(of: words)
    self.random = random
  }

  /// Instructions that change nothing but a register and fflags, by how they are alike; see
  /// `trailingZeros` for the one that is not among them.
  private static func groups(of words: InstructionWords) -> [[Encoding]] {
    var groups: [UInt32: [Encoding]] = [:]
    for row in words.all where row.operation != .ctzw {
      switch row.match & 0x7f {
      case 0x13, 0x1b, 0x33, 0x3b:
        // Bits of the base, of M and of each Zb group apart.
        let isBase =
          row.match >> 25 == 0 || row.match >> 25 == 0x20 && [0, 5].contains(row.match >> 12 & 7)
        groups[isBase ? 0 : row.match >> 25 == 1 ? 1 : 2, default: []].append(row)
      case 0x17, 0x37: groups[0, default: []].append(row)
      case 0x43, 0x47, 0x4b, 0x4f: groups[3, default: []].append(row)
      case 0x53:
        let kind: UInt32 = row.match >> 27 < 4 || row.match >> 27 == 11 ? 4 : 5
        groups[kind, default: []].append(row)
      default: break
      }
    }
    return (0..<6).map { groups[$0] ?? [] }
  }

  private mutating func program(seed: UInt64, index: Int) -> RandomProgram {
    // What this program is mostly about.
    let weights: [(Int, [Int])] = [
      (4, [16, 6, 10, 4, 8, 8, 14, 8, 6, 12, 12, 4]),
      (2, [20, 14, 30, 0, 0, 0, 10, 4, 2, 10, 10, 0]),
      (3, [4, 1, 2, 16, 30, 24, 10, 6, 12, 4, 4, 0]),
      (2, [8, 2, 4, 1, 2, 2, 34, 24, 1, 8, 14, 0]),
      (1, [10, 4, 6, 1, 2, 2, 8, 2, 2, 40, 14, 8]),
      (2, [8, 2, 4, 1, 2, 2, 8, 2, 2, 10, 50, 6]),
    ]
    let mix = Array(zip(random.pick(weighted: weights), 0...))
    var items: [Item] = []
    for index in 0..<count {
      let kind = random.pick(weighted: mix)
      items.append(Item(item(kind, index)))
    }
    for index in items.indices { patch(index, &items) }
    return RandomProgram(
      xlen: xlen, seed: seed, index: index, base: base, items: items, data: block())
  }

  private mutating func item(_ kind: Int, _ index: Int) -> [Piece] {
    switch kind {
    case 2 where xlen == .rv64 && random.chance(3): trailingZeros()
    case 0...2: [.word(arithmeticWord(random.pick(arithmetic[kind])))]
    case 3...5: floatItem(random.pick(arithmetic[kind]))
    case 6: memoryItem()
    case 7: atomicItem()
    case 8: statusItem()
    case 9: controlItem(index)
    case 10: compressedItem(index)
    // A place for an instruction that rewrites another; see `patch`.
    default: [.word(words.plain(.fenceI)), .word(words.plain(.fenceI))]
    }
  }

  /// The data block at the start.
  private mutating func block() -> DataBlock {
    var block = DataBlock()
    for offset in stride(
      from: DataBlock.scratch.lowerBound, to: DataBlock.scratch.upperBound, by: 8)
    {
      block.set(CornerValues.memory(&random), at: offset)
    }
    for register in 0..<32 {
      block.set(CornerValues.integer(&random), at: DataBlock.integerRegister(register))
      block.set(CornerValues.floatRegister(&random), at: DataBlock.floatRegister(register))
    }
    block.set(UInt64(random.below(5) << 5 | random.below(32)), at: DataBlock.fcsr)
    for counter in 0..<DataBlock.counterCount {
      block.set(UInt64(1 + random.below(3)), at: DataBlock.counters + 4 * counter, bytes: 4)
    }
    return block
  }

  // MARK: Operands

  /// A source register: one of the few, now and then the base or x0.
  mutating func source() -> Int {
    switch random.below(16) {
    case 0: 0
    case 1: base
    case 2: random.below(32)
    default: random.pick(integers)
    }
  }

  /// A destination other than the base.
  mutating func destination() -> Int {
    let register = random.chance(90) ? random.pick(integers) : random.below(32)
    return register == base ? 0 : register
  }

  /// A destination for an address, neither x0 nor the base nor one of `others`.
  mutating func pointer(not others: Int...) -> Int {
    while true {
      let register = random.chance(80) ? random.pick(integers) : 1 + random.below(31)
      if register != 0, register != base, !others.contains(register) { return register }
    }
  }

  mutating func floatRegister() -> Int {
    random.chance(95) ? random.pick(floats) : random.below(32)
  }

  /// A 12-bit immediate.
  mutating func immediate12() -> Int {
    random.chance(40)
      ? random.pick([0, 1, -1, -2048, 2047, 31, 32, -32]) : random.below(4096) - 2048
  }

  /// The address of a scratch offset, in a register.
  mutating func address(_ register: Int, _ offset: Int) -> Piece {
    .word(words.immediate(.addi, rd: register, rs1: base, offset))
  }

  // MARK: Arithmetic

  /// An instruction of `row` with random operands: every bit the row leaves open is random, but
  /// registers come from the few and rounding modes are valid.
  mutating func arithmeticWord(_ row: Encoding) -> UInt32 {
    let opcode = row.match & 0x7f
    var operands = UInt32(truncatingIfNeeded: random.next())
    func isOpen(_ field: UInt32) -> Bool { row.mask & field == 0 }
    func put(_ value: Int, at shift: UInt32, field: UInt32 = 31) {
      operands &= ~(field << shift)
      operands |= (UInt32(truncatingIfNeeded: value) & field) << shift
    }
    let isUpper = opcode == 0x17 || opcode == 0x37
    let isImmediate = opcode == 0x13 || opcode == 0x1b
    let isFloat = [0x43, 0x47, 0x4b, 0x4f, 0x53].contains(opcode)
    put(Self.writesInteger(row) ? destination() : floatRegister(), at: 7)
    if !isUpper {
      if isFloat, isOpen(7 << 12) { put(random.chance(40) ? 7 : random.below(5), at: 12, field: 7) }
      put(isFloat && !Self.readsInteger(row) ? floatRegister() : source(), at: 15)
      if isImmediate {
        if isOpen(0xfff << 20) { put(immediate12(), at: 20, field: 0xfff) }
      } else {
        put(isFloat ? floatRegister() : source(), at: 20)
        if isFloat, isOpen(31 << 27) { put(floatRegister(), at: 27) }
      }
    }
    return row.match | operands & ~row.mask
  }

  /// CTZW of a word other than zero: for zero QEMU 7.2 now and then counts on into the upper half
  /// of the register, where the specification says 32.
  private mutating func trailingZeros() -> [Piece] {
    let register = pointer()
    let one = 1 + random.below(2047)
    return [
      .word(words.immediate(.ori, rd: register, rs1: source(), random.chance(50) ? one : 1024)),
      .word(words.register(.ctzw, rd: destination(), rs1: register)),
    ]
  }

  /// Whether the destination is an integer register.
  static func writesInteger(_ row: Encoding) -> Bool {
    switch row.match & 0x7f {
    case 0x43, 0x47, 0x4b, 0x4f: false
    case 0x53: [0x14, 0x18, 0x1c].contains(row.match >> 27)
    default: true
    }
  }

  /// Whether the first source of a floating-point instruction is an integer register.
  static func readsInteger(_ row: Encoding) -> Bool {
    row.match & 0x7f == 0x53 && [0x1a, 0x1e].contains(row.match >> 27)
  }

  /// A floating-point instruction, often with an operand fresh from memory.
  private mutating func floatItem(_ row: Encoding) -> [Piece] {
    let word = arithmeticWord(row)
    var pieces: [Piece] = []
    for shift in [UInt32(15), 20, 27] where row.mask >> shift & 31 == 0 && random.chance(40) {
      let register = Int(word >> shift & 31)
      if shift == 15, Self.readsInteger(row) { continue }
      // Mostly of the width the instruction reads; the other makes an improper box.
      let readsDouble =
        row.operation == .fcvtSD || word >> 25 & 3 == 1 && row.operation != .fcvtDS
      let isDouble = random.chance(4) ? !readsDouble : readsDouble
      let size = isDouble ? 8 : 4
      let offset = size * random.below(DataBlock.scratch.upperBound / size)
      pieces.append(
        .word(words.immediate(isDouble ? .fld : .flw, rd: register, rs1: base, offset)))
    }
    pieces.append(.word(word))
    guard random.chance(35) else { return pieces }
    // The flags of this instruction alone: before long all of them would be set.
    let fflags = 1
    return [.word(words.immediate(.csrrwi, rd: 0, rs1: 0, fflags))] + pieces
      + [.word(words.csrRead(destination(), fflags))]
  }

  // MARK: Status and code

  /// Accesses to fflags, frm and fcsr that leave frm valid; fences.
  private mutating func statusItem() -> [Piece] {
    let (fflags, frm, fcsr) = (1, 2, 3)
    let set: [Operation] = [.csrrw, .csrrs, .csrrc]
    let setImmediate: [Operation] = [.csrrwi, .csrrsi, .csrrci]
    func access(_ operation: Operation, _ csr: Int, _ source: Int) -> Piece {
      .word(words.immediate(operation, rd: destination(), rs1: source, csr))
    }
    switch random.below(10) {
    case 0: return [access(random.pick(set), fflags, source())]
    case 1: return [access(random.pick(setImmediate), fflags, random.below(32))]
    case 2, 3: return [access(.csrrwi, random.pick([frm, frm, fcsr]), random.below(5))]
    case 4: return [access(.csrrci, random.pick([frm, fcsr]), random.below(32))]
    case 5: return [access(.csrrs, random.pick([fflags, frm, fcsr]), 0)]
    case 6: return [access(.csrrc, random.pick([frm, fcsr]), source())]
    case 7:
      // A whole fcsr, with bits above it that must not count.
      let value = pointer()
      return [
        .word(words.immediate(.andi, rd: value, rs1: source(), random.pick([-129, 0x9f, 0x7f]))),
        access(.csrrw, fcsr, value),
      ]
    case 8:
      let fence = words.plain(.fence) | UInt32(random.below(256)) << 20
      return [.word(random.chance(70) ? fence : words.plain(.fenceI))]
    default: return [access(.csrrsi, fcsr, random.below(32))]
    }
  }

  /// Turns the placeholder at `index` into instructions that rewrite another item, or into nothing.
  private mutating func patch(_ index: Int, _ items: inout [Item]) {
    guard items[index].pieces.first == .word(words.plain(.fenceI)), items[index].pieces.count == 2
    else { return }
    let near = items.indices.filter { items[$0].isPatchable && abs($0 - index) < 20 }
    guard !near.isEmpty else { return items[index].pieces = [] }
    let target = random.pick(near)
    let location = pointer()
    let value = pointer(not: location)
    let word = replacement()
    let low = Int((word & 0xfff ^ 0x800)) - 0x800
    let high = Int(word &- UInt32(truncatingIfNeeded: low)) >> 12
    items[index] = Item(
      [
        .word(words.upper(.lui, rd: value, high)),
        .word(words.immediate(.addi, rd: value, rs1: value, low)),
        .address(register: location, .item(target), plus: 0),
        .word(words.store(.sw, rs2: value, rs1: location, 0)),
        .word(words.plain(.fenceI)),
      ], patches: target)
  }

  /// A word to replace an instruction with: another, or two short ones. Zicond is not among them,
  /// since QEMU is given other words for it.
  private mutating func replacement() -> UInt32 {
    if random.chance(30) { return UInt32(shortArithmetic()) | UInt32(shortArithmetic()) << 16 }
    while true {
      let row = random.pick(arithmetic[random.below(6)])
      if row.operation != .czeroEqz, row.operation != .czeroNez { return arithmeticWord(row) }
    }
  }
}
