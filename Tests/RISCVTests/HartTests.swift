import RISCV
import Testing

@Suite("Running a hart")
struct HartTests {
  @Test("the budget is exact, one cycle for each instruction", arguments: Engine.allCases)
  func budget(engine: Engine) throws {
    let machine = try Machine(
      [assemble(.addi, rd: 1, rs1: 1, 1), assemble(.jal, rd: 0, -4)], engine: engine)
    for budget in [0, 1, 2, 3, 1000, 1001] {
      let cycle = machine.hart.cycle
      #expect(machine.hart.run(budget: budget) == RunResult(exit: .budget, executed: budget))
      #expect(machine.hart.cycle == cycle + UInt64(budget))
    }
    #expect(machine.hart[register: 1] == 1004)
    #expect(machine.hart.retiredInstructions == 2007)
  }

  @Test("x0 stays zero whatever writes it", arguments: Engine.allCases)
  func zeroRegister(engine: Engine) throws {
    let machine = try Machine(
      [
        assemble(.addi, rd: 0, rs1: 0, 5), assemble(.lui, rd: 0, 5), assemble(.jal, rd: 0, 4),
        assemble(.lw, rd: 0, rs1: 10), assemble(.csrrs, rd: 0, 0xf14),
        assemble(.mul, rs1: 10, rs2: 10),
        assemble(.addi, rd: 1, rs1: 0, 7),
      ], engine: engine)
    machine.hart[register: 10] = Machine.base
    machine.hart[register: 0] = 9
    _ = machine.hart.run(budget: 7)
    #expect(machine.hart[register: 0] == 0)
    #expect(machine.hart[register: 1] == 7)
  }

  @Test(
    "a device load does not retire until it is answered, then extends as the instruction says",
    arguments: [
      (Operation.lb, 1, 0xffff_ff80 as UInt64), (.lbu, 1, 0x80), (.lh, 2, 0xffff_8180),
      (.lhu, 2, 0x8180), (.lw, 4, 0x8382_8180),
    ])
  func deviceLoad(operation: Operation, bytes: Int, expected: UInt64) throws {
    let machine = try Machine([assemble(.addi), assemble(operation, rd: 7, rs1: 10, 4)])
    machine.hart[register: 10] = 0x1000_0000
    let exit = Exit.deviceLoad(address: 0x1000_0004, bytes: bytes)
    #expect(machine.hart.run(budget: 9) == RunResult(exit: exit, executed: 1))
    #expect(machine.hart.retiredInstructions == 1)
    #expect(machine.hart.programCounter == Machine.base + 4)
    machine.hart.addStallCycles(10)
    guard case .retired(let retired) = machine.hart.completeLoad(0xffff_ffff_8382_8180) else {
      Issue.record("did not retire")
      return
    }
    #expect(machine.hart[register: 7] == expected)
    #expect(machine.hart.cycle == 12)
    #expect(machine.hart.retiredInstructions == 2)
    #expect(machine.hart.programCounter == Machine.base + 8)
    #expect(retired.integerWrite?.value == expected)
    #expect(retired.load?.bytes == bytes)
  }

  @Test("a device store carries the low bytes and retires when it is answered")
  func deviceStore() throws {
    for (operation, bytes, value) in [
      (Operation.sb, 1, 0x78 as UInt64), (.sh, 2, 0x5678), (.sw, 4, 0x1234_5678),
    ] {
      let machine = try Machine([assemble(operation, rs1: 10, rs2: 11, -4)])
      machine.hart[register: 10] = 0x1000_0004
      machine.hart[register: 11] = 0x1234_5678
      let exit = Exit.deviceStore(address: 0x1000_0000, bytes: bytes, value: value)
      #expect(machine.hart.run(budget: 9) == RunResult(exit: exit, executed: 0))
      machine.hart.completeStore()
      #expect(machine.hart.cycle == 1)
      #expect(machine.hart.programCounter == Machine.base + 4)
    }
  }

  @Test("an unanswered device access is made again by the next run")
  func unansweredAccess() throws {
    let machine = try Machine([assemble(.lw, rd: 7, rs1: 10)])
    machine.hart[register: 10] = 0x1000_0000
    let first = machine.hart.run(budget: 9)
    #expect(machine.hart.run(budget: 9) == first)
  }

