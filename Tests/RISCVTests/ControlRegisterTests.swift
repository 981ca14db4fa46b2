import RISCV
import Testing

/// The legal values of control and status registers; those of Spike where there is a choice.
@Suite("Legal values of control and status registers")
struct ControlRegisterTests {
  struct Case: Sendable {
    var number: UInt16
    var written: UInt64
    var rv32: UInt64?
    var rv64: UInt64?
  }

  static let ones = UInt64.max

  static let cases: [Case] = [
    Case(number: CSR.mstatus, written: ones, rv32: 0x807e_79aa, rv64: 0x8000_000a_007e_79aa),
    Case(number: CSR.mstatus, written: 0, rv32: 0, rv64: 0xa_0000_0000),
    Case(number: CSR.mstatus, written: 0x4000, rv32: 0x4000, rv64: 0xa_0000_4000),
    Case(number: CSR.mstatus, written: 0x1000, rv32: 0, rv64: 0xa_0000_0000),
    Case(number: CSR.mstatush, written: ones, rv32: 0, rv64: nil),
    Case(number: CSR.sstatus, written: ones, rv32: 0x800c_6122, rv64: 0x8000_0002_000c_6122),
    Case(number: CSR.medeleg, written: ones, rv32: 0x8_b3fe, rv64: 0x8_b3fe),
    Case(number: CSR.mideleg, written: ones, rv32: 0x222, rv64: 0x222),
    Case(number: CSR.mie, written: ones, rv32: 0xaaa, rv64: 0xaaa),
    Case(number: CSR.mip, written: ones, rv32: 0x222, rv64: 0x222),
    // Nothing is delegated.
    Case(number: CSR.sie, written: ones, rv32: 0, rv64: 0),
    Case(number: CSR.sip, written: ones, rv32: 0, rv64: 0),
    Case(number: CSR.mtvec, written: ones, rv32: 0xffff_fffd, rv64: ones - 2),
    Case(number: CSR.stvec, written: 0x8000_0106, rv32: 0x8000_0104, rv64: 0x8000_0104),
    Case(number: CSR.mepc, written: ones, rv32: 0xffff_fffe, rv64: ones - 1),
    Case(number: CSR.sepc, written: 0x8000_0003, rv32: 0x8000_0002, rv64: 0x8000_0002),
    Case(number: CSR.mcause, written: ones, rv32: 0xffff_ffff, rv64: ones),
    Case(number: CSR.scause, written: 0x8000_0063, rv32: 0x8000_0063, rv64: 0x8000_0063),
    Case(number: CSR.mtval, written: ones, rv32: 0xffff_ffff, rv64: ones),
    Case(number: CSR.stval, written: ones, rv32: 0xffff_ffff, rv64: ones),
    Case(number: CSR.mscratch, written: ones, rv32: 0xffff_ffff, rv64: ones),
    Case(number: CSR.sscratch, written: ones, rv32: 0xffff_ffff, rv64: ones),
    Case(number: CSR.mcounteren, written: ones, rv32: 7, rv64: 7),
    Case(number: CSR.scounteren, written: ones, rv32: 7, rv64: 7),
    Case(number: CSR.mcountinhibit, written: ones, rv32: 5, rv64: 5),
    Case(number: CSR.menvcfg, written: ones, rv32: 0, rv64: 0),
    Case(number: CSR.menvcfgh, written: ones, rv32: 0, rv64: nil),
    Case(number: CSR.senvcfg, written: ones, rv32: 0, rv64: 0),
    Case(number: 0x323, written: ones, rv32: 0, rv64: 0),
    Case(number: 0xb1f, written: ones, rv32: 0, rv64: 0),
    Case(number: 0xb83, written: ones, rv32: 0, rv64: nil),
    Case(number: 0x3b1, written: ones, rv32: 0xffff_ffff, rv64: 0x3f_ffff_ffff_ffff),
    Case(number: 0x3c0, written: ones, rv32: 0, rv64: 0),
    Case(number: 0x3a1, written: 0x7f7f_7f7f, rv32: 0x1f1f_1f1f, rv64: nil),
    Case(number: 0x3a2, written: 0x0202_0606, rv32: 0x0404, rv64: 0x0404),
    Case(number: 0x3a4, written: ones, rv32: 0, rv64: 0),
    Case(number: CSR.satp, written: 0x8_0100, rv32: 0x8_0100, rv64: 0x8_0100),
    Case(number: CSR.satp, written: 0xffff_ffff, rv32: 0xffff_ffff, rv64: 0xffff_ffff),
    Case(
      number: CSR.satp, written: 0x8fff_ffff_ffff_ffff, rv32: 0xffff_ffff, rv64: ones >> 4 | 8 << 60
    ),
    // Sv48, Sv57 and reserved modes leave the register as it is.
    Case(number: CSR.satp, written: 0x9000_0000_0008_0100, rv32: 0x8_0100, rv64: 0),
    Case(number: CSR.satp, written: 0xa000_0000_0008_0100, rv32: 0x8_0100, rv64: 0),
    Case(number: CSR.satp, written: 0x7000_0000_0008_0100, rv32: 0x8_0100, rv64: 0),
    Case(number: CSR.fcsr, written: ones, rv32: 0xff, rv64: 0xff),
    Case(number: CSR.frm, written: ones, rv32: 7, rv64: 7),
    Case(number: CSR.fflags, written: ones, rv32: 0x1f, rv64: 0x1f),
    Case(number: CSR.tselect, written: ones, rv32: 0, rv64: 0),
    Case(number: CSR.tdata1, written: ones, rv32: 0, rv64: 0),
  ]

