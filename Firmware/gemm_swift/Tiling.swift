/// How a product is cut into tiles of the array's size, and in what order the DMAs move them: strip
/// by strip of rows of C, and from left to right in a strip.
struct Tiling {
  /// Shape of C.
  private let m: Int
  private let n: Int
  /// Shape of a whole tile.
  private let rows: Int
  private let columns: Int

  init(of c: borrowing Matrix<Int32>, rows: Int, columns: Int) {
    m = c.rows
    n = c.columns
    self.rows = rows
    self.columns = columns
  }

  /// Calls `body` with the shape of every tile.
  func forEachTile(_ body: (_ rows: Int, _ columns: Int) -> Void) {
    forEachStrip { _, rows in
      forEachPiece { piece in
        for _ in 0..<piece.tiles { body(rows, piece.columns) }
      }
    }
  }

  /// Every strip of A, once per tile of the strip; a column of A is a row in memory.
  func chain(ofA a: borrowing Matrix<Int8>) -> TransferChain {
    var chain = TransferChain(capacity: (m + rows - 1) / rows)
    let tiles = (n + columns - 1) / columns
    forEachStrip { top, rows in
      chain.append(a.address(0, top), elements: rows)
        .repeated(1, count: a.rows, stride: a.pitch)
        .repeated(2, count: tiles, stride: 0)
        .withAlignedRows()
    }
    return chain
  }

  /// All of B, once per strip.
  func chain(ofB b: borrowing Matrix<Int8>) -> TransferChain {
    var chain = TransferChain(capacity: 2 * ((m + rows - 1) / rows))
    forEachStrip { _, _ in
      forEachPiece { piece in
        chain.append(b.address(0, piece.left), elements: piece.columns)
          .repeated(1, count: b.rows, stride: b.pitch)
          .repeated(2, count: piece.tiles, stride: columns)
          .withAlignedRows()
      }
    }
    return chain
  }

  /// Every tile of C once.
  func chain(ofC c: borrowing Matrix<Int32>) -> TransferChain {
    var chain = TransferChain(capacity: 2 * ((m + rows - 1) / rows))
    forEachStrip { top, rows in
      forEachPiece { piece in
        chain.append(c.address(top, piece.left), elements: piece.columns)
          .repeated(1, count: rows, stride: c.pitch)
          .repeated(2, count: piece.tiles, stride: columns * MemoryLayout<Int32>.size)
      }
    }
    return chain
  }

  /// Tiles of one width beside each other.
  private struct Piece {
    let left: Int
    let columns: Int
    let tiles: Int
  }

  /// The whole tiles of a strip, then what is left over.
  private func forEachPiece(_ body: (Piece) -> Void) {
    let whole = n / columns
    if whole > 0 { body(Piece(left: 0, columns: columns, tiles: whole)) }
    let rest = n % columns
    if rest > 0 { body(Piece(left: whole * columns, columns: rest, tiles: 1)) }
  }

  private func forEachStrip(_ body: (_ top: Int, _ rows: Int) -> Void) {
    for top in stride(from: 0, to: m, by: rows) { body(top, min(rows, m - top)) }
  }
}
