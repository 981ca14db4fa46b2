/// Four rows by eight columns of a product, in registers.
struct Tile {
  var row0 = SIMD8<Float>()
  var row1 = SIMD8<Float>()
  var row2 = SIMD8<Float>()
  var row3 = SIMD8<Float>()

  /// Multiplies a panel of four rows and a panel of eight columns; both are aligned to 32 bytes.
  @inline(__always)
  init(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ depth: Int) {
    var a = UnsafeRawPointer(a)
    var b = UnsafeRawPointer(b)
    for _ in 0..<depth {
      let column = a.load(as: SIMD4<Float>.self)
      let row = b.load(as: SIMD8<Float>.self)
      row0 += row * column[0]
      row1 += row * column[1]
      row2 += row * column[2]
      row3 += row * column[3]
      a += 16
      b += 32
    }
  }

  /// Stores or adds eight neighbours.
  @inline(__always)
  static func store(
    _ row: SIMD8<Float>, _ target: UnsafeMutablePointer<Float>, _ accumulates: Bool
  ) {
    let target = UnsafeMutableRawPointer(target)
    let old = accumulates ? target.loadUnaligned(as: SIMD8<Float>.self) : SIMD8<Float>()
    target.storeBytes(of: old + row, as: SIMD8<Float>.self)
  }

  /// Stores or adds the first `count` of eight neighbours.
  @inline(__always)
  static func store(
    _ row: SIMD8<Float>, _ count: Int, _ target: UnsafeMutablePointer<Float>, _ accumulates: Bool
  ) {
    for i in 0..<count { target[i] = accumulates ? target[i] + row[i] : row[i] }
  }
}
