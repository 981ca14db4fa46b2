public import RISCV

/// Counts the cycles of one hart by function and chain of calls.
///
/// A cycle belongs to the function that holds the instruction it was spent on, by the symbols; waiting
/// for a device belongs to the load or store, waiting in WFI to the WFI. Chains are a copy of the
/// program's own stacks, kept up with by its calls, returns and traps; an interrupt's handler
/// stands under what it has interrupted.
public final class FunctionProfile: InstructionObserver {
  /// What is said of code that no symbol covers.
  public static let unknown = "[unknown]"

  private let functions: FunctionMap
  /// The chains seen, and their cycles.
  public private(set) var tree = CallTree()
  private var stack = ShadowStack()
  /// Cycles that belong to somebody already.
  private var accounted: UInt64 = 0
  /// The addresses of the function that executes; none before the first instruction.
  private var start: UInt64 = 0
  private var size: UInt64 = 0
  /// The hart, once it has done something.
  private var hart: Hart?

  /// A profile of a hart that has not begun.
  public init(_ functions: FunctionMap) {
    self.functions = functions
  }

  /// The name of a function of the tree.
  public func name(of function: Int) -> String {
    function < functions.functions.count ? functions.functions[function].name : Self.unknown
  }

  /// Charges the cycles since the latest event to the function that spent them.
  public func observe(_ event: InstructionEvent, of hart: Hart, at cycle: UInt64) {
    switch event {
    case .retired(let retired):
      let pc = retired.programCounter
      if pc &- start >= size { move(to: pc, hart) }
      charge(upTo: hart.cycle)
      let transfer = ControlTransfer.of(
        retired.word, hart.configuration.instructionSet.xlen)
      if transfer != .none { follow(transfer, retired, hart) }
    case .exception(let trap, let word):
      // Where nothing could be fetched there need be no function.
      if word != nil || stack.frames.isEmpty { move(to: trap.programCounter, hart) }
      enterHandler(of: trap, hart)
    case .interrupt(let trap):
      if stack.frames.isEmpty { move(to: trap.programCounter, hart) }
      enterHandler(of: trap, hart)
    }
  }

  /// Adds the cycles between the hart's latest instruction and the end of the run, in which it
  /// waited for something.
  ///
  /// - Parameter cycles: the cycles of the run. Fewer than the hart has executed, because a quantum
  ///   let it run ahead of the end, change nothing.
  public func finish(cycles: UInt64) {
    if let hart {
      let pc = hart.programCounter
      if pc &- start >= size { move(to: pc, hart) }
    } else {
      stack.start(functions.functions.count, stackPointer: 0, &tree)
    }
    charge(upTo: max(cycles, accounted))
  }

  // MARK: The function that executes

  private func charge(upTo cycle: UInt64) {
    tree.nodes[stack.node].cycles &+= cycle &- accounted
    accounted = cycle
  }

  /// The function at an address; its addresses are from now on those of the function that
  /// executes.
  private func select(_ address: UInt64) -> Int {
    let extent = functions.extent(of: address)
    start = extent.start
    size = extent.size
    return extent.function ?? functions.functions.count
  }

  /// Notes that execution has gone to an address outside the present function by itself.
  private func move(to address: UInt64, _ hart: Hart) {
    let function = select(address)
    if stack.frames.isEmpty {
      self.hart = hart
      stack.start(function, stackPointer: hart[register: 2], &tree)
    } else {
      stack.replaceTop(function, &tree)
    }
  }

  private func isStart(_ address: UInt64, of function: Int) -> Bool {
    function < functions.functions.count && functions.functions[function].address == address
  }

  // MARK: Calls and returns

  private func follow(_ transfer: ControlTransfer, _ retired: Retired, _ hart: Hart) {
    let target = hart.programCounter
    let isElsewhere = target &- start >= size
    if transfer == .jump, !isElsewhere { return }
    let function = isElsewhere ? select(target) : tree.nodes[stack.node].function
    let stackPointer = hart[register: 2]
    switch transfer {
    case .none: break
    case .jump:
      // A tail call, unless it goes into the middle.
      stack.replaceTop(function, &tree)
      if isStart(target, of: function) { tree.nodes[stack.node].calls += 1 }
    case .call: push(function, retired, stackPointer)
    case .return:
      stack.popCall(
        to: target, in: function, atStart: isStart(target, of: function),
        stackPointer: stackPointer, &tree)
    case .swap:
      stack.popCall(
        to: target, in: function, atStart: false, stackPointer: stackPointer, &tree)
      push(function, retired, stackPointer)
    case .trapReturn:
      stack.popTrap(to: target, in: function, stackPointer: stackPointer, &tree)
    }
    if tree.nodes[stack.node].function != function { stack.replaceTop(function, &tree) }
  }

  private func push(_ function: Int, _ retired: Retired, _ stackPointer: UInt64) {
    let length: UInt64 = retired.word & 3 == 3 ? 4 : 2
    stack.push(
      function, .call, returnAddress: retired.programCounter &+ length,
      stackPointer: stackPointer, &tree)
  }

  private func enterHandler(of trap: Trap, _ hart: Hart) {
    charge(upTo: hart.cycle)
    stack.push(
      select(hart.programCounter), .trap, returnAddress: trap.programCounter,
      stackPointer: hart[register: 2], &tree)
  }
}
