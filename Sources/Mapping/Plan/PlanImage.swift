/// The plan as the runtime reads it from memory.
///
/// The layout is described in the manual page of the runtime firmware (`Firmware/network`).
struct PlanImage {
  static let magic: UInt32 = 0x5043_4C46
  static let version: UInt32 = 1

  let bytes: [UInt8]

  /// Lays a command stream out for an address.
  init(_ stream: CommandStream, at base: UInt32) {
    var words: [UInt32] = [
      Self.magic, Self.version, 0, UInt32(stream.engines.count), 0, UInt32(stream.tags.count), 0, 0,
    ]
    func address(_ index: Int) -> UInt32 { base + UInt32(4 * index) }
    func text(_ name: String) -> UInt32 {
      let start = words.count
      let bytes = Array(name.utf8) + [0]
      for first in stride(from: 0, to: bytes.count, by: 4) {
        var word: UInt32 = 0
        for (shift, byte) in bytes[first..<min(first + 4, bytes.count)].enumerated() {
          word |= UInt32(byte) << UInt32(8 * shift)
        }
        words.append(word)
      }
      return address(start)
    }
    var records: [UInt32] = []
    for engine in stream.engines {
      let name = text(engine.name)
      let first = words.count
      for command in engine.commands { words += command }
      records += [
        engine.device?.base ?? 0, UInt32(engine.device?.interrupt ?? 0), engine.kind.rawValue,
        address(first), UInt32(engine.commands.count), name, 0, 0,
      ]
    }
    words[4] = address(words.count)
    words += records
    let names = stream.tags.map { text($0) }
    words[6] = address(words.count)
    words += names
    words[2] = UInt32(4 * words.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * words.count)
    for word in words { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
    self.bytes = bytes
  }
}
