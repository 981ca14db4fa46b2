/// Element types of a vector unit.
public enum VectorDataType: String, BitwiseCopyable, Sendable, CaseIterable {
  /// Signed 8-bit integers.
  case int8
  /// IEEE 754 binary32.
  case fp32

  /// Bytes of one element.
  public var bytes: Int { self == .int8 ? 1 : 4 }

  /// The value of the DATA_TYPE register, as for the arrays.
  public var registerValue: UInt32 { self == .int8 ? 1 : 3 }
}

/// The parameters of a vector unit.
public struct VectorUnitConfiguration: Sendable, Equatable {
  /// The largest number of lanes.
  public static let maximumLanes = 256
  /// The allowed widths of a line buffer in pixels.
  public static let widths = 1...4096
  /// Rows of running results that the line buffer holds at its full width.
  public static let lineBufferRows = 3
  /// Windows of one pixel that a lane updates in a cycle: those of a 3×3 window at stride 1.
  public static let updatesPerCycle = 9

  /// Elements that are worked on in a cycle (LANES).
  public var lanes: Int
  /// Element type.
  public var dataType: VectorDataType
  /// The widest pooled image, in pixels of the result (MAX_WIDTH).
  public var maximumWidth: Int

  /// Creates a configuration; check it with ``problems``.
  public init(lanes: Int, dataType: VectorDataType = .int8, maximumWidth: Int = 256) {
    self.lanes = lanes
    self.dataType = dataType
    self.maximumWidth = maximumWidth
  }

  /// Bytes per beat of every stream.
  public var beatBytes: Int { lanes * dataType.bytes }

  /// Pixels of running results that the line buffer holds.
  public var lineBufferPixels: Int { Self.lineBufferRows * maximumWidth }

  /// What is wrong with the configuration, one sentence per problem; empty when it can be built.
  public var problems: [String] {
    var result: [String] = []
    if !(1...Self.maximumLanes).contains(lanes) {
      result.append("LANES is \(lanes); a vector unit has 1 to \(Self.maximumLanes) lanes")
    }
    if !Self.widths.contains(maximumWidth) {
      result.append(
        "MAX_WIDTH is \(maximumWidth); it lies in 1 to \(Self.widths.upperBound) pixels")
    }
    return result
  }
}
