/// A linked DMA descriptor: the words of a transfer by register name, as the channel reads them from memory.
struct DMADescriptorWords {
  /// Bytes that a descriptor takes, and their alignment.
  static let byteCount = 128
  static let alignment = 64

  /// Bits of MODE.
  enum Mode {
    static let strided: UInt32 = 0
    static let window: UInt32 = 2
    static let rowAlign: UInt32 = 1 << 4
    static let turn: UInt32 = 1 << 6
    static func element(_ bytes: Int) -> UInt32 { UInt32(bytes.trailingZeroBitCount) << 8 }
  }

  private var values: [String: UInt32] = [
    "COUNT1": 1, "COUNT2": 1, "COUNT3": 1, "DST_COUNT1": 1, "DST_COUNT2": 1, "DST_COUNT3": 1,
    "IC_OUT": 1, "IC_CHANNELS": 1, "IC_KERNEL": 0x0101_0101, "IC_PAD": 0x0101_0000,
  ]

  init(mode: UInt32) { values["MODE"] = mode }

  subscript(_ register: String) -> Int {
    get { Int(Int32(bitPattern: values[register] ?? 0)) }
    set { values[register] = UInt32(truncatingIfNeeded: newValue) }
  }

  mutating func address(_ register: String, _ value: UInt32) { values[register] = value }

  /// The words in memory, for a channel with these registers.
  ///
  /// - Parameter next: address of the descriptor that follows; 0 ends the chain.
  func words(next: UInt32, for device: Platform.Device) -> [UInt32] {
    var words = [UInt32](repeating: 0, count: Self.byteCount / 4)
    words[0] = next
    let first = device.offset("MODE")
    for (register, value) in values { words[Int(device.offset(register) - first) / 4 + 1] = value }
    return words
  }
}

extension DMADescriptorWords {
  /// `count` neighbouring bytes; further dimensions by ``repeat(_:_:_:)``.
  static func bytes(_ count: Int, from address: UInt32, mode: UInt32 = Mode.strided) -> Self {
    var descriptor = Self(mode: mode)
    descriptor.address("ADDR", address)
    descriptor["COUNT0"] = count
    descriptor["STRIDE0"] = 1
    return descriptor
  }

  /// Repeats what there is along dimension 1, 2 or 3.
  func `repeat`(_ dimension: Int, _ count: Int, stride: Int) -> Self {
    var copy = self
    copy["COUNT\(dimension)"] = count
    copy["STRIDE\(dimension)"] = stride
    return copy
  }

  /// A copy of neighbouring bytes.
  static func copy(_ count: Int, from source: UInt32, to target: UInt32) -> Self {
    var descriptor = bytes(count, from: source)
    descriptor.address("DST_ADDR", target)
    descriptor["DST_COUNT0"] = count
    descriptor["DST_STRIDE0"] = 1
    return descriptor
  }
}
