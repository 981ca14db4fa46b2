/// What a debugger can do with a system: the seam between the protocol and the simulator.
///
/// Threads are harts, numbered from 1. While nothing runs, simulated time stands still for the
/// whole system. Nothing here may change what the firmware sees, except the explicit writes.
public protocol DebugTarget: AnyObject {
  /// The harts, in order of their numbers; never empty.
  var threads: [DebugThread] { get }
  /// The registers that exist.
  var architecture: TargetArchitecture { get }

  /// The value of a register, zero extended; nil when it does not exist.
  func readRegister(_ register: DebugRegister, thread: Int) -> UInt64?
  /// Changes a register; false when it does not exist or cannot be written now.
  func writeRegister(_ register: DebugRegister, thread: Int, to value: UInt64) -> Bool

  /// Up to `count` bytes from `address` on, through the translation of the hart, without touching
  /// devices: ends before the first byte that is not ordinary memory.
  func readMemory(at address: UInt64, count: Int, thread: Int) -> [UInt8]
  /// Writes all `bytes`, or none and answers false when not all of it is ordinary memory.
  func writeMemory(_ bytes: [UInt8], at address: UInt64, thread: Int) -> Bool

  /// Sets a breakpoint or watchpoint on all harts; false when there is no room for more.
  func insert(_ point: StopPoint) -> Bool
  /// Removes one; removing what is not there does nothing.
  func remove(_ point: StopPoint)
  /// Removes all.
  func removeAllStopPoints()

  /// Runs the system until something stops it.
  ///
  /// - Parameters:
  ///   - actions: what the harts do. Those without an action run too when time must go on, since it
  ///     is one for all: the system advances by what a stepped instruction takes. But the client
  ///     believes that they stand still, so their stops are not reported.
  ///   - cycles: Stop after this many cycles of the reference clock, if nothing stops it before.
  ///   - isInterrupted: asked now and then; true stops the run.
  func resume(
    _ actions: [Int: ResumeAction], cycles: UInt64?, isInterrupted: () -> Bool
  ) -> StopEvent

  /// Starts the system anew from its first cycle, stop points kept.
  ///
  /// - Throws: ``DebugFailure`` when it cannot be built again.
  func reset() throws(DebugFailure)

  /// The hardware modules as they are now.
  func modules() -> [ModuleView]
  /// The simulated time.
  var time: TimeView { get }
}

/// A request that the target could not fulfil, in one sentence.
public struct DebugFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// A failure with that sentence.
  public init(_ description: String) {
    self.description = description
  }
}

/// A hart as a debugger sees it.
public struct DebugThread: Sendable, Equatable {
  /// The number, from 1.
  public var number: Int
  /// The instance path, for example `cpu`.
  public var name: String
  /// What it is doing, for example `machine mode, wfi`.
  public var detail: String

  /// A thread with these properties.
  public init(number: Int, name: String, detail: String) {
    self.number = number
    self.name = name
    self.detail = detail
  }
}

/// The registers of a hart, by the numbers that GDB gives them (`riscv-tdep.h`).
public enum DebugRegister: Sendable, Hashable {
  /// x0 to x31: 0 to 31.
  case integer(Int)
  /// 32.
  case programCounter
  /// f0 to f31: 33 to 64.
  case float(Int)
  /// 65 + the CSR's number.
  case csr(UInt16)
  /// 4161: the privilege mode (0 user, 1 supervisor, 3 machine).
  case privilege

  /// The register with GDB's number; nil when there is none.
  public init?(number: Int) {
    switch number {
    case 0..<32: self = .integer(number)
    case 32: self = .programCounter
    case 33..<65: self = .float(number - 33)
    case 65..<4161: self = .csr(UInt16(number - 65))
    case 4161: self = .privilege
    default: return nil
    }
  }

  /// GDB's number.
  public var number: Int {
    switch self {
    case .integer(let index): index
    case .programCounter: 32
    case .float(let index): 33 + index
    case .csr(let csr): 65 + Int(csr)
    case .privilege: 4161
    }
  }
}

/// Which registers a target has.
public struct TargetArchitecture: Sendable, Equatable {
  /// A control and status register by name.
  public struct ControlRegister: Sendable, Equatable {
    /// The name in the privileged specification, for example `mstatus`.
    public var name: String
    /// The CSR number.
    public var number: UInt16

    /// A register of that name.
    public init(name: String, number: UInt16) {
      self.name = name
      self.number = number
    }
  }

  /// 32 or 64 bits.
  public var xlen: Int
  /// Width of the f registers in bits: 0 (none), 32 or 64.
  public var floatBits: Int
  /// The control and status registers.
  public var controlRegisters: [ControlRegister]

  /// An architecture with these registers.
  public init(xlen: Int, floatBits: Int, controlRegisters: [ControlRegister]) {
    self.xlen = xlen
    self.floatBits = floatBits
    self.controlRegisters = controlRegisters
  }
}

