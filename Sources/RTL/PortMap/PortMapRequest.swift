/// What a user says about the pins; the rest follows from their names.
public struct PortMapRequest: Sendable, Equatable {
  /// See ``PortMap/clock``.
  public var clock: String?
  /// See ``PortMap/reset``.
  public var resetPin: String?
  /// See ``PortMap/Reset/isActiveLow``.
  public var isResetActiveLow: Bool?
  /// See ``PortMap/Reset/cycles``.
  public var resetCycles: Int
  /// A stream: its name, the common start of its pins' names, and pins that are named otherwise, by
  /// role (`tvalid`, …).
  public struct Stream: Sendable, Equatable {
    /// The port's name in the SoC.
    public var name: String
    /// The common start of the pins' names; nil: the name and an underscore.
    public var prefix: String?
    /// Pins by role where the prefix does not hold.
    public var pins: [String: String]

    /// Describes a stream.
    public init(name: String, prefix: String? = nil, pins: [String: String] = [:]) {
      self.name = name
      self.prefix = prefix
      self.pins = pins
    }
  }
  /// The streams; nil: every `NAME_tvalid` is one.
  public var streams: [Stream]?
  /// See ``PortMap/Registers/kind``; nil: the one whose pins are there.
  public var registerProtocol: PortMap.RegisterProtocol?
  /// The common start of the register pins' names; nil: one of the usual ones.
  public var registerPrefix: String?
  /// Register pins by role where the prefix does not hold.
  public var registerPins: [String: String]
  /// See ``PortMap/interrupt``.
  public var interrupt: String?
  /// See ``PortMap/ties``.
  public var ties: [String: UInt64]
  /// See ``PortMap/counters``.
  public var counters: [PortMap.Counter]

  /// Says nothing: everything follows from the pins' names.
  public init() {
    resetCycles = 2
    registerPins = [:]
    ties = [:]
    counters = []
  }
}
