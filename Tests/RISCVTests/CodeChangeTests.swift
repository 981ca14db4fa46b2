import RISCV
import Testing

/// Code that changes, lies across pages, or cannot be written; by both engines.
@Suite("Code in memory")
struct CodeChangeTests {
  @Test(
    "a store to the code just ahead takes effect at once, with or without fence.i",
    arguments: Engine.allCases, [InstructionSet.rv32Full, .rv64Full])
  func codeAhead(engine: Engine, set: InstructionSet) throws {
    for fence in [Operation.fenceI, .fence] {
      for budget in [1, 2, 5, 7, 1000] {
        // x2 grows by 1, then 2, then 3 …
        let machine = try Machine(
          [
            assemble(.add, rd: 11, rs1: 11, rs2: 12), assemble(.sw, rs1: 10, rs2: 11, 16),
            assemble(.addi, rd: 1, rs1: 1, 1), assemble(fence), assemble(.addi, rd: 2, rs1: 2, 0),
            assemble(.jal, rd: 0, -20),
          ], set, engine: engine)
        machine.hart[register: 10] = Machine.base
        machine.hart[register: 11] = UInt64(assemble(.addi, rd: 2, rs1: 2, 0))
        machine.hart[register: 12] = 0x10_0000
        while machine.hart.cycle < 60 {
          _ = machine.hart.run(budget: min(budget, 60 - Int(machine.hart.cycle)))
        }
        #expect(machine.hart[register: 1] == 10)
        #expect(machine.hart[register: 2] == 55)
      }
    }
  }

  @Test(
    "compressed code and data share a page, in any order of halves", arguments: Engine.allCases)
  func dataAmongCode(engine: Engine) throws {
    // Stores go to the parcels behind a jump over them; then the loop's own c.addi is replaced.
    let machine = try Machine([], .rv64Full, engine: engine)
    machine.place(
      parcels: [0x0085 /* c.addi x1, 1 */, 0x0001, 0x0085], at: 0)
    machine.place(
      [
        assemble(.sh, rs1: 10, rs2: 12, 14), assemble(.jal, rd: 0, 8), 0xffff_ffff,
        assemble(.jal, rd: 0, -18),
      ], at: 6)
    machine.hart[register: 10] = Machine.base
    machine.hart[register: 12] = 0x7777
    #expect(machine.hart.run(budget: 60) == RunResult(exit: .budget, executed: 60))
    #expect(machine.hart[register: 1] == 20)
    #expect(machine.word(at: 14) & 0xffff == 0x7777)
    // c.addi x1, 2 in place of the first.
    machine.hart[register: 12] = 0x0089
    machine.place([assemble(.sh, rs1: 10, rs2: 12, 0)], at: 6)
    machine.hart.invalidateCode(at: Machine.base + 6, count: 4)
    #expect(machine.hart.run(budget: 12).executed == 12)
    #expect(machine.hart[register: 1] == 20 + 2 + 3)
  }

  @Test(
    "an instruction that lies across two pages follows changes of either half",
    arguments: Engine.allCases)
  func straddling(engine: Engine) throws {
    for half in [0, 1] {
      let machine = try Machine([], .rv64Full, engine: engine)
      let changed = assemble(.addi, rd: 1, rs1: 1, 0)
      machine.place(
        [
          assemble(.add, rd: 11, rs1: 11, rs2: 12), assemble(.sh, rs1: 10, rs2: 11, 2 * half),
        ], at: 0xff4)
      machine.place(parcels: [0x0001], at: 0xffc)
      machine.place([changed, assemble(.jal, rd: 0, -0xe)], at: 0xffe)
      machine.hart[register: 10] = Machine.base + 0xffe
      // The immediate in the upper half, the destination in the lower.
      machine.hart[register: 11] = UInt64(changed >> UInt32(16 * half))
      machine.hart[register: 12] = half == 1 ? 0x10 : 0x80
      machine.hart[register: 1] = 5
      machine.hart.programCounter = Machine.base + 0xff4
      for budget in [1, 2, 3, 4, 5, 10] { _ = machine.hart.run(budget: budget) }
      if half == 1 {
        #expect(machine.hart[register: 1] == 5 + 1 + 2 + 3 + 4 + 5)
      } else {
        #expect((2...6).map { machine.hart[register: $0] } == [5, 5, 5, 5, 5])
      }
    }
  }

