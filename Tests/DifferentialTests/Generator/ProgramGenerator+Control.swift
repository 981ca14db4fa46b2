import RISCV

extension ProgramGenerator {
  /// One of the next items.
  private mutating func ahead(_ index: Int, _ reach: Int = 6) -> Target {
    .item(index + 1 + random.below(reach))
  }

  private mutating func condition() -> Operation {
    random.pick([.beq, .bne, .blt, .bge, .bltu, .bgeu])
  }

  /// Branches, jumps and calls, each of which is passed a bounded number of times.
  mutating func controlItem(_ index: Int) -> [Piece] {
    switch random.below(10) {
    case 0...3:
      return [.branch(words.branch(condition(), rs1: source(), rs2: source()), ahead(index))]
    case 4, 5:
      return counters < DataBlock.counterCount ? loop(index) : call()
    case 6: return [.jump(words.upper(.jal, rd: destination(), 0), ahead(index, 3))]
    case 7: return indirect(index)
    case 8: return call()
    default: return table(index)
    }
  }

  /// A branch back to one of the last items, as often as a counter in memory allows.
  private mutating func loop(_ index: Int) -> [Piece] {
    let counter = DataBlock.counters + 4 * counters
    counters += 1
    let register = pointer()
    return [
      .word(words.immediate(.lw, rd: register, rs1: base, counter)),
      .word(words.immediate(.addi, rd: register, rs1: register, -1)),
      .word(words.store(.sw, rs2: register, rs1: base, counter)),
      // As long as it is positive: an outer loop may come here again.
      .branch(
        words.branch(.blt, rs1: 0, rs2: register), .item(max(0, index - random.below(12)))),
    ]
  }

  /// A jump through a register; the lowest bit of the sum must not count.
  private mutating func indirect(_ index: Int) -> [Piece] {
    let register = pointer()
    let distance = random.pick([0, 0, 2, 16, -64, 2047, -2048])
    let odd = random.below(2)
    let link = random.chance(30) ? register : destination()
    return [
      .address(register: register, ahead(index, 4), plus: odd - (distance & ~1)),
      .word(words.immediate(.jalr, rd: link, rs1: register, distance & ~1)),
    ]
  }

  /// A call of two instructions behind a jump over them, and the return.
  private mutating func call() -> [Piece] {
    let link = random.chance(50) && base != 1 ? 1 : pointer()
    func work() -> Piece {
      while true {
        let word = arithmeticWord(random.pick(arithmetic[random.below(3)]))
        if Int(word >> 7 & 31) != link { return .word(word) }
      }
    }
    let ret: Piece = .word(words.immediate(.jalr, rd: 0, rs1: link, 0))
    let (first, second) = (work(), work())
    if random.chance(50) {
      return [
        .jump(words.upper(.jal, rd: link, 0), .piece(2)),
        .jump(words.upper(.jal, rd: 0, 0), .piece(5)), first, second, ret,
      ]
    }
    // The same from two places.
    return [
      .jump(words.upper(.jal, rd: link, 0), .piece(3)),
      .jump(words.upper(.jal, rd: link, 0), .piece(3)),
      .jump(words.upper(.jal, rd: 0, 0), .piece(6)), first, second, ret,
    ]
  }

  /// A jump into a table of jumps, chosen by data.
  private mutating func table(_ index: Int) -> [Piece] {
    let register = pointer()
    let offset = pointer(not: register)
    return [
      .word(words.immediate(.andi, rd: offset, rs1: source(), 12)),
      .address(register: register, .piece(4), plus: 0),
      .word(words.register(.add, rd: register, rs1: register, rs2: offset)),
      .word(words.immediate(.jalr, rd: destination(), rs1: register, 0)),
      .jump(words.upper(.jal, rd: 0, 0), ahead(index)),
      .jump(words.upper(.jal, rd: destination(), 0), ahead(index)),
      .jump(words.upper(.jal, rd: 0, 0), ahead(index)),
      .jump(words.upper(.jal, rd: destination(), 0), ahead(index)),
    ]
  }
}
