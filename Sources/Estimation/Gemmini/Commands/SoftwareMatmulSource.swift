/// The output stationary driver: every tile unrolled in software to single commands.
struct SoftwareMatmulSource: GemminiCommandSource {
  private enum Step {
    case preamble, biasStride, bias, weightStride, weights, inputStride, inputs, preload, compute
    case store, nextTile, done
  }

  private let matmul: GemminiMatmul
  private let tiling: MatmulTiling
  private let tiles: Int
  private let loadEntries: Int
  private let executeEntries: Int
  private let storeEntries: Int
  private let weightsEnd: Int
  private var pace: CommandPace
  private var step = Step.preamble
  private var preamble = 0
  private var index = 0
  private var tile: MatmulTile
  private var i = 0
  private var j = 0
  private var k = 0
  private(set) var commands = 0
  private(set) var started = 0
  private(set) var groups = 0

  /// A completed entry is free in the next cycle.
  let completionDelay = 1

  init(_ matmul: GemminiMatmul, _ configuration: GemminiConfiguration, gap: Int) {
    self.matmul = matmul
    tiling = MatmulTiling(matmul, configuration)
    let counts = tiling.counts
    tiles = counts.i * counts.j * counts.k
    loadEntries = configuration.loadEntries
    executeEntries = configuration.executeEntries
    storeEntries = configuration.storeEntries
    weightsEnd = configuration.scratchpadRows
    // Four queues of two entries, one cycle each.
    pace = CommandPace(gap: gap, depth: 8, forward: 4)
    tile = MatmulTile(0, of: tiling, matmul, dimension: 16)
    if matmul.driver == .singleOutputStationary { preamble = 2 }
  }

  mutating func offer(at time: Int, loads: Int, executes: Int, stores: Int) -> GemminiOffer {
    if step == .done { return .finished }
    let earliest = pace.next
    if time < earliest { return .wait(until: earliest) }
    switch step {
    case .preload, .compute:
      if executes >= executeEntries { return .blocked }
    case .store:
      if stores >= storeEntries { return .blocked }
    default:
      if loads >= loadEntries { return .blocked }
    }
    pace.take(at: time)
    commands += 1
    return .command(advance())
  }

  /// The next command; moves on to the one after it.
  private mutating func advance() -> GemminiCommand {
    switch step {
    case .preamble:
      let kinds: [GemminiCommand.Kind] = [
        .configureExecute, .configureStore, .configureLoad, .configureLoad, .configureLoad,
      ]
      let command: GemminiCommand
      if matmul.driver == .singleOutputStationary {
        command = GemminiCommand(kinds[preamble - 2])
      } else {
        command = GemminiCommand(kinds[preamble])
      }
      preamble += 1
      if preamble == 5 { beginTile() }
      return command
    case .biasStride:
      step = .bias
      return GemminiCommand(.configureLoad)
    case .bias:
      return bias()
    case .weightStride:
      step = .weights
      return GemminiCommand(.configureLoad)
    case .weights:
      return weights()
    case .inputStride:
      step = .inputs
      return GemminiCommand(.configureLoad)
    case .inputs:
      return inputs()
    case .preload:
      return preload()
    case .compute:
      return compute()
    case .store:
      return store()
    case .nextTile, .done:
      return GemminiCommand(.configureLoad)
    }
  }

  private mutating func beginTile() {
    started += 1
    i = 0
    j = 0
    k = 0
    step = matmul.hasBias && tile.isFirstK ? .biasStride : .weightStride
  }

  private mutating func endTile() {
    index += 1
    if index == tiles {
      step = .done
    } else {
      tile = MatmulTile(index, of: tiling, matmul, dimension: 16)
      beginTile()
    }
  }

  private func result(_ i: Int, _ j: Int) -> GemminiCommand.Rows {
    GemminiCommand.Rows(accumulator: (i * tile.j + j) * 16, count: tile.rowsI(i))
  }

  private mutating func bias() -> GemminiCommand {
    var command = GemminiCommand(.moveIn)
    command.wide = true
    command.first = result(i, j)
    command.rows = tile.rowsI(i)
    command.bytes = tile.columnsJ(j) * 4
    command.address = OperandBase.bias + (tile.j0 + j) * 64
    j += 1
    if j == tile.j {
      j = 0
      i += 1
    }
    if i == tile.i {
      i = 0
      step = .weightStride
    }
    return command
  }

