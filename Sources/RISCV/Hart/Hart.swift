/// One RV32IM hart with machine mode, Zicsr, Zifencei and Zicntr.
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
/// Each instruction costs one cycle, whether it retires or raises an exception; the caller adds
/// the cycles an instruction waits with ``addStallCycles(_:)``. Interrupt entry costs none. A hart
/// is not thread safe. Register and address values are zero extended to 64 bits.
public final class Hart {
  let state: UnsafeMutablePointer<HartState>
  /// x0 to x31, followed by a slot that swallows writes to x0.
  let registers: UnsafeMutablePointer<UInt32>
  /// Fixed properties.
  public let configuration: HartConfiguration
  /// The regions, in raw memory because every change of region in the fast loop looks here.
  let regions: RegionTable
  /// Every page of decoded instructions that was ever made; they live as long as the hart.
  var decodedPages: [UnsafeMutablePointer<DecodedInstruction>] = []

  /// A hart without memory, about to execute at address 0.
  public init(configuration: HartConfiguration = HartConfiguration()) {
    self.configuration = configuration
    regions = RegionTable()
    state = .allocate(capacity: 1)
    state.initialize(to: HartState(pc: 0, configuration: configuration))
    registers = .allocate(capacity: 33)
    registers.initialize(repeating: 0, count: 33)
  }

  deinit {
    for page in decodedPages { page.deallocate() }
    regions.deallocate()
    registers.deallocate()
    state.deallocate()
  }

  /// Puts the hart in its reset state, about to execute at `pc`: all registers and counters zero,
  /// interrupts disabled, `mtvec` zero. Memory regions and the watch stay. Only the low 32 bits of
  /// `pc` count.
  public func reset(pc: UInt64) {
    let watched = state.pointee.watched
    state.pointee = HartState(
      pc: UInt32(truncatingIfNeeded: pc), configuration: configuration)
    state.pointee.watched = watched
    registers.update(repeating: 0, count: 33)
    invalidateCode()
  }

  // MARK: Registers

  /// Address of the next instruction.
  public var programCounter: UInt64 {
    get { UInt64(state.pointee.pc) }
    set {
      state.pointee.pc = UInt32(truncatingIfNeeded: newValue)
      state.pointee.firstOfHandler = false
    }
  }

  /// The integer register `number`, 0 to 31; writes to x0 are ignored, of others the low 32 bits
  /// count.
  public subscript(register number: Int) -> UInt64 {
    get {
      precondition((0..<32).contains(number), "no integer register x\(number)")
      return UInt64(registers[number])
    }
    set {
      precondition((0..<32).contains(number), "no integer register x\(number)")
      if number != 0 { registers[number] = UInt32(truncatingIfNeeded: newValue) }
    }
  }

  /// The value of CSR `number` as the next instruction would read it, or nil when there is none.
  public func readCSR(_ number: UInt16) -> UInt64? {
    state.pointee.machine.read(
      number, cycles: state.pointee.cycles, instructions: state.pointee.instructions
    ).map(UInt64.init)
  }

  /// The word at the program counter, or nil when no memory is there.
  public var nextInstruction: UInt32? { fetch(at: state.pointee.pc) }

  // MARK: Counts and time

  /// Cycles spent since reset, including those added by ``addStallCycles(_:)``. Unlike `mcycle`,
  /// programs cannot change it.
  public var cycle: UInt64 { state.pointee.cycles }

  /// Instructions retired since reset. Unlike `minstret`, programs cannot change it.
  public var retiredInstructions: UInt64 { state.pointee.instructions }

  /// Adds cycles in which the hart waited, for a device or in WFI.
  public func addStallCycles(_ cycles: UInt64) { state.pointee.cycles &+= cycles }

  /// Sets what the next instruction reads from the `time` CSR, in ticks of the platform's timer.
  public func setTime(_ time: UInt64) { state.pointee.machine.time = time }

  // MARK: Interrupts

  /// Sets the interrupt lines: bit 3 software, 7 timer, 11 external, as in `mip`; other bits are
  /// ignored. Takes effect with the next call of `run` or `step`.
  public func setInterruptPending(_ mask: UInt32) {
    state.pointee.machine.interruptsPending = mask & MachineState.interruptMask
  }

