/// Numbers of the control and status registers.
///
/// Bits 9:8 of a number are the lowest privilege mode that reaches the register; numbers whose
/// bits 11:10 are both set are read-only.
public enum CSR {
  // MARK: Floating point

  /// Accrued floating-point exceptions.
  public static let fflags: UInt16 = 0x001
  /// Floating-point rounding mode.
  public static let frm: UInt16 = 0x002
  /// `frm` and `fflags` in one register.
  public static let fcsr: UInt16 = 0x003

  // MARK: Unprivileged counters

  /// Cycle counter.
  public static let cycle: UInt16 = 0xc00
  /// The platform's timer.
  public static let time: UInt16 = 0xc01
  /// Counter of retired instructions.
  public static let instret: UInt16 = 0xc02
  /// Upper half of `cycle` on RV32.
  public static let cycleh: UInt16 = 0xc80
  /// Upper half of `time` on RV32.
  public static let timeh: UInt16 = 0xc81
  /// Upper half of `instret` on RV32.
  public static let instreth: UInt16 = 0xc82

  // MARK: Supervisor mode

  /// The part of `mstatus` that concerns supervisor mode.
  public static let sstatus: UInt16 = 0x100
  /// Enables of the delegated interrupts.
  public static let sie: UInt16 = 0x104
  /// Trap handler of supervisor mode.
  public static let stvec: UInt16 = 0x105
  /// Counters that user mode may read.
  public static let scounteren: UInt16 = 0x106
  /// Environment of user mode; has no bits here.
  public static let senvcfg: UInt16 = 0x10a
  /// Scratch register of supervisor mode.
  public static let sscratch: UInt16 = 0x140
  /// Where a trap to supervisor mode came from.
  public static let sepc: UInt16 = 0x141
  /// Why it was taken.
  public static let scause: UInt16 = 0x142
  /// Its address or instruction.
  public static let stval: UInt16 = 0x143
  /// Pending bits of the delegated interrupts.
  public static let sip: UInt16 = 0x144
  /// Address translation mode and root page table.
  public static let satp: UInt16 = 0x180

  // MARK: Machine mode: set-up

  /// Status of the hart.
  public static let mstatus: UInt16 = 0x300
  /// Register width and extensions.
  public static let misa: UInt16 = 0x301
  /// Exceptions that supervisor mode handles.
  public static let medeleg: UInt16 = 0x302
  /// Interrupts that supervisor mode handles.
  public static let mideleg: UInt16 = 0x303
  /// Interrupt enables.
  public static let mie: UInt16 = 0x304
  /// Trap handler of machine mode.
  public static let mtvec: UInt16 = 0x305
  /// Counters that the modes below may read.
  public static let mcounteren: UInt16 = 0x306
  /// Not a register of these harts: the number under which Spike's log shows the software-written
  /// bits of `mip`.
  public static let mvip: UInt16 = 0x309
  /// Environment of the modes below.
  public static let menvcfg: UInt16 = 0x30a
  /// Upper half of `mstatus` on RV32.
  public static let mstatush: UInt16 = 0x310
  /// Upper half of `menvcfg` on RV32.
  public static let menvcfgh: UInt16 = 0x31a
  /// Counters that stand still.
  public static let mcountinhibit: UInt16 = 0x320
  /// Events of the performance counters 3 to 31, which are zero.
  public static let mhpmevent: ClosedRange<UInt16> = 0x323...0x33f

  // MARK: Machine mode: trap handling

  /// Scratch register of machine mode.
  public static let mscratch: UInt16 = 0x340
  /// Where a trap to machine mode came from.
  public static let mepc: UInt16 = 0x341
  /// Why it was taken.
  public static let mcause: UInt16 = 0x342
  /// Its address or instruction.
  public static let mtval: UInt16 = 0x343
  /// Pending interrupts.
  public static let mip: UInt16 = 0x344

  // MARK: Machine mode: physical memory protection

  /// Configuration of the protection entries, four in each, and eight in the even
  /// ones on RV64, which has no odd ones.
  public static let pmpcfg: ClosedRange<UInt16> = 0x3a0...0x3af
  /// Addresses of the protection entries.
  public static let pmpaddr: ClosedRange<UInt16> = 0x3b0...0x3ef

  // MARK: Machine mode: triggers

  /// Trigger number; there are no triggers, and these registers are zero.
  public static let tselect: UInt16 = 0x7a0
  /// First register of the selected trigger.
  public static let tdata1: UInt16 = 0x7a1
  /// Second register of the selected trigger.
  public static let tdata2: UInt16 = 0x7a2
  /// Third register of the selected trigger.
  public static let tdata3: UInt16 = 0x7a3
  /// Kinds of the selected trigger.
  public static let tinfo: UInt16 = 0x7a4

  // MARK: Machine mode: counters

  /// Cycle counter.
  public static let mcycle: UInt16 = 0xb00
  /// Counter of retired instructions.
  public static let minstret: UInt16 = 0xb02
  /// Performance counters 3 to 31, which are zero.
  public static let mhpmcounter: ClosedRange<UInt16> = 0xb03...0xb1f
  /// Upper half of `mcycle` on RV32.
  public static let mcycleh: UInt16 = 0xb80
  /// Upper half of `minstret` on RV32.
  public static let minstreth: UInt16 = 0xb82
  /// Upper halves of the performance counters on RV32.
  public static let mhpmcounterh: ClosedRange<UInt16> = 0xb83...0xb9f

  // MARK: Machine mode: identification

  /// Vendor.
  public static let mvendorid: UInt16 = 0xf11
  /// Microarchitecture.
  public static let marchid: UInt16 = 0xf12
  /// Version of the implementation.
  public static let mimpid: UInt16 = 0xf13
  /// Number of the hart.
  public static let mhartid: UInt16 = 0xf14
  /// Address of a description of the platform; always zero.
  public static let mconfigptr: UInt16 = 0xf15

  /// The lowest privilege mode that reaches CSR `number`.
  ///
  /// Numbers of the hypervisor extension, which no hart of this library has, count as machine mode.
  public static func privilege(of number: UInt16) -> PrivilegeMode {
    PrivilegeMode(rawValue: UInt8(number >> 8 & 3)) ?? .machine
  }

  /// Whether every write to CSR `number` is an illegal instruction.
  public static func isReadOnly(_ number: UInt16) -> Bool { number >> 10 & 3 == 3 }

  /// Whether the value of the register depends on the moment it is read, beyond what the hart
  /// counts itself.
  public static func dependsOnTime(_ number: UInt16) -> Bool {
    number == time || number == timeh || number == mip || number == sip
  }

  /// The assembler's name of CSR `number`, or nil when no register has it.
  public static func name(of number: UInt16) -> String? {
    let name = csrName(number)
    return name.hasPrefix("unknown_") ? nil : name
  }
}
