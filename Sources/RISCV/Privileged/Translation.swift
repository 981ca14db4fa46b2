/// The memory that page tables lie in.
public protocol PhysicalMemory {
  /// The page table entry of `bytes` (4 or 8) bytes at physical `address`, or nil when no memory is
  /// there.
  func loadPTE(_ address: UInt64, bytes: Int) -> UInt64?

  /// Replaces the page table entry of `bytes` (4 or 8) bytes at physical `address`; false when no
  /// writable memory is there.
  func storePTE(_ address: UInt64, bytes: Int, value: UInt64) -> Bool
}

/// What a page table walk has found.
public enum TranslationResult: Sendable, Hashable, BitwiseCopyable {
  /// The physical address.
  case success(UInt64)
  /// The page fault or access fault that the access raises.
  case failure(TrapCause)
}

/// Bits of a page table entry.
private enum Entry {
  static let valid: UInt64 = 1 << 0
  static let read: UInt64 = 1 << 1
  static let write: UInt64 = 1 << 2
  static let execute: UInt64 = 1 << 3
  static let user: UInt64 = 1 << 4
  static let accessed: UInt64 = 1 << 6
  static let dirty: UInt64 = 1 << 7
  /// Bits 63:54 of Sv39: reserved, and those of Svpbmt and Svnapot, which no hart has.
  static let reserved: UInt64 = 0x3ff << 54
  /// The permission bits; a valid entry with none of them points to the next table.
  static let permissions = read | write | execute
  /// What must be zero in an entry that points to the next table.
  static let reservedInPointers = user | accessed | dirty
}

/// Sv32 or Sv39.
private struct PageTableFormat {
  let levels: UInt64
  let indexBits: UInt64
  let entryBytes: Int

  static let sv32 = PageTableFormat(levels: 2, indexBits: 10, entryBytes: 4)
  static let sv39 = PageTableFormat(levels: 3, indexBits: 9, entryBytes: 8)
}

extension ControlState {
  /// Whether addresses of accesses with `privilege` are virtual.
  @inline(__always)
  public func translates(_ access: AccessType, _ privilege: PrivilegeMode) -> Bool {
    privilege != .machine && addressTranslation >> (UInt64(xlen.rawValue) - 1) != 0
  }

  /// Translates the virtual `address` by the page tables that `satp` points to: Sv32 or Sv39.
  ///
  /// Reads of entries are checked by physical memory protection as loads of supervisor mode; the
  /// translated access itself is not. Missing accessed and dirty bits are set in memory where
  /// Svadu is there and switched on, and page faults otherwise.
  public func walk(
    _ address: UInt64, access: AccessType, privilege: PrivilegeMode,
    memory: some PhysicalMemory
  ) -> TranslationResult {
    let format: PageTableFormat = xlen == .rv32 ? .sv32 : .sv39
    let fault = TranslationResult.failure(access.pageFault)
    if xlen == .rv64 {
      // The bits above those that are translated must repeat the highest of them.
      let upper = Int64(bitPattern: address) >> 38
      guard upper == 0 || upper == -1 else { return fault }
    }
    var table = (addressTranslation & (xlen == .rv32 ? 0x3f_ffff : 0xfff_ffff_ffff)) << 12
    var level = format.levels
    while level > 0 {
      level -= 1
      let shift = 12 + level * format.indexBits
      let index = address >> shift & ((1 << format.indexBits) - 1)
      let location = table + index * UInt64(format.entryBytes)
      guard
        protection.allows(location, bytes: format.entryBytes, .load, .supervisor),
        let entry = memory.loadPTE(location, bytes: format.entryBytes)
      else { return .failure(access.accessFault) }
      guard entry & Entry.valid != 0, entry & Entry.reserved == 0 else { return fault }
      let page = (entry >> 10) << 12
      if entry & Entry.permissions == 0 {
        guard entry & Entry.reservedInPointers == 0 else { return fault }
        table = page
        continue
      }
      let offset = (UInt64(1) << shift) - 1
      guard allows(access, privilege, by: entry), page & offset == 0 else { return fault }
      guard set(access, in: entry, at: location, format, memory) else {
        return updatesEntries ? .failure(access.accessFault) : fault
      }
      return .success(page | address & offset)
    }
    return fault
  }

  /// Whether accessed and dirty bits are set by the hart: `menvcfg.ADUE`.
  private var updatesEntries: Bool { environment >> 61 & 1 != 0 }

  private func allows(
    _ access: AccessType, _ privilege: PrivilegeMode, by entry: UInt64
  ) -> Bool {
    if entry & Entry.user != 0 {
      guard privilege == .user || (access != .fetch && supervisorUserMemory) else { return false }
    } else if privilege == .user {
      return false
    }
    // Writable but not readable is reserved.
    guard entry & (Entry.read | Entry.write) != Entry.write else { return false }
    switch access {
    case .fetch: return entry & Entry.execute != 0
    case .load:
      return entry & (Entry.read | (makeExecutableReadable ? Entry.execute : 0)) != 0
    case .store: return entry & Entry.write != 0
    }
  }

  /// Sees that a leaf's accessed bit, and for stores its dirty bit, are set.
  private func set(
    _ access: AccessType, in entry: UInt64, at location: UInt64, _ format: PageTableFormat,
    _ memory: some PhysicalMemory
  ) -> Bool {
    let needed = Entry.accessed | (access == .store ? Entry.dirty : 0)
    if entry & needed == needed { return true }
    guard updatesEntries else { return false }
    return protection.allows(location, bytes: format.entryBytes, .store, .supervisor)
      && memory.storePTE(location, bytes: format.entryBytes, value: entry | needed)
  }
}
