/// Where the harts spent their cycles, by function of the firmware.
public struct ProfileRecord: Codable, Sendable, Equatable {
  /// One function.
  public struct Function: Codable, Sendable, Equatable {
    /// Name, as in the symbol table.
    public var name: String
    /// Cycles of the function itself.
    public var selfCycles: UInt64
    /// Cycles of the function and what it has called.
    public var totalCycles: UInt64
    /// How often it was entered.
    public var calls: UInt64

    /// Creates an entry.
    public init(name: String, selfCycles: UInt64, totalCycles: UInt64, calls: UInt64) {
      self.name = name
      self.selfCycles = selfCycles
      self.totalCycles = totalCycles
      self.calls = calls
    }

    enum CodingKeys: String, CodingKey {
      case name, calls
      case selfCycles = "self_cycles"
      case totalCycles = "total_cycles"
    }
  }

  /// Cycles of all harts: the sum of the functions' own.
  public var cycles: UInt64
  /// The functions that were executed, most cycles of their own first.
  public var functions: [Function]

  /// Creates a profile.
  public init(cycles: UInt64, functions: [Function]) {
    self.cycles = cycles
    self.functions = functions
  }
}
