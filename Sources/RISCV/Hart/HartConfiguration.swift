/// What a hart does with a load or store whose address is not a multiple of its size.
public enum MisalignedAccess: Sendable, Hashable, BitwiseCopyable {
  /// Ordinary memory carries it out in one instruction; elsewhere it is an access fault, because
  /// a device access cannot be split without changing its effect.
  case supported
  /// It raises an address-misaligned exception, whatever the address.
  case trapped
}

/// How a hart executes; results are the same to the last counter.
public enum Engine: String, Sendable, Hashable, BitwiseCopyable, CaseIterable {
  /// The fast loop over predecoded instructions.
  case fast
  /// The reference interpreter alone.
  case reference
}

/// Fixed properties of a hart.
public struct HartConfiguration: Sendable, Hashable, BitwiseCopyable {
  /// `mhartid`.
  public var hartID: UInt32
  /// Register width, extensions and privilege modes; machine mode is always there.
  public var instructionSet: InstructionSet
  /// What misaligned loads and stores do.
  public var misalignedAccess: MisalignedAccess
  /// Number of physical memory protection entries that work, 0 to 16. With 0 the registers are
  /// absent; otherwise those of the 64 that do not work read zero.
  public var protectionEntries: Int
  /// `mvendorid`; 0 means not implemented.
  public var vendorID: UInt32
  /// `marchid`; 0 means not implemented.
  public var architectureID: UInt64
  /// `mimpid`; 0 means not implemented.
  public var implementationID: UInt64

  /// How instructions are executed.
  public var engine: Engine
  /// Whether semihosting calls leave ``Hart/run(budget:synchronised:)`` instead of raising
  /// a breakpoint exception.
  public var semihosting: Bool
  /// Whether ECALL leaves ``Hart/run(budget:synchronised:)`` instead of raising an exception.
  public var proxiesEnvironmentCalls: Bool

  /// Largest number of physical memory protection entries that work.
  public static let maximumProtectionEntries = 16

  /// A hart with the given properties; `marchid` is that of the Spike simulator, whose behaviour
  /// these harts follow.
  public init(
    hartID: UInt32 = 0, instructionSet: InstructionSet = .rv32Full,
    misalignedAccess: MisalignedAccess = .supported,
    protectionEntries: Int = HartConfiguration.maximumProtectionEntries, vendorID: UInt32 = 0,
    architectureID: UInt64 = 5, implementationID: UInt64 = 0, engine: Engine = .fast,
    semihosting: Bool = false, proxiesEnvironmentCalls: Bool = false
  ) {
    self.hartID = hartID
    self.instructionSet = instructionSet
    self.misalignedAccess = misalignedAccess
    self.protectionEntries = min(max(protectionEntries, 0), Self.maximumProtectionEntries)
    self.vendorID = vendorID
    self.architectureID = architectureID
    self.implementationID = implementationID
    self.engine = engine
    self.semihosting = semihosting
    self.proxiesEnvironmentCalls = proxiesEnvironmentCalls
  }
}
