/// One RISC-V hart: RV32 or RV64 with the extensions of its ``InstructionSet``, machine, supervisor
/// and user mode, translation and physical memory protection.
///
/// The hart executes from ordinary memory at full speed and hands every other access to its caller,
/// which owns time, devices and interrupt lines:
///
/// ```swift
/// hart.setInterruptPending(lines)
/// hart.setTime(now)
/// switch hart.run(budget: 1000, synchronised: true).exit { … }
/// ```
///
/// Each instruction that retires costs one cycle, traps cost none; the caller adds the cycles an
/// instruction waits with ``addStallCycles(_:)``. A hart is not thread safe. Register and address values are zero extended to 64 bits.
///
/// Two engines give the same results to the last counter: the reference interpreter (`Interpreter`,
/// one instruction at a time by the text of the specification) and the fast loop (`FastLoop`, over
/// predecoded records). The fast loop leaves everything unusual to the interpreter, so an engine
/// that translates code could take its place behind ``run(budget:synchronised:)``.
public final class Hart {
  let state: UnsafeMutablePointer<HartState>
  /// x0 to x31, sign extended from XLEN bits, followed by a slot that swallows writes to x0.
  let registers: UnsafeMutablePointer<UInt64>
  /// f0 to f31; narrower numbers are boxed.
  let floatRegisters: UnsafeMutablePointer<UInt64>
  /// Fixed properties.
  public let configuration: HartConfiguration
  /// All ones in the bits an address has.
  let addressMask: UInt64
  /// The regions, in raw memory because every change of region in the fast loop looks here.
  let regions: RegionTable
  /// Translations of the page tables.
  let translations = TranslationCache()
  /// Pages that may be used without translation, for the fast loop alone.
  let protections = TranslationCache()
  /// What instruction words stand for, as far as they were met.
  let decoder: DecodeCache
  /// Every page of decoded instructions that was ever made; they live as long as the hart.
  var decodedPages: [UnsafeMutablePointer<DecodedInstruction>] = []
  /// The harts it shares memory with, if any.
  var peers: HartGroup?

