import RISCV
import Testing

/// Physical memory that holds nothing but page tables.
private final class Tables: PhysicalMemory {
  var entries: [UInt64: UInt64] = [:]
  var present: Range<UInt64> = 0x8000_0000..<0x9000_0000
  var writable = true

  func loadPTE(_ address: UInt64, bytes: Int) -> UInt64? {
    present.contains(address) ? entries[address] ?? 0 : nil
  }

  func storePTE(_ address: UInt64, bytes: Int, value: UInt64) -> Bool {
    guard writable else { return false }
    entries[address] = value
    return true
  }
}

@Suite("Address translation")
struct TranslationTests {
  static let root: UInt64 = 0x8010_0000
  /// The virtual page the tests map, and what to.
  static let page: UInt64 = 0x4000_0000
  static let target: UInt64 = 0x8765_4000
  static let leafLevel0 = 0x8010_2000 as UInt64

  /// A hart with translation on, whose tables lead to the level-0 table at ``leafLevel0``.
  private static func machine(_ set: InstructionSet, _ tables: Tables) -> Control {
    let control = Control(set)
    if set.xlen == .rv32 {
      control.write(CSR.satp, 1 << 31 | root >> 12)
      tables.entries[root + 4 * 0x100] = pointer(leafLevel0)
    } else {
      control.write(CSR.satp, 8 << 60 | root >> 12)
      tables.entries[root + 8] = pointer(0x8010_1000)
      tables.entries[0x8010_1000] = pointer(leafLevel0)
    }
    return control
  }

  private static func pointer(_ address: UInt64) -> UInt64 { (address >> 12) << 10 | 1 }

  private static func leaf(_ address: UInt64, _ flags: UInt64) -> UInt64 {
    (address >> 12) << 10 | flags
  }

  private static func walk(
    _ control: Control, _ tables: Tables, _ address: UInt64 = page,
    _ access: AccessType = .load, _ mode: PrivilegeMode = .supervisor
  ) -> TranslationResult {
    control.state.walk(address, access: access, privilege: mode, memory: tables)
  }

  @Test("translation is on below machine mode when satp has a mode")
  func translates() {
    for set in [InstructionSet.rv32Full, .rv64Full] {
      let control = Self.machine(set, Tables())
      for access in AccessType.allCases {
        #expect(control.state.translates(access, .user))
        #expect(control.state.translates(access, .supervisor))
        #expect(!control.state.translates(access, .machine))
      }
      control.write(CSR.satp, 0x8_0100)
      #expect(!control.state.translates(.load, .user))
    }
  }