  @Test("misaligned accesses to memory work, across regions too", arguments: Engine.allCases)
  func misaligned(engine: Engine) throws {
    let machine = try Machine(
      [
        assemble(.sw, rs1: 10, rs2: 11, 1), assemble(.lw, rd: 1, rs1: 10, 1),
        assemble(.lh, rd: 2, rs1: 10, 3), assemble(.sh, rs1: 12, rs2: 11, -1),
        assemble(.lhu, rd: 3, rs1: 12, -1),
      ], engine: engine)
    let more = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
    defer { more.deallocate() }
    let end = Machine.base + UInt64(Machine.size)
    try machine.hart.add(MemoryRegion(base: end, size: 16, pointer: more))
    machine.hart[register: 10] = Machine.base + 0x100
    machine.hart[register: 11] = 0x8765_4321
    machine.hart[register: 12] = end
    #expect(machine.hart.run(budget: 5).exit == .budget)
    #expect(machine.hart[register: 1] == 0x8765_4321)
    #expect(machine.hart[register: 2] == 0xffff_8765)
    #expect(machine.hart[register: 3] == 0x4321)
    #expect(more.load(as: UInt8.self) == 0x43)
  }

  @Test(
    "wfi retires and reports that nothing is pending; a pending interrupt makes it a no-op",
    arguments: Engine.allCases)
  func wfi(engine: Engine) throws {
    let machine = try Machine(
      [assemble(.csrrw, rs1: 10, Register.mie), assemble(.wfi)], engine: engine)
    machine.hart[register: 10] = 0x80
    // The lines were known at the first instruction's cycle, not at that of the wfi.
    #expect(machine.hart.run(budget: 9) == RunResult(exit: .synchronise, executed: 1))
    #expect(machine.hart.run(budget: 8) == RunResult(exit: .wfi, executed: 1))
    #expect(machine.hart.programCounter == Machine.base + 8)
    machine.hart.setInterruptPending(0x800)
    #expect(!machine.hart.interruptPendingAndEnabled)
    machine.hart.setInterruptPending(0x80)
    #expect(machine.hart.interruptPendingAndEnabled)
    machine.hart.programCounter = Machine.base + 4
    #expect(
      machine.hart.run(budget: 9, synchronised: false)
        == RunResult(exit: .synchronise, executed: 0))
    #expect(machine.hart.run(budget: 1) == RunResult(exit: .budget, executed: 1))
  }

  @Test(
    "instructions that read the time or the interrupt lines wait for synchronisation",
    arguments: Engine.allCases)
  func synchronise(engine: Engine) throws {
    for csr in [Register.time, 0xc81, Register.mip] {
      let machine = try Machine(
        [assemble(.addi), assemble(.csrrs, rd: 1, csr), assemble(.addi)], engine: engine)
      machine.hart.setTime(0x7_0000_0007)
      machine.hart.setInterruptPending(0x80)
      #expect(machine.hart.run(budget: 9) == RunResult(exit: .synchronise, executed: 1))
      #expect(
        machine.hart.run(budget: 9, synchronised: false)
          == RunResult(exit: .synchronise, executed: 0))
      #expect(machine.hart.run(budget: 2) == RunResult(exit: .budget, executed: 2))
      #expect(machine.hart[register: 1] == (csr == Register.mip ? 0x80 : 7))
    }
  }

  @Test(
    "a store that reaches the watched double word retires and stops the run",
    arguments: Engine.allCases)
  func watch(engine: Engine) throws {
    let machine = try Machine(
      [
        assemble(.sw, rs1: 10, rs2: 11, -4), assemble(.sw, rs1: 10, rs2: 11, 0),
        assemble(.sb, rs1: 10, rs2: 11, 7), assemble(.sw, rs1: 10, rs2: 11, 8),
        assemble(.sw, rs1: 10, rs2: 11, -3), assemble(.addi),
      ], engine: engine)
    let address = Machine.base + 0x2000
    machine.hart.watch(address)
    machine.hart[register: 10] = address
    machine.hart[register: 11] = 0x1_01
    var exit = Exit.hostStore(address: address, bytes: 4, value: 0x101)
    #expect(machine.hart.run(budget: 9) == RunResult(exit: exit, executed: 2))
    #expect(machine.word(at: 0x2000) == 0x101)
    exit = .hostStore(address: address + 7, bytes: 1, value: 1)
    #expect(machine.hart.run(budget: 9) == RunResult(exit: exit, executed: 1))
    // A misaligned store that overlaps the first byte.
    exit = .hostStore(address: address - 3, bytes: 4, value: 0x101)
    #expect(machine.hart.run(budget: 9) == RunResult(exit: exit, executed: 2))
    machine.hart.watch(nil)
    machine.hart.programCounter = Machine.base
    #expect(machine.hart.run(budget: 6).exit == .budget)
  }

  @Test("a program may change code that it has executed before", arguments: [1, 2, 4])
  func selfModification(bytes: Int) throws {
    let store = bytes == 1 ? Operation.sb : bytes == 2 ? .sh : .sw
    // A loop that adds 1, then 2, then 3 … to x1 by rewriting the immediate of the addition.
    let machine = try Machine([
      assemble(.addi, rd: 1, rs1: 1, 1), assemble(.add, rd: 11, rs1: 11, rs2: 12),
      assemble(store, rs1: 10, rs2: 11), assemble(.jal, rd: 0, -12),
    ])
    let address = [1: 3, 2: 2, 4: 0][bytes] ?? 0
    machine.hart[register: 10] = Machine.base + UInt64(address)
    machine.hart[register: 11] = UInt64(assemble(.addi, rd: 1, rs1: 1, 1) >> UInt32(8 * address))
    machine.hart[register: 12] = bytes == 1 ? 1 : bytes == 2 ? 0x10 : 0x10_0000
    _ = machine.hart.run(budget: 4 * 5)
    // A byte holds bits 11:4 of the immediate.
    #expect(machine.hart[register: 1] == (bytes == 1 ? 1 + 17 + 33 + 49 + 65 : 15))
  }

  @Test("a misaligned store changes the code in both words it touches", arguments: Engine.allCases)
  func misalignedSelfModification(engine: Engine) throws {
    let next = assemble(.addi, rd: 2, rs1: 2, 1)
    let machine = try Machine(
      [
        assemble(.addi, rd: 1, rs1: 1, 0), next, assemble(.sh, rs1: 10, rs2: 11),
        assemble(.jal, rd: 0, -12),
      ], engine: engine)
    machine.hart[register: 10] = Machine.base + 3
    // Immediate 16 for the first word; rd of the second becomes x3.
    machine.hart[register: 11] = UInt64(1 | (next & 0x7f | 1 << 7) << 8) & 0xffff
    _ = machine.hart.run(budget: 8)
    #expect(machine.hart[register: 1] == 16)
    #expect(machine.hart[register: 2] == 1)
    #expect(machine.hart[register: 3] == 2)
  }

  @Test("writes of other masters are seen after fence.i or an invalidation of their addresses")
  func otherMasters() throws {
    let machine = try Machine([assemble(.addi, rd: 1, rs1: 1, 1), assemble(.fenceI)])
    _ = machine.hart.run(budget: 1)
    machine.place([assemble(.addi, rd: 1, rs1: 1, 100)])
    _ = machine.hart.run(budget: 1)
    machine.hart.programCounter = Machine.base
    _ = machine.hart.run(budget: 1)
    #expect(machine.hart[register: 1] == 101)
    machine.place([assemble(.addi, rd: 1, rs1: 1, 1000)])
    machine.hart.invalidateCode(at: 0, count: .max)
    machine.hart.programCounter = Machine.base
    _ = machine.hart.run(budget: 1)
    #expect(machine.hart[register: 1] == 1101)
    machine.place([assemble(.addi, rd: 1, rs1: 1, 7)])
    machine.hart.invalidateCode(at: Machine.base + 3, count: 1)
    machine.hart.programCounter = Machine.base
    _ = machine.hart.run(budget: 1)
    #expect(machine.hart[register: 1] == 1108)
  }

  @Test("reset brings back the initial state and keeps memory")
  func reset() throws {
    let machine = try Machine([
      assemble(.addi, rd: 1, 5), assemble(.csrrw, rs1: 1, Register.mscratch),
      assemble(.csrrw, rs1: 1, Register.mcountinhibit),
    ])
    _ = machine.hart.run(budget: 3)
    machine.hart.reset(pc: Machine.base)
    #expect(machine.hart[register: 1] == 0)
    #expect(machine.csr(Register.mscratch) == 0)
    #expect(machine.csr(Register.mcountinhibit) == 0)
    #expect(machine.hart.cycle == 0)
    #expect(machine.hart.nextInstruction == assemble(.addi, rd: 1, 5))
    #expect(machine.hart.run(budget: 3).executed == 3)
  }

  @Test("regions that are empty, too large or overlapping are refused")
  func badRegions() throws {
    let machine = try Machine()
    let byte = machine.memory
    #expect(throws: MemoryRegionError.empty(base: 4)) {
      try machine.hart.add(MemoryRegion(base: 4, size: 0, pointer: byte))
    }
    // Physical addresses of RV32 have 34 bits, those of RV64 56.
    let wide = try Machine([], .rv64Full)
    for (hart, limit) in [(machine.hart, 1 << 34 as UInt64), (wide.hart, 1 << 56)] {
      #expect(throws: MemoryRegionError.beyondAddressSpace(base: limit - 16, size: 17)) {
        try hart.add(MemoryRegion(base: limit - 16, size: 17, pointer: byte))
      }
      #expect(throws: MemoryRegionError.beyondAddressSpace(base: limit, size: 1)) {
        try hart.add(MemoryRegion(base: limit, size: 1, pointer: byte))
      }
      try hart.add(MemoryRegion(base: limit - 16, size: 16, pointer: byte))
    }
    #expect(throws: MemoryRegionError.self) {
      try machine.hart.add(MemoryRegion(base: Machine.base + 0xffff, size: 2, pointer: byte))
    }
    try machine.hart.add(MemoryRegion(base: 0xffff_fff0, size: 16, pointer: byte))
  }

  @Test(
    "the last bytes of the address space are memory like any other, and tiny regions too",
    arguments: Engine.allCases)
  func edges(engine: Engine) throws {
    let machine = try Machine(
      [
        assemble(.sw, rs1: 0, rs2: 10, -4), assemble(.lw, rd: 1, rs1: 0, -4),
        assemble(.lbu, rd: 2, rs1: 11), assemble(.lw, rd: 3, rs1: 11),
      ], engine: engine)
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
    defer { bytes.deallocate() }
    bytes.initializeMemory(as: UInt8.self, repeating: 9, count: 16)
    try machine.hart.add(MemoryRegion(base: 0xffff_fff8, size: 8, pointer: bytes))
    try machine.hart.add(MemoryRegion(base: 0x3000, size: 1, pointer: bytes + 8))
    machine.hart[register: 10] = 0x1234_5678
    machine.hart[register: 11] = 0x3000
    #expect(machine.hart.run(budget: 3).exit == .budget)
    #expect(machine.hart[register: 1] == 0x1234_5678)
    #expect(machine.hart[register: 2] == 9)
    _ = machine.hart.step()
    #expect(machine.csr(Register.mcause) == 5)
    #expect(machine.csr(Register.mtval) == 0x3000)
  }

  @Test("a traced step reports the register, memory and CSR writes")
  func traced() throws {
    let machine = try Machine([
      assemble(.lui, rd: 5, 0x80000), assemble(.sh, rs1: 5, rs2: 6, 0x100),
      assemble(.lbu, rd: 0, rs1: 5, 0x100), assemble(.csrrw, rd: 7, rs1: 6, Register.mie),
    ])
    machine.hart[register: 6] = 0xffff_abcd
    var records: [Retired] = []
    while case .retired(let record) = machine.hart.step() {
      records.append(record)
      if records.count == 4 { break }
    }
    try #require(records.count == 4)
    #expect(records[0].integerWrite?.value == 0x8000_0000)
    #expect(records[1].store?.value == 0xabcd)
    #expect(records[1].store?.isStore == true)
    #expect(records[1].load == nil)
    #expect(records[2].integerWrite == nil)
    #expect(records[2].load?.value == 0xcd)
    #expect(
      records[3].writes == [
        RegisterWrite(file: .control, number: Register.mie, value: 0x888),
        RegisterWrite(file: .integer, number: 7, value: 0),
      ])
    #expect(records.allSatisfy { $0.privilege == .machine })
  }
}
