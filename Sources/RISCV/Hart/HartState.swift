/// A device access that left the hart, and what has been answered so far.
///
/// The instruction is executed again from its start once the answer is there; an atomic
/// instruction needs two, for its load and for its store.
struct DeviceAccess: BitwiseCopyable {
  /// The value of a load that was answered.
  var loaded: UInt64?
  /// Whether the store was answered.
  var stored = false
  /// Whether the unanswered access is a store.
  var isStore: Bool
  /// First byte as the program addressed it, for the trap value of a failed access.
  var address: UInt64
}

/// A load reservation: where LR read, and what.
struct Reservation: BitwiseCopyable {
  /// Physical address.
  var address: UInt64
  var bytes: Int
  var value: UInt64
}

/// Everything of a hart that changes while it runs, in memory of its own so that the engines reach
/// it through a plain pointer.
struct HartState: BitwiseCopyable {
  /// Address of the instruction that executes, or that is next.
  var pc: UInt64
  /// Where execution goes on after the instruction.
  var nextPC: UInt64 = 0
  /// The instruction that executes, 16 or 32 bits.
  var word: UInt32 = 0
  /// Whether `word` could be fetched.
  var hasFetched = false
  /// Cycles spent since reset, waiting included; never written by the program.
  var cycles: UInt64 = 0
  /// Instructions retired since reset; never written by the program.
  var instructions: UInt64 = 0
  /// The regions the last load, store and fetch hit.
  var load: DirectMemory
  var store: DirectMemory
  var code: DirectMemory
  var control: ControlState
  /// Set by trap entry, cleared when an instruction retires.
  var firstOfHandler = false
  /// The executing instruction has made an interrupt deliverable that was not.
  var mustSynchronise = false
  /// A WFI has retired with nothing to wake it.
  var waitsForInterrupt = false
  var reservation: Reservation?
  var deviceAccess: DeviceAccess?
  /// First physical address of the watched double word.
  var watched: UInt64?
  /// The watched store that has just been made.
  var hostStore: MemoryAccess?
  /// What the executing instruction has done so far.
  var effects = Effects()

  /// The state after reset of the hart whose registers are at `registers`.
  init(
    pc: UInt64, configuration: HartConfiguration, registers: UnsafeMutablePointer<UInt64>
  ) {
    self.pc = pc
    load = DirectMemory(placeholder: registers)
    store = load
    code = load
    control = ControlState(configuration: configuration)
  }
}
