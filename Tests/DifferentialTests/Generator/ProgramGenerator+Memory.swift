import RISCV

extension ProgramGenerator {
  /// Loads and the bytes they read.
  private var loads: [(Operation, Int)] {
    [
      (.lb, 1), (.lbu, 1), (.lh, 2), (.lhu, 2), (.lw, 4), (.flw, 4), (.fld, 8), (.fld, 8),
    ] + (xlen == .rv64 ? [(.ld, 8), (.ld, 8), (.lwu, 4)] : [])
  }

  /// Stores and the bytes they write.
  private var stores: [(Operation, Int)] {
    [(.sb, 1), (.sh, 2), (.sw, 4), (.fsw, 4), (.fsd, 8)] + (xlen == .rv64 ? [(.sd, 8)] : [])
  }

  /// An offset of `bytes` bytes in the scratch memory, one in four misaligned.
  private mutating func offset(bytes: Int) -> Int {
    let scratch = DataBlock.scratch
    let places = scratch.count - bytes + 1
    let place = scratch.lowerBound + random.below(places)
    return random.chance(25) ? place : place & ~(bytes - 1)
  }

  /// One load or store, its address in one of several ways.
  mutating func memoryItem() -> [Piece] {
    let isLoad = random.chance(55)
    let (operation, bytes) = random.pick(isLoad ? loads : stores)
    let isFloat = [.flw, .fld, .fsw, .fsd].contains(operation)
    let data = isFloat ? floatRegister() : isLoad ? destination() : source()
    func access(_ register: Int, _ offset: Int) -> Piece {
      .word(
        isLoad
          ? words.immediate(operation, rd: data, rs1: register, offset)
          : words.store(operation, rs2: data, rs1: register, offset))
    }
    switch random.below(4) {
    case 0, 1: return [access(base, offset(bytes: bytes))]
    case 2:
      // An address register some way off.
      let register = pointer()
      let place = offset(bytes: bytes)
      let distance = random.pick([0, 1, -1, 100, -200, 1500])
      return [address(register, place - distance), access(register, distance)]
    default:
      // An address that depends on data.
      let register = pointer()
      let mask = random.pick([0x7f, 0x78, 0xf8, 0xfc, 0x1fe])
      let lowest = DataBlock.scratch.lowerBound
      let places = DataBlock.scratch.upperBound - 8 - mask - lowest + 1
      return [
        .word(words.immediate(.andi, rd: register, rs1: source(), mask)),
        .word(words.register(.add, rd: register, rs1: register, rs2: base)),
        access(register, lowest + random.below(places) & (random.chance(70) ? ~7 : ~0)),
      ]
    }
  }

  private var atomics: [Operation] {
    let word: [Operation] = [
      .amoswapW, .amoaddW, .amoxorW, .amoandW, .amoorW, .amominW, .amomaxW, .amominuW, .amomaxuW,
    ]
    let double: [Operation] = [
      .amoswapD, .amoaddD, .amoxorD, .amoandD, .amoorD, .amominD, .amomaxD, .amominuD, .amomaxuD,
    ]
    return xlen == .rv64 ? word + double : word
  }

  /// An AMO, or a load-reserved with the store-conditional that ends its reservation.
  mutating func atomicItem() -> [Piece] {
    let ordering = UInt32(random.below(4)) << 25
    if random.chance(60) {
      let operation = random.pick(atomics)
      let bytes = words.row(operation).map { $0.match >> 12 & 7 == 3 ? 8 : 4 } ?? 4
      let register = pointer()
      let word = words.register(operation, rd: destination(), rs1: register, rs2: source())
      if random.chance(70) {
        return [address(register, offset(bytes: bytes) & ~(bytes - 1)), .word(word | ordering)]
      }
      return [
        .word(words.immediate(.andi, rd: register, rs1: source(), 0xf8)),
        .word(words.register(.add, rd: register, rs1: register, rs2: base)),
        .word(word | ordering),
      ]
    }
    let isDouble = xlen == .rv64 && random.chance(50)
    let bytes = isDouble ? 8 : 4
    let (load, store): (Operation, Operation) = isDouble ? (.lrD, .scD) : (.lrW, .scW)
    let register = pointer()
    let loaded = pointer(not: register)
    let place = offset(bytes: bytes) & ~(bytes - 1)
    var pieces = [
      address(register, place), .word(words.register(load, rd: loaded, rs1: register) | ordering),
    ]
    for _ in 0..<random.below(3) {
      let row = random.pick(arithmetic[random.below(3)])
      let word = arithmeticWord(row)
      if Int(word >> 7 & 31) != register { pieces.append(.word(word)) }
    }
    func conditional(_ address: Int, keepsAddress: Bool = false) -> Piece {
      let result = destination()
      return .word(
        words.register(
          store, rd: keepsAddress && result == address ? 0 : result, rs1: address, rs2: source())
          | UInt32(random.below(4)) << 25)
    }
    switch random.below(6) {
    case 0:
      // To another place: fails, and takes the reservation along.
      let other = pointer(not: register)
      pieces += [address(other, place < 0 ? place + 256 : place - 256)]
      pieces.append(conditional(other, keepsAddress: true))
      if random.chance(50) { pieces.append(conditional(other)) }
    case 1:
      // The second finds no reservation.
      let second = pointer()
      pieces += [conditional(register), address(second, place), conditional(second)]
    default: pieces.append(conditional(register))
    }
    return pieces
  }
}