  /// Whether an interrupt line that rises now would be taken at once (`mstatus.MIE` set and `mie`
  /// not zero). While this is so, `run` must not be given a budget that passes a moment at which a
  /// line may change.
  public var canTakeInterrupt: Bool { state.pointee.machine.deliverableMask != 0 }

  /// Whether an interrupt is pending and enabled in `mie`, whatever `mstatus.MIE` says: what ends
  /// a WFI.
  public var interruptPendingAndEnabled: Bool { state.pointee.machine.pendingAndEnabled != 0 }

  // MARK: Running

  /// Executes up to `budget` instructions.
  ///
  /// Pending interrupts are taken before the first instruction and after any instruction that can
  /// enable one. When an instruction makes an interrupt deliverable that was not before, `run`
  /// returns ``Exit/synchronise`` after it, so that the lines can be brought up to date.
  ///
  /// - Parameters:
  ///   - budget: Most instructions to execute; a WFI or an exception counts as one.
  ///   - synchronised: Whether time and interrupt lines are those of this very cycle, so that the
  ///     first instruction may depend on them.
  public func run(budget: Int, synchronised: Bool = true) -> RunResult {
    state.pointee.pendingAccess = nil
    var executed = 0
    while executed < budget {
      _ = takeInterrupt()
      let (count, stop) = runDecoded(budget: budget - executed)
      executed += count
      state.pointee.cycles &+= UInt64(count)
      state.pointee.instructions &+= UInt64(count)
      if count > 0 { state.pointee.firstOfHandler = false }
      switch stop {
      case .budget: return RunResult(exit: .budget, executed: executed)
      case .hostStore: return RunResult(exit: takeHostStore() ?? .budget, executed: executed)
      case .interpret: break
      }
      switch interpret(synchronised: synchronised && executed == 0) {
      case .retired, .trapped: executed += 1
      case .retiredAndStopped(_, let exit): return RunResult(exit: exit, executed: executed + 1)
      case .stopped(let exit): return RunResult(exit: exit, executed: executed)
      }
    }
    return RunResult(exit: .budget, executed: executed)
  }

  /// Executes one instruction by the interpreter and reports its effects; otherwise like
  /// ``run(budget:synchronised:)``. An interrupt that is taken is a step of its own, which costs no
  /// cycle.
  public func step(synchronised: Bool = true) -> Step {
    state.pointee.pendingAccess = nil
    if let trap = takeInterrupt() { return .trapped(trap) }
    return interpret(synchronised: synchronised)
  }

  /// Ends the load that `run` returned as ``Exit/deviceLoad(address:bytes:)``: the instruction
  /// retires with the low bytes of `value`, at the cost of its one cycle.
  @discardableResult
  public func completeLoad(_ value: UInt64) -> Retired {
    guard let access = state.pointee.pendingAccess, !access.isStore else {
      preconditionFailure("completeLoad without an unanswered device load")
    }
    state.pointee.pendingAccess = nil
    return retireLoad(
      access.fields, address: access.address, raw: UInt32(truncatingIfNeeded: value))
  }

  /// Ends the store that `run` returned as ``Exit/deviceStore(address:bytes:value:)``: the
  /// instruction retires, at the cost of its one cycle.
  @discardableResult
  public func completeStore() -> Retired {
    guard let access = state.pointee.pendingAccess, access.isStore else {
      preconditionFailure("completeStore without an unanswered device store")
    }
    state.pointee.pendingAccess = nil
    return retireStore(access.fields, address: access.address, value: access.value)
  }

  /// Ends the device access that `run` returned with a load or store access fault, at the cost of
  /// one cycle; nothing else of the instruction takes effect.
  @discardableResult
  public func failAccess() -> Trap {
    guard let access = state.pointee.pendingAccess else {
      preconditionFailure("failAccess without an unanswered device access")
    }
    state.pointee.pendingAccess = nil
    return enterException(
      access.isStore ? .storeAccessFault : .loadAccessFault, value: access.address)
  }
}