  @Test("registers keep exactly their legal bits", arguments: cases)
  func legalBits(_ test: Case) {
    for (set, expected) in [
      (InstructionSet.rv32Full, test.rv32), (.rv64Full, test.rv64),
    ] {
      let control = Control(set)
      control.write(CSR.mstatus, test.number <= CSR.fcsr ? 0x2000 : 0)
      guard control[test.number] != nil else {
        #expect(expected == nil)
        continue
      }
      control.write(test.number, test.written)
      #expect(control[test.number] == expected)
    }
  }

  @Test("registers read as they do on Spike after reset")
  func reset() {
    let control = Control(.rv64Full)
    #expect(control[CSR.mstatus] == 0xa_0000_0000)
    #expect(control[CSR.misa] == 0x8000_0000_0014_112f)
    #expect(control[0x3b0] == 0x3f_ffff_ffff_ffff)
    #expect(control[0x3a0] == 0x1f)
    #expect(control[CSR.marchid] == 5)
    #expect(control[CSR.mvendorid] == 0 && control[CSR.mimpid] == 0)
    #expect(Control(.rv32Full)[CSR.misa] == 0x4014_112f)
    #expect(Control(.machineOnly)[CSR.misa] == 0x4000_1100)
    #expect(Control(.machineOnly)[CSR.mstatus] == 0x1800)
  }

  @Test("what the instruction set lacks is read-only or absent")
  func absentModes() {
    let machine = Control(.machineOnly)
    machine.write(CSR.mstatus, .max)
    #expect(machine[CSR.mstatus] == 0x1888)
    machine.write(CSR.mie, .max)
    #expect(machine[CSR.mie] == 0x888)
    #expect(machine.write(CSR.mip, .max) == [CSR.mip: 0])
    for number in [
      CSR.sstatus, CSR.satp, CSR.sie, CSR.medeleg, CSR.mideleg, CSR.mcounteren, CSR.menvcfg,
      CSR.scounteren, CSR.fcsr, CSR.fflags, 0xc03, 0xb01, 0x747, CSR.mvip,
    ] {
      #expect(machine[number] == nil)
    }
    machine.state.interruptLines = .max
    #expect(machine[CSR.mip] == 0x888)

    let user = Control(.machineAndUser)
    user.write(CSR.mstatus, .max)
    #expect(user[CSR.mstatus] == 0x2_0022_1888)
    user.write(CSR.mstatus, 0x800)
    #expect(user[CSR.mstatus] == 0x2_0000_0000)
    #expect(user[CSR.mcounteren] == 0 && user[CSR.medeleg] == nil)

    let withoutCounters = Control(.rv64Full.removing(.zicntr))
    #expect(withoutCounters[CSR.cycle] == nil && withoutCounters[CSR.mcycle] == 0)
    #expect(Control(.rv64Full, protectionEntries: 0)[0x3a0] == nil)
    #expect(Control(.rv64Full, protectionEntries: 0)[0x3b0] == nil)
  }

