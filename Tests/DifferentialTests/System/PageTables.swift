import RISCV

/// A page table entry whose address part may name something in the memory of its program.
struct SystemEntry: Sendable, Hashable {
  enum Destination: Sendable, Hashable {
    /// Page number `n` of the program: 0 is the root table, 1 to 3 further tables, 4 to 7 data.
    case page(Int)
    /// A physical page number.
    case number(UInt64)
  }

  var destination: Destination
  /// Bits 9:0, and on RV64 bits 63:54 in bits 63:54.
  var flags: UInt64

  static let valid: UInt64 = 1
  static let read: UInt64 = 2
  static let write: UInt64 = 4
  static let execute: UInt64 = 8
  static let user: UInt64 = 16
  static let global: UInt64 = 32
  static let accessed: UInt64 = 64
  static let dirty: UInt64 = 128
}

/// The random page tables of a system-level program.
///
/// Supervisor code is mapped where it is, user code 1 GiB below; above both lies a region of four
/// entries whose permissions are random:
/// the first leads to a table of small pages, the last sometimes, the others are large pages.
struct SystemTables: Sendable, Hashable {
  /// Entries of pages 0 to 3 by index.
  var entries: [[Int: SystemEntry]]
  let xlen: XLEN

  /// Where the four random entries begin, in virtual memory.
  static let region: UInt64 = 0xc000_0000
  /// Where the memory is mapped for user mode.
  static let userAlias: UInt64 = 0x4000_0000
  /// Small pages mapped in a table.
  static let pagesPerTable = 16
  /// An address where no device and no memory is.
  static let hole: UInt64 = 0x1100_0000
  /// Memory for large pages, not used otherwise.
  static let largePages: UInt64 = 0x8080_0000

  /// Bytes that one of the four entries covers.
  var span: UInt64 { xlen == .rv64 ? 1 << 21 : 1 << 22 }
  /// Bytes per entry.
  var entryBytes: Int { xlen == .rv64 ? 8 : 4 }

  init(xlen: XLEN, _ random: inout SplitMix64) {
    self.xlen = xlen
    let all: UInt64 = 0xcf
    var root: [Int: SystemEntry] = [:]
    var middle: [Int: SystemEntry] = [:]
    let memory = SystemEntry.Destination.number(0x8000_0000 >> 12)
    // Large pages of everything: 1 GiB on RV64, four of 4 MiB on RV32.
    if xlen == .rv64 {
      root[2] = SystemEntry(destination: memory, flags: all)
      root[1] = SystemEntry(destination: memory, flags: all | SystemEntry.user)
      root[3] = SystemEntry(destination: .page(1), flags: SystemEntry.valid)
    } else {
      for index in 0..<4 {
        let part = SystemEntry.Destination.number(0x8000_0000 >> 12 + UInt64(index) << 10)
        root[0x200 + index] = SystemEntry(destination: part, flags: all)
        root[0x100 + index] = SystemEntry(destination: part, flags: all | SystemEntry.user)
      }
    }
    var four: [SystemEntry] = [
      SystemEntry(destination: .page(2), flags: Self.tableFlags(&random))
    ]
    for index in 1..<3 {
      let size = xlen == .rv64 ? 0x200 : 0x400
      // Two pages of 2 MiB, the same 4 MiB twice; now and then not a multiple of the size.
      let place = xlen == .rv64 ? size * (index - 1) : 0
      let number =
        Self.largePages >> 12 + UInt64(place)
        + UInt64(random.chance(20) ? 1 + random.below(size - 1) : 0)
      four.append(
        SystemEntry(destination: .number(number), flags: Self.leafFlags(xlen, &random)))
    }
    four.append(
      random.chance(60)
        ? SystemEntry(destination: .page(3), flags: Self.tableFlags(&random))
        : SystemEntry(destination: .page(1 + random.below(3)), flags: random.next() & 0x3ff))
    for (index, entry) in four.enumerated() {
      if xlen == .rv64 { middle[index] = entry } else { root[0x300 + index] = entry }
    }
    entries = [root, middle]
    for _ in 0..<2 {
      var table: [Int: SystemEntry] = [:]
      for index in 0..<Self.pagesPerTable { table[index] = Self.smallPage(xlen, &random) }
      entries.append(table)
    }
  }

  private static func tableFlags(_ random: inout SplitMix64) -> UInt64 {
    random.chance(90)
      ? SystemEntry.valid | (random.chance(20) ? SystemEntry.global : 0)
      : SystemEntry.valid | random.next() & 0x3f0
  }

  /// Mostly valid and plausible, sometimes anything.
  private static func leafFlags(_ xlen: XLEN, _ random: inout SplitMix64) -> UInt64 {
    var flags: UInt64 =
      random.chance(15)
      ? random.next() & 0x3ff
      : random.pick([0x02, 0x06, 0x08, 0x0a, 0x0e, 0x0e, 0x0e]) | SystemEntry.valid
        | (random.chance(50) ? SystemEntry.user : 0) | (random.chance(70) ? 0xc0 : 0)
        | random.next() & 0x320
    if xlen == .rv64, random.chance(4) { flags |= 1 << UInt64(54 + random.below(10)) }
    return flags
  }

  private static func smallPage(_ xlen: XLEN, _ random: inout SplitMix64) -> SystemEntry {
    let flags = leafFlags(xlen, &random)
    // A pointer to another table at the last level is a fault, and must not be followed.
    if random.chance(8) {
      let address = hole + UInt64(random.below(16)) << 12
      let high: UInt64 = xlen == .rv64 && random.chance(50) ? 1 << 40 : 0
      return SystemEntry(destination: .number((address | high) >> 12), flags: flags)
    }
    return SystemEntry(destination: .page(4 + random.below(4)), flags: flags)
  }

  /// Whether one of the small pages at a place in a table is outside memory.
  func leavesMemory(_ index: Int) -> Bool {
    entries[2...].contains { table in
      guard case .number = table[index]?.destination else { return false }
      return true
    }
  }

  /// The entry as it is in memory, when page 0 of the program is at `start`.
  func bits(_ entry: SystemEntry, start: UInt64) -> UInt64 {
    let number =
      switch entry.destination {
      case .page(let page): (start >> 12) + UInt64(page)
      case .number(let number): number
      }
    return entry.flags | number << 10
  }
}
