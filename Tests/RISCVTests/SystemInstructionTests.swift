import RISCV
import Testing

/// Zicsr and the privileged instructions.
@Suite("System instructions")
struct SystemInstructionTests {
  private static let mscratch = 0x340

  @Test("the six CSR instructions answer the old value and write, set or clear")
  func accesses() throws {
    let bench = try InstructionBench(.rv64Full)
    // The immediate is the number in the rs1 field, 11.
    let cases: [(Operation, old: UInt64, operand: UInt64, new: UInt64)] = [
      (.csrrw, 0xff, 0x0f, 0x0f), (.csrrs, 0xf0, 0x1f, 0xff), (.csrrc, 0xff, 0x0f, 0xf0),
      (.csrrwi, 0xff, 0, 11), (.csrrsi, 0xf0, 0, 0xfb), (.csrrci, 0xff, 0, 0xf4),
    ]
    for (operation, old, operand, new) in cases {
      bench.hart.writeCSR(UInt16(Self.mscratch), old)
      #expect(try bench.integer(operation, operand, immediate: Self.mscratch) == old)
      #expect(bench.hart.readCSR(UInt16(Self.mscratch)) == new, "\(operation)")
    }
  }

  @Test("a CSR and its source register may be exchanged in one register")
  func exchange() throws {
    let bench = try InstructionBench(.rv32Full)
    bench.hart.writeCSR(UInt16(Self.mscratch), 0x8000_0001)
    bench.hart[register: 11] = 0xffff_fff0
    bench.step(try bench.word(.csrrw, rd: 11, immediate: Self.mscratch))
    #expect(bench.hart[register: 11] == 0x8000_0001)
    #expect(bench.hart.readCSR(UInt16(Self.mscratch)) == 0xffff_fff0)
  }

  @Test("read-only CSRs can be read by a set or clear of nothing, but not written")
  func readOnly() throws {
    let bench = try InstructionBench(.rv64Full)
    let mhartid = 0xf14
    #expect(bench.exception(try bench.word(.csrrs, rs1: 0, immediate: mhartid)) == nil)
    #expect(bench.exception(try bench.word(.csrrc, rs1: 0, immediate: mhartid)) == nil)
    #expect(bench.exception(try bench.word(.csrrsi, rs1: 0, immediate: mhartid)) == nil)
    bench.hart[register: 11] = 0
    for operation in [Operation.csrrw, .csrrs, .csrrc, .csrrwi, .csrrsi, .csrrci] {
      let word = try bench.word(operation, immediate: mhartid)
      let trap = bench.exception(word)
      #expect(trap?.cause == .illegalInstruction, "\(operation)")
      #expect(trap?.value == UInt64(word))
    }
    // A write of nothing is still a write.
    #expect(bench.exception(try bench.word(.csrrwi, rs1: 0, immediate: mhartid)) != nil)
  }

  @Test("a set of nothing does not count as a write in the record")
  func records() throws {
    let bench = try InstructionBench(.rv64Full)
    guard
      case .retired(let read) = bench.step(
        try bench.word(.csrrs, rs1: 0, immediate: Self.mscratch)),
      case .retired(let write) = bench.step(try bench.word(.csrrs, immediate: Self.mscratch))
    else {
      Issue.record("the access did not retire")
      return
    }
    #expect(!read.writes.contains { $0.file == .control })
    #expect(write.writes.contains { $0.file == .control && $0.number == Self.mscratch })
  }

  @Test("what follows time or the interrupt lines waits until they are up to date")
  func synchronisation() throws {
    let bench = try InstructionBench(.rv32Full)
    bench.hart[register: 10] = 77
    for (operation, csr) in [
      (Operation.csrrs, 0xc01), (.csrrs, 0xc81), (.csrrs, 0x344), (.csrrw, 0x144), (.wfi, 0),
    ] {
      let word = try bench.word(operation, rs1: 0, immediate: csr)
      bench.step(0x0000_0013)
      bench.place(word)
      let before = bench.hart.retiredInstructions
      guard case .stopped(.synchronise) = bench.hart.step(synchronised: false) else {
        Issue.record("\(operation) \(csr) was executed")
        continue
      }
      #expect(bench.hart.retiredInstructions == before)
      #expect(bench.hart.programCounter == InstructionBench.base)
      #expect(bench.hart[register: 10] == 77)
    }
  }