  @Test("misa switches M, A, B, C, D and F; D goes with F and does not come back by itself")
  func misa() {
    let control = Control(.rv64Full)
    control.write(CSR.misa, 0)
    #expect(control[CSR.misa] == 0x8000_0000_0014_0100)
    #expect(control.state.extensions.isDisjoint(with: [.m, .a, .f, .d, .c, .zba, .zbb, .zbs]))
    #expect(control.state.extensions.contains(.zbc))
    control.write(CSR.misa, .max)
    #expect(control[CSR.misa] == 0x8000_0000_0014_112f)
    #expect(control.state.extensions == InstructionSet.rv64Full.extensions)
    control.write(CSR.misa, ~(1 << 5))
    #expect(control[CSR.misa] == 0x8000_0000_0014_1107)
    control.write(CSR.misa, (control[CSR.misa] ?? 0) | 1 << 5)
    #expect(control[CSR.misa] == 0x8000_0000_0014_1127)
    // Zba alone is no B and cannot be switched.
    let some = Control(.rv32Full.removing(.zbb))
    some.write(CSR.misa, 0)
    #expect(some.state.extensions.contains([.zba, .zbs]))
    #expect(some[CSR.misa] == 0x4014_0100)
  }

  @Test("switching compressed instructions off is ignored where the next one would be misaligned")
  func misaAlignment() {
    let control = Control(.rv32Full)
    #expect(control.write(CSR.misa, 0, pc: 0x8000_0002).isEmpty)
    #expect(control[CSR.misa] == 0x4014_112f)
    #expect(control.write(CSR.misa, 0, pc: 0x8000_0004) == [CSR.misa: 0x4014_0100])
    // While they are off the return addresses are words, and misaligned jumps can be delegated.
    control.write(CSR.mepc, 0x8000_0006)
    #expect(control[CSR.mepc] == 0x8000_0004)
    control.write(CSR.medeleg, 1)
    #expect(control[CSR.medeleg] == 1)
    control.write(CSR.misa, .max)
    #expect(control[CSR.mepc] == 0x8000_0006)
  }

  @Test("supervisor registers are windows on those of machine mode")
  func windows() {
    let control = Control(.rv64Full)
    control.write(CSR.mideleg, 0x22)
    control.write(CSR.mie, 0xaaa)
    #expect(control[CSR.sie] == 0x22)
    #expect(control.write(CSR.sie, 0x2) == [CSR.sie: 2, CSR.mie: 0xa8a])
    control.write(CSR.mip, 0x222)
    #expect(control[CSR.sip] == 0x22)
    // Of sip only the delegated software interrupt can be written.
    #expect(control.write(CSR.sip, 0) == [CSR.mvip: 0x222, CSR.mip: 0x220])
    #expect(control.write(CSR.sstatus, 2) == [CSR.mstatus: 0xa_0000_0002])
    control.write(CSR.mstatus, .max)
    #expect(control[CSR.sstatus] == 0x8000_0002_000c_6122)
  }

  @Test("a line keeps its bit of mip pending, and set and clear do not make it software's")
  func externalLine() {
    let control = Control(.rv32Full)
    control.state.interruptLines = 1 << 9 | 1 << 11 | 1 << 3 | 1 << 5
    #expect(control[CSR.mip] == 0xa08)
    #expect(control.state.modifiable(0xa08, of: CSR.mip) == 0x808)
    #expect(control.write(CSR.mip, 0xffff) == [CSR.mvip: 0x200, CSR.mip: 0xa2a])
    #expect(control.state.modifiable(0xa2a, of: CSR.mip) == 0xa2a)
    control.state.interruptLines = 0
    #expect(control[CSR.mip] == 0x222)
    control.write(CSR.mip, 0)
    #expect(control[CSR.mip] == 0)
  }

