import Estimation
import Testing

/// Leaving out what repeats must not change what comes out.
@Suite("Gemmini, repetitions")
struct GemminiRepetitionTests {
  static let workloads: [GemminiWorkload] = [
    .matmul(GemminiMatmul(rows: 512, columns: 512, depth: 256)),
    .matmul(GemminiMatmul(rows: 400, columns: 330, depth: 200, hasBias: true)),
    .matmul(GemminiMatmul(rows: 300, columns: 300, depth: 300, driver: .tiledOutputStationary)),
    .matmul(
      GemminiMatmul(
        rows: 320, columns: 249, depth: 214, hasBias: true, outputBits: 32,
        driver: .tiledOutputStationary)),
    .convolution(
      GemminiConvolution(
        inputSize: 56, inputChannels: 64, outputChannels: 64, kernel: 3, padding: 1)),
    .convolution(
      GemminiConvolution(
        inputSize: 28, inputChannels: 128, outputChannels: 96, kernel: 1, hasBias: true)),
    .convolution(
      GemminiConvolution(
        inputSize: 40, inputChannels: 3, outputChannels: 32, kernel: 7, stride: 2, padding: 3,
        pool: GemminiPool(size: 3, stride: 2, padding: 1))),
    .convolution(
      GemminiConvolution(
        batch: 3, inputSize: 14, inputChannels: 32, outputChannels: 32, kernel: 3, padding: 1)),
  ]

  @Test("Same cycles within a thousandth, same counts", arguments: workloads, [2, 40])
  func same(workload: GemminiWorkload, latency: Int) {
    let memory = GemminiMemory(latency: latency)
    let short = GemminiImprovedModel().estimate(workload, memory: memory)
    let long = GemminiImprovedModel(skipsRepetitions: false).estimate(workload, memory: memory)
    #expect(short.actions == long.actions)
    #expect(abs(short.cycles - long.cycles) * 1000 <= long.cycles)
  }

  @Test("More images take proportionally longer")
  func batches() {
    var layer = GemminiConvolution(
      inputSize: 14, inputChannels: 64, outputChannels: 64, kernel: 3, padding: 1)
    let model = GemminiImprovedModel()
    let one = model.estimate(.convolution(layer), memory: GemminiMemory())
    layer.batch = 4
    let four = model.estimate(.convolution(layer), memory: GemminiMemory())
    #expect(four.actions.macs == 4 * one.actions.macs)
    #expect(four.actions.moveOutBytes == 4 * one.actions.moveOutBytes)
    #expect(four.cycles > 3 * one.cycles)
    #expect(four.cycles < 4 * one.cycles + 1000)
  }

  @Test("What the array does, against the printed counts where both agree")
  func actions() {
    for workload in Self.workloads {
      guard case .matmul(let matmul) = workload else { continue }
      let printed = GemminiPrintedModel().estimate(matmul).actions
      let improved = GemminiImprovedModel().estimate(matmul, memory: GemminiMemory()).actions
      #expect(improved.macs == printed.macs)
      #expect(improved.computes == printed.computes)
      #expect(improved.accumulatorAccumulations == printed.accumulatorAccumulations)
      #expect(improved.moveOutBytes == printed.moveOutBytes)
    }
  }
}
