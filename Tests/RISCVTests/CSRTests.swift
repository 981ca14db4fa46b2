import RISCV
import Testing

@Suite("Control and status registers")
struct CSRTests {
  /// Writes `value` to CSR `number` by an instruction and answers what it reads afterwards.
  private static func written(_ number: Int, _ value: UInt64, in machine: Machine) -> UInt64? {
    machine.place([assemble(.csrrw, rs1: 10, number)])
    machine.hart.invalidateCode()
    machine.hart.programCounter = Machine.base
    machine.hart[register: 10] = value
    _ = machine.hart.run(budget: 1)
    return machine.csr(number)
  }

  @Test(
    "registers keep exactly their legal bits",
    arguments: [
      (Register.mstatus, 0x1888 as UInt64, 0x1800 as UInt64), (Register.mie, 0x888, 0),
      (Register.mtvec, 0xffff_fffd, 0), (Register.mscratch, 0xffff_ffff, 0),
      (Register.mepc, 0xffff_fffc, 0), (Register.mcause, 0xffff_ffff, 0),
      (Register.mtval, 0xffff_ffff, 0), (Register.mip, 0, 0),
      (Register.misa, 0x4000_1100, 0x4000_0100),
      (Register.mcountinhibit, 5, 0), (0x310, 0, 0), (0x323, 0, 0), (0x33f, 0, 0), (0xb03, 0, 0),
      (0xb1f, 0, 0), (0xb83, 0, 0), (0xb9f, 0, 0),
    ])
  func legalBits(number: Int, ones: UInt64, zeros: UInt64) throws {
    let machine = try Machine()
    #expect(Self.written(number, 0xffff_ffff, in: machine) == ones)
    #expect(Self.written(number, 0, in: machine) == zeros)
    #expect(machine.csr(Register.mcause) == 0 || number == Register.mcause)
  }

  @Test("identification registers read as configured and refuse writes")
  func identification() throws {
    let hart = Hart(
      configuration: HartConfiguration(
        hartID: 5, vendorID: 1, architectureID: 2, implementationID: 3))
    let values = [0xf11: 1, 0xf12: 2, 0xf13: 3, 0xf14: 5, 0xf15: 0] as [UInt16: UInt64]
    for (number, value) in values { #expect(hart.readCSR(number) == value) }
    let machine = try Machine([assemble(.csrrs, rd: 1, 0xf14), assemble(.csrrsi, rs1: 1, 0xf14)])
    _ = machine.hart.run(budget: 2)
    #expect(machine.hart[register: 1] == 3)
    #expect(machine.csr(Register.mcause) == 2)
  }

  @Test("registers of modes and extensions that are not there are absent")
  func absent() throws {
    let machine = try Machine()
    for number in [
      0x001, 0x100, 0x106, 0x180, 0x302, 0x303, 0x306, 0x30a, 0x3f0, 0x747, 0xb01, 0xc03,
    ] {
      #expect(machine.csr(number) == nil)
    }
  }

  @Test("set and clear with x0 or 0 do not write, so that read-only registers can be read so")
  func readsWithoutWriting() throws {
    let machine = try Machine([
      assemble(.csrrs, rd: 1, rs1: 0, 0xc00), assemble(.csrrc, rd: 2, rs1: 0, 0xc02),
      assemble(.csrrsi, rd: 3, rs1: 0, 0xf14), assemble(.csrrci, rd: 4, rs1: 0, 0xf14),
      assemble(.csrrs, rd: 5, rs1: 6, 0xc00),
    ])
    _ = machine.hart.run(budget: 4)
    #expect(machine.csr(Register.mcause) == 0)
    #expect((1...4).map { machine.hart[register: $0] } == [0, 1, 3, 3])
    // x6 holds zero, but a register operand other than x0 counts as a write.
    _ = machine.hart.run(budget: 1)
    #expect(machine.csr(Register.mcause) == 2)
  }

  @Test("the six instruction forms read the old value and write, set or clear")
  func forms() throws {
    let machine = try Machine([
      assemble(.csrrw, rd: 1, rs1: 10, Register.mscratch),
      assemble(.csrrs, rd: 2, rs1: 11, Register.mscratch),
      assemble(.csrrc, rd: 3, rs1: 12, Register.mscratch),
      assemble(.csrrsi, rd: 4, rs1: 3, Register.mscratch),
      assemble(.csrrci, rd: 5, rs1: 1, Register.mscratch),
      assemble(.csrrwi, rd: 6, rs1: 31, Register.mscratch),
      assemble(.csrrw, rd: 10, rs1: 10, Register.mscratch),
    ])
    machine.hart[register: 10] = 0xf0
    machine.hart[register: 11] = 0x0c
    machine.hart[register: 12] = 0x30
    _ = machine.hart.run(budget: 7)
    #expect((1...6).map { machine.hart[register: $0] } == [0, 0xf0, 0xfc, 0xcc, 0xcf, 0xce])
    #expect(machine.hart[register: 10] == 31)
    #expect(machine.csr(Register.mscratch) == 0xf0)
  }

  @Test("a written counter reads as written by the next instruction", arguments: [true, false])
  func counterWrites(fast: Bool) throws {
    let machine = try Machine([
      assemble(.addi), assemble(.csrrw, rs1: 10, Register.minstret),
      assemble(.csrrs, rd: 1, Register.minstret), assemble(.csrrs, rd: 2, Register.minstret),
      assemble(.csrrw, rs1: 10, Register.mcycle), assemble(.csrrs, rd: 3, Register.mcycle),
      assemble(.addi), assemble(.csrrs, rd: 4, 0xc00), assemble(.csrrs, rd: 5, 0xc02),
      // The value a counter instruction replaces is the one before it.
      assemble(.csrrw, rd: 6, rs1: 0, Register.minstret),
      assemble(.csrrsi, rd: 7, rs1: 2, Register.minstret),
      assemble(.csrrs, rd: 8, Register.minstret),
    ])
    machine.hart[register: 10] = 1000
    if fast {
      _ = machine.hart.run(budget: 12)
    } else {
      for _ in 0..<12 { _ = machine.hart.step() }
    }
    #expect(
      (1...8).map { machine.hart[register: $0] } == [1000, 1001, 1000, 1002, 1006, 1007, 0, 2])
  }

