/// Why the fast loop stopped.
enum FastStop: UInt8 {
  case budget
  /// The instruction at the program counter needs the interpreter.
  case interpret
  /// A store that has retired reached the watched word.
  case hostStore
}

/// How the fast loop keeps to its budget.
protocol BudgetRule {
  /// Counts every instruction, instead of whole straight lines.
  static var countsEach: Bool { get }
}

/// For the last instructions of a budget.
enum EachInstruction: BudgetRule {
  static var countsEach: Bool { true }
}

enum WholeRuns: BudgetRule {
  static var countsEach: Bool { false }
}

/// How the fast loop gets from an address to memory.
protocol DataRule {
  /// Addresses are physical and unprotected, instead of found in the translation look-aside
  /// buffer.
  static var isDirect: Bool { get }
}

enum DirectData: DataRule {
  static var isDirect: Bool { true }
}

enum MappedData: DataRule {
  static var isDirect: Bool { false }
}

extension Hart {
  /// Most instructions of one call: what the packed counts of the loop can hold.
  private static var longestRun: Int { 1 << 16 }

  /// Executes decoded instructions from the program counter on, at most `budget`, all of which
  /// retire. Answers how many; with ``FastStop/budget`` that may be fewer than the budget.
  func runDecoded(budget: Int) -> (executed: Int, stop: FastStop) {
    let privilege = state.pointee.control.dataPrivilege
    let direct =
      !state.pointee.control.translates(.load, privilege)
      && state.pointee.control.protectionIsTransparent(for: privilege)
    return direct
      ? runDecoded(budget, DirectData.self) : runDecoded(budget, MappedData.self)
  }

  @inline(__always)
  private func runDecoded<Data: DataRule>(
    _ budget: Int, _ data: Data.Type
  ) -> (executed: Int, stop: FastStop) {
    let budget = min(budget, Self.longestRun)
    var executed = 0
    if budget >= 8 {
      let (count, stop) = loop(budget, data, WholeRuns.self)
      if stop != .budget || count == budget { return (count, stop) }
      executed = count
    }
    let (count, stop) = loop(budget - executed, data, EachInstruction.self)
    return (executed + count, stop)
  }

  @inline(never)
  private func loop<Data: DataRule, Budget: BudgetRule>(
    _ budget: Int, _ data: Data.Type, _ rule: Budget.Type
  ) -> (executed: Int, stop: FastStop) {
    guard let page = codePage(for: state.pointee.pc) else { return (0, .interpret) }
    var loop = FastLoop<Data, Budget>(self, page: page, budget: budget)
    return loop.run(budget)
  }
}

/// The fast loop: it reads a record, switches on it and moves on; everything that can trap or leave
/// the hart is found out before it has an effect and left to the interpreter.
///
/// A structure of local variables, all of whose methods are inlined: the compiler then keeps them
/// in machine registers.
struct FastLoop<Data: DataRule, Budget: BudgetRule> {
  let owner: Unmanaged<Hart>
  let x: UnsafeMutablePointer<UInt64>
  let f: UnsafeMutablePointer<UInt64>
  let mask: UInt64
  let context: UInt64
  /// Target bits that raise an exception.
  let misaligned: UInt64
  /// The decoded page, and its virtual address.
  var page: UnsafeMutablePointer<DecodedInstruction>
  var pageAddress: UInt64
  var next: UnsafeMutablePointer<DecodedInstruction>
  var remaining: Int
  var stop = FastStop.budget
  // Loads and stores since the last change of region: number × 2²⁰ + bytes.
  var loads: UInt64 = 0
  var stores: UInt64 = 0

  /// At the program counter of `hart`, which lies in `page`.
  @inline(__always)
  init(_ hart: Hart, page: UnsafeMutablePointer<DecodedInstruction>, budget: Int) {
    owner = Unmanaged.passUnretained(hart)
    x = hart.registers
    f = hart.floatRegisters
    mask = hart.addressMask
    let pc = hart.state.pointee.pc
    context = Data.isDirect ? 0 : hart.dataContext
    misaligned = hart.state.pointee.control.extensions.contains(.c) ? 0 : 2
    self.page = page
    pageAddress = pc & ~0xfff
    next = page + Int(truncatingIfNeeded: pc >> 1 & 0x7ff)
    remaining = budget
  }

  @inline(__always)
  var hart: Hart { owner.takeUnretainedValue() }

  /// The state lies behind the registers: one pointer serves for both.
  @inline(__always)
  var state: UnsafeMutablePointer<HartState> { Hart.state(behind: x) }

