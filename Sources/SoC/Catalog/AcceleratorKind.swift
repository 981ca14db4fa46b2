/// A stream port of an accelerator.
public struct AcceleratorPort: Sendable, Equatable {
  /// Which way data flows, seen from the accelerator.
  public enum Direction: String, Sendable {
    /// Fed by a DMA or another accelerator.
    case input
    /// Drained by a DMA or another accelerator.
    case output
  }

  /// Name of the port.
  public let name: String
  /// Which way data flows.
  public let direction: Direction
  /// Bits of a full beat.
  public let widthBits: Int
  /// Whether the accelerator is of use while nothing is connected to the port.
  public let isOptional: Bool

  /// Declares a port.
  public init(name: String, direction: Direction, widthBits: Int, isOptional: Bool = false) {
    self.name = name
    self.direction = direction
    self.widthBits = widthBits
    self.isOptional = isOptional
  }

  /// The width of a DMA that serves the port: the next power of two from 8 bits.
  public var portSize: Int {
    var size = 8
    while size < widthBits { size *= 2 }
    return size
  }
}

/// A model class of accelerators: what its instances are configured with and connected by.
public struct AcceleratorKind: Sendable {
  /// Value of the key `accelerator`.
  public let name: String
  /// One line.
  public let summary: String
  /// Size of the register window in bytes.
  public let windowBytes: UInt64
  /// Registers that may be given a default value.
  public let presettableRegisters: [String]
  /// What `fixed_args` holds.
  let arguments: [Field<AcceleratorArguments>]
  /// Fills in arguments whose default follows from others.
  let resolve: @Sendable (inout AcceleratorArguments) -> Void
  /// Component class of the parts that do an instance's arithmetic.
  let mainClass: @Sendable (AcceleratorArguments) -> String
  private let portList: @Sendable (AcceleratorArguments) -> [AcceleratorPort]

  init(
    name: String, summary: String, windowBytes: UInt64 = 0x1000, presettableRegisters: [String],
    arguments: [Field<AcceleratorArguments>],
    resolve: @escaping @Sendable (inout AcceleratorArguments) -> Void,
    mainClass: @escaping @Sendable (AcceleratorArguments) -> String,
    ports: @escaping @Sendable (AcceleratorArguments) -> [AcceleratorPort]
  ) {
    self.name = name
    self.summary = summary
    self.windowBytes = windowBytes
    self.presettableRegisters = presettableRegisters
    self.arguments = arguments
    self.resolve = resolve
    self.mainClass = mainClass
    portList = ports
  }

  /// The stream ports of an instance with these arguments.
  public func ports(_ arguments: AcceleratorArguments) -> [AcceleratorPort] {
    portList(arguments)
  }
}

/// The kinds of accelerators: one line each.
public enum AcceleratorCatalog {
  /// The kinds that are models of ours.
  public static let models: [AcceleratorKind] = [
    .outputStationaryArray, .weightStationaryArray, .vectorUnit,
  ]
  /// Every kind.
  public static let kinds: [AcceleratorKind] = models + [.verilated, .plugin]

  /// The kind with a name.
  public static func kind(named name: String) -> AcceleratorKind? {
    kinds.first { $0.name == name }
  }
}
