/// Where the lines of a text start: turns byte offsets into lines and columns.
struct TextLines {
  private let bytes: [UInt8]
  private let starts: [Int]
  private let firstOffset: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A byte order mark is no column.
    firstOffset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var starts = [firstOffset]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
    self.starts = starts
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
    let column = bytes[starts[low]..<offset].count { $0 & 0xC0 != 0x80 }
    return (low + 1, column + 1)
  }
}
