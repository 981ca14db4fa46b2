/// The control and status registers that one instruction has written, in the order in which a
/// commit log names them.
public struct CSREffects: BitwiseCopyable, Sendable {
  /// A register and its new value.
  public struct Write: BitwiseCopyable, Sendable, Hashable {
    /// CSR number.
    public var number: UInt16 = 0
    /// The value the register holds afterwards, XLEN bits, zero-extended.
    public var value: UInt64 = 0
  }

  /// Largest number of registers one instruction writes: `fcsr` stands for two and changes
  /// `mstatus`.
  private static let capacity = 4

  private var writes = InlineArray<4, Write>(repeating: Write())
  /// How many writes there are.
  public private(set) var count = 0

  /// No writes.
  public init() {}

  /// Whether nothing was written.
  public var isEmpty: Bool { count == 0 }

  /// Adds a write of the register `number`, or replaces the value of an earlier one.
  public mutating func append(_ number: UInt16, _ value: UInt64) {
    for index in 0..<count where writes[index].number == number {
      writes[index].value = value
      return
    }
    guard count < Self.capacity else { return }
    writes[count] = Write(number: number, value: value)
    count += 1
  }

  /// The write at `index`, which is below ``count``.
  public subscript(index: Int) -> Write {
    precondition(index < count)
    return writes[index]
  }
}

extension CSREffects: Hashable {
  /// Whether both hold the same writes in the same order.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.count == rhs.count && (0..<lhs.count).allSatisfy { lhs[$0] == rhs[$0] }
  }

  /// Feeds the writes to `hasher`.
  public func hash(into hasher: inout Hasher) {
    for index in 0..<count { hasher.combine(self[index]) }
  }
}

/// What the holder of cached machine state must drop after a control register was written.
public struct ControlChange: OptionSet, Sendable, Hashable, BitwiseCopyable {
  /// One bit per kind of state.
  public let rawValue: UInt8

  /// A set with the given bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Cached translations and protection checks, and the privilege data accesses have.
  public static let translation = Self(rawValue: 1)
  /// Decoded instructions: the extensions that are switched on have changed.
  public static let extensions = Self(rawValue: 2)
  /// Which interrupts are pending, enabled or deliverable.
  public static let interrupts = Self(rawValue: 4)
  /// Whether floating-point instructions are legal, and the dynamic rounding mode.
  public static let floatingPointState = Self(rawValue: 8)
}
