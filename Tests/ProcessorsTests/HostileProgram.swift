import Fabric
import Processors
import RISCV
import SimKernel
import Testing

/// A state of memory, registers and control registers that no honest program leaves, as seeds give
/// it.
struct HostileProgram {
  /// What is done to the hart.
  enum Kind: String, CaseIterable, Sendable {
    /// Random bytes as instructions.
    case bytes
    /// Instructions with random operands whose registers point at the ends of everything.
    case instructions
    /// The same with many accesses of control registers.
    case controls
    /// The same in supervisor or user mode with page tables that point anywhere.
    case tables
    /// Handlers and delegations that lead from trap to trap.
    case traps
  }

  private static let code = Program.base
  private static let codeBytes = 0x4000
  private static let tables = Program.base + 0xC000
  private static let tableBytes = 0x3000

  private let kind: Kind
  private let xlen: XLEN
  private var random: SplitMix64
  private let encodings: [Encoding]

  /// Prepares a bench whose harts are about to run.
  static func prepare(_ bench: CoreBench, _ kind: Kind, _ xlen: XLEN, seed: UInt64) {
    var program = HostileProgram(
      kind: kind, xlen: xlen, random: SplitMix64(seed: seed),
      encodings: Encoding.all.filter { ($0.xlen ?? xlen) == xlen })
    program.fill(bench.memory)
    for core in bench.cores { program.set(core.hart) }
  }

  // MARK: Choices

  private mutating func chance(_ one: Int, of all: Int) -> Bool {
    Int.random(in: 0..<all, using: &random) < one
  }

