internal import Fabric

extension SoCDescription {
  /// Bytes that a program puts into memory before the run.
  public struct LoadedBytes: Sendable {
    /// Name of the entry in `files`.
    public var name: String
    /// The host file that holds the same bytes, as the effective configuration names it.
    public var file: String
    /// Name of the memory.
    public var memory: String
    /// First address.
    public var address: UInt64
    /// What is loaded.
    public var bytes: [UInt8]

    /// Creates an entry.
    public init(name: String, file: String, memory: String, address: UInt64, bytes: [UInt8]) {
      self.name = name
      self.file = file
      self.memory = memory
      self.address = address
      self.bytes = bytes
    }
  }

  /// The description with further entries of `files` and with the firmware's arguments.
  public func adding(_ loads: [LoadedBytes], arguments: [String]) -> SoCDescription {
    var result = self
    for load in loads {
      var file = FileDescription()
      file.name = load.name
      file.file = load.file
      file.memory = load.memory
      file.address = load.address
      file.dataType = .int8
      file.items = load.bytes.count
      file.operation = .fileToMemory
      file.contents = load.bytes
      result.files.append(file)
    }
    result.cpu?.arguments = arguments
    return result
  }
}

extension System {
  /// What a memory holds; nil when the addresses are not all in it.
  public func bytes(of memory: String, at address: UInt64, count: Int) -> [UInt8]? {
    guard let store = stores[memory], store.contains(address, count: count) else { return nil }
    return store.read(at: address, count: count)
  }
}
