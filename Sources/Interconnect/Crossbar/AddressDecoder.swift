public import Fabric

/// One window of the address map.
public struct AddressWindow: Sendable, Equatable {
  /// First address.
  public let base: Address
  /// Length in bytes.
  public let length: UInt64
  /// The targets that serve it, one per port; initiator `i` uses number `i mod count`.
  public let targets: [Int]

  /// Creates a window.
  public init(base: Address, length: UInt64, targets: [Int]) {
    self.base = base
    self.length = length
    self.targets = targets
  }
}

/// The address decoder as it stands in the arena: windows that do not overlap, for a linear search.
struct DecodedWindow: BitwiseCopyable {
  let base: Address
  let length: UInt64
  let firstTarget: Int32
  let targetCount: Int32
}
