/// What the runtime firmware (Firmware/network) costs the core besides kernels, in instructions.
///
/// The runtime's work is a sequence of pieces; this says how long each is and where in it devices are
/// accessed. Every count includes the instructions of device accesses themselves; the cycles that
/// these make the hart wait are ``HartTiming``'s.
///
/// The sequences, with n devices in the plan (engines without the core):
/// - **reset** to the first sleep: ``start``, for each device ``openDMA`` or ``openAccelerator``,
///   ``opened``, a pass over the devices, ``begun``, ``Loop/idle(firstIncomplete:)``, `wfi`.
/// - **a pass** goes over the n devices in the order of the plan. For each: ``Command`` as often as a
///   command can be issued, then what ended it: ``Scan``.
/// - **an interrupt while the core sleeps**: ``wake`` (from the `wfi`), ``serveDMA`` or
///   ``serveAccelerator``, a pass, ``served``; then the loop: idle, or the core's next command, or
///   the end.
/// - **an interrupt while the core computes**: ``trap``, serve, a pass, ``served``, ``resume``.
/// - **a command of the core**: ``CoreCommand/begin``, the kernel, ``CoreCommand/end``, a pass; then
///   the loop goes on as above.
/// - **the end**: ``Loop/finish(engines:)``.
public struct RuntimeCost: Sendable, Hashable {
  /// A piece of the runtime's work.
  public struct Piece: Sendable, Hashable {
    /// Instructions.
    public var instructions: Int
    /// Device accesses in their order.
    public var accesses: [Access]

    /// A piece of so many instructions.
    public init(instructions: Int, accesses: [Access] = []) {
      self.instructions = instructions
      self.accesses = accesses
    }

    /// Loads of devices.
    public var loads: Int { accesses.count { !$0.isStore } }
    /// Stores to devices.
    public var stores: Int { accesses.count { $0.isStore } }
  }

  /// A device access of a piece.
  public struct Access: Sendable, Hashable, BitwiseCopyable {
    /// Whether it is a store.
    public var isStore: Bool
    /// Instructions of the piece in front of it.
    public var offset: Int

    /// An access behind `offset` instructions.
    public init(isStore: Bool, offset: Int) {
      self.isStore = isStore
      self.offset = offset
    }
  }

  /// What a pass costs for a device that gets no command, or no further one.
  public struct Scan: Sendable, Hashable, BitwiseCopyable {
    /// It holds two commands already, whether there are more or not.
    public var full = 0
    /// It has got its second command in this pass.
    public var filled = 0
    /// It has got all its commands and holds less than two.
    public var drained = 0
    /// Its next command's first wait is not fulfilled.
    public var blocked = 0
    /// Each fulfilled wait in front of the one that is not.
    public var perFulfilledWait = 0

    /// What a pass costs when the next command has `fulfilled` fulfilled waits in front of one that
    /// is not.
    @inlinable
    public func blocked(fulfilled: Int) -> Int { blocked + fulfilled * perFulfilledWait }

    /// All zero.
    public init() {}
  }

  /// What issuing a command to a device costs. Register writes are stores to the device; the last
  /// one starts it.
  public struct Command: Sendable, Hashable, BitwiseCopyable {
    /// Without waits and writes.
    public var base = 0
    /// When there are any waits, besides ``perWait``.
    public var waits = 0
    /// Each wait.
    public var perWait = 0
    /// Each group of consecutive registers.
    public var perGroup = 0
    /// Each value.
    public var perValue = 0
    /// Instructions behind the last register write.
    public var tail = 0
    /// More when the command sets a tag and it counts at once: the device has completed all its
    /// commands before. Holds one store to the marker.
    public var tag = 0
    /// Instructions from the marker's store to the command's first register write.
    public var tagToFirstWrite = 0
    /// More when it sets a tag that waits for commands under way.
    public var deferredTag = 0

    /// Instructions of a command, its tag left out.
    @inlinable
    public func instructions(waits: Int, groups: Int, values: Int) -> Int {
      base + (waits > 0 ? self.waits + waits * perWait : 0) + groups * perGroup + values * perValue
    }

    /// Instructions in front of the last register write, at which the device starts, likewise.
    @inlinable
    public func start(waits: Int, groups: Int, values: Int) -> Int {
      instructions(waits: waits, groups: groups, values: values) - tail - 1
    }

