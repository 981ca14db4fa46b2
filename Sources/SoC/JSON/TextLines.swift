/// Where the lines of a text start: turns byte offsets into lines and columns.
struct TextLines {
  private static let blockSize = 256

  private let bytes: [UInt8]
  private let starts: [Int]
  /// Unicode scalars that start before each block of bytes, so that a column on a line of any
  /// length costs the same.
  private let scalarsBeforeBlock: [Int]
  private let firstOffset: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A byte order mark is no column.
    firstOffset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var starts = [firstOffset]
    var counts: [Int] = []
    var scalars = 0
    for (offset, byte) in bytes.enumerated() {
      if offset % Self.blockSize == 0 { counts.append(scalars) }
      if byte & 0xC0 != 0x80 { scalars += 1 }
      if byte == 0x0A { starts.append(offset + 1) }
    }
    self.starts = starts
    scalarsBeforeBlock = counts
  }

  /// Line and column, both from 1; a column is one Unicode scalar.
  func place(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, firstOffset), bytes.count)
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + 1, scalars(before: offset) - scalars(before: starts[low]) + 1)
  }

  private func scalars(before offset: Int) -> Int {
    let block = min(offset / Self.blockSize, scalarsBeforeBlock.count - 1)
    guard block >= 0 else { return 0 }
    return scalarsBeforeBlock[block]
      + bytes[block * Self.blockSize..<offset].count { $0 & 0xC0 != 0x80 }
  }
}
