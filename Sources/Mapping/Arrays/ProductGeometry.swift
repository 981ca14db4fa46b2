internal import Networks

/// A convolution or matrix product as an array sees it: for every output pixel a window of the input, for every output
/// channel a filter.
///
/// A matrix product A[M×K]·B[K×N] is a convolution of an image of one row, M columns and K channels with a 1×1 kernel.
struct ProductGeometry: Equatable {
  /// Images of the batch (or matrices), each computed on its own.
  var images = 1
  /// Input height, width and channels.
  var height = 1
  var width = 1
  var channels = 1
  /// Groups of channels.
  var groups = 1
  /// Kernel sides, steps, dilation.
  var kernelHeight = 1
  var kernelWidth = 1
  var strideY = 1
  var strideX = 1
  var dilationY = 1
  var dilationX = 1
  /// Padding above and left.
  var top = 0
  var left = 0
  /// Output height, width and channels.
  var outputHeight = 1
  var outputWidth = 1
  var outputChannels = 1

  /// Output pixels of an image.
  var pixels: Int { outputHeight * outputWidth }
  /// Input channels of one group.
  var groupChannels: Int { channels / groups }
  /// Output channels of one group.
  var groupOutputs: Int { outputChannels / groups }
  /// Multiply-accumulates of the whole layer.
  var macs: Int {
    images * pixels * outputChannels * groupChannels * kernelHeight * kernelWidth
  }

  /// Rows of the input that output rows need, clipped to the image.
  func inputRows(for rows: Range<Int>) -> Range<Int> {
    let first = rows.lowerBound * strideY - top
    let last = (rows.upperBound - 1) * strideY - top + (kernelHeight - 1) * dilationY
    let lower = min(max(first, 0), height)
    return lower..<max(lower, min(last + 1, height))
  }

  /// Whether all fields fit the DMA's registers.
  var fitsRegisters: Bool {
    height < 1 << 16 && width < 1 << 16 && kernelHeight < 256 && kernelWidth < 256
      && strideY < 256 && strideX < 256 && dilationY < 256 && dilationX < 256 && top < 256
      && left < 256
  }
}

/// The weights of a product: a constant tensor with the distances of neighbours.
struct WeightSource: Equatable {
  var tensor: Tensor
  /// Distances in elements along output channel, input channel of the group, kernel row and kernel column.
  var outputStride: Int
  var channelStride: Int
  var rowStride = 0
  var columnStride = 0
}

/// Columns of an array that are computed together: output channels and the input channels they need.
struct Strip: Equatable {
  /// Output channels.
  let outputs: Range<Int>
  /// Input channels taken at every position of the image.
  let inputs: Range<Int>
}

/// How a window's elements are cut into the pieces that the DMA sends.
struct WindowBlocks: Equatable {
  /// A piece: elements `first ..< first + count` of a run.
  struct Block: Equatable {
    let kernelRow: Int
    /// nil when a run holds all columns of the kernel.
    let kernelColumn: Int?
    let first: Int
    let count: Int
  }

  /// Whether a run holds a whole row of the kernel.
  let isMerged: Bool
  let blocks: [Block]
  let channels: Int

  /// - Parameters:
  ///   - channels: elements taken at every position.
  ///   - limit: elements of a piece.
  ///   - isContiguous: whether neighbouring positions lie next to each other in memory.
  init(_ geometry: ProductGeometry, channels: Int, limit: Int, isContiguous: Bool) {
    self.channels = channels
    let mayMerge = isContiguous && geometry.dilationX == 1 && geometry.kernelWidth > 1
    isMerged = mayMerge && channels % limit != 0
    let run = isMerged ? geometry.kernelWidth * channels : channels
    var blocks: [Block] = []
    for row in 0..<geometry.kernelHeight {
      for column in 0..<(isMerged ? 1 : geometry.kernelWidth) {
        for first in stride(from: 0, to: run, by: limit) {
          blocks.append(
            Block(
              kernelRow: row, kernelColumn: isMerged ? nil : column, first: first,
              count: min(limit, run - first)))
        }
      }
    }
    self.blocks = blocks
  }

  /// The longest piece.
  var longest: Int { blocks.map(\.count).max() ?? 0 }

  /// Kernel column and channel of an element of a piece.
  func place(_ block: Block, _ index: Int) -> (column: Int, channel: Int) {
    if let column = block.kernelColumn { return (column, block.first + index) }
    let element = block.first + index
    return (element / channels, element % channels)
  }
}
