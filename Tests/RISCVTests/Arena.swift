import RISCV
import Testing

/// A hart in surroundings that random programs find hard: memory of several kinds, devices that
/// answer or refuse, handlers that bring a program back that has gone astray.
final class Arena {
  /// Main memory: the program, both handlers, data, page tables.
  static let base: UInt64 = 0x8000_0000
  static let size = 0x4_0000
  static let (programBytes, handler, supervisorHandler) = (
    0x3000, 0x3000 as UInt64, 0x4000 as UInt64
  )
  static let (data, dataBytes) = (0x8000 as UInt64, 0x8000)
  static let tables: UInt64 = 0x1_0000
  /// Memory that cannot be written.
  static let rom: UInt64 = 0x2000_0000
  static let romSize = 0x4000
  /// Memory that begins and ends within pages.
  static let odd: UInt64 = 0x9000_0800
  static let oddSize = 0x1235
  /// Where virtual pages with all kinds of entries are.
  static let window: UInt64 = 0x8020_0000

  let hart: Hart
  let memory: UnsafeMutableRawPointer
  let oddMemory: UnsafeMutableRawPointer
  private let romMemory: UnsafeMutableRawPointer
  private let setting: Setting

  /// What kind of hart, and what it is doing.
  struct Setting: Sendable {
    var xlen = XLEN.rv64
    var extensions = InstructionSet.rv64Full.extensions
    var misaligned = MisalignedAccess.supported
    var privilege = PrivilegeMode.machine
    /// Whether data (and code, below machine mode) is translated.
    var isTranslated = false
    /// Whether machine mode loads and stores as user mode would.
    var modifiesPrivilege = false
    /// Whether protection restricts supervisor and user mode.
    var isProtected = false
    /// Whether exceptions go to supervisor mode.
    var delegates = false
    var seed: UInt64 = 0
  }

  init(_ setting: Setting, engine: Engine) throws {
    self.setting = setting
    hart = Hart(
      configuration: HartConfiguration(
        instructionSet: InstructionSet(xlen: setting.xlen, extensions: setting.extensions),
        misalignedAccess: setting.misaligned, engine: engine))
    memory = try #require(UnsafeMutableRawPointer.zeroed(byteCount: Self.size))
    oddMemory = try #require(UnsafeMutableRawPointer.zeroed(byteCount: Self.oddSize))
    romMemory = try #require(UnsafeMutableRawPointer.zeroed(byteCount: Self.romSize))
    try hart.add(MemoryRegion(base: Self.base, size: UInt64(Self.size), pointer: memory))
    try hart.add(
      MemoryRegion(
        base: Self.rom, size: UInt64(Self.romSize), pointer: romMemory, writable: false))
    try hart.add(MemoryRegion(base: Self.odd, size: UInt64(Self.oddSize), pointer: oddMemory))
    hart.watch(Self.base + Self.data + 0x1010)
    fill()
    start()
  }

  deinit {
    memory.free()
    oddMemory.free()
    romMemory.free()
  }

  // MARK: Contents

  private func fill() {
    var random = SeededGenerator(seed: setting.seed)
    let program = RandomProgram(xlen: setting.xlen, isMachine: setting.privilege == .machine)
    for (place, bytes) in [
      (memory, Self.programBytes), (romMemory, Self.romSize), (oddMemory, Self.oddSize - 1),
    ] {
      for (index, parcel) in program.parcels(count: bytes / 2, &random).enumerated() {
        place.storeBytes(of: parcel.littleEndian, toByteOffset: 2 * index, as: UInt16.self)
      }
    }
    place(words: handlerCode(.machine), at: Int(Self.handler))
    place(words: handlerCode(.supervisor), at: Int(Self.supervisorHandler))
    for offset in stride(from: Int(Self.data), to: Int(Self.data) + Self.dataBytes, by: 8) {
      memory.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
    }
    makeTables(&random)
  }

