/// Bits and fields of `mstatus`, of which `sstatus` shows a part.
enum Status {
  static let supervisorInterruptEnable: UInt64 = 1 << 1
  static let machineInterruptEnable: UInt64 = 1 << 3
  static let supervisorPreviousInterruptEnable: UInt64 = 1 << 5
  static let machinePreviousInterruptEnable: UInt64 = 1 << 7
  /// SPP.
  static let supervisorPreviousPrivilege: UInt64 = 1 << 8
  /// MPP.
  static let machinePreviousPrivilege: UInt64 = 3 << machinePreviousPrivilegeShift
  static let machinePreviousPrivilegeShift: UInt64 = 11
  /// FS; all ones mean dirty.
  static let floatingPoint: UInt64 = 3 << 13
  /// MPRV: loads and stores have the privilege of MPP.
  static let modifyPrivilege: UInt64 = 1 << 17
  /// SUM.
  static let supervisorUserMemory: UInt64 = 1 << 18
  /// MXR.
  static let makeExecutableReadable: UInt64 = 1 << 19
  /// TVM.
  static let trapVirtualMemory: UInt64 = 1 << 20
  /// TW.
  static let timeoutWait: UInt64 = 1 << 21
  /// TSR.
  static let trapSupervisorReturn: UInt64 = 1 << 22
  /// UXL and SXL say 64 bits.
  static let userXLEN64: UInt64 = 2 << 32
  static let supervisorXLEN64: UInt64 = 2 << 34

  /// What changes the meaning of an address.
  static let addressing =
    modifyPrivilege | machinePreviousPrivilege | supervisorUserMemory | makeExecutableReadable
}

/// Interrupt bits of `mip`, `mie` and `mideleg`.
enum InterruptBits {
  static let supervisorSoftware: UInt64 = 1 << 1
  static let machineSoftware: UInt64 = 1 << 3
  static let supervisorTimer: UInt64 = 1 << 5
  static let machineTimer: UInt64 = 1 << 7
  static let supervisorExternal: UInt64 = 1 << 9
  static let machineExternal: UInt64 = 1 << 11

  static let supervisor = supervisorSoftware | supervisorTimer | supervisorExternal
  static let machine = machineSoftware | machineTimer | machineExternal
  /// The bits that are driven from outside the hart.
  static let lines = machine | supervisorExternal
}