  @Test("an instruction that makes an interrupt deliverable asks for the present lines")
  func enabling() throws {
    let bench = try InstructionBench(.rv64Full)
    bench.hart.writeCSR(0x304, 0x80)
    let step = bench.step(try bench.word(.csrrsi, rs1: 8, immediate: 0x300))
    guard case .retiredAndStopped(_, .synchronise) = step else {
      Issue.record("\(step)")
      return
    }
    // Enabled already: nothing new.
    guard case .retired = bench.step(try bench.word(.csrrsi, rs1: 8, immediate: 0x300)) else {
      Issue.record("asked again")
      return
    }
  }

  @Test("WFI waits only while no enabled interrupt is pending, global enables or not")
  func waiting() throws {
    let bench = try InstructionBench(.rv64Full)
    let wfi = try bench.word(.wfi)
    guard case .retiredAndStopped(_, .wfi) = bench.step(wfi) else {
      Issue.record("did not wait")
      return
    }
    #expect(bench.hart.programCounter == InstructionBench.base + 4)
    bench.hart.setInterruptPending(0x80)
    guard case .retiredAndStopped(_, .wfi) = bench.step(wfi) else {
      Issue.record("woken by an interrupt that is not enabled")
      return
    }
    bench.hart.writeCSR(0x304, 0x80)
    guard case .retired = bench.step(wfi) else {
      Issue.record("waited with an interrupt pending")
      return
    }
  }

  @Test("ECALL raises the exception of its mode, without a value; EBREAK reports its address")
  func environmentCalls() throws {
    let bench = try InstructionBench(.rv64Full)
    let causes: [(PrivilegeMode, TrapCause)] = [
      (.user, .environmentCallFromUser), (.supervisor, .environmentCallFromSupervisor),
      (.machine, .environmentCallFromMachine),
    ]
    for (mode, cause) in causes {
      bench.hart.privilege = mode
      let retired = bench.hart.retiredInstructions
      let trap = bench.exception(try bench.word(.ecall))
      #expect(trap == Trap(cause: cause, programCounter: InstructionBench.base, value: 0))
      #expect(bench.hart.retiredInstructions == retired)
    }
    let trap = bench.exception(try bench.word(.ebreak))
    #expect(
      trap
        == Trap(
          cause: .breakpoint, programCounter: InstructionBench.base, value: InstructionBench.base))
  }

  @Test(
    "privileged instructions are illegal below their mode",
    arguments: [
      (Operation.mret, [PrivilegeMode.machine]), (.sret, [.machine, .supervisor]),
      (.sfenceVMA, [.machine, .supervisor]), (.wfi, [.machine, .supervisor]),
    ])
  func permissions(operation: Operation, modes: [PrivilegeMode]) throws {
    for mode in PrivilegeMode.allCases {
      let bench = try InstructionBench(.rv64Full)
      bench.hart.privilege = mode
      let trap = bench.exception(try bench.word(operation))
      #expect((trap == nil) == modes.contains(mode), "\(operation) in \(mode)")
      if let trap { #expect(trap.cause == .illegalInstruction) }
    }
  }

  @Test("MRET and SRET restore mode, interrupt enable and address")
  func returns() throws {
    let bench = try InstructionBench(.rv64Full)
    // MPP = S, MPIE.
    bench.hart.writeCSR(0x300, 0x0880)
    bench.hart.writeCSR(0x341, InstructionBench.base + 0x40)
    bench.step(try bench.word(.mret))
    #expect(bench.hart.privilege == .supervisor)
    #expect(bench.hart.programCounter == InstructionBench.base + 0x40)
    #expect((bench.hart.readCSR(0x300) ?? 0) & 0x1888 == 0x88)
    // SPP = U, SPIE = 0.
    bench.hart.writeCSR(0x141, InstructionBench.base + 0x82)
    bench.step(try bench.word(.sret))
    #expect(bench.hart.privilege == .user)
    #expect(bench.hart.programCounter == InstructionBench.base + 0x82)
    #expect((bench.hart.readCSR(0x300) ?? 0) & 0x122 == 0x20)
  }

  @Test("a trap and WFI end a reservation")
  func reservations() throws {
    for word: UInt32 in [0x0000_0073, 0x1050_0073] {
      let bench = try InstructionBench(.rv64Full)
      _ = try bench.integer(.lrW, InstructionBench.data)
      bench.step(word)
      #expect(try bench.integer(.scW, InstructionBench.data, 7) == 1)
    }
  }
}
