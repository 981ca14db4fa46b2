import Estimation
import Testing

@Suite("Kernels of which only parts are run", .enabled(if: CoreFirmware.isAvailable))
struct KernelExtrapolationTests {
  @Test("cost what they cost when all of them is run", arguments: RandomKernel.Family.allCases)
  func partsSayAll(family: RandomKernel.Family) throws {
    let firmware = try CoreFirmware("cpu")
    // What kernels leave in memory must not matter: a meter for each way.
    let whole = try firmware.meter(budget: .max)
    let parts = try firmware.meter(budget: 2000)
    var random = RandomKernel(seed: 0x5eed)
    var extrapolated = 0
    for _ in 0..<16 {
      let call = random.call(family)
      let expected = try whole.cost(of: call)
      let cost = try parts.cost(of: call)
      #expect(!expected.isExtrapolated)
      #expect(cost.instructions == expected.instructions, "\(call)")
      #expect(cost.traffic == expected.traffic, "\(call)")
      if cost.isExtrapolated { extrapolated += 1 }
    }
    #expect(extrapolated >= 3, "the test must test something")
  }
}
