/// Cuts what arrives in pieces into lines.
struct LineBuffer {
  private var bytes: [UInt8] = []
  private var start = 0

  /// Adds a piece.
  mutating func append(_ piece: some Sequence<UInt8>) {
    if start > 0, start == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    }
    bytes.append(contentsOf: piece)
  }

  /// The next complete line without its end; nil when there is none yet.
  mutating func next() -> [UInt8]? {
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { start = end + 1 }
    return Array(bytes[start..<end])
  }

  /// What is there without an end of line.
  var rest: [UInt8] { Array(bytes[start...]) }
}