  @Test("a write reports all registers it changes, with their new values")
  func effects() {
    let control = Control(.rv32Full)
    control.write(CSR.mstatus, 0x2000)
    #expect(
      control.write(CSR.fcsr, 0xb5)
        == [CSR.mstatus: 0x8000_6000, CSR.frm: 5, CSR.fflags: 0x15])
    #expect(control.write(CSR.fcsr, 0x41) == [CSR.frm: 2, CSR.fflags: 1])
    #expect(control.write(CSR.fflags, 0) == [CSR.fflags: 0])
    #expect(control.write(CSR.satp, 0x8000_0001) == [CSR.satp: 0x8000_0001])
    let wide = Control(.rv64Full)
    #expect(wide.write(CSR.satp, 9 << 60 | 1) == [CSR.satp: 0])
    #expect(wide.write(CSR.mcycle, 7) == [CSR.mcycle: 7])
    #expect(wide.write(0xb03, 7).isEmpty)
    // The value on RV32 is the low half, whatever is above it.
    #expect(control.write(CSR.mscratch, .max) == [CSR.mscratch: 0xffff_ffff])
  }

  @Test("a write says what its caller must no longer rely on")
  func changes() {
    var state = Control(.rv64Full).state
    func change(_ number: UInt16, _ value: UInt64) -> ControlChange {
      var effects = CSREffects()
      return state.write(number, value, cycles: 0, instructions: 0, effects: &effects)
    }
    #expect(change(CSR.mscratch, 1).isEmpty)
    #expect(change(CSR.mstatus, 1 << 18).contains(.translation))
    #expect(!change(CSR.mstatus, 1 << 18 | 8).contains(.translation))
    #expect(change(CSR.mstatus, 0x2000).contains(.floatingPointState))
    #expect(change(CSR.satp, 0).contains(.translation))
    #expect(change(0x3b0, 0).contains(.translation))
    #expect(change(CSR.misa, 0).contains(.extensions))
    #expect(change(CSR.mie, 0x888).contains(.interrupts))
    #expect(change(CSR.frm, 1).contains(.floatingPointState))
  }

  @Test("floating-point registers need F and a state that is not off")
  func floatingPointAccess() {
    let control = Control(.rv64Full)
    for number in [CSR.fflags, CSR.frm, CSR.fcsr] {
      #expect(control[number] == nil)
      #expect(control.state.inspect(number, cycles: 0, instructions: 0) == 0)
    }
    control.write(CSR.mstatus, 0x2000)
    #expect(control[CSR.fcsr] == 0)
    control.write(CSR.misa, ~(1 << 5))
    #expect(control[CSR.fcsr] == nil)
    let changes = [control.state.markFloatingPointDirty(), control.state.markFloatingPointDirty()]
    #expect(changes == [true, false])
    #expect(control[CSR.mstatus] == 0x8000_000a_0000_6000)
  }

  @Test("modes below reach the counters that are enabled for them")
  func counterEnables() {
    for machine in 0..<8 as Range<UInt64> {
      for supervisor in 0..<8 as Range<UInt64> {
        let control = Control(.rv32Full)
        control.write(CSR.mcounteren, machine)
        control.write(CSR.scounteren, supervisor)
        let userOnly = Control(.machineAndUser)
        userOnly.write(CSR.mcounteren, machine)
        for (index, number) in [CSR.cycle, CSR.time, CSR.instret].enumerated() {
          let byMachine = machine >> UInt64(index) & 1 != 0
          let bySupervisor = supervisor >> UInt64(index) & 1 != 0
          for half in [0, 0x80] as [UInt16] {
            control.state.privilege = .machine
            #expect(control[number + half] != nil)
            control.state.privilege = .supervisor
            #expect((control[number + half] != nil) == byMachine)
            control.state.privilege = .user
            #expect((control[number + half] != nil) == (byMachine && bySupervisor))
          }
          userOnly.state.privilege = .user
          #expect((userOnly[number] != nil) == byMachine)
        }
      }
    }
  }

  @Test("registers are out of reach of the modes below their own")
  func privilege() {
    let control = Control(.rv64Full)
    for number in 0..<4096 as Range<UInt16> where control[number] != nil {
      for mode in [PrivilegeMode.supervisor, .user] {
        control.state.privilege = mode
        if CSR.privilege(of: number) > mode { #expect(control[number] == nil) }
        #expect(control.state.inspect(number, cycles: 0, instructions: 0) != nil)
      }
      control.state.privilege = .machine
      #expect(CSR.name(of: number) != nil)
      #expect(control.state.isWritable(number) == (number < 0xc00))
    }
    control.state.privilege = .supervisor
    #expect(control[CSR.satp] == 0 && control[CSR.sstatus] != nil)
    control.write(CSR.mstatus, 1 << 20)
    #expect(control[CSR.satp] == nil)
  }

  @Test("time reads what the platform says, in halves on RV32")
  func time() {
    let control = Control(.rv32Full)
    control.state.time = 0x1_2345_6789
    #expect(control[CSR.time] == 0x2345_6789)
    #expect(control[CSR.timeh] == 1)
    let wide = Control(.rv64Full)
    wide.state.time = 0x1_2345_6789
    #expect(wide[CSR.time] == 0x1_2345_6789)
    #expect(wide[CSR.timeh] == nil)
    for number in 0..<4096 as Range<UInt16> {
      #expect(
        CSR.dependsOnTime(number) == [CSR.time, CSR.timeh, CSR.mip, CSR.sip].contains(number))
    }
  }
}
