/// What a hart does with a load or store whose address is not a multiple of its size.
public enum MisalignedAccess: Sendable, Hashable, BitwiseCopyable {
  /// Ordinary memory carries it out in one instruction; elsewhere it is an access fault, because
  /// a device access cannot be split without changing its effect.
  case supported
  /// It raises an address-misaligned exception, whatever the address.
  case trapped
}

/// Fixed properties of a hart.
public struct HartConfiguration: Sendable, Hashable, BitwiseCopyable {
  /// `mhartid`.
  public var hartID: UInt32
  /// What misaligned loads and stores do.
  public var misalignedAccess: MisalignedAccess
  /// `mvendorid`; 0 means not implemented.
  public var vendorID: UInt32
  /// `marchid`; 0 means not implemented.
  public var architectureID: UInt32
  /// `mimpid`; 0 means not implemented.
  public var implementationID: UInt32

  /// A hart with the given identification.
  public init(
    hartID: UInt32 = 0, misalignedAccess: MisalignedAccess = .supported, vendorID: UInt32 = 0,
    architectureID: UInt32 = 0, implementationID: UInt32 = 0
  ) {
    self.hartID = hartID
    self.misalignedAccess = misalignedAccess
    self.vendorID = vendorID
    self.architectureID = architectureID
    self.implementationID = implementationID
  }
}
