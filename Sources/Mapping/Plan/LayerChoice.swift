/// How one layer is computed: what the mapper decides and a user may change.
///
/// Absent values are the mapper's choice.
public struct LayerChoice: Sendable, Equatable {
  /// Which loop is the outer one when both operands come in several pieces.
  public enum Order: String, Sendable, CaseIterable {
    /// All weights for a piece of the input, then the next piece: weights are read again for every piece.
    case inputOuter = "input-outer"
    /// The whole input for a group of weights, then the next group: the input is read again for every group.
    case weightsOuter = "weights-outer"
  }

  /// Where an operand comes from while the array computes.
  public enum Source: String, Sendable, CaseIterable {
    /// The input lies in the scratchpad already.
    case resident
    /// Copied piece by piece into one of two buffers of the scratchpad, ahead of its use.
    case staged
    /// Read where it is, in the DRAM.
    case direct
  }

  /// `core`, or the name of an array.
  public var engine: String?
  /// Which loop is the outer one.
  public var order: Order?
  /// Output rows of a piece of the input.
  public var tileRows: Int?
  /// Strips of output channels (as many as the array has columns) whose weights make a group.
  public var groupStrips: Int?
  /// Where the input comes from.
  public var input: Source?
  /// Where the weights come from.
  public var weights: Source?
  /// Names of nodes behind the product that are computed on its way to memory.
  public var fused: [String]?

  /// Leaves everything to the mapper.
  public init() {}
}

/// A layer of a finished plan: what was chosen, and what the mapper expects of it.
public struct PlannedLayer: Sendable, Equatable {
  /// The layer's name.
  public var name: String
  /// Operator of its first node, as ONNX calls it.
  public var kind: String
  /// What was chosen, complete for layers on an array.
  public var choice: LayerChoice
  /// Multiply-accumulates.
  public var macs: Int
  /// Array cycles if no operand is ever late; 0 on the core.
  public var cycles: Int
  /// Bytes that the plan's DMAs read and write off the chip for it.
  public var dramBytes: Int
  /// Where the result lies: the name of a memory.
  public var memory: String
  /// First address of the result.
  public var address: UInt32
  /// Bytes of the result.
  public var byteCount: Int
}