  /// A hart without memory, about to execute at address 0.
  public init(configuration: HartConfiguration = HartConfiguration()) {
    self.configuration = configuration
    addressMask = configuration.instructionSet.xlen == .rv32 ? 0xffff_ffff : .max
    regions = RegionTable()
    decoder = DecodeCache(xlen: configuration.instructionSet.xlen)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: Self.stateOffset + MemoryLayout<HartState>.size, alignment: 64)
    registers = memory.initializeMemory(as: UInt64.self, repeating: 0, count: 33)
    state = Self.state(behind: registers)
    state.initialize(
      to: HartState(
        pc: 0, configuration: configuration, registers: registers))
    floatRegisters = .allocate(capacity: 32)
    floatRegisters.initialize(repeating: 0, count: 32)
  }

  deinit {
    for page in decodedPages { page.deallocate() }
    regions.deallocate()
    translations.deallocate()
    protections.deallocate()
    decoder.deallocate()
    UnsafeMutableRawPointer(registers).deallocate()
    floatRegisters.deallocate()
  }

  /// Distance of the state from the registers in bytes.
  private static var stateOffset: Int { 40 * 8 }

  /// Where the state of a hart is that has its registers at `registers`.
  @inline(__always)
  static func state(
    behind registers: UnsafeMutablePointer<UInt64>
  ) -> UnsafeMutablePointer<HartState> {
    (UnsafeMutableRawPointer(registers) + stateOffset).assumingMemoryBound(to: HartState.self)
  }

  /// Puts the hart in its reset state, about to execute at `pc`: all registers and counters zero,
  /// machine mode, interrupts disabled, `mtvec` zero, floating point off. Memory regions and the
  /// watch stay. Only the low XLEN bits of `pc` count.
  public func reset(pc: UInt64) {
    let watched = state.pointee.watched
    state.pointee = HartState(
      pc: pc & addressMask, configuration: configuration, registers: registers)
    state.pointee.watched = watched
    registers.update(repeating: 0, count: 33)
    floatRegisters.update(repeating: 0, count: 32)
    flushTranslations()
    invalidateCode()
  }

  // MARK: Registers

  /// Address of the next instruction.
  public var programCounter: UInt64 {
    get { state.pointee.pc }
    set {
      state.pointee.pc = newValue & addressMask
      state.pointee.firstOfHandler = false
    }
  }

  /// The mode the next instruction is executed in.
  public var privilege: PrivilegeMode {
    get { state.pointee.control.privilege }
    set { state.pointee.control.privilege = newValue }
  }

  /// The integer register `number`, 0 to 31; writes to x0 are ignored, of others the low XLEN bits
  /// count.
  public subscript(register number: Int) -> UInt64 {
    get {
      precondition((0..<32).contains(number), "no integer register x\(number)")
      return zeroExtended(registers[number])
    }
    set {
      precondition((0..<32).contains(number), "no integer register x\(number)")
      if number != 0 { registers[number] = signExtended(newValue) }
    }
  }

  /// The 64 bits of the floating-point register `number`, 0 to 31.
  public subscript(floatRegister number: Int) -> UInt64 {
    get {
      precondition((0..<32).contains(number), "no floating-point register f\(number)")
      return floatRegisters[number]
    }
    set {
      precondition((0..<32).contains(number), "no floating-point register f\(number)")
      floatRegisters[number] = newValue
    }
  }

  /// The value of CSR `number` as an instruction in machine mode would read it, or nil when there
  /// is none.
  public func readCSR(_ number: UInt16) -> UInt64? {
    state.pointee.control.inspect(
      number, cycles: state.pointee.cycles, instructions: state.pointee.instructions)
  }

  /// Writes CSR `number` as an instruction in machine mode would; false when there is none or it
  /// is read-only.
  @discardableResult
  public func writeCSR(_ number: UInt16, _ value: UInt64) -> Bool {
    guard number >> 10 != 3, readCSR(number) != nil else { return false }
    var effects = CSREffects()
    // A debugger's write does not stand for an instruction that would have counted itself.
    let change = state.pointee.control.write(
      number, value & addressMask, cycles: state.pointee.cycles &- 1,
      instructions: state.pointee.instructions &- 1, effects: &effects)
    apply(change)
    return true
  }

  /// Drops what was derived from control registers that have changed.
  func apply(_ change: ControlChange) {
    if change.contains(.translation) { flushTranslations() }
    if change.contains(.extensions) { invalidateCode() }
  }

  /// The instruction at the program counter, 16 bits when its lowest two are not 11, or nil when
  /// none can be fetched.
  public var nextInstruction: UInt32? { try? fetchInstruction() }

  /// The instruction that was executed last, 16 bits when its lowest two are not 11; nil when it
  /// could not be fetched.
  public var executedInstruction: UInt32? {
    state.pointee.hasFetched ? state.pointee.word : nil
  }

  // MARK: Counts and time

  /// Cycles spent since reset, including those added by ``addStallCycles(_:)``. Unlike `mcycle`,
  /// programs cannot change it.
  public var cycle: UInt64 { state.pointee.cycles }

  /// Instructions retired since reset. Unlike `minstret`, programs cannot change it.
  public var retiredInstructions: UInt64 { state.pointee.instructions }

  /// Adds cycles in which the hart waited, for a device or in WFI.
  public func addStallCycles(_ cycles: UInt64) { state.pointee.cycles &+= cycles }

  /// Sets what the next instruction reads from the `time` CSR, in ticks of the platform's timer.
  public func setTime(_ time: UInt64) { state.pointee.control.time = time }

  // MARK: Interrupts

  /// Sets the interrupt lines: bit 3 machine software, 7 machine timer, 9 supervisor external, 11
  /// machine external, as in `mip`; other bits are ignored. Takes effect with the next call of
  /// `run` or `step`.
  public func setInterruptPending(_ mask: UInt64) {
    state.pointee.control.interruptLines = mask & 0xa88
  }

  /// Whether an interrupt line that rises now would be taken at once. While this is so, `run` must
  /// not be given a budget that passes a moment at which a line may change.
  public var canTakeInterrupt: Bool { state.pointee.control.deliverableMask != 0 }

  /// Whether an interrupt is pending and enabled in `mie`, whatever the global enables say: what
  /// ends a WFI.
  public var interruptPendingAndEnabled: Bool { state.pointee.control.pendingAndEnabled != 0 }
}
