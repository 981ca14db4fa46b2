import Estimation
import Testing

/// Shapes, their products and their bytes.
struct LayerShapeTests {
  @Test("ResNet-50's second convolution is the product of 3136 x 576 and 576 x 64")
  func resNet50() {
    let layer = LayerShape.convolution(
      height: 56, width: 56, channels: 64, filters: 64, kernel: 3, padding: 1)
    #expect(layer.product == MatrixProduct(rows: 3136, depth: 576, columns: 64))
    #expect(layer.macs == 115_605_504)
    #expect(layer.macs == layer.product.macs)
    #expect(layer.outputElements == 200_704)
    #expect(layer.weightElements == 36864)
  }

  @Test("Groups and images multiply the products and divide their channels")
  func groups() {
    let layer = LayerShape.convolution(
      images: 3, height: 14, width: 10, channels: 32, filters: 64, kernel: 3, stride: 2, padding: 1,
      groups: 32)
    #expect(layer.product == MatrixProduct(rows: 7 * 5, depth: 9, columns: 2, count: 96))
    #expect(layer.macs == layer.product.macs)
    #expect(layer.macs == 3 * 35 * 9 * 64)
    #expect(layer.inputElements == 3 * 140 * 32)
    #expect(layer.weightElements == 64 * 9)
  }

  @Test("Dilation spreads the window, stride thins the output")
  func dilation() {
    let layer = LayerShape.convolution(
      height: 20, width: 9, channels: 4, filters: 8, kernel: 3, stride: 2, padding: 2, dilation: 3)
    #expect(layer.outputHeight == 9)
    #expect(layer.outputWidth == 4)
    #expect(layer.window == 36)
  }

  @Test("Pooling on the way out shrinks what is written, not what is computed")
  func pooling() {
    var layer = LayerShape.convolution(
      height: 8, width: 8, channels: 3, filters: 16, kernel: 3, padding: 1)
    let macs = layer.macs
    layer.pool = PoolWindow(
      height: 2, width: 2, strideY: 2, strideX: 2, outputHeight: 4, outputWidth: 4)
    #expect(layer.macs == macs)
    #expect(layer.outputElements == 256)
    #expect(layer.product.rows == 64)
    #expect(
      layer.bytes(activationBytes: 1, weightBytes: 2) == 8 * 8 * 3 + 256 + 2 * 16 * 27)
  }

  @Test("Fully connected layers and products are convolutions with a 1x1 kernel")
  func products() {
    #expect(
      LayerShape.fullyConnected(images: 4, inputs: 512, outputs: 10).product
        == MatrixProduct(rows: 1, depth: 512, columns: 10, count: 4))
    #expect(
      LayerShape.product(rows: 197, depth: 64, columns: 33, count: 12).product
        == MatrixProduct(rows: 197, depth: 64, columns: 33, count: 12))
  }
}
