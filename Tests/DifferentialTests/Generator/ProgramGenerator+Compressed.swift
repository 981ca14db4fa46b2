import RISCV

extension ProgramGenerator {
  /// A register of x8 to x15 other than the base and `other`.
  private mutating func shortRegister(not other: Int = 0) -> Int {
    while true {
      let register = 8 + random.below(8)
      if register != base, register != other { return register }
    }
  }

  /// A register of x8 to x15, to read.
  private mutating func shortSource() -> Int { 8 + random.below(8) }

  /// Bits `high` to `low` of `value`, moved to bit `position`.
  private func field(_ value: Int, _ high: Int, _ low: Int, at position: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: (value >> low & (1 << (high - low + 1) - 1)) << position)
  }

  /// A 6-bit immediate in bits 12 and 6:2.
  private func immediate6(_ value: Int) -> UInt16 {
    field(value, 5, 5, at: 12) | field(value, 4, 0, at: 2)
  }

  private func rd(_ register: Int) -> UInt16 { UInt16(register) << 7 }
  private func short(_ register: Int, at position: Int) -> UInt16 {
    UInt16(register - 8) << UInt16(position)
  }

  /// A 16-bit instruction.
  mutating func compressedItem(_ index: Int) -> [Piece] {
    switch random.below(10) {
    case 0...4: [.half(shortArithmetic())]
    case 5...7: random.chance(50) ? shortAccess() : stackAccess()
    default: shortControl(index)
    }
  }

  /// A 16-bit instruction that only computes.
  mutating func shortArithmetic() -> UInt16 {
    let isRV64 = xlen == .rv64
    let value = random.below(64)
    let nonzero = 1 + random.below(63)
    let target = pointer()
    let shift = isRV64 ? nonzero : 1 + random.below(31)
    switch random.below(isRV64 ? 18 : 15) {
    case 0:
      return 0x0000 | short(shortRegister(), at: 2) | wideImmediate(4 * (1 + random.below(255)))
    case 1: return 0x0001 | rd(target) | immediate6(value)
    case 2: return 0x4001 | rd(target) | immediate6(value)
    case 3 where base != 2 && random.chance(40): return 0x6101 | stackAdjustment(16 * nonzero)
    case 3 where target != 2: return 0x6001 | rd(target) | immediate6(nonzero)
    case 4: return 0x8001 | short(shortRegister(), at: 7) | immediate6(shift)
    case 5: return 0x8401 | short(shortRegister(), at: 7) | immediate6(shift)
    case 6: return 0x8801 | short(shortRegister(), at: 7) | immediate6(value)
    case 7...10:
      let kind = UInt16(random.below(4)) << 5
      return 0x8c01 | kind | short(shortRegister(), at: 7) | short(shortSource(), at: 2)
    case 11: return 0x0002 | rd(target) | immediate6(shift)
    case 12, 13: return 0x8002 | rd(target) | UInt16(pointerOrBase()) << 2
    case 15: return 0x2001 | rd(target) | immediate6(value)
    case 16, 17:
      let kind = UInt16(random.below(2)) << 5
      return 0x9c01 | kind | short(shortRegister(), at: 7) | short(shortSource(), at: 2)
    default: return 0x9002 | rd(target) | UInt16(pointerOrBase()) << 2
    }
  }

  private mutating func pointerOrBase() -> Int { random.chance(10) ? base : pointer() }

  /// The immediate of c.addi4spn.
  private func wideImmediate(_ value: Int) -> UInt16 {
    field(value, 5, 4, at: 11) | field(value, 9, 6, at: 7) | field(value, 2, 2, at: 6)
      | field(value, 3, 3, at: 5)
  }

  /// The immediate of c.addi16sp.
  private func stackAdjustment(_ value: Int) -> UInt16 {
    field(value, 9, 9, at: 12) | field(value, 4, 4, at: 6) | field(value, 6, 6, at: 5)
      | field(value, 8, 7, at: 3) | field(value, 5, 5, at: 2)
  }

  /// Loads and stores with a 5-bit offset: the opcode, whether 8 bytes, whether a load, and
  /// whether of an f register.
  private var shortForms: [(UInt16, double: Bool, load: Bool, float: Bool)] {
    let both: [(UInt16, double: Bool, load: Bool, float: Bool)] = [
      (0x2000, true, true, true), (0x4000, false, true, false),
      (0xa000, true, false, true), (0xc000, false, false, false),
    ]
    return both
      + (xlen == .rv64
        ? [(0x6000, true, true, false), (0xe000, true, false, false)]
        : [(0x6000, false, true, true), (0xe000, false, false, true)])
  }

  /// c.lw, c.sw and their like.
  private mutating func shortAccess() -> [Piece] {
    let form = random.pick(shortForms)
    var pieces: [Piece] = []
    var register = base
    if !(8...15).contains(base) || random.chance(40) {
      register = shortRegister()
      let place = random.below(DataBlock.scratch.count - 256) + DataBlock.scratch.lowerBound
      pieces.append(address(register, random.chance(80) ? place & ~7 : place))
    }
    let value = (form.double ? 8 : 4) * random.below(32)
    let offset =
      field(value, 5, 3, at: 10)
      | (form.double
        ? field(value, 7, 6, at: 5) : field(value, 2, 2, at: 6) | field(value, 6, 6, at: 5))
    let data = !form.float && form.load ? shortRegister() : 8 + random.below(8)
    return pieces
      + [.half(form.0 | offset | short(register, at: 7) | short(data, at: 2))]
  }

  /// c.lwsp, c.swsp and their like.
  private mutating func stackAccess() -> [Piece] {
    let form = random.pick(shortForms)
    var pieces: [Piece] = []
    if base != 2 {
      let place = -random.below(257)
      pieces.append(address(2, random.chance(80) ? place & ~7 : place))
    }
    let offset = form.double ? 8 * random.below(64) : 4 * random.below(64)
    let data = form.float ? floatRegister() : form.load ? pointer() : source()
    // The quadrant is 2; opcodes are those of the forms with a 5-bit offset.
    let opcode = form.0 | 2
    if form.load {
      let bits =
        form.double
        ? field(offset, 4, 3, at: 5) | field(offset, 8, 6, at: 2)
        : field(offset, 4, 2, at: 4) | field(offset, 7, 6, at: 2)
      return pieces + [.half(opcode | rd(data) | bits | field(offset, 5, 5, at: 12))]
    }
    let bits =
      form.double
      ? field(offset, 5, 3, at: 10) | field(offset, 8, 6, at: 7)
      : field(offset, 5, 2, at: 9) | field(offset, 7, 6, at: 7)
    return pieces + [.half(opcode | bits | UInt16(data) << 2)]
  }

  /// 16-bit branches and jumps.
  private mutating func shortControl(_ index: Int) -> [Piece] {
    let target = Target.item(index + 1 + random.below(4))
    switch random.below(5) {
    case 0: return [.shortJump(0xa001, target)]
    case 1 where xlen == .rv32 && base != 1: return [.shortJump(0x2001, target)]
    case 2:
      let register = pointer()
      // c.jalr links in x1.
      let opcode: UInt16 = base != 1 && random.chance(50) ? 0x9002 : 0x8002
      return [
        .address(register: register, target, plus: random.below(2)),
        .half(opcode | rd(register)),
      ]
    default:
      let opcode: UInt16 = random.chance(50) ? 0xc001 : 0xe001
      return [.shortBranch(opcode | short(shortSource(), at: 7), target)]
    }
  }
}
