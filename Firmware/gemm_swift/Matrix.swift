/// A matrix in memory, row by row, where DMAs find it.
struct Matrix<Element: FixedWidthInteger>: ~Copyable {
  let rows: Int
  let columns: Int
  /// Bytes from row to row.
  let pitch: Int
  private let elements: UnsafeMutablePointer<Element>

  /// Makes a matrix of zeros whose rows start at multiples of `rowAlignment` bytes.
  init(rows: Int, columns: Int, rowAlignment: Int = MemoryLayout<Element>.size) {
    self.rows = rows
    self.columns = columns
    let bytes = columns * MemoryLayout<Element>.stride
    pitch = (bytes + rowAlignment - 1) / rowAlignment * rowAlignment
    let memory = UnsafeMutableRawPointer.allocate(byteCount: rows * pitch, alignment: 16)
    elements = memory.bindMemory(
      to: Element.self, capacity: rows * pitch / MemoryLayout<Element>.stride)
    elements.initialize(repeating: 0, count: rows * pitch / MemoryLayout<Element>.stride)
  }

  deinit { elements.deallocate() }

  /// Where an element lies.
  func address(_ row: Int, _ column: Int) -> UnsafeMutablePointer<Element> {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns, "no such element")
    return elements + (row * (pitch / MemoryLayout<Element>.stride) + column)
  }

  subscript(row: Int, column: Int) -> Element {
    get { address(row, column).pointee }
    nonmutating set { address(row, column).pointee = newValue }
  }

  /// Sets every element, row by row.
  func fill(with next: () -> Element) {
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = next() }
    }
  }
}