  @Test("code runs from memory that cannot be written, and no store changes it")
  func readOnly() throws {
    for engine in Engine.allCases {
      let machine = try Machine([assemble(.addi, rd: 3, 9)], .rv32Full, engine: engine)
      let rom = try #require(UnsafeMutableRawPointer.zeroed(byteCount: 0x1000))
      defer { rom.free() }
      let code = [
        assemble(.addi, rd: 1, rs1: 1, 1), assemble(.lw, rd: 2, rs1: 10, 4),
        assemble(.blt, rs1: 1, rs2: 12, -8), assemble(.sw, rs1: 10, rs2: 11),
      ]
      for (index, word) in code.enumerated() {
        rom.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
      }
      try machine.hart.add(
        MemoryRegion(base: 0x2000, size: 0x1000, pointer: rom, writable: false))
      machine.hart.writeCSR(0x305, Machine.base)
      machine.hart[register: 10] = 0x2000
      machine.hart[register: 12] = 20
      machine.hart.programCounter = 0x2000
      #expect(machine.hart.run(budget: 61) == RunResult(exit: .budget, executed: 61))
      #expect(machine.hart[register: 2] == UInt64(code[1]))
      #expect(machine.hart[register: 3] == 9)
      #expect(machine.csr(Register.mcause) == 7)
      #expect(machine.csr(Register.mepc) == 0x200c)
      #expect(machine.csr(Register.mtval) == 0x2000)
      #expect(rom.load(as: UInt32.self) == code[0])
      #expect(machine.hart.traffic(ofRegion: 1).loads == 20)
      #expect(machine.hart.traffic(ofRegion: 1).stores == 0)
    }
  }

  @Test("switching compressed instructions off and on changes what parcels and jumps mean")
  func compressedOff() throws {
    for engine in Engine.allCases {
      let machine = try Machine([], .rv64Full, engine: engine)
      // The handler switches them on again and returns.
      machine.place(
        [
          assemble(.csrrs, rd: 6, Register.mtval), assemble(.addi, rd: 7, rs1: 7, 1),
          assemble(.csrrsi, rs1: 4, Register.misa), assemble(.mret),
        ], at: 0x400)
      machine.hart.writeCSR(0x305, Machine.base + 0x400)
      machine.place(parcels: [0x0085, 0x0085], at: 0)
      machine.place(
        [
          assemble(.addi, rd: 2, rs1: 2, 1), assemble(.csrrci, rs1: 4, Register.misa),
          assemble(.jal, rd: 0, -12),
        ], at: 4)
      // Parcels legal, then illegal, then legal.
      #expect(machine.hart.run(budget: 5).executed == 5)
      #expect(machine.hart[register: 1] == 2)
      #expect(machine.csr(Register.misa).map { $0 & 4 } == 0)
      #expect(machine.hart.run(budget: 6).executed == 6)
      #expect(machine.hart[register: 1] == 4)
      #expect(machine.hart[register: 6] == 0x0085)
      #expect(machine.csr(Register.mcause) == 2)
      #expect(machine.csr(Register.mepc) == Machine.base)
      // A jump to the middle of a word.
      machine.place([assemble(.csrrci, rs1: 4, Register.misa)], at: 0x100)
      machine.place([assemble(.jal, rd: 5, 6)], at: 0x104)
      machine.place(parcels: [0x0085], at: 0x10a)
      for start in [0x104, 0x100] as [UInt64] {
        machine.hart.programCounter = Machine.base + start
        machine.hart[register: 5] = 0
        _ = machine.hart.run(budget: start == 0x104 ? 1 : 5)
        if start == 0x104 {
          #expect(machine.hart.programCounter == Machine.base + 0x10a)
        } else {
          #expect(machine.csr(Register.mcause) == 0)
          #expect(machine.csr(Register.mtval) == Machine.base + 0x10a)
          #expect(machine.hart[register: 5] == 0)
        }
      }
      #expect(machine.hart[register: 7] == 2)
    }
  }

  @Test("switching floating point off makes decoded instructions illegal")
  func floatingPointOff() throws {
    for engine in Engine.allCases {
      let machine = try Machine(
        [
          assemble(.faddD, rd: 1, rs1: 1, rs2: 2), assemble(.fld, rd: 3, rs1: 10),
          assemble(.fsd, rs1: 10, rs2: 1, 8), assemble(.jal, rd: 0, -12),
        ], .rv64Full, engine: engine)
      machine.hart.writeCSR(0x305, Machine.base + 0x400)
      machine.hart.writeCSR(0x300, 0x2000)
      machine.hart[register: 10] = Machine.base + 0x800
      machine.hart[floatRegister: 2] = (1.5).bitPattern
      #expect(machine.hart.run(budget: 40).executed == 40)
      #expect(Double(bitPattern: machine.hart[floatRegister: 1]) == 15)
      #expect(machine.csr(Register.mstatus).map { $0 >> 13 & 3 } == 3)
      for (offset, off) in [(0, 0x300), (4, 0x300), (8, 0x300), (0, 0x301)] as [(UInt64, UInt16)] {
        let old = try #require(machine.hart.readCSR(off))
        machine.hart.writeCSR(off, off == 0x300 ? 0 : old & ~8)
        machine.hart.programCounter = Machine.base + offset
        guard case .trapped(let trap) = machine.hart.step() else {
          Issue.record("still legal")
          return
        }
        #expect(trap.cause == .illegalInstruction)
        machine.hart.programCounter = Machine.base + offset
        _ = machine.hart.run(budget: 1)
        #expect(machine.csr(Register.mepc) == Machine.base + offset)
        machine.hart.writeCSR(off, old)
      }
    }
  }
}