  private mutating func weights() -> GemminiCommand {
    let n = min(4, tile.j - j)
    var command = GemminiCommand(.moveIn)
    command.rows = tile.columnsK(k)
    command.first = GemminiCommand.Rows(
      weightsEnd - 16 * tile.k * tile.j + (k * tile.j + j) * 16, count: (n - 1) * 16 + command.rows)
    command.bytes = 16 * (n - 1) + tile.columnsJ(j + n - 1)
    command.stride = matmul.columns
    command.address =
      OperandBase.weights + (tile.k0 + k) * 16 * matmul.columns + (tile.j0 + j) * 16
    k += 1
    if k == tile.k {
      k = 0
      j += 4
    }
    if j >= tile.j {
      j = 0
      step = .inputStride
    }
    return command
  }

  private mutating func inputs() -> GemminiCommand {
    let n = min(4, tile.k - k)
    var command = GemminiCommand(.moveIn)
    command.rows = tile.rowsI(i)
    command.first = GemminiCommand.Rows((i * tile.k + k) * 16, count: (n - 1) * 16 + command.rows)
    command.bytes = 16 * (n - 1) + tile.columnsK(k + n - 1)
    command.stride = matmul.depth
    command.address =
      OperandBase.inputs + (tile.i0 + i) * 16 * matmul.depth + (tile.k0 + k) * 16
    k += 4
    if k >= tile.k {
      k = 0
      i += 1
    }
    if i == tile.i {
      i = 0
      step = .preload
    }
    return command
  }

  private mutating func preload() -> GemminiCommand {
    if k == 0 { groups += 1 }
    var command = GemminiCommand(.preload)
    if k == tile.k - 1 {
      command.first = result(i, j)
      command.accumulates = matmul.hasBias || !tile.isFirstK
    }
    command.rows = 16
    step = .compute
    return command
  }

  private mutating func compute() -> GemminiCommand {
    var command = GemminiCommand(.compute)
    command.first = GemminiCommand.Rows((i * tile.k + k) * 16, count: tile.rowsI(i))
    command.second = GemminiCommand.Rows(
      weightsEnd - 16 * tile.k * tile.j + (k * tile.j + j) * 16, count: tile.columnsK(k))
    command.rows = tile.rowsI(i)
    step = .preload
    k += 1
    if k == tile.k {
      k = 0
      j += 1
    }
    if j == tile.j {
      j = 0
      i += 1
    }
    if i == tile.i {
      i = 0
      if tile.isLastK { step = .store } else { endTile() }
    }
    return command
  }

  private mutating func store() -> GemminiCommand {
    var command = GemminiCommand(.moveOut)
    let element = matmul.outputBits / 8
    command.wide = matmul.outputBits == 32
    command.rows = tile.rowsI(i)
    command.first = result(i, j)
    command.bytes = tile.columnsJ(j) * element
    command.stride = matmul.columns * element
    command.address =
      OperandBase.outputs
      + ((tile.i0 + i) * 16 * matmul.columns + (tile.j0 + j) * 16) * element
    j += 1
    if j == tile.j {
      j = 0
      i += 1
    }
    if i == tile.i { endTile() }
    return command
  }
}

/// What repeats.
extension SoftwareMatmulSource {
  var signatures: [Int] { tiling.signatures(of: matmul, tiles: tiles) }

  var periods: [Int] { tiling.periods }

  /// Commands of a tile.
  private func commands(of tile: MatmulTile) -> Int {
    let bias = matmul.hasBias && tile.isFirstK ? 1 + tile.i * tile.j : 0
    let loads = 2 + (tile.j + 3) / 4 * tile.k + tile.i * ((tile.k + 3) / 4)
    return bias + loads + 2 * tile.i * tile.j * tile.k + (tile.isLastK ? tile.i * tile.j : 0)
  }

  var unit: Int { 1 }

  mutating func skip(tiles count: Int) {
    for skipped in index..<(index + count) {
      commands += commands(of: MatmulTile(skipped, of: tiling, matmul, dimension: 16))
    }
    started += count
    index += count
    tile = MatmulTile(index, of: tiling, matmul, dimension: 16)
  }

  func steadyGroups(at time: Int) -> Int {
    // Operands in banks of their own: no conflict anywhere.
    let bankRows = weightsEnd / 4
    let inputBank = (16 * tile.i * tile.k - 1) / bankRows
    let weightBank = (weightsEnd - 16 * tile.k * tile.j) / bankRows
    guard step == .compute, inputBank < weightBank else { return 0 }
    // What is skipped leaves old results in flight: let them drain before the stores.
    let margin = 1 + (executeEntries / 2 + tile.k) / tile.k
    return max(0, tile.i * tile.j - margin - (i * tile.j + j))
  }

  mutating func skip(groups count: Int) {
    let group = i * tile.j + j + count
    i = group / tile.j
    j = group % tile.j
    groups += count
    commands += 2 * tile.k * count
  }

  func note(relativeTo time: Int, into state: inout [Int]) {
    pace.note(relativeTo: time, into: &state)
  }
}