  @Test("a leaf's flags allow what the specification says, in all combinations")
  func permissions() {
    for set in [InstructionSet.rv32Full, .rv64Full] {
      let tables = Tables()
      let control = Self.machine(set, tables)
      for flags in 0..<256 as Range<UInt64> {
        tables.entries[Self.leafLevel0] = Self.leaf(Self.target, flags)
        for bits in 0..<4 as Range<UInt64> {
          control.write(CSR.mstatus, bits << 18)
          for access in AccessType.allCases {
            for mode in [PrivilegeMode.user, .supervisor] {
              let expected = Self.allows(
                flags, access, mode, sum: bits & 1 != 0, mxr: bits & 2 != 0)
              #expect(
                Self.walk(control, tables, Self.page + 0x123, access, mode)
                  == (expected ? .success(Self.target + 0x123) : .failure(access.pageFault)))
            }
          }
        }
      }
    }
  }

  /// The specification's rules as a list of refusals.
  private static func allows(
    _ flags: UInt64, _ access: AccessType, _ mode: PrivilegeMode, sum: Bool, mxr: Bool
  ) -> Bool {
    let (v, r, w, x, u) = (
      flags & 1 != 0, flags & 2 != 0, flags & 4 != 0, flags & 8 != 0, flags & 16 != 0
    )
    let (a, d) = (flags & 64 != 0, flags & 128 != 0)
    if !v || (w && !r) || (!r && !w && !x) { return false }
    if mode == .user && !u { return false }
    if mode == .supervisor && u && (access == .fetch || !sum) { return false }
    if access == .fetch && !x { return false }
    if access == .load && !(r || (mxr && x)) { return false }
    if access == .store && !(w && d) { return false }
    return a
  }

  @Test("larger pages map their whole range and must be aligned to it")
  func superpages() {
    for (set, level, entry, size) in [
      (InstructionSet.rv32Full, 1, Self.root + 4 * 0x100, 1 << 22),
      (.rv64Full, 1, 0x8010_1000, 1 << 21), (.rv64Full, 2, Self.root + 8, 1 << 30),
    ] as [(InstructionSet, Int, UInt64, UInt64)] {
      let tables = Tables()
      let control = Self.machine(set, tables)
      tables.entries[entry] = Self.leaf(0x8000_0000, 0xcf)
      let offset = size - 0x321
      #expect(
        Self.walk(control, tables, Self.page + offset, .load) == .success(0x8000_0000 + offset))
      for bit in 12..<(set.xlen == .rv32 ? 22 : 12 + 9 * UInt64(level)) {
        tables.entries[entry] = Self.leaf(0x8000_0000 | 1 << bit, 0xcf)
        #expect(Self.walk(control, tables) == .failure(.loadPageFault))
      }
    }
  }

  @Test("reserved bits of entries and flags in pointers are page faults", arguments: [4, 6, 7])
  func reservedInPointers(bit: UInt64) {
    for set in [InstructionSet.rv32Full, .rv64Full] {
      let tables = Tables()
      let control = Self.machine(set, tables)
      tables.entries[Self.leafLevel0] = Self.leaf(Self.target, 0xcf)
      #expect(Self.walk(control, tables) == .success(Self.target))
      let upper = set.xlen == .rv32 ? Self.root + 4 * 0x100 : 0x8010_1000
      tables.entries[upper, default: 0] |= 1 << bit
      #expect(Self.walk(control, tables) == .failure(.loadPageFault))
    }
  }

  @Test("the bits 63 to 54 of Sv39 entries are reserved", arguments: 54...63 as ClosedRange<UInt64>)
  func reservedBits(bit: UInt64) {
    let tables = Tables()
    let control = Self.machine(.rv64Full, tables)
    tables.entries[Self.leafLevel0] = Self.leaf(Self.target, 0xcf) | 1 << bit
    #expect(Self.walk(control, tables, Self.page, .fetch) == .failure(.instructionPageFault))
  }

  @Test("tables that end in a pointer, and invalid pointers, are page faults")
  func noLeaf() {
    let tables = Tables()
    let control = Self.machine(.rv64Full, tables)
    tables.entries[Self.leafLevel0] = Self.pointer(Self.root)
    #expect(Self.walk(control, tables, Self.page, .store) == .failure(.storePageFault))
    tables.entries[Self.root + 8] = 0
    #expect(Self.walk(control, tables, Self.page, .store) == .failure(.storePageFault))
  }

  @Test("Sv39 addresses must be sign-extended from bit 38")
  func canonical() {
    let tables = Tables()
    let control = Self.machine(.rv64Full, tables)
    tables.entries[Self.root + 8 * 0x1ff] = Self.leaf(0x8000_0000, 0xcf)
    tables.entries[Self.root + 8 * 0xff] = Self.leaf(0xc000_0000, 0xcf)
    #expect(Self.walk(control, tables, 0xffff_ffff_c000_0010) == .success(0x8000_0010))
    #expect(Self.walk(control, tables, 0x3f_c000_0010) == .success(0xc000_0010))
    for bit in 38..<64 as Range<UInt64> {
      #expect(
        Self.walk(control, tables, 0xffff_ffff_c000_0010 ^ 1 << bit) == .failure(.loadPageFault))
      #expect(Self.walk(control, tables, 0x3f_c000_0010 | 1 << bit) == .failure(.loadPageFault))
    }
  }

  @Test("Sv32 reaches 34-bit physical addresses")
  func wideAddresses() {
    let tables = Tables()
    let control = Self.machine(.rv32Full, tables)
    tables.entries[Self.leafLevel0] = 0xffff_fccf
    #expect(Self.walk(control, tables, Self.page + 4) == .success(0x3_ffff_f004))
  }

  @Test("tables outside memory and tables that protection hides are access faults")
  func unreachableTables() {
    for access in AccessType.allCases {
      let tables = Tables()
      let control = Self.machine(.rv64Full, tables)
      tables.entries[Self.leafLevel0] = Self.leaf(Self.target, 0xcf)
      let fault: TrapCause =
        access == .fetch
        ? .instructionAccessFault : access == .load ? .loadAccessFault : .storeAccessFault
      tables.entries[0x8010_1000] = Self.pointer(0x1_0000_0000)
      #expect(Self.walk(control, tables, Self.page, access) == .failure(fault))
      tables.entries[0x8010_1000] = Self.pointer(Self.leafLevel0)
      // Entry 0 hides the level-0 table; the page itself is not the walk's concern.
      control.write(0x3b0, Self.leafLevel0 >> 2 | 0x1ff)
      control.write(0x3b1, .max)
      control.write(0x3a0, 0x1f18)
      #expect(Self.walk(control, tables, Self.page, access) == .failure(fault))
      control.write(0x3a0, 0x1f19)
      #expect(Self.walk(control, tables, Self.page, access) == .success(Self.target))
    }
  }

  @Test("accessed and dirty bits are set in memory with Svadu when menvcfg.ADUE is on")
  func accessedAndDirty() {
    for set in [InstructionSet.rv32Full.adding(.svadu), .rv64Full.adding(.svadu)] {
      let tables = Tables()
      let control = Self.machine(set, tables)
      let location = Self.leafLevel0
      tables.entries[location] = Self.leaf(Self.target, 0x0f)
      #expect(Self.walk(control, tables) == .failure(.loadPageFault))
      #expect(tables.entries[location] == Self.leaf(Self.target, 0x0f))
      if set.xlen == .rv32 {
        #expect(control.write(CSR.menvcfgh, .max) == [CSR.menvcfgh: 1 << 29])
        control.write(CSR.menvcfg, 0)
      } else {
        #expect(control.write(CSR.menvcfg, .max) == [CSR.menvcfg: 1 << 61])
      }
      #expect(Self.walk(control, tables) == .success(Self.target))
      #expect(tables.entries[location] == Self.leaf(Self.target, 0x4f))
      #expect(Self.walk(control, tables, Self.page, .store) == .success(Self.target))
      #expect(tables.entries[location] == Self.leaf(Self.target, 0xcf))
      // A refused access leaves the entry alone.
      tables.entries[location] = Self.leaf(Self.target, 0x03)
      #expect(Self.walk(control, tables, Self.page, .store) == .failure(.storePageFault))
      #expect(tables.entries[location] == Self.leaf(Self.target, 0x03))
      // Tables that cannot be written are access faults.
      tables.writable = false
      #expect(Self.walk(control, tables) == .failure(.loadAccessFault))
      tables.writable = true
      control.write(0x3b0, location >> 2 | 0x1ff)
      control.write(0x3b1, .max)
      control.write(0x3a0, 0x1f19)
      #expect(Self.walk(control, tables) == .failure(.loadAccessFault))
      #expect(tables.entries[location] == Self.leaf(Self.target, 0x03))
    }
  }
}
