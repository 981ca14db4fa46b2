import RISCV
import Testing

@Suite("Trap delegation, returns and interrupts between privilege modes")
struct PrivilegeTests {
  @Test("traps from below machine mode go to supervisor mode when delegated, and never from it")
  func delegation() {
    for cause in TrapCause.allCases {
      for mode in PrivilegeMode.allCases {
        for delegated in [false, true] {
          let control = Control(.rv64Full)
          control.write(CSR.misa, ~(1 << 2))
          control.write(CSR.mtvec, 0x1000)
          control.write(CSR.stvec, 0x2000)
          control.write(cause.isInterrupt ? CSR.mideleg : CSR.medeleg, delegated ? .max : 0)
          control.state.privilege = mode
          // Calls from machine mode and machine interrupts cannot be delegated.
          let possible = ![
            .environmentCallFromMachine, .machineSoftwareInterrupt, .machineTimerInterrupt,
            .machineExternalInterrupt,
          ].contains(cause)
          let toSupervisor = delegated && mode != .machine && possible
          #expect(control.state.isDelegated(cause) == toSupervisor)
          let handler = control.trap(cause, pc: 0x8000_0004, value: 0x77)
          #expect(handler == (toSupervisor ? 0x2000 : 0x1000))
          #expect(control.state.privilege == (toSupervisor ? .supervisor : .machine))
          let registers =
            toSupervisor
            ? (CSR.scause, CSR.sepc, CSR.stval) : (CSR.mcause, CSR.mepc, CSR.mtval)
          #expect(control[registers.0] == cause.causeRegister(.rv64))
          #expect(control[registers.1] == 0x8000_0004)
          #expect(control[registers.2] == 0x77)
          let record = control.state.trapRecord
          #expect(record.cause == cause && record.programCounter == 0x8000_0004)
          #expect(record.value == 0x77)
        }
      }
    }
  }

