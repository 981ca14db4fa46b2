/// How a layer on an array is cut: pieces of the input, groups of strips, which loop is outside and
/// what is copied into the
/// scratchpad. The same decisions as the mapper's (`ScheduleChooser`).
struct TiledSchedule: BitwiseCopyable {
  let pieces: Int
  let groups: Int
  let stagesWeights: Bool
  let stagesInput: Bool
  /// All groups for a piece, then the next piece; otherwise the other way round.
  let isInputOuter: Bool
  private let shape: LayerShape
  private let pieceRows: Int
  private let groupStrips: Int
  private let fullStrips: Int
  private let restStrips: Int
  private let rowPitch: Int

  init(_ layer: TiledLayer, _ array: TiledSystem.Array, _ tiles: TiledTiles) {
    shape = layer.shape
    pieceRows = max(1, min(layer.pieceRows, shape.outputHeight))
    pieces = shape.outputHeight.tiles(of: pieceRows)
    rowPitch = shape.inputWidth * layer.inputPitch
    fullStrips = tiles.full.count
    restStrips = tiles.rest.count
    let strips = fullStrips + restStrips
    stagesInput = layer.source == .staged
    stagesWeights = tiles.stagesWeights
    groupStrips =
      stagesWeights
      ? max(1, min(strips, array.weightCapacity / max(1, tiles.stripBytes))) : strips
    groups = strips.tiles(of: groupStrips)
    guard pieces > 1, groups > 1 else {
      isInputOuter = false
      return
    }
    let input = shape.inputHeight * rowPitch
    let weights = tiles.totalBytes
    let inner = (
      input: stagesInput ? input : 0,
      weights: stagesWeights ? weights * (groups > 2 ? pieces : 1) : 0
    )
    let outer = (
      input: stagesInput ? input * (pieces > 2 ? groups : 1) : 0,
      weights: stagesWeights ? weights : 0
    )
    isInputOuter = inner.input + inner.weights < outer.input + outer.weights
  }

  var outerCount: Int { isInputOuter ? pieces : groups }
  var innerCount: Int { isInputOuter ? groups : pieces }

  /// Output pixels of a piece.
  func pixels(piece: Int) -> Int {
    let rows = piece == pieces - 1 ? shape.outputHeight - piece * pieceRows : pieceRows
    return rows * shape.outputWidth
  }

  /// Strips of a group: full ones, and those that are left.
  func strips(group: Int) -> (full: Int, rest: Int) {
    let first = group * groupStrips
    let last = min(first + groupStrips, fullStrips + restStrips)
    let full = max(0, min(last, fullStrips) - first)
    return (full, last - first - full)
  }

  /// Whether a step has to load its group of weights: two buffers hold two groups.
  func loadsWeights(outer: Int, inner: Int, image: Int) -> Bool {
    guard stagesWeights else { return false }
    if groups <= 2 { return image == 0 && (isInputOuter ? outer == 0 : inner == 0) }
    return isInputOuter || inner == 0
  }

  /// Whether a step has to load its piece of the input.
  func loadsInput(outer: Int, inner: Int) -> Bool {
    guard stagesInput else { return false }
    if isInputOuter { return inner == 0 }
    return pieces > 2 || outer == 0
  }

  /// Bytes of a group's weights.
  func weightBytes(group: Int, _ tiles: TiledTiles) -> Int {
    let strips = strips(group: group)
    return strips.full * tiles.stripBytes + strips.rest * tiles.restBytes
  }

  /// Bytes of a piece of the input.
  func inputBytes(piece: Int) -> Int {
    let first = piece * pieceRows * shape.strideY - shape.top
    let last =
      (min((piece + 1) * pieceRows, shape.outputHeight) - 1) * shape.strideY - shape.top
      + (shape.kernelHeight - 1) * shape.dilationY
    let rows = min(last + 1, shape.inputHeight) - max(0, first)
    return max(0, rows) * rowPitch
  }

  /// Bytes of weights and of the input that are copied, for all images.
  func copiedBytes(_ tiles: TiledTiles) -> (weights: Int, input: Int) {
    var (weights, input) = (0, 0)
    if stagesWeights {
      weights =
        tiles.totalBytes * (groups > 2 ? shape.images * (isInputOuter ? pieces : 1) : 1)
    }
    if stagesInput {
      for piece in 0..<pieces { input += inputBytes(piece: piece) }
      input *= shape.images * (!isInputOuter && pieces > 2 ? groups : 1)
    }
    return (weights, input)
  }
}
