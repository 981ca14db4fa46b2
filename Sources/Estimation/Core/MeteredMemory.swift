/// A memory that the core reaches directly: where it lies and how long it is.
public struct MeteredMemory: Sendable, Hashable {
  /// First address.
  public var base: UInt64
  /// Length in bytes.
  public var byteCount: UInt64

  /// Describes `byteCount` bytes from `base` on.
  public init(base: UInt64, byteCount: UInt64) {
    self.base = base
    self.byteCount = byteCount
  }
}

/// Bytes that lie at an address: constants of a plan.
public struct MemoryImage: Sendable {
  /// Address of the first byte.
  public var address: UInt64
  /// The bytes.
  public var bytes: [UInt8]

  /// Describes `bytes` at `address`.
  public init(address: UInt64, bytes: [UInt8]) {
    self.address = address
    self.bytes = bytes
  }
}

/// Why the cost of a program on a core cannot be measured.
public enum CoreCostError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The program has no symbol of this name, which the runtime firmware has.
  case missingSymbol(String)
  /// Bytes of the program or of an image lie outside all memories.
  case outsideMemory(address: UInt64, byteCount: Int)
  /// Two memories overlap, or one is empty or outside the address space.
  case memoryMap(String)
  /// The program has no kernel of this number.
  case missingKernel(UInt32)
  /// A kernel did something other than compute and return; the address is the instruction's.
  case unexpected(String, address: UInt64)
  /// A kernel did not return within so many instructions.
  case endless(instructions: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .missingSymbol(let name): "the program has no symbol '\(name)'"
    case .outsideMemory(let address, let byteCount):
      "\(byteCount) bytes at 0x\(String(address, radix: 16)) lie outside all memories of the core"
    case .memoryMap(let reason): reason
    case .missingKernel(let identifier): "the program has no kernel \(identifier)"
    case .unexpected(let what, let address):
      "the program stopped at 0x\(String(address, radix: 16)): \(what)"
    case .endless(let instructions): "no end after \(instructions) instructions"
    }
  }
}