  @Test("vectored handlers start at base + 4 × code for interrupts, at base for exceptions")
  func vectored() {
    for cause in TrapCause.allCases {
      let control = Control(.rv32Full)
      control.write(CSR.mtvec, 0xffff_fff1)
      control.write(CSR.stvec, 0x2001)
      control.write(CSR.mideleg, 0x222)
      let offset = cause.isInterrupt ? 4 * UInt64(cause.code) : 0
      let below = Control(copying: control)
      below.state.privilege = .user
      #expect(
        control.trap(cause) == (0xffff_fff0 + offset) & 0xffff_ffff)
      if below.state.isDelegated(cause) {
        #expect(below.trap(cause) == 0x2000 + offset)
      }
    }
  }

  @Test("the status stacks hold mode and interrupt enable through a trap and the return")
  func statusStacks() {
    for mode in PrivilegeMode.allCases {
      for enables in [0, 2, 8, 10] as [UInt64] {
        let control = Control(.rv64Full)
        control.write(CSR.mstatus, enables)
        control.state.privilege = mode
        _ = control.trap(.illegalInstruction, pc: 0x100)
        // MIE moves to MPIE, the mode to MPP.
        let inMachine = control[CSR.mstatus] ?? 0
        #expect(inMachine >> 3 & 1 == 0)
        #expect(inMachine >> 7 & 1 == enables >> 3)
        #expect(inMachine >> 11 & 3 == UInt64(mode.rawValue))
        #expect(inMachine & 2 == enables & 2)
        #expect(control.mret() == 0x100)
        #expect(control.state.privilege == mode)
        control.state.privilege = .machine
        #expect(control[CSR.mstatus] == 0xa_0000_0080 | enables)

        guard mode != .machine else { continue }
        control.write(CSR.medeleg, .max)
        control.state.privilege = mode
        _ = control.trap(.illegalInstruction, pc: 0x200)
        let inSupervisor = control[CSR.sstatus] ?? 0
        #expect(inSupervisor >> 1 & 1 == 0)
        #expect(inSupervisor >> 5 & 1 == enables >> 1 & 1)
        #expect(inSupervisor >> 8 & 1 == UInt64(mode.rawValue))
        #expect(control.sret() == 0x200)
        #expect(control.state.privilege == mode)
        control.state.privilege = .machine
        #expect(control[CSR.mstatus] == 0xa_0000_00a0 | enables)
      }
    }
  }

  @Test("MPRV gives loads and stores the privilege of MPP until a return to a lower mode")
  func modifyPrivilege() {
    let control = Control(.rv32Full)
    for (mode, field) in [(PrivilegeMode.user, 0), (.supervisor, 1), (.machine, 3)] {
      control.write(CSR.mstatus, 1 << 17 | UInt64(field) << 11)
      #expect(control.state.dataPrivilege == mode)
      let returned = Control(copying: control)
      _ = returned.mret()
      #expect(returned.state.dataPrivilege == (mode == .machine ? .user : mode))
      returned.state.privilege = .machine
      #expect((returned[CSR.mstatus] ?? 0) >> 17 & 1 == (mode == .machine ? 1 : 0))
      _ = control.sret()
      control.state.privilege = .machine
      #expect((control[CSR.mstatus] ?? 0) >> 17 & 1 == 0)
    }
  }

  @Test("without user mode a return stays in machine mode")
  func returnWithoutUserMode() {
    let control = Control(.machineOnly)
    _ = control.trap(.breakpoint, pc: 0x40, value: 0x40)
    #expect(control.mret() == 0x40)
    #expect(control.state.privilege == .machine)
    #expect(control[CSR.mstatus] == 0x1880)
  }

  @Test("TVM, TW and TSR make instructions of supervisor mode illegal there")
  func trappedInstructions() {
    for bits in 0..<8 as Range<UInt64> {
      let control = Control(.rv64Full)
      control.write(CSR.mstatus, bits << 20)
      let (tvm, tw, tsr) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
      for operation in [Operation.mret, .sret, .sfenceVMA, .wfi, .add] {
        control.state.privilege = .machine
        #expect(control.state.mayExecute(operation))
      }
      control.state.privilege = .supervisor
      #expect(!control.state.mayExecute(.mret))
      #expect(control.state.mayExecute(.sret) == !tsr)
      #expect(control.state.mayExecute(.sfenceVMA) == !tvm)
      #expect(control.state.mayExecute(.wfi) == !tw)
      control.state.privilege = .user
      for operation in [Operation.mret, .sret, .sfenceVMA, .wfi] {
        #expect(!control.state.mayExecute(operation))
      }
    }
    // Without supervisor mode, user mode may wait, and what belongs to supervisor mode is absent.
    let control = Control(.machineAndUser)
    #expect(!control.state.mayExecute(.sret) && !control.state.mayExecute(.sfenceVMA))
    control.state.privilege = .user
    #expect(control.state.mayExecute(.wfi))
    control.state.privilege = .machine
    control.write(CSR.mstatus, 1 << 21)
    control.state.privilege = .user
    #expect(!control.state.mayExecute(.wfi))
  }

  /// Interrupts by falling priority, and their bits.
  static let priorities: [(cause: TrapCause, bit: UInt64)] = [
    (.machineExternalInterrupt, 11), (.machineSoftwareInterrupt, 3), (.machineTimerInterrupt, 7),
    (.supervisorExternalInterrupt, 9), (.supervisorSoftwareInterrupt, 1),
    (.supervisorTimerInterrupt, 5),
  ]

  @Test("the interrupt taken is the first that is pending, enabled and not masked by its mode")
  func priorities() {
    var generator = SeededGenerator(seed: 17)
    for _ in 0..<4000 {
      let random = generator.next()
      let control = Control(random & 1 == 0 ? .rv32Full : .rv64Full)
      let (pending, enabled) = (random >> 1 & 0xfff, random >> 13 & 0xfff)
      control.write(CSR.mideleg, random >> 25 & 0xfff)
      control.write(CSR.mie, enabled)
      control.write(CSR.mip, pending)
      control.state.interruptLines = pending
      control.write(CSR.mstatus, random >> 37 & 0xa)
      control.state.privilege = PrivilegeMode.allCases[Int(random >> 48 % 3)]
      let mode = control.state.privilege
      let (mie, sie) = (random >> 40 & 1 != 0, random >> 38 & 1 != 0)
      let delegated = random >> 25 & 0x222

      func isTaken(_ bit: UInt64, toSupervisor: Bool) -> Bool {
        guard (delegated >> bit & 1 != 0) == toSupervisor else { return false }
        return toSupervisor
          ? mode == .user || (mode == .supervisor && sie) : mode != .machine || mie
      }
      let candidates = Self.priorities.filter { (pending & enabled) >> $0.bit & 1 != 0 }
      let expected =
        candidates.first { isTaken($0.bit, toSupervisor: false) }
        ?? candidates.first { isTaken($0.bit, toSupervisor: true) }
      #expect(control.state.deliverableInterrupt == expected?.cause)
      #expect(control.state.pendingAndEnabled == pending & enabled & 0xaaa)
      let deliverable = Self.priorities.filter {
        enabled >> $0.bit & 1 != 0
          && (isTaken($0.bit, toSupervisor: false) || isTaken($0.bit, toSupervisor: true))
      }
      #expect(
        control.state.deliverableMask == deliverable.reduce(0) { $0 | 1 << $1.bit })
    }
  }

  @Test("causes and the values of the cause registers stand for each other")
  func causeRegisters() {
    for cause in TrapCause.allCases {
      for xlen in [XLEN.rv32, .rv64] {
        let value = cause.causeRegister(xlen)
        #expect(TrapCause(causeRegister: value, xlen: xlen) == cause)
        #expect(value >> UInt64(xlen.rawValue - 1) == (cause.isInterrupt ? 1 : 0))
      }
    }
    #expect(TrapCause(causeRegister: 10, xlen: .rv32) == nil)
    #expect(TrapCause(causeRegister: 64 + 3, xlen: .rv32) == nil)
    #expect(TrapCause(causeRegister: .max, xlen: .rv64) == nil)
    #expect(TrapCause.machineTimerInterrupt.spikeName == "interrupt #7")
    #expect(TrapCause.environmentCallFromSupervisor.spikeName == "trap_supervisor_ecall")
    #expect(
      TrapCause.allCases.filter { !$0.isInterrupt && !$0.hasTrapValue }
        == PrivilegeMode.allCases.map { .environmentCall(from: $0) })
  }
}
