public import Debugger
internal import Fabric
internal import Processors
internal import RISCV

extension SystemDebugTarget {
  private func core(_ thread: Int) -> Core? {
    system.cores.indices.contains(thread - 1) ? system.cores[thread - 1] : nil
  }

  // MARK: Registers

  /// A register of a hart, zero extended; nil when it does not exist.
  public func readRegister(_ register: DebugRegister, thread: Int) -> UInt64? {
    guard let hart = core(thread)?.hart else { return nil }
    switch register {
    case .integer(let number): return hart[register: number]
    case .programCounter: return hart.programCounter
    case .float(let number):
      guard architecture.floatBits > 0 else { return nil }
      let value = hart[floatRegister: number]
      return architecture.floatBits == 64 ? value : value & 0xffff_ffff
    case .csr(let number): return hart.readCSR(number)
    case .privilege: return UInt64(hart.privilege.rawValue)
    }
  }

  /// Changes a register; false when it does not exist, does not take the value, or is the program
  /// counter of a hart in the middle of a device access.
  public func writeRegister(_ register: DebugRegister, thread: Int, to value: UInt64) -> Bool {
    guard let core = core(thread) else { return false }
    let hart = core.hart
    switch register {
    case .integer(let number): hart[register: number] = value
    case .programCounter:
      // The access under way will finish its instruction and go on behind it.
      guard !core.isWaitingForDevice else { return false }
      let compressed = hart.configuration.instructionSet.extensions.contains(.c)
      guard value & (compressed ? 1 : 3) == 0 else { return false }
      hart.programCounter = value
    case .float(let number):
      guard architecture.floatBits > 0 else { return false }
      hart[floatRegister: number] =
        architecture.floatBits == 64 ? value : 0xffff_ffff_0000_0000 | value
    case .csr(let number): return hart.writeCSR(number, value)
    case .privilege:
      guard let mode = UInt8(exactly: value).flatMap(PrivilegeMode.init(rawValue:)),
        exists(mode, hart.configuration.instructionSet.extensions)
      else { return false }
      hart.privilege = mode
    }
    return true
  }

  private func exists(_ mode: PrivilegeMode, _ extensions: Extensions) -> Bool {
    switch mode {
    case .machine: true
    case .supervisor: extensions.contains(.supervisor)
    case .user: extensions.contains(.user)
    }
  }

  // MARK: Memory

  /// Up to `count` bytes of ordinary memory where a load or a fetch of the hart would find them.
  public func readMemory(at address: UInt64, count: Int, thread: Int) -> [UInt8] {
    guard let core = core(thread) else { return [] }
    var result: [UInt8] = []
    for piece in pieces(at: address, count: count) {
      guard let (store, physical) = location(of: piece.address, core) else { break }
      let available = Int(min(UInt64(piece.count), store.base + UInt64(store.size) - physical))
      result += store.read(at: physical, count: available)
      if available < piece.count { break }
    }
    return result
  }

  /// Writes all `bytes` or none; the harts forget what they had decoded there.
  public func writeMemory(_ bytes: [UInt8], at address: UInt64, thread: Int) -> Bool {
    guard let core = core(thread) else { return false }
    var places: [(store: BackingStore, physical: UInt64, bytes: ArraySlice<UInt8>)] = []
    var rest = bytes[...]
    for piece in pieces(at: address, count: bytes.count) {
      guard let (store, physical) = location(of: piece.address, core),
        store.contains(physical, count: piece.count)
      else { return false }
      places.append((store, physical, rest.prefix(piece.count)))
      rest = rest.dropFirst(piece.count)
    }
    guard rest.isEmpty else { return false }
    for place in places where !place.bytes.isEmpty {
      place.store.write(Array(place.bytes), at: place.physical)
      let last = place.physical + UInt64(place.bytes.count - 1)
      for core in system.cores { core.memoryWasWritten(place.physical...last) }
    }
    return true
  }

  /// The parts of a range of addresses that lie in one page each, up to the end of the address
  /// space.
  private func pieces(at address: UInt64, count: Int) -> [(address: UInt64, count: Int)] {
    var result: [(address: UInt64, count: Int)] = []
    var start = address & addressMask
    var left = count
    while left > 0 {
      let inPage = min(left, 4096 - Int(start & 4095))
      result.append((start, inPage))
      left -= inPage
      let next = (start &+ UInt64(inPage)) & addressMask
      if next == 0 { break }
      start = next
    }
    return result
  }

  /// The memory at an address as a load or a fetch of the hart would reach it now; nil where there
  /// is none.
  private func location(
    of address: UInt64, _ core: Core
  ) -> (store: BackingStore, physical: UInt64)? {
    let hart = core.hart
    guard
      let physical = hart.physicalAddress(of: address, access: .load)
        ?? hart.physicalAddress(of: address, access: .fetch),
      let store = core.stores.first(where: { $0.contains(physical, count: 1) })
    else { return nil }
    return (store, physical)
  }
}