  /// Address of the instruction `next` points to.
  @inline(__always)
  mutating func currentPC() -> UInt64 {
    pageAddress &+ UInt64(truncatingIfNeeded: next - page) << 1
  }
  /// Takes the straight line that begins at `next` off the budget; false when it does not fit.
  @inline(__always)
  mutating func begin() -> Bool {
    if Budget.countsEach { return true }
    let run = next.pointee.run
    if _slowPath(run > remaining) { return false }
    remaining &-= run
    return true
  }
  /// Puts `record` and the rest of its line back.
  @inline(__always)
  mutating func giveBack(_ record: DecodedInstruction) {
    remaining &+= Budget.countsEach ? 1 : record.run
  }
  @inline(__always)
  mutating func source1(_ record: DecodedInstruction) -> UInt64 { x[record.b] }
  @inline(__always)
  mutating func source2(_ record: DecodedInstruction) -> UInt64 { x[record.c] }
  @inline(__always)
  mutating func signed1(_ record: DecodedInstruction) -> Int64 {
    Int64(bitPattern: x[record.b])
  }
  @inline(__always)
  mutating func signed2(_ record: DecodedInstruction) -> Int64 {
    Int64(bitPattern: x[record.c])
  }
  @inline(__always)
  mutating func word1(_ record: DecodedInstruction) -> UInt32 {
    UInt32(truncatingIfNeeded: x[record.b])
  }
  @inline(__always)
  mutating func word2(_ record: DecodedInstruction) -> UInt32 {
    UInt32(truncatingIfNeeded: x[record.c])
  }
  @inline(__always)
  mutating func immediate(_ record: DecodedInstruction) -> UInt64 {
    UInt64(bitPattern: record.immediate)
  }
  // The distance to the next record must not depend on what is in this one, or each instruction
  // would wait for the load of the one before: hence the handlers of their own for 16 bits.
  @inline(__always)
  mutating func write(
    _ record: DecodedInstruction, _ value: UInt64, slots: Int = 2
  ) {
    x[record.a] = value
    next += slots
  }
  @inline(__always)
  mutating func write(_ record: DecodedInstruction, _ value: Int64, slots: Int = 2) {
    write(record, UInt64(bitPattern: value), slots: slots)
  }
  @inline(__always)
  mutating func writeWord(
    _ record: DecodedInstruction, _ value: UInt32, slots: Int = 2
  ) {
    write(record, Int64(Int32(bitPattern: value)), slots: slots)
  }
  /// `value` as registers hold it.
  @inline(__always)
  mutating func extended(_ value: UInt64) -> UInt64 {
    mask == .max ? value : UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
  }
  /// Continues at `pc`; false when nothing can be fetched there, which the interpreter finds too.
  @inline(__always)
  mutating func go(to pc: UInt64) -> Bool {
    if _slowPath(pc & ~0xfff != pageAddress) {
      guard let other = hart.codePage(for: pc) else { return false }
      page = other
      pageAddress = pc & ~0xfff
    }
    next = page + Int(truncatingIfNeeded: pc >> 1 & 0x7ff)
    return true
  }
  @inline(__always)
  mutating func count() {
    if loads != 0 { state.pointee.load.countLoads(packed: loads) }
    if stores != 0 { state.pointee.store.countStores(packed: stores) }
    loads = 0
    stores = 0
  }
  /// Where to load from, or nil when the interpreter has to see to it.
  @inline(__always)
  mutating func load<Value: FixedWidthInteger>(
    _ record: DecodedInstruction, _ type: Value.Type
  ) -> UnsafeMutablePointer<Value>? {
    let bytes = UInt64(Value.bitWidth / 8)
    let address = (source1(record) &+ immediate(record)) & mask
    if _slowPath(address & (bytes - 1) != 0) { return nil }
    if Data.isDirect {
      let offset = address &- state.pointee.load.base
      if _fastPath(offset < state.pointee.load.limit) {
        loads &+= 1 << 20 | bytes
        return (state.pointee.load.pointer + Int(truncatingIfNeeded: offset))
          .assumingMemoryBound(to: Value.self)
      }
      let pending = loads
      loads = 0
      guard let location = hart.selectLoad(address, pending: pending) else { return nil }
      loads = 1 << 20 | bytes
      return location.assumingMemoryBound(to: Value.self)
    }
    guard let location = hart.mappedLocation(address, .load, context: context) else { return nil }
    location.region.countLoad(bytes: Int(bytes))
    return location.pointer.assumingMemoryBound(to: Value.self)
  }
  /// Where to store to, or nil when the interpreter has to see to it.
  @inline(__always)
  mutating func store<Value: FixedWidthInteger>(
    _ record: DecodedInstruction, _ type: Value.Type
  ) -> UnsafeMutablePointer<Value>? {
    let bytes = UInt64(Value.bitWidth / 8)
    let address = (source1(record) &+ immediate(record)) & mask
    if _slowPath(address & (bytes - 1) != 0) { return nil }
    if Data.isDirect {
      let offset = address &- state.pointee.store.base
      if _fastPath(offset < state.pointee.store.limit) {
        stores &+= 1 << 20 | bytes
        return (state.pointee.store.pointer + Int(truncatingIfNeeded: offset))
          .assumingMemoryBound(to: Value.self)
      }
      let pending = stores
      stores = 0
      guard let location = hart.selectStore(address, pending: pending) else { return nil }
      stores = 1 << 20 | bytes
      return location.assumingMemoryBound(to: Value.self)
    }
    guard let location = hart.mappedLocation(address, .store, context: context) else { return nil }
    state.pointee.store = location.region
    location.region.countStore(bytes: Int(bytes))
    return location.pointer.assumingMemoryBound(to: Value.self)
  }
  /// Finishes a store to `location`, after `next` has moved on; false when the loop has to end.
  @inline(__always)
  mutating func stored<Value: FixedWidthInteger>(
    _ record: DecodedInstruction, _ location: UnsafeMutablePointer<Value>
  ) -> Bool {
    let offset = UInt64(
      truncatingIfNeeded: UnsafeMutableRawPointer(location) - state.pointee.store.pointer)
    let address = state.pointee.store.base &+ offset
    let page = state.pointee.store.pageIndex(of: address)
    if _fastPath(state.pointee.store.pages[page] == nil) { return true }
    guard hart.storeTouched(address, bytes: Value.bitWidth / 8) else { return true }
    // The rest of this line may be gone.
    if !Budget.countsEach { remaining &+= record.run &- 1 }
    if state.pointee.hostStore != nil {
      stop = .hostStore
      return false
    }
    return begin()
  }
  /// Goes on behind a branch.
  @inline(__always)
  mutating func branch(
    _ record: DecodedInstruction, if taken: Bool, slots: Int = 2
  ) -> Bool {
    if taken {
      next += Int(truncatingIfNeeded: record.immediate)
      return begin()
    }
    next += slots
    return begin()
  }
  /// Goes on at `target`, in any page.
  @inline(__always)
  mutating func farJump(to target: UInt64) -> FarJump {
    // Where nothing is executed now, nothing may be translated either.
    if _slowPath(remaining == 0) {
      state.pointee.pc = target
      return .spent
    }
    guard go(to: target) else {
      state.pointee.pc = target
      return .nowhere
    }
    return begin() ? .done : .budget
  }
  /// The same with a target in another page, whose distance is in bytes.
  @inline(__always)
  mutating func farBranch(_ record: DecodedInstruction, if taken: Bool) -> FarJump {
    if !taken {
      next += record.slots
      return begin() ? .done : .budget
    }
    return farJump(to: (currentPC() &+ immediate(record)) & mask)
  }
  @inline(__always)
  mutating func floatsAreOff() -> Bool { state.pointee.control.floatingPointIsOff }
  @inline(__always)
  mutating func writeFloat(_ record: DecodedInstruction, _ value: UInt64) {
    f[record.a] = value
    _ = state.pointee.control.markFloatingPointDirty()
    next += record.slots
  }
  @inline(__always)
  mutating func single(_ number: Int) -> UInt32 {
    let value = f[number]
    return value >> 32 == 0xffff_ffff ? UInt32(truncatingIfNeeded: value) : 0x7fc0_0000
  }
  @inline(__always)
  mutating func writeSingle(_ record: DecodedInstruction, _ value: UInt32) {
    writeFloat(record, 0xffff_ffff_0000_0000 | UInt64(value))
  }
}

/// What became of a jump to another page.
enum FarJump {
  case done
  /// It was made, but the budget does not hold what follows.
  case budget
  /// It was the last instruction of the budget.
  case spent
  /// It was made, but nothing can be fetched there.
  case nowhere
}

extension FixedWidthInteger {
  /// Division as DIV and DIVU do it: by zero all ones, and the one overflow wraps.
  @inline(__always)
  func quotient(by divisor: Self) -> Self {
    if divisor == 0 { return ~0 }
    return dividedReportingOverflow(by: divisor).partialValue
  }

  /// The remainder as REM and REMU have it: of a division by zero the dividend, of the one overflow
  /// zero.
  @inline(__always)
  func rest(by divisor: Self) -> Self {
    if divisor == 0 { return self }
    return remainderReportingOverflow(dividingBy: divisor).partialValue
  }
}