  func place(words: [UInt32], at offset: Int) {
    for (index, word) in words.enumerated() {
      memory.storeBytes(of: word.littleEndian, toByteOffset: offset + 4 * index, as: UInt32.self)
    }
  }

  /// Skips an instruction that raised an exception; goes on at x31 when none could be fetched.
  /// ECALL ends in machine mode when the program began there. Disables interrupts when one came.
  private func handlerCode(_ mode: PrivilegeMode) -> [UInt32] {
    let isMachine = mode == .machine
    let (cause, saved, enables) = isMachine ? (0x342, 0x341, 0x304) : (0x142, 0x141, 0x104)
    let back = assemble(isMachine ? .mret : .sret)
    let raises = isMachine && setting.privilege == .machine
    return [
      assemble(.csrrs, rd: 5, cause),
      assemble(.blt, rs1: 5, rs2: 0, 4 * 17),
      assemble(.beq, rs1: 5, rs2: 0, 4 * 14),
      assemble(.addi, rd: 30, 1),
      assemble(.beq, rs1: 5, rs2: 30, 4 * 12),
      assemble(.addi, rd: 30, 12),
      assemble(.beq, rs1: 5, rs2: 30, 4 * 10),
      assemble(.csrrs, rd: 30, saved),
      assemble(.addi, rd: 30, rs1: 30, 4),
      assemble(.csrrw, rs1: 30, saved),
      assemble(.andi, rd: 5, rs1: 5, -2),
      assemble(.addi, rd: 5, rs1: 5, raises ? -8 : 1),
      assemble(.bne, rs1: 5, rs2: 0, 4 * 3),
      assemble(.lui, rd: 5, 2),
      assemble(.csrrs, rs1: 5, 0x300),
      back,
      // Fetch faults come here, interrupts to the next but one.
      assemble(.csrrw, rs1: 31, saved),
      back,
      assemble(.csrrw, rs1: 0, enables),
      back,
    ]
  }

  /// Page tables: main memory as it is, and a window of 64 pages with all kinds of entries.
  private func makeTables(_ random: inout SeededGenerator) {
    let bytes = setting.xlen == .rv64 ? 8 : 4
    func put(_ table: UInt64, _ index: Int, _ physical: UInt64, _ flags: UInt64) {
      let offset = Int(Self.tables + table * 0x1000) + bytes * index
      let entry = (physical >> 12) << 10 | flags
      if bytes == 8 {
        memory.storeBytes(of: entry.littleEndian, toByteOffset: offset, as: UInt64.self)
      } else {
        let entry = UInt32(truncatingIfNeeded: entry)
        memory.storeBytes(of: entry.littleEndian, toByteOffset: offset, as: UInt32.self)
      }
    }
    func table(_ number: UInt64) -> UInt64 { Self.base + Self.tables + number * 0x1000 }
    // Tables 0 root, 1 middle, 2 main memory, 3 window; RV32 has neither 1 nor 3.
    let windowTable: (UInt64, Int)
    if setting.xlen == .rv64 {
      put(0, 2, table(1), 1)
      put(1, 0, table(2), 1)
      put(1, 1, table(3), 1)
      windowTable = (3, 0)
    } else {
      put(0, 0x200, table(2), 1)
      windowTable = (2, 0x200)
    }
    let user: UInt64 = setting.privilege == .supervisor ? 0 : 0x10
    for page in 0..<Self.size >> 12 {
      let isHandler = page == Int(Self.supervisorHandler) >> 12
      // With Svadu some pages were never accessed.
      let marks: UInt64 =
        setting.extensions.contains(.svadu) && Bool.random(using: &random) ? 0 : 0xc0
      put(2, page, Self.base + UInt64(page) << 12, 0xf | marks | (isHandler ? 0 : user))
    }
    for page in 0..<64 {
      let kinds: [UInt64] = [
        Self.base + Self.data, Self.base + Self.data, Self.base + Self.data, Self.rom, Self.odd,
        Self.odd + 0x1000, Self.base, Self.base + Self.tables, 0x1000_0000,
      ]
      let kind = kinds.randomElement(using: &random) ?? 0
      let isData = kind == Self.base + Self.data
      let physical = kind + UInt64.random(in: 0..<(isData ? 8 : 4), using: &random) << 12
      let flags = UInt64.random(in: 0..<256, using: &random)
      // Most of them good for something.
      put(
        windowTable.0, windowTable.1 + page, physical,
        page % 4 == 0 ? flags | user : 0xc3 | user | (flags & 0xc))
    }
  }

