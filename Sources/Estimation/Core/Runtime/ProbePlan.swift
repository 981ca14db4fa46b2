/// A small plan for the runtime firmware, made to measure what the runtime itself costs.
///
/// Its commands write to devices that do not exist; layout as in Firmware/network/README.md, "The
/// plan".
public struct ProbePlan: Sendable {
  /// What an engine is to the runtime; values as in plan.h.
  public enum Kind: UInt32, Sendable {
    /// Commands are kernels.
    case core = 0
    /// STATUS says how many commands are left.
    case dma = 1
    /// JOBS counts the commands that are complete.
    case accelerator = 2
  }

  /// A command of an engine.
  public struct Command: Sendable {
    /// Whether it sets the tag.
    public var setsTag: Bool
    /// Engine and number of its commands that must be complete.
    public var waits: [(engine: Int, count: Int)]
    /// Numbers of values of the write groups; the last value of all starts the device.
    public var groups: [Int]

    /// A command with the given parts.
    public init(
      setsTag: Bool = false, waits: [(engine: Int, count: Int)] = [], groups: [Int] = [1]
    ) {
      self.setsTag = setsTag
      self.waits = waits
      self.groups = groups
    }
  }

  /// An engine with its commands.
  public struct Engine: Sendable {
    /// What it is.
    public var kind: Kind
    /// Its commands in their order.
    public var commands: [Command]

    /// An engine with commands.
    public init(_ kind: Kind, _ commands: [Command] = []) {
      self.kind = kind
      self.commands = commands
    }
  }

  /// Engine 0 is the core, whose commands are kernels that fill one byte.
  public var engines: [Engine]

  /// The registers that the runtime knows (engines.c), and where commands of a probe write to.
  enum Register {
    static let status: UInt64 = 0x04
    static let jobs: UInt64 = 0x40
    static let first: UInt64 = 0x100
    /// Bytes from engine to engine.
    static let stride: UInt64 = 0x1000
  }

  /// A plan of the core's commands and of devices.
  public init(core: [Command] = [], _ devices: Engine...) {
    engines = [Engine(.core, core)] + devices
  }

  /// A plan with any number of engines.
  public init(engines: [Engine]) {
    self.engines = engines
  }

  /// The plan's words at `base`, its device registers from `devices` on, and a byte at `byte` for
  /// kernels to fill.
  func words(at base: UInt32, devices: UInt32, byte: UInt32) -> (words: [UInt32], tag: UInt32) {
    var words: [UInt32] = [0x5043_4c46, 1, 0, UInt32(engines.count), 0, 1, 0, 0]
    func address(_ index: Int) -> UInt32 { base + UInt32(4 * index) }
    // "tag" and a zero byte.
    let name = address(words.count)
    words.append(0x0067_6174)
    var records: [UInt32] = []
    for (index, engine) in engines.enumerated() {
      let first = words.count
      for command in engine.commands {
        let waits = command.waits.map { UInt32($0.engine << 24 | $0.count) }
        let body =
          engine.kind == .core
          // KERNEL_FILL: one byte of value 0; a walk of one element.
          ? [1, 0, 0, 1, byte, 1, 1] : Self.groups(command.groups)
        let upper = engine.kind == .core ? 1 : command.groups.count
        words += [
          UInt32(3 + waits.count + body.count), command.setsTag ? 1 : 0,
          UInt32(waits.count | upper << 16),
        ]
        words += waits + body
      }
      records += [
        devices + UInt32(index) * UInt32(Register.stride), UInt32(index), engine.kind.rawValue,
        address(first), UInt32(engine.commands.count), name, 0, 0,
      ]
    }
    words[4] = address(words.count)
    words += records
    words[6] = address(words.count)
    words.append(name)
    words[2] = UInt32(4 * words.count)
    return (words, name)
  }

  /// Groups of writes; the value 1 starts the device, others are 0.
  private static func groups(_ counts: [Int]) -> [UInt32] {
    var words: [UInt32] = []
    for (index, count) in counts.enumerated() {
      words.append(UInt32(Register.first) | UInt32(count) << 16)
      words += Array(repeating: 0, count: count)
      if index == counts.count - 1, count > 0 { words[words.count - 1] = 1 }
    }
    return words
  }
}
