/// The calls under way in one hart, as far as they can be told from outside: a copy of what the
/// program keeps on its own stacks.
///
/// A return goes to the frame that was entered with its target as return address and with the same
/// stack pointer. This also finds the right frame when a program unwinds many at once (`longjmp`,
/// exceptions of C++), and the right stack when it switches between several (tasks, coroutines,
/// user programs under a kernel): a stack that is left without a return is kept aside.
struct ShadowStack {
  enum Kind {
    /// Where execution began, or went to without a call.
    case root
    case call
    case trap
  }

  struct Frame {
    let kind: Kind
    /// Node of the call tree; the topmost frame's is the one that executes.
    var node: Int
    /// Where the frame's function returns to; for a trap the instruction that was interrupted.
    let returnAddress: UInt64
    /// The stack pointer at the call.
    let stackPointer: UInt64
  }

  /// A stack that was left, with the stack pointer and the function it was left in.
  private struct Suspended {
    var frames: [Frame]
    let stackPointer: UInt64
    let function: Int
  }

  /// Deeper calls are attributed to the right function, but not to their own chain.
  static let maximumDepth = 512
  /// From this depth on a call looks for remains of itself: programs may call without returning.
  private static let suspiciousDepth = 64
  private static let maximumSuspended = 64

  private(set) var frames: [Frame] = []
  private var suspended: [Suspended] = []
  /// Calls beyond the maximum depth that have not returned.
  private var excess = 0

  /// The node that executes.
  var node: Int { frames[frames.count - 1].node }

  // MARK: Going down

  /// Starts a chain of its own with `function`.
  mutating func start(_ function: Int, stackPointer: UInt64, _ tree: inout CallTree) {
    let node = tree.node(of: function, under: nil)
    tree.nodes[node].calls += 1
    excess = 0
    frames = [Frame(kind: .root, node: node, returnAddress: 0, stackPointer: stackPointer)]
  }

  /// Notes that execution is in `function` now, without a call: the topmost frame is its own.
  mutating func replaceTop(_ function: Int, _ tree: inout CallTree) {
    let top = frames.count - 1
    frames[top].node = tree.node(of: function, under: tree.nodes[frames[top].node].parent)
  }

  /// Notes a call of `function`, or a trap whose handler it is.
  mutating func push(
    _ function: Int, _ kind: Kind, returnAddress: UInt64, stackPointer: UInt64,
    _ tree: inout CallTree
  ) {
    if frames.count >= Self.suspiciousDepth {
      // The caller cannot stand at this call twice: it must have come back unnoticed.
      if let index = frames.lastIndex(where: {
        $0.kind == kind && $0.returnAddress == returnAddress && $0.stackPointer == stackPointer
      }) {
        frames.removeSubrange(index...)
        excess = 0
      } else if frames.count >= Self.maximumDepth {
        excess += 1
        replaceTop(function, &tree)
        tree.nodes[node].calls += 1
        return
      }
    }
    let callee = tree.node(of: function, under: frames.isEmpty ? nil : node)
    tree.nodes[callee].calls += 1
    frames.append(
      Frame(
        kind: kind, node: callee, returnAddress: returnAddress, stackPointer: stackPointer))
  }

  // MARK: Coming back

  /// Notes a return to `target`, which is in `function`, at its first instruction or not.
  mutating func popCall(
    to target: UInt64, in function: Int, atStart isStart: Bool, stackPointer: UInt64,
    _ tree: inout CallTree
  ) {
    func isExact(_ frame: Frame) -> Bool {
      frame.kind == .call && frame.returnAddress == target && frame.stackPointer == stackPointer
    }
    let top = frames[frames.count - 1]
    if let index = frames.lastIndex(where: isExact) {
      cut(to: index)
    } else if let index = suspended.lastIndex(where: { isExact($0.frames[$0.frames.count - 1]) }) {
      resume(index, keeping: frames.count, stackPointer, tree)
      frames.removeLast()
    } else if excess > 0 {
      excess -= 1
    } else if top.kind == .call, top.returnAddress == target {
      // The callee has changed the stack pointer: code that saves registers for functions does.
      frames.removeLast()
    } else if let index = frameAbove(function, stackPointer, tree) {
      cut(to: index)
    } else if isStart, function != tree.nodes[node].function {
      suspend(frames.count, stackPointer, tree)
      start(function, stackPointer: stackPointer, &tree)
    }
  }

  /// Notes the return from a trap handler to `target`, which is in `function`.
  mutating func popTrap(
    to target: UInt64, in function: Int, stackPointer: UInt64, _ tree: inout CallTree
  ) {
    // A handler continues at the instruction or, when it has done its work, behind it.
    func isExact(_ frame: Frame) -> Bool {
      frame.kind == .trap && target &- frame.returnAddress <= 4
        && frame.stackPointer == stackPointer
    }
    if let index = frames.lastIndex(where: isExact) { return cut(to: index) }
    let trap = frames.lastIndex { $0.kind == .trap }
    let kept = trap.map { $0 + 1 } ?? frames.count
    if let index = suspended.lastIndex(where: { isExact($0.frames[$0.frames.count - 1]) }) {
      resume(index, keeping: kept, stackPointer, tree)
      frames.removeLast()
    } else if let trap, frames[trap].stackPointer == stackPointer {
      // The handler sends the program elsewhere.
      cut(to: trap)
    } else if let index = suspended.lastIndex(where: {
      $0.function == function && $0.stackPointer == stackPointer
    }) {
      resume(index, keeping: kept, stackPointer, tree)
    } else {
      suspend(kept, stackPointer, tree)
      start(function, stackPointer: stackPointer, &tree)
    }
  }

  /// Removes the frame at `index` and all above it.
  private mutating func cut(to index: Int) {
    frames.removeSubrange(index...)
    excess = 0
  }

  /// Index of the lowest frame to remove for a jump into the middle of `function` further down:
  /// the one it has called, which knows its stack pointer.
  private func frameAbove(_ function: Int, _ stackPointer: UInt64, _ tree: CallTree) -> Int? {
    frames.indices.dropFirst().last { index in
      frames[index].stackPointer == stackPointer
        && tree.nodes[frames[index - 1].node].function == function
    }
  }

  // MARK: Several stacks

  /// Keeps the lowest `count` frames for later.
  private mutating func suspend(_ count: Int, _ stackPointer: UInt64, _ tree: CallTree) {
    if suspended.count >= Self.maximumSuspended { suspended.removeFirst() }
    suspended.append(
      Suspended(
        frames: Array(frames[..<count]), stackPointer: stackPointer,
        function: tree.nodes[frames[count - 1].node].function))
  }

  /// Goes on with a stack that was kept, and keeps the lowest `count` frames of this one.
  private mutating func resume(
    _ index: Int, keeping count: Int, _ stackPointer: UInt64, _ tree: CallTree
  ) {
    let next = suspended.remove(at: index).frames
    suspend(count, stackPointer, tree)
    frames = next
    excess = 0
  }
}