  // MARK: Starting

  /// Puts the hart at the start of the program, whatever it did before.
  func start() {
    var random = SeededGenerator(seed: setting.seed + 1)
    hart.reset(pc: Self.base)
    let corners: [UInt64] = [
      0, 1, 2, 31, 32, 63, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000,
      0xffff_ffff, 1 << 63, .max, .max - 1, 0xffff_ffff_8000_0000,
    ]
    for register in 1..<32 {
      let value = corners.randomElement(using: &random) ?? 0
      hart[register: register] = Bool.random(using: &random) ? value : random.next()
      let single = 0xffff_ffff_0000_0000 | random.next() >> 32
      let double = (Double.random(in: -1000...1000, using: &random)).bitPattern
      hart[floatRegister: register] = [single, double, random.next()][register % 3]
    }
    for (index, register) in RandomProgram.pointers.enumerated() {
      hart[register: register] = pointer(index, &random)
    }
    hart[register: 31] = Self.base + 0x800
    let supervisor = setting.extensions.contains(.supervisor)
    // Floating point in all states but off.
    let status = UInt64.random(in: 1...3, using: &random) << 13
    hart.writeCSR(0x300, status)
    hart.writeCSR(0x305, Self.base + Self.handler)
    hart.writeCSR(0x306, 7)
    if supervisor {
      hart.writeCSR(0x105, Self.base + Self.supervisorHandler)
      hart.writeCSR(0x106, 5)
      if setting.delegates {
        hart.writeCSR(0x302, 0xb1ff)
        hart.writeCSR(0x303, 0x222)
      }
    }
    if setting.extensions.contains(.svadu) { hart.writeCSR(menvcfg.0, menvcfg.1) }
    if setting.isProtected { protect(&random) }
    if setting.isTranslated {
      let root = (Self.base + Self.tables) >> 12
      hart.writeCSR(0x180, setting.xlen == .rv64 ? 8 << 60 | root : 1 << 31 | root)
      // Supervisor access to user pages, executable pages readable.
      hart.writeCSR(0x300, status | UInt64.random(in: 0...3, using: &random) << 18)
    }
    if setting.modifiesPrivilege, let status = hart.readCSR(0x300) {
      hart.writeCSR(0x300, status | 1 << 17)
    }
    hart.privilege = setting.privilege
  }

  /// Somewhere to go on: mostly in the program, at times in other memory.
  func target(_ random: inout SeededGenerator) -> UInt64 {
    let offset = UInt64.random(in: 0..<0x1000, using: &random) & ~1
    switch Int.random(in: 0..<10, using: &random) {
    case 0...1 where setting.isTranslated && setting.privilege != .machine:
      return Self.window + UInt64.random(in: 0..<64, using: &random) << 12 + offset
    case 0: return Self.odd + offset
    case 1: return Self.rom + 4 * offset
    case 2: return Self.base + Self.data + offset
    default: return Self.base + UInt64.random(in: 0..<3, using: &random) << 12 + offset
    }
  }

  /// Lets the program go on elsewhere, in the mode it began in, with these interrupts enabled.
  func restore(programCounter: UInt64, interrupts: UInt64) {
    hart.writeCSR(0x304, interrupts)
    let isAligned = programCounter & 2 == 0 || hart.readCSR(0x301).map { $0 & 4 != 0 } ?? false
    hart.programCounter = isAligned ? programCounter : programCounter - 2
    hart.privilege = setting.privilege
  }

