/// The physical memory protection unit: up to 16 entries, each a range of addresses with
/// permissions. The first entry that holds any byte of an access decides.
struct PhysicalProtection: BitwiseCopyable, Sendable {
  /// Bits of an entry's configuration byte.
  enum Bits {
    static let read: UInt8 = 1
    static let write: UInt8 = 2
    static let execute: UInt8 = 4
    /// The way the address register stands for a range: 0 off, 1 top of range, 2 four bytes, 3 a
    /// power of two.
    static let matching: UInt8 = 3 << 3
    static let topOfRange: UInt8 = 1 << 3
    static let fourBytes: UInt8 = 2 << 3
    static let powerOfTwo: UInt8 = 3 << 3
    static let locked: UInt8 = 1 << 7

    static let permissions = read | write | execute
    static let writable = permissions | matching | locked
  }

  /// Registers there are in the address space; those without an entry read zero.
  private static let registers = 64

  /// The range of an entry that holds nothing, which no access meets.
  private static let nothing = (UInt64.max, UInt64(0))

  private let entries: Int
  private let xlen: XLEN
  private var addresses = InlineArray<16, UInt64>(repeating: 0)
  private var configurations = InlineArray<16, UInt8>(repeating: 0)
  /// The bytes each entry holds, first and last.
  private var first = InlineArray<16, UInt64>(repeating: Self.nothing.0)
  private var last = InlineArray<16, UInt64>(repeating: Self.nothing.1)
  /// Whether every access is allowed everywhere, in machine mode and in the modes below.
  private(set) var isTransparentForMachine = true
  private(set) var isTransparentBelow = true

  /// A unit whose first entry allows everything, as Spike's after reset.
  init(entries: Int, xlen: XLEN) {
    self.entries = min(entries, 16)
    self.xlen = xlen
    if entries > 0 {
      addresses[0] = addressMask
      configurations[0] = Bits.permissions | Bits.powerOfTwo
      update()
    }
  }

  /// Bits of an address register: physical addresses have 34 bits on RV32 and 56 bits on RV64.
  private var addressMask: UInt64 { (1 << (physicalBits - 2)) - 1 }

  private var physicalBits: UInt64 { xlen == .rv32 ? 34 : 56 }

  // MARK: Registers

  /// `pmpaddr` number `index`, or nil when it does not exist.
  func address(at index: Int) -> UInt64? {
    guard entries > 0, index < Self.registers else { return nil }
    return index < entries ? addresses[index] : 0
  }

  /// Writes `pmpaddr` number `index`; false when that has no effect: there is no such entry, it is
  /// locked, or it is the lower end of a locked range.
  mutating func setAddress(_ value: UInt64, at index: Int) -> Bool {
    guard index < entries, configurations[index] & Bits.locked == 0 else { return false }
    if index + 1 < entries {
      let next = configurations[index + 1]
      if next & Bits.locked != 0, next & Bits.matching == Bits.topOfRange { return false }
    }
    addresses[index] = value & addressMask
    update()
    return true
  }

  /// `pmpcfg` number `index`, or nil when it does not exist.
  func configuration(at index: Int) -> UInt64? {
    guard entries > 0, index < Self.registers / 4, xlen == .rv32 || index & 1 == 0 else {
      return nil
    }
    var value: UInt64 = 0
    for byte in 0..<Int(xlen.rawValue) / 8 where 4 * index + byte < entries {
      value |= UInt64(configurations[4 * index + byte]) << UInt64(8 * byte)
    }
    return value
  }

  /// Writes `pmpcfg` number `index`, leaving locked entries as they are; false when there is no
  /// entry in it.
  mutating func setConfiguration(_ value: UInt64, at index: Int) -> Bool {
    guard 4 * index < entries else { return false }
    for byte in 0..<Int(xlen.rawValue) / 8 {
      let entry = 4 * index + byte
      guard entry < entries, configurations[entry] & Bits.locked == 0 else { continue }
      var new = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) & Bits.writable
      // Writable but not readable is reserved.
      if new & Bits.read == 0 { new &= ~Bits.write }
      configurations[entry] = new
    }
    update()
    return true
  }

  // MARK: Ranges

  private mutating func update() {
    for index in 0..<entries {
      (first[index], last[index]) = range(of: index)
    }
    isTransparentForMachine = isTransparent(machine: true)
    isTransparentBelow = isTransparent(machine: false)
  }

  private func range(of index: Int) -> (UInt64, UInt64) {
    let address = addresses[index]
    switch configurations[index] & Bits.matching {
    case Bits.topOfRange:
      let bottom = index == 0 ? 0 : addresses[index - 1] << 2
      let top = address << 2
      return bottom < top ? (bottom, top - 1) : Self.nothing
    case Bits.fourBytes: return (address << 2, address << 2 + 3)
    case Bits.powerOfTwo:
      // n trailing ones stand for 2ⁿ⁺³ bytes.
      let size = UInt64(8) << UInt64((~address).trailingZeroBitCount)
      let base = address << 2 & ~(size - 1)
      return (base, base + (size - 1))
    default: return Self.nothing
    }
  }

  private func isTransparent(machine: Bool) -> Bool {
    for index in 0..<entries where first[index] <= last[index] {
      let configuration = configurations[index]
      return first[index] == 0 && last[index] >= (1 << physicalBits) - 1
        && ((machine && configuration & Bits.locked == 0)
          || configuration & Bits.permissions == Bits.permissions)
    }
    return machine || entries == 0
  }

  // MARK: Checks

  /// Whether an access to `bytes` bytes at `address` is allowed.
  func allows(
    _ address: UInt64, bytes: Int, _ access: AccessType, _ privilege: PrivilegeMode
  ) -> Bool {
    let end = address &+ UInt64(bytes) &- 1
    for index in 0..<entries where address <= last[index] && end >= first[index] {
      // An access that only partly lies in the deciding entry fails whatever its permissions.
      guard first[index] <= address, end <= last[index] else { return false }
      let configuration = configurations[index]
      if privilege == .machine, configuration & Bits.locked == 0 { return true }
      return configuration & access.permission != 0
    }
    return privilege == .machine || entries == 0
  }

  /// Whether the same entry decides all accesses to the 4 KiB page that holds `address`.
  func isUniform(page address: UInt64) -> Bool {
    let start = address & ~0xfff
    let end = start | 0xfff
    for index in 0..<entries where start <= last[index] && end >= first[index] {
      return first[index] <= start && end <= last[index]
    }
    return true
  }
}

extension AccessType {
  /// The permission bit of a protection entry that the access needs.
  fileprivate var permission: UInt8 {
    switch self {
    case .load: PhysicalProtection.Bits.read
    case .store: PhysicalProtection.Bits.write
    case .fetch: PhysicalProtection.Bits.execute
    }
  }
}

extension ControlState {
  /// Whether physical memory protection allows an access to `bytes` bytes at physical `address`.
  public func physicalProtection(
    of address: UInt64, bytes: Int, access: AccessType, privilege: PrivilegeMode
  ) -> Bool {
    protection.allows(address, bytes: bytes, access, privilege)
  }

  /// Whether physical memory protection treats all accesses to the 4 KiB page that holds physical
  /// `address` alike, so that one check serves for them all.
  public func protectionIsUniform(page address: UInt64) -> Bool {
    protection.isUniform(page: address)
  }

  /// Whether physical memory protection allows every access of `privilege` everywhere.
  @inline(__always)
  public func protectionIsTransparent(for privilege: PrivilegeMode) -> Bool {
    privilege == .machine ? protection.isTransparentForMachine : protection.isTransparentBelow
  }
}
