/// What repeats in a tiled product, however its commands are made.
extension MatmulTiling {
  /// A number for every tile, equal for tiles whose commands take equal time at equal places.
  func signatures(of matmul: GemminiMatmul, tiles: Int) -> [Int] {
    (0..<tiles).map { index in
      let tile = MatmulTile(index, of: self, matmul, dimension: 16)
      var signature = Signature()
      signature.add(tile.i << 20 | tile.j << 10 | tile.k)
      signature.add(tile.padI << 16 | tile.padJ << 8 | tile.padK)
      signature.add((tile.isFirstK ? 1 : 0) | (tile.isLastK ? 2 : 0))
      let element = matmul.outputBits / 8
      signature.add(
        rowsAt: tile.i0 * 16 * matmul.depth + tile.k0 * 16,
        bytes: min(4, tile.k) * 16 - (tile.k == 1 ? tile.padK : 0), stride: matmul.depth)
      let columns = min(4, tile.j) * 16 - (tile.j == 1 ? tile.padJ : 0)
      signature.add(
        rowsAt: tile.k0 * 16 * matmul.columns + tile.j0 * 16, bytes: columns,
        stride: matmul.columns)
      signature.add(
        rowsAt: (tile.i0 * 16 * matmul.columns + tile.j0 * 16) * element,
        bytes: columns * element, stride: matmul.columns * element)
      return signature.value
    }
  }

  /// After how many tiles signatures may repeat.
  var periods: [Int] {
    var periods: [Int] = []
    for base in [1, counts.k, counts.k * counts.j] {
      for factor in [1, 2, 4] where !periods.contains(base * factor) {
        periods.append(base * factor)
      }
    }
    return periods
  }
}