  @Test("the carry into the upper half is exact")
  func counterCarry() throws {
    let machine = try Machine([
      assemble(.csrrw, rs1: 10, Register.mcycleh), assemble(.csrrw, rs1: 11, Register.mcycle),
      assemble(.csrrs, rd: 1, Register.mcycle), assemble(.csrrs, rd: 2, Register.mcycleh),
      assemble(.csrrs, rd: 3, Register.mcycle), assemble(.csrrs, rd: 4, Register.mcycleh),
    ])
    machine.hart[register: 10] = 6
    machine.hart[register: 11] = 0xffff_ffff
    _ = machine.hart.run(budget: 6)
    #expect((1...4).map { machine.hart[register: $0] } == [0xffff_ffff, 7, 1, 7])
  }

  @Test("inhibited counters stand still, keep what is written, and go on from there")
  func inhibit() throws {
    let machine = try Machine([
      assemble(.csrrwi, rs1: 4, Register.mcountinhibit),
      assemble(.csrrw, rs1: 10, Register.minstret), assemble(.addi), assemble(.addi),
      assemble(.csrrs, rd: 1, Register.minstret), assemble(.csrrs, rd: 2, Register.mcycle),
      assemble(.csrrwi, rs1: 1, Register.mcountinhibit),
      assemble(.csrrs, rd: 3, Register.minstret), assemble(.csrrs, rd: 4, Register.mcycle),
      assemble(.csrrs, rd: 5, Register.mcycle),
    ])
    machine.hart[register: 10] = 1000
    _ = machine.hart.run(budget: 10)
    // As on Spike, the new setting already governs the instruction that writes it.
    #expect((1...5).map { machine.hart[register: $0] } == [1000, 5, 1001, 6, 6])
    #expect(machine.hart.retiredInstructions == 10)
    #expect(machine.hart.cycle == 10)
  }

  @Test("waiting counts as cycles but not as instructions; exceptions count as neither")
  func stalls() throws {
    let machine = try Machine([assemble(.ecall)])
    machine.place([assemble(.addi)], at: 0x100)
    machine.place([assemble(.csrrw, rs1: 10, Register.mtvec)], at: 0x80)
    machine.hart[register: 10] = Machine.base + 0x100
    machine.hart.programCounter = Machine.base + 0x80
    _ = machine.hart.run(budget: 1)
    machine.hart.programCounter = Machine.base
    machine.hart.addStallCycles(40)
    _ = machine.hart.step()
    #expect(machine.csr(Register.mcycle) == 41)
    #expect(machine.csr(Register.minstret) == 1)
  }

  @Test("every register that can be read has a name of its own")
  func names() throws {
    for set in [InstructionSet.rv32Full, .rv64Full] {
      let hart = try Machine([], set).hart
      let names = (0..<4096 as Range<UInt16>).filter { hart.readCSR($0) != nil }.map {
        CSR.name(of: $0)
      }
      #expect(!names.contains(nil))
      #expect(Set(names).count == names.count)
    }
    #expect(CSR.name(of: 0x5c0) == nil)
  }

  @Test("what a debugger writes reads as written, whatever the present mode")
  func debuggerAccess() throws {
    let hart = try Machine([], .rv64Full).hart
    hart.privilege = .user
    #expect(hart.writeCSR(0x340, 0x1_0000_0002))
    #expect(hart.readCSR(0x340) == 0x1_0000_0002)
    #expect(hart.writeCSR(0xb00, 77))
    #expect(hart.readCSR(0xb00) == 77)
    #expect(!hart.writeCSR(0xc00, 1))
    #expect(!hart.writeCSR(0x5c0, 1))
  }
}
