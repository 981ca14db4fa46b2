/// Which pins of a top module are what: clock, reset, streams, register side, interrupt.
public struct PortMap: Sendable, Equatable {
  /// How the reset works.
  public struct Reset: Sendable, Equatable {
    /// The pin.
    public var pin: String
    /// Whether 0 resets.
    public var isActiveLow: Bool
    /// Clock cycles for which it is held before the run.
    public var cycles: Int
  }

  /// A stream port; `keep` and `last` may be missing.
  public struct Stream: Sendable, Equatable {
    /// The port's name in the SoC.
    public var name: String
    /// Whether data flows into the module.
    public var isInput: Bool
    /// Pins of AXI4-Stream's TVALID, TREADY, TDATA, TKEEP, TLAST.
    public var valid: String, ready: String, data: String, keep: String?, last: String?
    /// Bits of TDATA.
    public var bits: Int
  }

  /// How register accesses reach the module.
  public enum RegisterProtocol: String, Sendable, CaseIterable {
    /// One access per cycle, answered in the same cycle: `valid`, `write`, `offset`, `bytes`,
    /// `wdata`; `rdata`, `okay`.
    case simple
    /// AXI4-Lite with 32 or 64 bits of data.
    case axi4Lite = "axi4-lite"
  }

  /// The register side.
  public struct Registers: Sendable, Equatable {
    /// How accesses reach the module.
    public var kind: RegisterProtocol
    /// Pins by their role, for example `awvalid`.
    public var pins: [String: String]
  }

  /// A counter: an output that says how many of something happened in a cycle.
  public struct Counter: Sendable, Equatable {
    /// The counter's name.
    public var name: String
    /// The pin; nil: the counter's name is the pin's.
    public var pin: String
    /// The unit, for example `MAC`.
    public var unit: String
    /// What is counted, in one sentence.
    public var help: String
    /// The component and the action whose energy a count costs.
    public var component: String?
    /// See ``component``.
    public var action: String?

    /// Describes a counter.
    public init(
      name: String, pin: String, unit: String, help: String, component: String?, action: String?
    ) {
      self.name = name
      self.pin = pin
      self.unit = unit
      self.help = help
      self.component = component
      self.action = action
    }
  }

  /// The clock pin; every register of the module takes its next value at its rising edge.
  public var clock: String
  /// The reset; nil when there is none.
  public var reset: Reset?
  /// The stream ports.
  public var streams: [Stream]
  /// The register side; nil when there is none.
  public var registers: Registers?
  /// The interrupt pin, read after the clock edge; nil when there is none.
  public var interrupt: String?
  /// Constant values of further inputs.
  public var ties: [String: UInt64]
  /// What the module reports to count.
  public var counters: [Counter]
}