  private mutating func pick<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  /// Ends of regions and of the address space, give or take a few bytes.
  private mutating func address() -> UInt64 {
    let ends: [UInt64] = [
      0, 0, xlen.mask, 1 << 31, 1 << 32, 1 << 34, 1 << 38, 0 &- (1 << 38), 1 << 39, 1 << 56,
      1 << 63, CoreBench.memoryBase, CoreBench.memoryBase + UInt64(CoreBench.memorySize),
      CoreBench.secondBase, CoreBench.secondBase + 4096, CoreBench.readOnlyBase,
      CoreBench.readOnlyBase + 4096, CoreBench.deviceBase, CoreBench.deviceBase + 0x40,
      CoreBench.toHost, CoreBench.fromHost,
    ]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return random.next()
    case 1, 2:
      return Self.code + UInt64.random(in: 0..<UInt64(CoreBench.memorySize), using: &random)
    default: return pick(ends) &+ UInt64(bitPattern: Int64.random(in: -17...17, using: &random))
    }
  }

  private mutating func codeAddress() -> UInt64 {
    Self.code + 4 * UInt64.random(in: 0..<UInt64(Self.codeBytes / 4), using: &random)
  }

  // MARK: Memory

  private mutating func fill(_ memory: BackingStore) {
    for offset in stride(from: 0, to: UInt64(Self.codeBytes), by: 4) {
      memory.write(UInt64(instruction()), bytes: 4, at: Self.code + offset)
    }
    for offset in stride(from: 0, to: UInt64(Self.tableBytes), by: 8) {
      memory.write(entry(), bytes: 8, at: Self.tables + offset)
    }
  }

  /// One instruction, or two compressed ones.
  private mutating func instruction() -> UInt32 {
    if kind == .bytes || chance(1, of: 12) {
      return UInt32(truncatingIfNeeded: random.next())
    }
    let encoding =
      kind == .controls && chance(1, of: 3)
      ? pick(encodings.filter { $0.format == .csrRegister || $0.format == .csrImmediate })
      : pick(encodings)
    func register() -> Int { Int.random(in: 0..<32, using: &random) }
    let immediate: Int =
      switch encoding.format {
      case .csrRegister, .csrImmediate: control()
      case .branch, .jump: 2 * Int.random(in: -64...64, using: &random)
      case .load, .store, .floatLoad, .floatStore: Int.random(in: -9...9, using: &random)
      default: Int(truncatingIfNeeded: random.next())
      }
    return encoding.word(
      rd: register(), rs1: register(), rs2: register(), rs3: register(), immediate: immediate,
      rounding: Int.random(in: 0..<8, using: &random), acquire: chance(1, of: 2))
  }

  private mutating func control() -> Int {
    chance(1, of: 4)
      ? Int.random(in: 0..<4096, using: &random)
      : pick(
        [0x001, 0x002, 0x003, 0xC00, 0xC01, 0xC02, 0x3A2, 0x30A, 0x31A, 0x320, 0x301, 0x302, 0x303]
          + [0x300, 0x304, 0x305, 0x306, 0x340, 0x341, 0x342, 0x343, 0x344, 0x3A0, 0x3B0, 0x3B1]
          + [0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180])
  }

  /// A page table entry, or two of RV32: to tables, memory, devices, or nothing.
  private mutating func entry() -> UInt64 {
    func one() -> UInt64 {
      let page: UInt64 =
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: Self.tables >> 12 + UInt64.random(in: 0..<3, using: &random)
        case 2...4: Self.code >> 12 + UInt64.random(in: 0..<16, using: &random)
        case 5: CoreBench.deviceBase >> 12
        case 6: 0x40000
        default: random.next() >> UInt64.random(in: 20..<63, using: &random)
        }
      let flags: UInt64 =
        chance(1, of: 3) ? 1 : chance(3, of: 4) ? 0xCF | 0x10 * (random.next() & 1) : random.next()
      return page << 10 | flags & 0x3FF
    }
    return xlen == .rv64 ? one() : one() & 0xFFFF_FFFF | one() << 32
  }

  // MARK: Registers

  private mutating func set(_ hart: Hart) {
    for register in 1..<32 { hart[register: register] = address() }
    for register in 0..<32 { hart[floatRegister: register] = random.next() }
    func write(_ number: Int, _ value: UInt64) { hart.writeCSR(UInt16(number), value) }
    // Mostly somewhere useful, so that the first trap is not the last thing that happens.
    let lost = chance(1, of: 8)
    write(ControlRegister.mtvec, lost ? address() : codeAddress() | (random.next() & 1))
    write(ControlRegister.stvec, chance(1, of: 4) ? address() : codeAddress() | (random.next() & 1))
    if chance(2, of: 3) { write(ControlRegister.mstatus, 3 << 13) }
    switch kind {
    case .bytes, .instructions: break
    case .controls:
      for _ in 0..<8 { write(control(), chance(1, of: 2) ? random.next() : address()) }
    case .tables:
      write(ControlRegister.satp, satp())
      write(ControlRegister.medeleg, random.next())
      write(ControlRegister.mstatus, random.next() & 0x7E_7FFF | 3 << 13)
      // Some of it translates in machine mode too.
      hart.privilege = pick([.user, .supervisor, .supervisor, .machine])
      if chance(1, of: 3) { protect(hart) }
    case .traps:
      write(ControlRegister.medeleg, pick([0, random.next(), .max]))
      write(ControlRegister.mideleg, pick([0, random.next(), .max]))
      write(ControlRegister.mie, random.next())
      write(ControlRegister.mstatus, random.next() & 0x1_FFFF)
      // The handlers are each other, nothing, a device, or an instruction that cannot be executed.
      let illegal = Self.code + 0x8000
      for vector in [ControlRegister.mtvec, ControlRegister.stvec] {
        write(vector, pick([0, illegal, illegal, CoreBench.deviceBase, codeAddress(), xlen.mask]))
      }
      hart.privilege = pick([.user, .supervisor, .machine])
      hart.programCounter = chance(1, of: 2) ? illegal : codeAddress()
    }
  }

  private mutating func satp() -> UInt64 {
    if chance(1, of: 6) { return random.next() }
    let page = Self.tables >> 12 + UInt64.random(in: 0..<3, using: &random)
    return page | (xlen == .rv32 ? 1 << 31 : 8 << 60)
  }

  private mutating func protect(_ hart: Hart) {
    for entry in (0..<16).reversed() where chance(1, of: 3) {
      hart.writeCSR(UInt16(ControlRegister.pmpaddr0 + entry), address() >> 2)
    }
    for index in [0, 2] where chance(1, of: 2) {
      hart.writeCSR(UInt16(ControlRegister.pmpcfg0 + index), random.next())
    }
  }
}
