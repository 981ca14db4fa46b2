import SimKernel
import Testing

/// Writes its number into a list in every cycle.
private final class Scribe: Module {
  final class Page {
    var lines: [Int] = []
  }

  private let number: Int
  private let page: Page

  init(number: Int, page: Page) {
    self.number = number
    self.page = page
    super.init(path: "scribe\(number)")
  }

  override func tick(_ now: Cycle) -> Wake {
    page.lines.append(number)
    return .nextCycle
  }
}

@Suite("Modules that share a resource")
struct SharedResourceTests {
  @Test(
    "They run in the order they were added, others in between or not",
    arguments: [.registration, .reversed, .shuffled(seed: 1), .shuffled(seed: 2)]
      as [ModuleOrder], [4, 100])
  func order(order: ModuleOrder, count: Int) throws {
    let kernel = Kernel(
      plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1), order: order)
    let (shared, own) = (Scribe.Page(), Scribe.Page())
    for number in 0..<count {
      let isShared = number % 2 == 0
      let scribe = Scribe(number: number, page: isShared ? shared : own)
      kernel.add(scribe, to: kernel.domains[0])
      if isShared { kernel.keepOrder(of: scribe, sharing: shared) }
    }
    #expect(kernel.run(until: 2) == .limitReached)
    let even = Array(stride(from: 0, to: count, by: 2))
    #expect(shared.lines == even + even + even)
    #expect(own.lines.count == 3 * count / 2)
    if case .reversed = order { #expect(own.lines.first == count - 1) }
  }
}
