/// Numbers and names of the control and status registers this hart has.
public enum CSR {
  static let mstatus: UInt16 = 0x300
  static let misa: UInt16 = 0x301
  static let mie: UInt16 = 0x304
  static let mtvec: UInt16 = 0x305
  static let mstatush: UInt16 = 0x310
  static let mcountinhibit: UInt16 = 0x320
  static let mhpmevent: ClosedRange<UInt16> = 0x323...0x33f
  static let mscratch: UInt16 = 0x340
  static let mepc: UInt16 = 0x341
  static let mcause: UInt16 = 0x342
  static let mtval: UInt16 = 0x343
  static let mip: UInt16 = 0x344
  static let mcycle: UInt16 = 0xb00
  static let minstret: UInt16 = 0xb02
  static let mhpmcounter: ClosedRange<UInt16> = 0xb03...0xb1f
  static let mcycleh: UInt16 = 0xb80
  static let minstreth: UInt16 = 0xb82
  static let mhpmcounterh: ClosedRange<UInt16> = 0xb83...0xb9f
  static let cycle: UInt16 = 0xc00
  static let time: UInt16 = 0xc01
  static let instret: UInt16 = 0xc02
  static let cycleh: UInt16 = 0xc80
  static let timeh: UInt16 = 0xc81
  static let instreth: UInt16 = 0xc82
  static let mvendorid: UInt16 = 0xf11
  static let marchid: UInt16 = 0xf12
  static let mimpid: UInt16 = 0xf13
  static let mhartid: UInt16 = 0xf14
  static let mconfigptr: UInt16 = 0xf15

  /// The assembler's name of CSR `number`, or nil when this hart does not have it.
  public static func name(of number: UInt16) -> String? {
    switch number {
    case mstatus: "mstatus"
    case misa: "misa"
    case mie: "mie"
    case mtvec: "mtvec"
    case mstatush: "mstatush"
    case mcountinhibit: "mcountinhibit"
    case mhpmevent: "mhpmevent\(number - 0x320)"
    case mscratch: "mscratch"
    case mepc: "mepc"
    case mcause: "mcause"
    case mtval: "mtval"
    case mip: "mip"
    case mcycle: "mcycle"
    case minstret: "minstret"
    case mhpmcounter: "mhpmcounter\(number - 0xb00)"
    case mcycleh: "mcycleh"
    case minstreth: "minstreth"
    case mhpmcounterh: "mhpmcounter\(number - 0xb80)h"
    case cycle: "cycle"
    case time: "time"
    case instret: "instret"
    case cycleh: "cycleh"
    case timeh: "timeh"
    case instreth: "instreth"
    case mvendorid: "mvendorid"
    case marchid: "marchid"
    case mimpid: "mimpid"
    case mhartid: "mhartid"
    case mconfigptr: "mconfigptr"
    default: nil
    }
  }

  /// Whether the value of the register depends on the moment it is read, beyond what the hart
  /// counts itself.
  static func dependsOnTime(_ number: UInt16) -> Bool {
    number == time || number == timeh || number == mip
  }
}
