/// Why the fast loop stopped.
enum FastStop: UInt8 {
  case budget
  /// The instruction at the program counter needs the interpreter.
  case interpret
  /// A store that has retired reached the watched word.
  case hostStore
}

extension Hart {
  /// Executes decoded instructions from the program counter on, at most `budget`, all of which
  /// retire. The loop reads a record, switches on it and moves on; everything that can trap or
  /// leave the hart is found out before it has an effect and left to the interpreter.
  func runDecoded(budget: Int) -> (executed: Int, stop: FastStop) {
    let state = self.state
    let x = self.registers
    let start = state.pointee.pc
    guard var page = codePage(for: start) else { return (0, .interpret) }
    var pageAddress = start & ~0xfff
    var next = page + Int(start & 0xfff) >> 2
    var remaining = budget
    var stop = FastStop.budget

    /// Address of the instruction `next` points to.
    @inline(__always) func currentPC() -> UInt32 {
      pageAddress &+ UInt32(truncatingIfNeeded: next - page) << 2
    }
    /// Continues at `pc`; false when nothing can be fetched there, which the interpreter finds too.
    @inline(__always) func go(to pc: UInt32) -> Bool {
      if pc & ~0xfff == pageAddress {
        next = page + Int(pc & 0xfff) >> 2
        return true
      }
      guard let other = codePage(for: pc) else { return false }
      page = other
      pageAddress = pc & ~0xfff
      next = other + Int(pc & 0xfff) >> 2
      return true
    }
    /// Retires a jump; false when it leaves the loop.
    @inline(__always) func jump(to pc: UInt32) -> Bool {
      remaining -= 1
      if go(to: pc) { return true }
      state.pointee.pc = pc
      return false
    }
    @inline(__always) func source1(_ record: DecodedInstruction) -> UInt32 { x[Int(record.rs1)] }
    @inline(__always) func source2(_ record: DecodedInstruction) -> UInt32 { x[Int(record.rs2)] }
    @inline(__always) func signed1(_ record: DecodedInstruction) -> Int32 {
      Int32(bitPattern: source1(record))
    }
    @inline(__always) func signed2(_ record: DecodedInstruction) -> Int32 {
      Int32(bitPattern: source2(record))
    }
    @inline(__always) func immediate(_ record: DecodedInstruction) -> UInt32 {
      UInt32(bitPattern: record.immediate)
    }
    @inline(__always) func write(_ record: DecodedInstruction, _ value: UInt32) {
      x[Int(record.rd)] = value
      next += 1
    }
    /// Retires a branch; false when it leaves the loop.
    @inline(__always) func branch(_ record: DecodedInstruction, if taken: Bool) -> Bool {
      if taken { return jump(to: currentPC() &+ immediate(record)) }
      remaining -= 1
      next += 1
      return true
    }
    /// Where to load from, or nil when the interpreter has to see to it.
    @inline(__always)
    func load(_ record: DecodedInstruction, bytes: UInt32) -> UnsafeMutableRawPointer? {
      let address = source1(record) &+ immediate(record)
      guard address & (bytes - 1) == 0 else { return nil }
      if let location = state.pointee.load.location(of: address, bytes: UInt64(bytes)) {
        state.pointee.load.countLoad(bytes: bytes)
        return location
      }
      guard let location = selectLoad(address, bytes: UInt64(bytes)) else { return nil }
      state.pointee.load.countLoad(bytes: bytes)
      return location
    }
    /// Where to store to, or nil when the interpreter has to see to it.
    @inline(__always)
    func store(_ record: DecodedInstruction, bytes: UInt32) -> UnsafeMutableRawPointer? {
      let address = source1(record) &+ immediate(record)
      guard address & (bytes - 1) == 0 else { return nil }
      if let location = state.pointee.store.location(of: address, bytes: UInt64(bytes)) {
        state.pointee.store.countStore(bytes: bytes)
        return location
      }
      guard let location = selectStore(address, bytes: UInt64(bytes)) else { return nil }
      state.pointee.store.countStore(bytes: bytes)
      return location
    }
    /// Finishes a store; true when the watched word was hit.
    @inline(__always) func stored(_ record: DecodedInstruction, bytes: UInt32) -> Bool {
      let address = source1(record) &+ immediate(record)
      next += 1
      let region = state.pointee.store
      guard let pages = region.pages, let hit = pages[region.pageIndex(of: address)] else {
        return false
      }
      let value = source2(record) & (UInt32.max >> (32 - 8 * bytes))
      return storeReachedPage(hit, address: address, bytes: bytes, value: value)
    }

    loop: while remaining > 0 {
      let record = next.pointee
      switch record.handler {
      case .undecoded:
        let pc = currentPC()
        guard let owner = codePage(for: pc), let word = fetch(at: pc) else {
          stop = .interpret
          break loop
        }
        if owner != page {
          // Two regions share this page; each decodes only its own part.
          page = owner
          next = owner + Int(pc & 0xfff) >> 2
        } else {
          next.pointee = DecodedInstruction(word: word, pc: pc)
        }
        continue loop
      case .pageEnd:
        if go(to: pageAddress &+ 0x1000) { continue loop }
        stop = .interpret
        break loop
      case .interpret:
        stop = .interpret
        break loop
      case .nop: next += 1
      case .constant: write(record, immediate(record))
      case .jal:
        let pc = currentPC()
        let target = pc &+ immediate(record)
        x[Int(record.rd)] = pc &+ 4
        guard jump(to: target) else { return (budget - remaining, .interpret) }
        continue loop
      case .jalr:
        let target = (source1(record) &+ immediate(record)) & ~1
        guard target & 2 == 0 else {
          stop = .interpret
          break loop
        }
        x[Int(record.rd)] = currentPC() &+ 4
        guard jump(to: target) else { return (budget - remaining, .interpret) }
        continue loop
      case .beq:
        guard branch(record, if: source1(record) == source2(record)) else {
          return (budget - remaining, .interpret)
        }
        continue loop
      case .bne:
        guard branch(record, if: source1(record) != source2(record)) else {
          return (budget - remaining, .interpret)
        }
        continue loop
      case .blt:
        guard branch(record, if: signed1(record) < signed2(record)) else {
          return (budget - remaining, .interpret)
        }
        continue loop
      case .bge:
        guard branch(record, if: signed1(record) >= signed2(record)) else {
          return (budget - remaining, .interpret)
        }
        continue loop
      case .bltu:
        guard branch(record, if: source1(record) < source2(record)) else {
          return (budget - remaining, .interpret)
        }
        continue loop
      case .bgeu:
        guard branch(record, if: source1(record) >= source2(record)) else {
          return (budget - remaining, .interpret)
        }
        continue loop

      case .lb:
        guard let location = load(record, bytes: 1) else {
          stop = .interpret
          break loop
        }
        write(record, UInt32(bitPattern: Int32(location.load(as: Int8.self))))
      case .lbu:
        guard let location = load(record, bytes: 1) else {
          stop = .interpret
          break loop
        }
        write(record, UInt32(location.load(as: UInt8.self)))
      case .lh:
        guard let location = load(record, bytes: 2) else {
          stop = .interpret
          break loop
        }
        let value = Int16(littleEndian: location.loadUnaligned(as: Int16.self))
        write(record, UInt32(bitPattern: Int32(value)))
      case .lhu:
        guard let location = load(record, bytes: 2) else {
          stop = .interpret
          break loop
        }
        write(record, UInt32(UInt16(littleEndian: location.loadUnaligned(as: UInt16.self))))
      case .lw:
        guard let location = load(record, bytes: 4) else {
          stop = .interpret
          break loop
        }
        write(record, UInt32(littleEndian: location.loadUnaligned(as: UInt32.self)))
      case .sb:
        guard let location = store(record, bytes: 1) else {
          stop = .interpret
          break loop
        }
        location.storeBytes(of: UInt8(truncatingIfNeeded: source2(record)), as: UInt8.self)
        if stored(record, bytes: 1) {
          remaining -= 1
          stop = .hostStore
          break loop
        }
      case .sh:
        guard let location = store(record, bytes: 2) else {
          stop = .interpret
          break loop
        }
        let value = UInt16(truncatingIfNeeded: source2(record)).littleEndian
        location.storeBytes(of: value, as: UInt16.self)
        if stored(record, bytes: 2) {
          remaining -= 1
          stop = .hostStore
          break loop
        }
      case .sw:
        guard let location = store(record, bytes: 4) else {
          stop = .interpret
          break loop
        }
        location.storeBytes(of: source2(record).littleEndian, as: UInt32.self)
        if stored(record, bytes: 4) {
          remaining -= 1
          stop = .hostStore
          break loop
        }

      case .addi: write(record, source1(record) &+ immediate(record))
      case .slti:
        write(record, signed1(record) < record.immediate ? 1 : 0)
      case .sltiu: write(record, source1(record) < immediate(record) ? 1 : 0)
      case .xori: write(record, source1(record) ^ immediate(record))
      case .ori: write(record, source1(record) | immediate(record))
      case .andi: write(record, source1(record) & immediate(record))
      case .slli: write(record, source1(record) &<< immediate(record))
      case .srli: write(record, source1(record) &>> immediate(record))
      case .srai:
        write(record, UInt32(bitPattern: signed1(record) &>> record.immediate))
      case .add: write(record, source1(record) &+ source2(record))
      case .sub: write(record, source1(record) &- source2(record))
      case .sll: write(record, source1(record) &<< source2(record))
      case .slt:
        write(record, signed1(record) < signed2(record) ? 1 : 0)
      case .sltu: write(record, source1(record) < source2(record) ? 1 : 0)
      case .xor: write(record, source1(record) ^ source2(record))
      case .srl: write(record, source1(record) &>> source2(record))
      case .sra:
        write(record, UInt32(bitPattern: signed1(record) &>> signed2(record)))
      case .or: write(record, source1(record) | source2(record))
      case .and: write(record, source1(record) & source2(record))

      case .mul: write(record, source1(record) &* source2(record))
      case .mulh:
        let product = signed1(record).multipliedFullWidth(by: signed2(record))
        write(record, UInt32(bitPattern: product.high))
      case .mulhsu:
        let product = Int64(signed1(record)) &* Int64(source2(record))
        write(record, UInt32(truncatingIfNeeded: product >> 32))
      case .mulhu:
        write(record, source1(record).multipliedFullWidth(by: source2(record)).high)
      case .div: write(record, Division.quotient(source1(record), source2(record)))
      case .divu: write(record, Division.unsignedQuotient(source1(record), source2(record)))
      case .rem: write(record, Division.remainder(source1(record), source2(record)))
      case .remu: write(record, Division.unsignedRemainder(source1(record), source2(record)))
      }
      remaining -= 1
    }
    state.pointee.pc = currentPC()
    return (budget - remaining, stop)
  }
}
