/// What the fast loop does for each instruction.
extension FastLoop {
  /// Executes from `next` on, at most `budget` instructions, and leaves the program counter behind
  /// the last.
  @inline(__always)
  mutating func run(_ budget: Int) -> (executed: Int, stop: FastStop) {
    guard begin() else { return (0, .budget) }
    loop: while true {
      if Budget.countsEach {
        guard remaining > 0 else { break loop }
        remaining &-= 1
      }
      let record = next.pointee
      switch record.handler {
      case .undecoded:
        giveBack(record)
        let slot = next - page
        guard hart.decodeRun(at: pageAddress, from: slot) else {
          stop = .interpret
          break loop
        }
        guard begin() else { break loop }
      case .pageEnd:
        giveBack(record)
        // An instruction of 32 bits in the last slot was left to the interpreter.
        switch farJump(to: (pageAddress &+ 0x1000) & mask) {
        case .done: break
        case .budget: break loop
        case .spent:
          count()
          return (budget - remaining, .budget)
        case .nowhere:
          count()
          return (budget - remaining, .interpret)
        }
      case .interpret:
        giveBack(record)
        stop = .interpret
        break loop
      case .nop: next += 2
      case .cNop: next += 1
      case .lui: write(record, record.immediate << 12)
      case .cLui: write(record, record.immediate << 12, slots: 1)
      case .auipc:
        write(record, extended(currentPC() &+ UInt64(bitPattern: record.immediate << 12)))
      case .li: write(record, record.immediate)
      case .cLi: write(record, record.immediate, slots: 1)
      case .mv: write(record, source1(record))
      case .cMv: write(record, source1(record), slots: 1)

      case .lb:
        guard let location = load(record, Int8.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, Int64(location.pointee))
      case .lbu:
        guard let location = load(record, UInt8.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, UInt64(location.pointee))
      case .lh:
        guard let location = load(record, Int16.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, Int64(location.pointee))
      case .lhu:
        guard let location = load(record, UInt16.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, UInt64(location.pointee))
      case .lw:
        guard let location = load(record, Int32.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, Int64(location.pointee))
      case .lwu:
        guard let location = load(record, UInt32.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, UInt64(location.pointee))
      case .ld:
        guard let location = load(record, UInt64.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, location.pointee)
      case .cLw:
        guard let location = load(record, Int32.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, Int64(location.pointee), slots: 1)
      case .cLd:
        guard let location = load(record, UInt64.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        write(record, location.pointee, slots: 1)
      case .sb:
        guard let location = store(record, UInt8.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = UInt8(truncatingIfNeeded: x[record.a])
        next += 2
        guard stored(record, location) else { break loop }
      case .sh:
        guard let location = store(record, UInt16.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = UInt16(truncatingIfNeeded: x[record.a])
        next += 2
        guard stored(record, location) else { break loop }
      case .sw:
        guard let location = store(record, UInt32.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = UInt32(truncatingIfNeeded: x[record.a])
        next += 2
        guard stored(record, location) else { break loop }
      case .sd:
        guard let location = store(record, UInt64.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = x[record.a]
        next += 2
        guard stored(record, location) else { break loop }
      case .cSw:
        guard let location = store(record, UInt32.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = UInt32(truncatingIfNeeded: x[record.a])
        next += 1
        guard stored(record, location) else { break loop }
      case .cSd:
        guard let location = store(record, UInt64.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = x[record.a]
        next += 1
        guard stored(record, location) else { break loop }

      case .addi: write(record, source1(record) &+ immediate(record))
      case .slti: write(record, signed1(record) < record.immediate ? 1 : 0 as UInt64)
      case .sltiu: write(record, source1(record) < immediate(record) ? 1 : 0 as UInt64)
      case .xori: write(record, source1(record) ^ immediate(record))
      case .ori: write(record, source1(record) | immediate(record))
      case .andi: write(record, source1(record) & immediate(record))
      case .slli: write(record, source1(record) &<< immediate(record))
      case .srli: write(record, source1(record) &>> immediate(record))
      case .srai: write(record, signed1(record) &>> record.immediate)
      case .add: write(record, source1(record) &+ source2(record))
      case .sub: write(record, source1(record) &- source2(record))
      case .sll: write(record, source1(record) &<< source2(record))
      case .slt: write(record, signed1(record) < signed2(record) ? 1 : 0 as UInt64)
      case .sltu: write(record, source1(record) < source2(record) ? 1 : 0 as UInt64)
      case .xor: write(record, source1(record) ^ source2(record))
      case .srl: write(record, source1(record) &>> source2(record))
      case .sra: write(record, signed1(record) &>> signed2(record))
      case .or: write(record, source1(record) | source2(record))
      case .and: write(record, source1(record) & source2(record))
      case .addiw:
        writeWord(record, word1(record) &+ UInt32(truncatingIfNeeded: immediate(record)))
      case .slliw: writeWord(record, word1(record) &<< UInt32(truncatingIfNeeded: record.immediate))
      case .srliw: writeWord(record, word1(record) &>> UInt32(truncatingIfNeeded: record.immediate))
      case .sraiw:
        write(
          record,
          Int64(Int32(bitPattern: word1(record)) &>> Int32(truncatingIfNeeded: record.immediate)))
      case .addw: writeWord(record, word1(record) &+ word2(record))
      case .subw: writeWord(record, word1(record) &- word2(record))
      case .sllw: writeWord(record, word1(record) &<< word2(record))
      case .srlw: writeWord(record, word1(record) &>> word2(record))
      case .sraw:
        write(record, Int64(Int32(bitPattern: word1(record)) &>> Int32(bitPattern: word2(record))))

      case .cAddi: write(record, source1(record) &+ immediate(record), slots: 1)
      case .cAndi: write(record, source1(record) & immediate(record), slots: 1)
      case .cSlli: write(record, source1(record) &<< immediate(record), slots: 1)
      case .cSrli: write(record, source1(record) &>> immediate(record), slots: 1)
      case .cSrai: write(record, signed1(record) &>> record.immediate, slots: 1)
      case .cAdd: write(record, source1(record) &+ source2(record), slots: 1)
      case .cSub: write(record, source1(record) &- source2(record), slots: 1)
      case .cXor: write(record, source1(record) ^ source2(record), slots: 1)
      case .cOr: write(record, source1(record) | source2(record), slots: 1)
      case .cAnd: write(record, source1(record) & source2(record), slots: 1)
      case .cAddiw:
        writeWord(
          record, word1(record) &+ UInt32(truncatingIfNeeded: immediate(record)), slots: 1)
      case .cSlliw:
        writeWord(
          record, word1(record) &<< UInt32(truncatingIfNeeded: record.immediate), slots: 1)
      case .cSrliw:
        writeWord(
          record, word1(record) &>> UInt32(truncatingIfNeeded: record.immediate), slots: 1)
      case .cSraiw:
        write(
          record,
          Int64(Int32(bitPattern: word1(record)) &>> Int32(truncatingIfNeeded: record.immediate)),
          slots: 1)
      case .cAddw: writeWord(record, word1(record) &+ word2(record), slots: 1)
      case .cSubw: writeWord(record, word1(record) &- word2(record), slots: 1)

      case .mul: write(record, source1(record) &* source2(record))
      case .mulh: write(record, signed1(record).multipliedFullWidth(by: signed2(record)).high)
      case .mulhsu:
        // As an unsigned product, less what the sign of the first operand stands for.
        let high = source1(record).multipliedFullWidth(by: source2(record)).high
        write(record, high &- (signed1(record) < 0 ? source2(record) : 0))
      case .mulhu: write(record, source1(record).multipliedFullWidth(by: source2(record)).high)
      case .div: write(record, signed1(record).quotient(by: signed2(record)))
      case .divu: write(record, source1(record).quotient(by: source2(record)))
      case .rem: write(record, signed1(record).rest(by: signed2(record)))
      case .remu: write(record, source1(record).rest(by: source2(record)))
      case .mulw: writeWord(record, word1(record) &* word2(record))
      case .divw:
        write(
          record,
          Int64(
            Int32(bitPattern: word1(record)).quotient(by: Int32(bitPattern: word2(record)))))
      case .divuw: writeWord(record, word1(record).quotient(by: word2(record)))
      case .remw:
        write(
          record,
          Int64(Int32(bitPattern: word1(record)).rest(by: Int32(bitPattern: word2(record)))))
      case .remuw: writeWord(record, word1(record).rest(by: word2(record)))
      case .mulhWords: write(record, (signed1(record) &* signed2(record)) >> 32)
      case .mulhsuWords: write(record, (signed1(record) &* Int64(word2(record))) >> 32)
      case .mulhuWords:
        writeWord(
          record,
          UInt32(truncatingIfNeeded: (UInt64(word1(record)) &* UInt64(word2(record))) >> 32))

      case .addUW: write(record, UInt64(word1(record)) &+ source2(record))
      case .sh1add: write(record, source1(record) << 1 &+ source2(record))
      case .sh2add: write(record, source1(record) << 2 &+ source2(record))
      case .sh3add: write(record, source1(record) << 3 &+ source2(record))
      case .sh1addUW: write(record, UInt64(word1(record)) << 1 &+ source2(record))
      case .sh2addUW: write(record, UInt64(word1(record)) << 2 &+ source2(record))
      case .sh3addUW: write(record, UInt64(word1(record)) << 3 &+ source2(record))
      case .slliUW: write(record, UInt64(word1(record)) &<< immediate(record))
      case .sh1addw: writeWord(record, word1(record) << 1 &+ word2(record))
      case .sh2addw: writeWord(record, word1(record) << 2 &+ word2(record))
      case .sh3addw: writeWord(record, word1(record) << 3 &+ word2(record))
      case .andn: write(record, source1(record) & ~source2(record))
      case .orn: write(record, source1(record) | ~source2(record))
      case .xnor: write(record, ~(source1(record) ^ source2(record)))
      case .clz: write(record, UInt64(source1(record).leadingZeroBitCount))
      case .ctz: write(record, UInt64(source1(record).trailingZeroBitCount))
      case .cpop: write(record, UInt64(source1(record).nonzeroBitCount))
      case .clzw: write(record, UInt64(word1(record).leadingZeroBitCount))
      case .ctzw: write(record, UInt64(word1(record).trailingZeroBitCount))
      case .cpopw: write(record, UInt64(word1(record).nonzeroBitCount))
      case .max: write(record, max(signed1(record), signed2(record)))
      case .maxu: write(record, max(source1(record), source2(record)))
      case .min: write(record, min(signed1(record), signed2(record)))
      case .minu: write(record, min(source1(record), source2(record)))
      case .sextB: write(record, Int64(Int8(truncatingIfNeeded: source1(record))))
      case .sextH: write(record, Int64(Int16(truncatingIfNeeded: source1(record))))
      case .zextH: write(record, source1(record) & 0xffff)
      case .rol:
        let (value, amount) = (source1(record), source2(record))
        write(record, value &<< amount | value &>> (0 &- amount))
      case .ror:
        let (value, amount) = (source1(record), source2(record))
        write(record, value &>> amount | value &<< (0 &- amount))
      case .rori:
        let (value, amount) = (source1(record), immediate(record))
        write(record, value &>> amount | value &<< (0 &- amount))
      case .rolw:
        let (value, amount) = (word1(record), word2(record))
        writeWord(record, value &<< amount | value &>> (0 &- amount))
      case .rorw:
        let (value, amount) = (word1(record), word2(record))
        writeWord(record, value &>> amount | value &<< (0 &- amount))
      case .roriw:
        let (value, amount) = (word1(record), UInt32(truncatingIfNeeded: record.immediate))
        writeWord(record, value &>> amount | value &<< (0 &- amount))
      case .rev8: write(record, source1(record).byteSwapped)
      case .bclr: write(record, source1(record) & ~(1 &<< source2(record)))
      case .bclri: write(record, source1(record) & ~(1 &<< immediate(record)))
      case .bext: write(record, source1(record) &>> source2(record) & 1)
      case .bexti: write(record, source1(record) &>> immediate(record) & 1)
      case .binv: write(record, source1(record) ^ 1 &<< source2(record))
      case .binvi: write(record, source1(record) ^ 1 &<< immediate(record))
      case .bset: write(record, source1(record) | 1 &<< source2(record))
      case .bseti: write(record, source1(record) | 1 &<< immediate(record))
      case .czeroEqz: write(record, source2(record) == 0 ? 0 : source1(record))
      case .czeroNez: write(record, source2(record) != 0 ? 0 : source1(record))

      case .flw:
        guard !floatsAreOff(), let location = load(record, UInt32.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        writeSingle(record, location.pointee)
      case .fld:
        guard !floatsAreOff(), let location = load(record, UInt64.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        writeFloat(record, location.pointee)
      case .fsw:
        guard !floatsAreOff(), let location = store(record, UInt32.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = UInt32(truncatingIfNeeded: f[record.a])
        next += record.slots
        guard stored(record, location) else { break loop }
      case .fsd:
        guard !floatsAreOff(), let location = store(record, UInt64.self) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        location.pointee = f[record.a]
        next += record.slots
        guard stored(record, location) else { break loop }
      case .fsgnjS, .fsgnjnS, .fsgnjxS, .fsgnjD, .fsgnjnD, .fsgnjxD, .fmvXW, .fmvWX, .fmvXD,
        .fmvDX:
        guard !floatsAreOff() else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        let sign: UInt32 = 1 << 31
        let wideSign: UInt64 = 1 << 63
        switch record.handler {
        case .fsgnjS:
          writeSingle(record, single(record.b) & ~sign | single(record.c) & sign)
        case .fsgnjnS:
          writeSingle(record, single(record.b) & ~sign | ~single(record.c) & sign)
        case .fsgnjxS: writeSingle(record, single(record.b) ^ single(record.c) & sign)
        case .fsgnjD:
          writeFloat(
            record, f[record.b] & ~wideSign | f[record.c] & wideSign)
        case .fsgnjnD:
          writeFloat(
            record, f[record.b] & ~wideSign | ~f[record.c] & wideSign)
        case .fsgnjxD:
          writeFloat(record, f[record.b] ^ f[record.c] & wideSign)
        case .fmvXW: writeWord(record, UInt32(truncatingIfNeeded: f[record.b]))
        case .fmvXD: write(record, f[record.b])
        case .fmvWX: writeSingle(record, word1(record))
        default: writeFloat(record, source1(record))
        }
      case .floatSingle:
        guard hart.executeSingle(record) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        next += 2
      case .floatDouble:
        guard hart.executeDouble(record) else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        next += 2

      case .jal:
        x[record.a] = extended(currentPC() &+ UInt64(truncatingIfNeeded: 2 * record.slots))
        next += Int(truncatingIfNeeded: record.immediate)
        guard begin() else { break loop }
      case .jalr:
        let target = (source1(record) &+ immediate(record)) & mask & ~1
        guard target & misaligned == 0 else {
          giveBack(record)
          stop = .interpret
          break loop
        }
        x[record.a] = extended(currentPC() &+ UInt64(truncatingIfNeeded: 2 * record.slots))
        switch farJump(to: target) {
        case .done: break
        case .budget: break loop
        case .spent:
          count()
          return (budget - remaining, .budget)
        case .nowhere:
          count()
          return (budget - remaining, .interpret)
        }
      case .beq:
        guard branch(record, if: source1(record) == x[record.a]) else { break loop }
      case .bne:
        guard branch(record, if: source1(record) != x[record.a]) else { break loop }
      case .cBeqz:
        guard branch(record, if: source1(record) == 0, slots: 1) else { break loop }
      case .cBnez:
        guard branch(record, if: source1(record) != 0, slots: 1) else { break loop }
      case .blt:
        guard branch(record, if: signed1(record) < Int64(bitPattern: x[record.a])) else {
          break loop
        }
      case .bge:
        guard branch(record, if: signed1(record) >= Int64(bitPattern: x[record.a])) else {
          break loop
        }
      case .bltu:
        guard branch(record, if: source1(record) < x[record.a]) else { break loop }
      case .bgeu:
        guard branch(record, if: source1(record) >= x[record.a]) else { break loop }
      case .farJAL, .farBEQ, .farBNE, .farBLT, .farBGE, .farBLTU, .farBGEU:
        let (a, b) = (source1(record), x[record.a])
        let outcome: FarJump
        switch record.handler {
        case .farJAL:
          let pc = currentPC()
          x[record.a] = extended(pc &+ UInt64(truncatingIfNeeded: 2 * record.slots))
          outcome = farJump(to: (pc &+ UInt64(bitPattern: record.immediate << 1)) & mask)
        case .farBEQ: outcome = farBranch(record, if: a == b)
        case .farBNE: outcome = farBranch(record, if: a != b)
        case .farBLT:
          outcome = farBranch(record, if: Int64(bitPattern: a) < Int64(bitPattern: b))
        case .farBGE:
          outcome = farBranch(record, if: Int64(bitPattern: a) >= Int64(bitPattern: b))
        case .farBLTU: outcome = farBranch(record, if: a < b)
        default: outcome = farBranch(record, if: a >= b)
        }
        switch outcome {
        case .done: break
        case .budget: break loop
        case .spent:
          count()
          return (budget - remaining, .budget)
        case .nowhere:
          count()
          return (budget - remaining, .interpret)
        }
      }
    }
    count()
    state.pointee.pc = currentPC() & mask
    return (budget - remaining, stop)
  }
}
