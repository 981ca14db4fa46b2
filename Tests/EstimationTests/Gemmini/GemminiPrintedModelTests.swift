import Estimation
import Testing

@Suite("Gemmini, printed equations")
struct GemminiPrintedModelTests {
  @Test("Equation 4.4: a preload costs DIM rows, an accumulate its own")
  func equation44() {
    var preload = GemminiPrintedWork()
    preload.compute(l: 4, m: 8, n: 16, preload: true)
    #expect(preload.scaledMacs == 4096)
    #expect(preload.cycles == 16)
    var accumulate = GemminiPrintedWork()
    accumulate.compute(l: 4, m: 8, n: 16, preload: false)
    #expect(accumulate.scaledMacs == 1024)
    #expect(accumulate.cycles == 4)
  }

  @Test("Equations 4.2 and 4.3: three int8 blocks make a small product memory bound")
  func roofline() {
    var work = GemminiPrintedWork()
    work.compute(l: 16, m: 16, n: 16, preload: true)
    work.moveIn(rows: 16, bytes: 16)
    work.moveIn(rows: 16, bytes: 16)
    work.moveOut(rows: 16, bytes: 16, columns: 16)
    #expect(work.scaledMacs == 4096)
    #expect(work.scaledBytes == 768)
    #expect(abs(work.intensity - 16.0 / 3) < 1e-12)
    #expect(abs(work.performance - 256.0 / 3) < 1e-9)
    #expect(work.cycles == 48)
    let layer = GemminiMatmul(rows: 16, columns: 16, depth: 16)
    #expect(GemminiPrintedModel().estimate(layer).cycles == 48)
  }

  @Test("A byte takes a whole bus word")
  func busWord() {
    var work = GemminiPrintedWork()
    work.moveIn(rows: 3, bytes: 1)
    #expect(work.scaledBytes == 48)
    #expect(work.actions.moveInBytes == 3)
    #expect(work.actions.readBeats == 3)
  }

  @Test("Overwrites and accumulations are counted apart")
  func accumulator() {
    let layer = GemminiMatmul(rows: 32, columns: 16, depth: 48)
    let actions = GemminiPrintedModel().estimate(layer).actions
    #expect(actions.accumulatorOverwrites == 32)
    #expect(actions.accumulatorAccumulations == 64)
    #expect(actions.accumulatorReads == 32)
    #expect(actions.preloads == 3)
    #expect(actions.computes == 6)
    #expect(actions.scratchpadReads == 3 * (32 + 16))
    #expect(actions.macs == 32 * 16 * 48)
  }

  @Test("Pooling is paid on write-back")
  func pooling() {
    var layer = GemminiConvolution(
      inputSize: 16, inputChannels: 16, outputChannels: 16, kernel: 1)
    let plain = GemminiPrintedModel().estimate(layer)
    layer.pool = GemminiPool(size: 2, stride: 2)
    let pooled = GemminiPrintedModel().estimate(layer)
    #expect(plain.actions.accumulatorReads == 256)
    #expect(plain.actions.moveOutBytes == 4096)
    #expect(pooled.actions.moveOutBytes == 1024)
    #expect(pooled.actions.accumulatorReads == 256)
  }

  @Test("Three input channels occupy the array as sixteen do")
  func firstLayer() {
    let few = GemminiConvolution(
      inputSize: 16, inputChannels: 3, outputChannels: 16, kernel: 3, padding: 1)
    let many = GemminiConvolution(
      inputSize: 16, inputChannels: 16, outputChannels: 16, kernel: 3, padding: 1)
    let model = GemminiPrintedModel()
    #expect(model.estimate(few).cycles == 9 * 256)
    #expect(model.estimate(many).cycles == 9 * 256)
  }
}