/// Where a run stops.
public enum StopPoint: Sendable, Hashable {
  /// Before the instruction at an address executes. `hardware` only names it in the report: no
  /// breakpoint changes memory.
  case breakpoint(UInt64, hardware: Bool)
  /// Before an instruction that accesses any of the bytes, as GDB expects of RISC-V.
  case watchpoint(WatchKind, address: UInt64, length: UInt64)
}

/// The accesses that trigger a watchpoint.
public enum WatchKind: Sendable, Hashable {
  /// Stores.
  case write
  /// Loads.
  case read
  /// Both.
  case access
}

/// What a hart does when the system is resumed.
public enum ResumeAction: Sendable, Hashable {
  /// Run until something stops it.
  case run
  /// Execute one instruction, or enter a trap handler.
  case step
  /// Execute instructions until the program counter leaves the addresses.
  case stepWithin(Range<UInt64>)
}

/// That a run has stopped, where and why.
public struct StopEvent: Sendable, Equatable {
  /// The hart concerned.
  public var thread: Int
  /// Why.
  public var reason: StopReason

  /// A stop of that hart.
  public init(thread: Int, reason: StopReason) {
    self.thread = thread
    self.reason = reason
  }
}

/// Why a run has stopped.
public enum StopReason: Sendable, Equatable {
  /// At a breakpoint.
  case breakpoint(hardware: Bool)
  /// Before an access to watched bytes, of which this is the first.
  case watchpoint(WatchKind, address: UInt64)
  /// A step is done.
  case step
  /// The user asked for it, or a span of cycles is over.
  case interrupt
  /// The run cannot go on, but everything can be looked at; resuming answers ``exited(code:)``. The
  /// text is one sentence.
  case ended(EndKind, String)
  /// The system is gone; the code of the process.
  case exited(code: UInt8)
}

/// Why a run cannot go on.
public enum EndKind: Sendable, Equatable {
  /// A trap that nobody handles.
  case unhandledTrap
  /// Nothing is scheduled.
  case deadlock
  /// The limit of cycles.
  case limit
}

/// A hardware module and what it is doing.
public struct ModuleView: Sendable, Equatable {
  /// A class of cycles and how long the module was in it.
  public struct State: Sendable, Equatable {
    /// The name, for example `wait-in1`.
    public var name: String
    /// `active`, `waiting` or `idle`.
    public var kind: String
    /// Whom the module waits for in this state.
    public var blocker: String?
    /// Cycles in it so far.
    public var cycles: UInt64

    /// A state with these values.
    public init(name: String, kind: String, blocker: String?, cycles: UInt64) {
      self.name = name
      self.kind = kind
      self.blocker = blocker
      self.cycles = cycles
    }
  }

  /// A count of events.
  public struct Counter: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The total so far.
    public var value: UInt64
    /// What one count is.
    public var unit: String
    /// One sentence that defines the event.
    public var help: String

    /// A counter with these values.
    public init(name: String, value: UInt64, unit: String, help: String) {
      self.name = name
      self.value = value
      self.unit = unit
      self.help = help
    }
  }

  /// The instance path.
  public var path: String
  /// The component kind.
  public var kind: String
  /// The clock's name.
  public var clock: String
  /// Elapsed cycles of that clock.
  public var cycles: UInt64
  /// All states; empty when the module does not tell.
  public var states: [State]
  /// Index of the present one.
  public var current: Int?
  /// All counters.
  public var counters: [Counter]

  /// A module with these values.
  public init(
    path: String, kind: String, clock: String, cycles: UInt64, states: [State], current: Int?,
    counters: [Counter]
  ) {
    self.path = path
    self.kind = kind
    self.clock = clock
    self.cycles = cycles
    self.states = states
    self.current = current
    self.counters = counters
  }

  /// The present state.
  public var state: State? {
    current.flatMap { states.indices.contains($0) ? states[$0] : nil }
  }
}

/// The simulated time.
public struct TimeView: Sendable, Equatable {
  /// A clock and its elapsed cycles.
  public struct Clock: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The frequency in Hz.
    public var hertz: UInt64
    /// Elapsed cycles.
    public var cycles: UInt64

    /// A clock with these values.
    public init(name: String, hertz: UInt64, cycles: UInt64) {
      self.name = name
      self.hertz = hertz
      self.cycles = cycles
    }
  }

  /// Seconds since the start.
  public var seconds: Double
  /// The clock that cycles without further words mean.
  public var reference: String
  /// All clocks.
  public var clocks: [Clock]

  /// A time with these values.
  public init(seconds: Double, reference: String, clocks: [Clock]) {
    self.seconds = seconds
    self.reference = reference
    self.clocks = clocks
  }
}