  /// `menvcfg.ADUE` and the register that holds it.
  private var menvcfg: (UInt16, UInt64) {
    setting.xlen == .rv64 ? (0x30a, 1 << 61) : (0x31a, 1 << 29)
  }

  /// Where the registers that loads and stores use point to.
  private func pointer(_ index: Int, _ random: inout SeededGenerator) -> UInt64 {
    if setting.isTranslated {
      let page = UInt64.random(in: 1..<62, using: &random)
      return Self.window + page << 12
        + ([0x800, 0xffe, 0x10, 0xff8].randomElement(using: &random) ?? 0)
    }
    return [
      Self.base + Self.data + 0x1000, Self.base + Self.data + 0x2ffe, Self.rom + 0x800,
      0x1000_0000, Self.odd + (Bool.random(using: &random) ? 0x7f8 : UInt64(Self.oddSize) - 8),
    ][index]
  }

  /// Small ranges with little in data and in the program, the rest of memory free or not.
  private func protect(_ random: inout SeededGenerator) {
    var configuration: UInt64 = 0
    for entry in 0..<3 {
      let (first, bytes): (UInt64, UInt64) =
        entry == 2 ? (0x1000, 0x2000) : (Self.data, UInt64(Self.dataBytes))
      let start = Self.base + first + UInt64.random(in: 0..<bytes / 64, using: &random) * 64
      let size = UInt64(8) << UInt64.random(in: 0...10, using: &random)
      hart.writeCSR(UInt16(0x3b0 + entry), (start & ~(size - 1) | (size / 2 - 1)) >> 2)
      configuration |= (0x18 | UInt64.random(in: 0...7, using: &random)) << UInt64(8 * entry)
    }
    hart.writeCSR(0x3b3, .max)
    configuration |= (0x18 | ([7, 7, 5].randomElement(using: &random) ?? 7)) << 24
    hart.writeCSR(0x3a0, configuration)
  }

  // MARK: Running

  /// Does what the hart asks for, with answers that depend on the address alone; whether it can go
  /// on.
  func answer(_ exit: Exit) -> Bool {
    let step: Step
    switch exit {
    case .deviceLoad(let address, _):
      if address & 0x10 != 0 { return refuse() }
      step = hart.completeLoad(address &* 0x9e37_79b9_7f4a_7c15)
    case .deviceStore(let address, _, _):
      if address & 0x10 != 0 { return refuse() }
      step = hart.completeStore()
    case .budget, .wfi, .synchronise, .hostStore: return true
    case .semihosting, .environmentCall, .doubleFault: return false
    }
    if case .stopped(let next) = step { return answer(next) }
    return true
  }

  private func refuse() -> Bool {
    hart.failAccess()
    return true
  }

  /// The first thing in which two arenas differ, or nil. `all` looks at everything there is.
  static func difference(_ a: Arena, _ b: Arena, all: Bool) -> String? {
    let (h, k) = (a.hart, b.hart)
    if h.programCounter != k.programCounter { return "pc" }
    if h.privilege != k.privilege { return "privilege" }
    if h.cycle != k.cycle { return "cycle" }
    if h.retiredInstructions != k.retiredInstructions { return "retired instructions" }
    for number in 0..<32 {
      if h[register: number] != k[register: number] { return "x\(number)" }
      if h[floatRegister: number] != k[floatRegister: number] { return "f\(number)" }
    }
    let few: [UInt16] = [0x300, 0x341, 0x342, 0x343, 0x141, 0x142, 0x143, 0x003, 0x344, 0x301]
    for number in all ? Array(0..<4096) : few where h.readCSR(number) != k.readCSR(number) {
      return csrName(number)
    }
    guard all else { return nil }
    for region in 0..<3 where h.traffic(ofRegion: region) != k.traffic(ofRegion: region) {
      return "traffic of region \(region)"
    }
    if !a.memory.equals(b.memory, byteCount: size) { return "memory" }
    if !a.oddMemory.equals(b.oddMemory, byteCount: oddSize) { return "odd memory" }
    return nil
  }
}
