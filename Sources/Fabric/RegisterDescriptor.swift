/// A group of neighbouring bits of a register that mean one thing.
public struct RegisterField: Sendable, Equatable {
  /// A named value of a field, for example an error code.
  public struct Value: Sendable, Equatable {
    /// The name, in capitals as in the C header.
    public let name: String
    /// The field's value.
    public let value: UInt64
    /// What the value means, in one sentence.
    public let help: String

    /// Names a value.
    public init(_ name: String, _ value: UInt64, _ help: String) {
      self.name = name
      self.value = value
      self.help = help
    }
  }

  /// The name, in capitals as in the C header.
  public let name: String
  /// Lowest bit.
  public let lowBit: Int
  /// How many bits.
  public let width: Int
  /// How the field is accessed when that differs from its register; nil when it does not.
  public let access: RegisterDescriptor.Access?
  /// What the field means, in one sentence.
  public let help: String
  /// The values that have a name.
  public let values: [Value]

  /// Describes the field of `bits`, lowest and highest bit.
  public init(
    _ name: String, bits: ClosedRange<Int>, access: RegisterDescriptor.Access? = nil,
    _ help: String, values: [Value] = []
  ) {
    precondition(bits.lowerBound >= 0 && bits.upperBound < 64, "a register has at most 64 bits")
    self.name = name
    lowBit = bits.lowerBound
    width = bits.count
    self.access = access
    self.help = help
    self.values = values
  }

  /// Describes a field of one bit.
  public init(
    _ name: String, bit: Int, access: RegisterDescriptor.Access? = nil, _ help: String
  ) {
    self.init(name, bits: bit...bit, access: access, help)
  }

  /// The field's bits in the register.
  public var mask: UInt64 {
    (width == 64 ? ~0 : (1 << UInt64(width)) - 1) << UInt64(lowBit)
  }

  /// The bits as a manual writes them: `3` or `15:8`.
  public var bitText: String {
    width == 1 ? "\(lowBit)" : "\(lowBit + width - 1):\(lowBit)"
  }
}

/// One register of a device, or a row of equal ones.
public struct RegisterDescriptor: Sendable, Equatable {
  /// What software may do with a register or field.
  public enum Access: String, Sendable, Equatable {
    /// Reads only.
    case readOnly = "ro"
    /// Reads and writes.
    case readWrite = "rw"
    /// Writes only; reads give 0.
    case writeOnly = "wo"
    /// Reads; writing a one clears the bit.
    case writeOneToClear = "w1c"
  }

  /// The name, in capitals as in the C header.
  public let name: String
  /// Byte offset of the (first) register from the device's base.
  public let offset: UInt64
  /// Bytes of one register: 1, 2, 4 or 8.
  public let bytes: Int
  /// How many equal registers lie behind one another; 1 for a single one.
  public let count: Int
  /// What software may do.
  public let access: Access
  /// The value after reset; nil when the configuration or the run decides it.
  public let reset: UInt64?
  /// The fields; empty when the register is one number.
  public let fields: [RegisterField]
  /// What the register is for, in one sentence.
  public let help: String

  /// Describes a register.
  public init(
    _ name: String, at offset: UInt64, bytes: Int = 4, count: Int = 1,
    access: Access = .readWrite, reset: UInt64? = 0, _ help: String,
    fields: [RegisterField] = []
  ) {
    precondition([1, 2, 4, 8].contains(bytes), "a register has 1, 2, 4 or 8 bytes")
    precondition(count > 0, "a register exists at least once")
    self.name = name
    self.offset = offset
    self.bytes = bytes
    self.count = count
    self.access = access
    self.reset = reset
    self.fields = fields
    self.help = help
  }

  /// The first offset behind the register or row.
  public var end: UInt64 { offset + UInt64(bytes * count) }

  /// The field called `name`, if there is one.
  public func field(named name: String) -> RegisterField? {
    fields.first { $0.name == name }
  }
}