    /// All zero.
    public init() {}
  }

  /// What the main loop costs between pieces that something caused.
  public struct Loop: Sendable, Hashable, BitwiseCopyable {
    /// To the `wfi`, which is not included, when the core has no more commands.
    public var idle = 0
    /// Each engine that has completed everything, in front of the first that has not.
    public var perCompleteEngine = 0
    /// More when the core's next command has to wait: its first wait is not fulfilled.
    public var blocked = 0
    /// Each fulfilled wait in front of it.
    public var perFulfilledWait = 0
    /// To the last store, when everything is complete.
    public var finish = 0

    /// To the `wfi` when the core has completed its commands and `firstIncomplete` (1…) is the first
    /// engine that has not.
    @inlinable
    public func idle(firstIncomplete: Int) -> Int { idle + firstIncomplete * perCompleteEngine }

    /// To the `wfi` when the core's next command waits.
    @inlinable
    public func blocked(fulfilled: Int) -> Int { idle + blocked + fulfilled * perFulfilledWait }

    /// To the end of the program with so many engines, the core included.
    @inlinable
    public func finish(engines: Int) -> Int { finish + engines * perCompleteEngine }

    /// All zero.
    public init() {}
  }

  /// What a command of the core costs besides its kernel.
  public struct CoreCommand: Sendable, Hashable, BitwiseCopyable {
    /// From the loop's begin to the kernel's first instruction, without waits and tag.
    public var begin = 0
    /// More when there are any waits, besides ``perWait``.
    public var waits = 0
    /// Each wait.
    public var perWait = 0
    /// More when it sets the tag. Holds one store to the marker.
    public var tag = 0
    /// Instructions from the marker's store to the kernel's first instruction.
    public var tagToKernel = 0
    /// Instructions from where an interrupt that waits is taken to the kernel's first instruction.
    public var trapToKernel = 0
    /// From the kernel's return to the loop's begin, without the pass over the devices.
    public var end = 0

    /// From the loop's begin to the kernel's first instruction.
    @inlinable
    public func begin(waits: Int, setsTag: Bool) -> Int {
      begin + (waits > 0 ? self.waits + waits * perWait : 0) + (setsTag ? tag : 0)
    }

    /// All zero.
    public init() {}
  }

  /// From reset to the first device's part of opening the plan.
  public var start: Piece
  /// Opening a DMA: clears its status, attaches its interrupt.
  public var openDMA: Piece
  /// Opening an array or vector unit: the same, after reading JOBS.
  public var openAccelerator: Piece
  /// From there to the first pass over the devices.
  public var opened: Int
  /// From that pass to the loop's begin.
  public var begun: Int
  /// What a pass costs for a device that gets nothing.
  public var scan: Scan
  /// Issuing a command.
  public var command: Command
  /// From a `wfi` (its own instruction included) that an interrupt ends to the claim.
  public var wake: Int
  /// From the trap's first instruction to the claim.
  public var trap: Int
  /// From the claim (its load included) to the pass over the devices, of a DMA's interrupt: PLIC claim,
  /// DONE cleared, STATUS read.
  public var serveDMA: Piece
  /// The same of an array's or vector unit's, JOBS read too.
  public var serveAccelerator: Piece
  /// More, in front of the pass, when a tag had waited for the command that is complete. Holds one
  /// store to the marker, whose offset counts from the instruction behind the last load of serving
  /// the interrupt.
  public var servedTag: Piece
  /// From the pass to the store that completes the interrupt, included.
  public var served: Piece
  /// From there to the end of the trap, its `mret` included.
  public var resume: Int
  /// The main loop.
  public var loop: Loop
  /// Commands of the core.
  public var core: CoreCommand
}

extension RuntimeCost {
  /// A runtime that costs nothing: what is left are the devices.
  public init() {
    let nothing = Piece(instructions: 0)
    self.init(
      start: nothing, openDMA: nothing, openAccelerator: nothing, opened: 0, begun: 0,
      scan: Scan(), command: Command(), wake: 0, trap: 0, serveDMA: nothing,
      serveAccelerator: nothing, servedTag: nothing, served: nothing, resume: 0, loop: Loop(),
      core: CoreCommand())
  }
}
