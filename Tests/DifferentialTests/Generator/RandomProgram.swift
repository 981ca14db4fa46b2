import RISCV

/// Where a branch, a jump or an address leads.
enum Target: Sendable, Hashable {
  /// The first instruction of an item; the end of the program for an index behind the last.
  case item(Int)
  /// A piece of the same item.
  case piece(Int)
}

/// An instruction whose distance, if it has one, is not yet known.
enum Piece: Sendable, Hashable {
  case word(UInt32)
  case half(UInt16)
  /// A conditional branch.
  case branch(UInt32, Target)
  /// A jump and link.
  case jump(UInt32, Target)
  /// A 16-bit conditional branch.
  case shortBranch(UInt16, Target)
  /// A 16-bit jump.
  case shortJump(UInt16, Target)
  /// `auipc` and `addi` that put an address, plus some bytes, in a register.
  case address(register: Int, Target, plus: Int)

  /// Length in bytes.
  var size: Int {
    switch self {
    case .word, .branch, .jump: 4
    case .half, .shortBranch, .shortJump: 2
    case .address: 8
    }
  }
}

/// Instructions that belong together: all or none of them are part of a program, and only the
/// first is the target of others' branches.
struct Item: Sendable, Hashable {
  var pieces: [Piece]
  /// The item that this one rewrites; without that, this one is pointless.
  var patches: Int?

  init(_ pieces: [Piece], patches: Int? = nil) {
    self.pieces = pieces
    self.patches = patches
  }

  /// Whether another item may replace the only instruction of this one at run time.
  var isPatchable: Bool {
    guard pieces.count == 1, case .word = pieces[0] else { return false }
    return true
  }
}

/// A random user-mode program that ends after a bounded number of instructions.
///
/// It never writes its base register, which points into its ``DataBlock``, all its accesses stay
/// in the scratch memory of that block, and every backward branch counts down.
struct RandomProgram: Sendable {
  let xlen: XLEN
  let seed: UInt64
  let index: Int
  /// The integer register that points to the data block.
  let base: Int
  var items: [Item]
  /// What the data block holds at the start.
  var data: DataBlock

  /// The same program without the items for which `keep` says no; targets stay.
  func keeping(_ keep: (Int) -> Bool) -> RandomProgram {
    var copy = self
    for index in items.indices where !keep(index) { copy.items[index].pieces = [] }
    // Rewriting an item that is gone would hit whatever follows.
    for index in items.indices {
      if let target = items[index].patches, copy.items[target].pieces.isEmpty {
        copy.items[index].pieces = []
      }
    }
    return copy
  }

  /// How many items have instructions.
  var itemCount: Int { items.count { !$0.pieces.isEmpty } }
}
