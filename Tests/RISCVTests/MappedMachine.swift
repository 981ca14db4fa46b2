import RISCV

/// A machine behind page tables: the code where it is, and a window of pages that tests map.
struct MappedMachine {
  static let window: UInt64 = 0x4000_0000
  /// Valid, readable, writable, accessed, dirty; supervisor's or user's.
  static let data: UInt64 = 0xc7
  static let user: UInt64 = 0x10
  static let execute: UInt64 = 0x08

  let machine: Machine
  var hart: Hart { machine.hart }
  private let bytes: Int

  /// A machine in `mode`, about to execute `program` at its base. Traps go to 0x7000.
  init(
    _ program: [UInt32] = [], _ xlen: XLEN, engine: Engine, mode: PrivilegeMode = .supervisor,
    code: UInt64 = 0xc0 | 0xf, extensions: Extensions = []
  ) throws {
    let full = InstructionSet.rv64Full.extensions.union(extensions)
    machine = try Machine(
      program, InstructionSet(xlen: xlen, extensions: full), engine: engine)
    bytes = xlen == .rv64 ? 8 : 4
    let isWide = xlen == .rv64
    // Tables: root, middle, code, middle and lowest of the window.
    let tables = (0..<5).map { Machine.base + 0xa000 + UInt64($0) << 12 }
    if isWide {
      put(tables[0], 2, tables[1], 1)
      put(tables[1], 0, tables[2], 1)
      put(tables[0], 1, tables[3], 1)
      put(tables[3], 0, tables[4], 1)
    } else {
      put(tables[0], 0x200, tables[2], 1)
      put(tables[0], 0x100, tables[4], 1)
    }
    for page in 0..<8 {
      put(
        tables[2], page, Machine.base + UInt64(page) << 12,
        code | (mode == .user ? Self.user : 0))
    }
    hart.writeCSR(0x180, tables[0] >> 12 | (isWide ? 8 << 60 : 1 << 31))
    hart.writeCSR(0x305, Machine.base + 0x7000)
    hart.writeCSR(0x300, 0x2000)
    hart.privilege = mode
  }

  private func put(_ table: UInt64, _ index: Int, _ physical: UInt64, _ flags: UInt64) {
    let offset = Int(table - Machine.base) + bytes * index
    let entry = (physical >> 12) << 10 | flags
    for byte in 0..<bytes {
      machine.memory.storeBytes(
        of: UInt8(truncatingIfNeeded: entry >> UInt64(8 * byte)), toByteOffset: offset + byte,
        as: UInt8.self)
    }
  }

  /// Maps page `page` of the window to a physical page.
  func map(_ page: Int, to physical: UInt64, _ flags: UInt64 = data) {
    put(Machine.base + 0xe000, page, physical, flags)
  }

  /// The accessed and dirty bits of a page of the window, or of the code.
  func marks(_ page: Int, ofCode: Bool = false) -> UInt8 {
    machine.memory.load(
      fromByteOffset: (ofCode ? 0xc000 : 0xe000) + bytes * page, as: UInt8.self) >> 6
  }

  /// Where an instruction may put the address of a page of the window.
  static func address(_ page: Int, _ offset: UInt64 = 0) -> UInt64 {
    window + UInt64(page) << 12 + offset
  }
}
