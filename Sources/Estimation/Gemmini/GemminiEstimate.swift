/// What a model says about one layer.
public struct GemminiEstimate: Sendable, Equatable {
  /// Cycles from the first command accepted to the accelerator's busy signal low.
  public var cycles: Int
  /// What was done in them.
  public var actions: GemminiActions

  /// An estimate.
  public init(cycles: Int, actions: GemminiActions) {
    self.cycles = cycles
    self.actions = actions
  }
}

/// Action counts of one layer.
public struct GemminiActions: Sendable, Equatable {
  /// Multiply-accumulate operations of the layer, padding not counted.
  public var macs = 0
  /// RoCC commands that the processor sends.
  public var commands = 0
  /// Bytes wanted from memory.
  public var moveInBytes = 0
  /// Read requests of 16, 32 and 64 bytes, and the beats of 16 bytes they return.
  public var readRequests16 = 0
  /// Read requests of 32 bytes.
  public var readRequests32 = 0
  /// Read requests of 64 bytes.
  public var readRequests64 = 0
  /// Read beats of 16 bytes.
  public var readBeats = 0
  /// Bytes written to memory.
  public var moveOutBytes = 0
  /// Write requests of 16 bytes.
  public var writeRequests16 = 0
  /// Write requests of 32 bytes.
  public var writeRequests32 = 0
  /// Write requests of 64 bytes.
  public var writeRequests64 = 0
  /// Write beats of 16 bytes.
  public var writeBeats = 0
  /// Rows read from the scratchpad.
  public var scratchpadReads = 0
  /// Rows written to the scratchpad.
  public var scratchpadWrites = 0
  /// Rows written to the accumulator that replace what was there.
  public var accumulatorOverwrites = 0
  /// Rows added to what was in the accumulator.
  public var accumulatorAccumulations = 0
  /// Rows read from the accumulator for write-back.
  public var accumulatorReads = 0
  /// Preload commands executed.
  public var preloads = 0
  /// Compute commands executed.
  public var computes = 0

  /// All zero.
  public init() {}

  mutating func countRead(_ size: Int) {
    readBeats += size / 16
    switch size {
    case 16: readRequests16 += 1
    case 32: readRequests32 += 1
    default: readRequests64 += 1
    }
  }

  mutating func countWrite(_ size: Int, useful: Int) {
    writeBeats += size / 16
    moveOutBytes += useful
    switch size {
    case 16: writeRequests16 += 1
    case 32: writeRequests32 += 1
    default: writeRequests64 += 1
    }
  }
}

extension GemminiActions {
  /// Adds `other` `times` times.
  mutating func add(_ other: GemminiActions, times: Int) {
    macs += other.macs * times
    commands += other.commands * times
    moveInBytes += other.moveInBytes * times
    readRequests16 += other.readRequests16 * times
    readRequests32 += other.readRequests32 * times
    readRequests64 += other.readRequests64 * times
    readBeats += other.readBeats * times
    moveOutBytes += other.moveOutBytes * times
    writeRequests16 += other.writeRequests16 * times
    writeRequests32 += other.writeRequests32 * times
    writeRequests64 += other.writeRequests64 * times
    writeBeats += other.writeBeats * times
    scratchpadReads += other.scratchpadReads * times
    scratchpadWrites += other.scratchpadWrites * times
    accumulatorOverwrites += other.accumulatorOverwrites * times
    accumulatorAccumulations += other.accumulatorAccumulations * times
    accumulatorReads += other.accumulatorReads * times
    preloads += other.preloads * times
    computes += other.computes * times
  }

  static func + (left: GemminiActions, right: GemminiActions) -> GemminiActions {
    var sum = left
    sum.add(right, times: 1)
    return sum
  }

  static func - (left: GemminiActions, right: GemminiActions) -> GemminiActions {
    var difference = left
    difference.add(right, times: -1)
    return difference
  }

  static func * (actions: GemminiActions, times: Int) -> GemminiActions {
    var product = GemminiActions()
    product.add(actions, times: times)
    return product
  }
}
