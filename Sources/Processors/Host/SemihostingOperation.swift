/// The operations of semihosting and their numbers.
enum SemihostingOperation: UInt64 {
  case open = 0x01
  case close = 0x02
  case writeCharacter = 0x03
  case writeString = 0x04
  case write = 0x05
  case read = 0x06
  case readCharacter = 0x07
  case isError = 0x08
  case isTerminal = 0x09
  case seek = 0x0A
  case length = 0x0C
  case temporaryName = 0x0D
  case remove = 0x0E
  case rename = 0x0F
  case clock = 0x10
  case time = 0x11
  case system = 0x12
  case errorNumber = 0x13
  case commandLine = 0x15
  case heapInformation = 0x16
  case exit = 0x18
  case exitExtended = 0x20
  case elapsed = 0x30
  case tickFrequency = 0x31
}

/// The block of register-sized fields that a semihosting call points to.
struct SemihostingBlock {
  /// Where the block is, virtual.
  let address: UInt64
  /// Bytes of a field.
  let wordBytes: Int
  /// Memory as the caller sees it.
  let memory: any GuestMemory

  init(address: UInt64, wordBytes: Int, memory: any GuestMemory) {
    self.address = wordBytes == 4 ? address & 0xFFFF_FFFF : address
    self.wordBytes = wordBytes
    self.memory = memory
  }

  /// A field.
  ///
  /// - Throws: EFAULT.
  subscript(index: Int) -> UInt64 {
    get throws(HostError) {
      guard let field = memory.integer(at: place(index), bytes: wordBytes) else {
        throw .badAddress
      }
      return field
    }
  }

  /// A field as a signed number.
  func signed(_ index: Int) throws(HostError) -> Int64 {
    let field = try self[index]
    return wordBytes == 4
      ? Int64(Int32(truncatingIfNeeded: field)) : Int64(bitPattern: field)
  }

  /// Changes a field.
  func store(_ value: UInt64, _ index: Int) throws(HostError) {
    guard memory.write(value, bytes: wordBytes, at: place(index)) else { throw .badAddress }
  }

  /// The first field as a handle of a file; what cannot be one is no open descriptor.
  var handle: Int32 {
    get throws(HostError) { Int32(exactly: try self[0]) ?? -1 }
  }

  /// A path, given by its address and its length without the zero at its end.
  func path(name: Int, length: Int) throws(HostError) -> [UInt8] {
    let (start, count) = (try self[name], min(try self[length], UInt64(longestPath)))
    guard let path = memory.read(at: start, count: count) else { throw .badAddress }
    return Array(path.prefix { $0 != 0 })
  }

  /// A path given by two fields in a row.
  func path(_ index: Int) throws(HostError) -> [UInt8] {
    try path(name: index, length: index + 1)
  }

  private func place(_ index: Int) -> UInt64 { address &+ UInt64(index * wordBytes) }
}
