import Estimation
import Testing

@Suite("The edge between hart and devices")
struct HartTimingTests {
  @Test("With one clock a load takes 3 + 2L cycles and a store 4 + 2L", arguments: 1...4)
  func oneClock(latency: Int) {
    let timing = HartTiming(latency: latency)
    let load = timing.access(at: 10, isStore: false)
    #expect(load == HartTiming.Access(served: 11 + latency, next: 13 + 2 * latency))
    #expect(load.next - 10 == timing.loadCycles)
    let store = timing.access(at: 10, isStore: true)
    #expect(store == HartTiming.Access(served: 12 + latency, next: 14 + 2 * latency))
    #expect(store.next - 10 == timing.storeCycles)
  }

  @Test("An interrupt goes through the PLIC in a cycle and into the hart in another")
  func interrupt() {
    #expect(HartTiming().interrupt(raisedAt: 7) == 9)
    // Edges of the hart lie at multiples of 5: behind 7 + 2 that is 10.
    #expect(HartTiming(hartPeriod: 5, busPeriod: 2).interrupt(raisedAt: 6) == 10)
    #expect(HartTiming(hartPeriod: 5, busPeriod: 2).interrupt(raisedAt: 8) == 15)
  }

  @Test("Clocks of other periods meet at their own edges")
  func twoClocks() {
    // The hart's edges lie at multiples of 3, the bus's at multiples of 2.
    let slow = HartTiming(hartPeriod: 3, busPeriod: 2)
    // Granted at 4, served at 6, answered at 8, seen at 9.
    #expect(slow.access(at: 3, isStore: false) == HartTiming.Access(served: 6, next: 12))
    // The data follows at 6, served at 8, answered at 10, seen at 12.
    #expect(slow.access(at: 3, isStore: true) == HartTiming.Access(served: 8, next: 15))
    let fast = HartTiming(hartPeriod: 1, busPeriod: 4)
    #expect(fast.access(at: 1, isStore: false) == HartTiming.Access(served: 8, next: 14))
  }

  @Test("A piece of the runtime costs its instructions and what its accesses wait")
  func piece() {
    let piece = RuntimeCost.Piece(
      instructions: 20,
      accesses: [
        RuntimeCost.Access(isStore: false, offset: 3), RuntimeCost.Access(isStore: true, offset: 9),
      ])
    #expect((piece.loads, piece.stores) == (1, 1))
    #expect(HartTiming().cycles(piece) == 20 + 4 + 5)
  }
}
