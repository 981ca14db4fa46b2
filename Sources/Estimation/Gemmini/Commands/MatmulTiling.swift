/// The library's tile sizes for a matrix product, in blocks of the array's dimension.
struct MatmulTiling {
  /// Blocks of the whole product along M, N and K.
  let blocks: (i: Int, j: Int, k: Int)
  /// Blocks of a full tile.
  private(set) var tile: (i: Int, j: Int, k: Int)

  /// Start at the largest cube-like tile that fits, then grow one step per dimension and pass
  /// (`tiled_matmul_auto` in `gemmini-rocc-tests` at `13e7e1f`, `include/gemmini.h`).
  init(_ matmul: GemminiMatmul, _ configuration: GemminiConfiguration) {
    let dimension = configuration.dimension
    func ceiling(_ value: Int) -> Int { (value + dimension - 1) / dimension }
    blocks = (ceiling(matmul.rows), ceiling(matmul.columns), ceiling(matmul.depth))
    switch matmul.driver {
    case .singleLoop, .singleOutputStationary:
      tile = blocks
      return
    case .tiledWeightStationary, .tiledOutputStationary:
      break
    }
    // One half of each memory per loop when the unroller double-buffers.
    let share = matmul.driver.isOutputStationary ? 1 : 2
    let scratchpad = configuration.scratchpadRows / share / dimension
    let accumulator = configuration.accumulatorRows / share / dimension
    var side = 1
    while (side + 1) * (side + 1) <= accumulator { side += 1 }
    tile = (
      min(blocks.i, side), min(blocks.j, side), min(blocks.k, scratchpad / 2 / side)
    )
    func fits(_ i: Int, _ j: Int, _ k: Int) -> Bool {
      i * k + k * j <= scratchpad && i * j <= accumulator
    }
    var grows = true
    while grows {
      grows = false
      if tile.j < blocks.j, fits(tile.i, tile.j + 1, tile.k) {
        tile.j += 1
        grows = true
      }
      if tile.i < blocks.i, fits(tile.i + 1, tile.j, tile.k) {
        tile.i += 1
        grows = true
      }
      if tile.k < blocks.k, fits(tile.i, tile.j, tile.k + 1) {
        tile.k += 1
        grows = true
      }
    }
  }

  /// Tiles along M, N and K.
  var counts: (i: Int, j: Int, k: Int) {
    (
      (blocks.i + tile.i - 1) / tile.i, (blocks.j + tile.j - 1) / tile.j,
      (blocks.k + tile.k - 1) / tile.k
    )
  }
}

/// One tile of a matrix product: its place, its size in blocks, its missing rows and columns.
struct MatmulTile {
  /// First block along M, N and K.
  var i0 = 0
  var j0 = 0
  var k0 = 0
  /// Blocks.
  var i = 0
  var j = 0
  var k = 0
  var padI = 0
  var padJ = 0
  var padK = 0
  var isFirstK = false
  var isLastK = false

  init() {}

  /// Tile `index` in the library's order: M outermost, K innermost.
  init(_ index: Int, of tiling: MatmulTiling, _ matmul: GemminiMatmul, dimension: Int) {
    let counts = tiling.counts
    let k = index % counts.k
    let j = index / counts.k % counts.j
    let i = index / counts.k / counts.j
    i0 = i * tiling.tile.i
    j0 = j * tiling.tile.j
    k0 = k * tiling.tile.k
    self.i = min(tiling.tile.i, tiling.blocks.i - i0)
    self.j = min(tiling.tile.j, tiling.blocks.j - j0)
    self.k = min(tiling.tile.k, tiling.blocks.k - k0)
    if i == counts.i - 1 { padI = tiling.blocks.i * dimension - matmul.rows }
    if j == counts.j - 1 { padJ = tiling.blocks.j * dimension - matmul.columns }
    if k == counts.k - 1 { padK = tiling.blocks.k * dimension - matmul.depth }
    isFirstK = k == 0
    isLastK = k == counts.k - 1
  }

  func rowsI(_ block: Int) -> Int { 16 - (block == i - 1 ? padI : 0) }
  func columnsJ(_ block: Int) -> Int { 16 - (block == j - 1 ? padJ : 0) }
  func columnsK(_ block: Int) -> Int { 16 - (block == k - 1 ? padK : 0) }
}

extension MatmulTiling {
  /// What the array and its memories do for the whole product.
  func executeActions(_ matmul: GemminiMatmul, dimension: Int) -> GemminiActions {
    var actions = GemminiActions()
    actions.macs = matmul.rows * matmul.columns * matmul.depth
    for index in 0..<(counts.i * counts.j * counts.k) {
      let tile = MatmulTile(index, of: self, matmul, dimension: dimension)
      let rows = tile.i * dimension - tile.padI
      let depth = tile.k * dimension - tile.padK
      let results = rows * tile.j
      actions.preloads += tile.i * tile.j * tile.k
      actions.computes += tile.i * tile.j * tile.k
      actions.scratchpadReads += results * tile.k
      var additions = matmul.hasBias || !tile.isFirstK ? results : 0
      if matmul.driver.isOutputStationary {
        actions.scratchpadReads += depth * tile.i * tile.j
      } else {
        // Weights are read once; results are added for every block along K.
        actions.scratchpadReads += depth * tile.j
        additions += results * (tile.k - 1)
      }
      let writes = matmul.driver.isOutputStationary ? results : results * tile.k
      actions.accumulatorAccumulations += additions
      actions.accumulatorOverwrites += writes - additions
    }
    return actions
  }
}
