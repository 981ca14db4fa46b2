/// The shape of a layer that multiplies and accumulates: a convolution, of which a fully connected
/// layer and a matrix product are special cases with a 1×1 kernel.
///
/// All extents are positive and `groups` divides both channel counts. The output's height and width
/// are stated, not derived, so that every padding rule can be expressed.
public struct LayerShape: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Images of the batch.
  public var images: Int
  /// Rows of the input.
  public var inputHeight: Int
  /// Columns of the input.
  public var inputWidth: Int
  /// Channels of the input, all groups together.
  public var inputChannels: Int
  /// Groups of channels; as many as input channels for a depthwise convolution.
  public var groups: Int
  /// Rows of the kernel.
  public var kernelHeight: Int
  /// Columns of the kernel.
  public var kernelWidth: Int
  /// Steps in rows.
  public var strideY: Int
  /// Steps in columns.
  public var strideX: Int
  /// Distance of neighbouring kernel rows in the input.
  public var dilationY: Int
  /// Distance of neighbouring kernel columns in the input.
  public var dilationX: Int
  /// Rows of padding above the input.
  public var top: Int
  /// Columns of padding left of the input.
  public var left: Int
  /// Rows of the output, before pooling.
  public var outputHeight: Int
  /// Columns of the output, before pooling.
  public var outputWidth: Int
  /// Channels of the output, all groups together.
  public var outputChannels: Int
  /// Pooling applied while the result is written back; nil for none.
  public var pool: PoolWindow?

  /// Creates a layer from all its extents.
  public init(
    images: Int = 1, inputHeight: Int, inputWidth: Int, inputChannels: Int, groups: Int = 1,
    kernelHeight: Int, kernelWidth: Int, strideY: Int = 1, strideX: Int = 1, dilationY: Int = 1,
    dilationX: Int = 1, top: Int = 0, left: Int = 0, outputHeight: Int, outputWidth: Int,
    outputChannels: Int, pool: PoolWindow? = nil
  ) {
    self.images = images
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.groups = groups
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideY = strideY
    self.strideX = strideX
    self.dilationY = dilationY
    self.dilationX = dilationX
    self.top = top
    self.left = left
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.outputChannels = outputChannels
    self.pool = pool
  }

  /// A square convolution with the same padding on all sides; the output's sides are
  /// ⌊(side + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1.
  public static func convolution(
    images: Int = 1, height: Int, width: Int, channels: Int, filters: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
  ) -> LayerShape {
    func output(_ side: Int) -> Int {
      (side + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    }
    return LayerShape(
      images: images, inputHeight: height, inputWidth: width, inputChannels: channels,
      groups: groups, kernelHeight: kernel, kernelWidth: kernel, strideY: stride, strideX: stride,
      dilationY: dilation, dilationX: dilation, top: padding, left: padding,
      outputHeight: output(height), outputWidth: output(width), outputChannels: filters)
  }

  /// A fully connected layer: one window, which is the whole input.
  public static func fullyConnected(images: Int = 1, inputs: Int, outputs: Int) -> LayerShape {
    LayerShape(
      images: images, inputHeight: 1, inputWidth: 1, inputChannels: inputs, kernelHeight: 1,
      kernelWidth: 1, outputHeight: 1, outputWidth: 1, outputChannels: outputs)
  }

  /// The product A[rows × depth] · B[depth × columns]: an image of one line, `rows` pixels and
  /// `depth` channels under a 1×1 kernel.
  public static func product(
    rows: Int, depth: Int, columns: Int, count: Int = 1
  ) -> LayerShape {
    LayerShape(
      images: count, inputHeight: 1, inputWidth: rows, inputChannels: depth, kernelHeight: 1,
      kernelWidth: 1, outputHeight: 1, outputWidth: rows, outputChannels: columns)
  }
}

extension LayerShape {
  /// Output pixels of an image, before pooling.
  public var pixels: Int { outputHeight * outputWidth }
  /// Output pixels of an image that are written back: after pooling, if there is any.
  public var writtenPixels: Int { pool?.pixels ?? pixels }
  /// Input channels of one group.
  public var groupChannels: Int { inputChannels / groups }
  /// Output channels of one group.
  public var groupOutputs: Int { outputChannels / groups }
  /// Elements of a window: the input values that one output value needs.
  public var window: Int { groupChannels * kernelHeight * kernelWidth }
  /// Useful multiply-accumulates of the layer (padding counted as if it were data).
  public var macs: Int { images * pixels * outputChannels * window }

  /// The layer as matrix products: l = pixels, m = window, n = output channels of a group, one
  /// product per image and group.
  public var product: MatrixProduct {
    MatrixProduct(rows: pixels, depth: window, columns: groupOutputs, count: images * groups)
  }

  /// Elements of the input, of all images.
  public var inputElements: Int { images * inputHeight * inputWidth * inputChannels }
  /// Elements of the weights, biases not counted.
  public var weightElements: Int { outputChannels * window }
  /// Elements of the result as it is written back, of all images.
  public var outputElements: Int { images * writtenPixels * outputChannels }

  /// Bytes of input, weights and result together, each counted once.
  public func bytes(activationBytes: Int, weightBytes: Int) -> Int {
    (inputElements + outputElements) * activationBytes + weightElements * weightBytes
  }
}
