import Fabric
import Interconnect
import MemoryModels
import SimKernel
import Telemetry
import TestSupport
import Testing

/// Several register masters that hammer SRAMs through one crossbar.
private final class Contest {
  let kernel = Kernel(
    plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000_000))
  let registry: Registry
  private(set) var masters: [RegisterMaster] = []

  init(masters count: Int, accesses: Int, arbitration: Arbitration, targets: Int = 1) throws {
    registry = Registry(kernel: kernel)
    let domain = kernel.domains[0]
    let links = (0..<count).map { _ in BusLink(kernel: kernel, widthBytes: 4) }
    let memoryLinks = (0..<targets).map { _ in BusLink(kernel: kernel, widthBytes: 4) }
    let crossbar = Crossbar(
      path: "crossbar",
      configuration: CrossbarConfiguration(
        latency: 1, arbitration: arbitration, outstanding: 2,
        windows: (0..<targets).map {
          AddressWindow(base: Address($0) << 16, length: 1 << 16, targets: [$0])
        }),
      initiators: links.map(\.target), targets: memoryLinks.map(\.initiator),
      targetNames: (0..<targets).map { "memory\($0)" },
      site: registry.module("crossbar", kind: "Crossbar", domain: domain), arena: kernel.arena)
    kernel.add(crossbar, to: domain)
    for (index, link) in memoryLinks.enumerated() {
      let store = try #require(BackingStore(base: Address(index) << 16, size: 1 << 16))
      let memory = SRAM(
        path: "memory\(index)",
        configuration: MemoryConfiguration(store: store, readDelay: 1, writeDelay: 1),
        banks: 1, buses: [link.target],
        site: registry.module("memory\(index)", kind: "SRAM", domain: domain),
        arena: kernel.arena)
      kernel.add(memory, to: domain)
      link.connect(kernel: kernel, initiator: crossbar, target: memory)
    }
    for (index, link) in links.enumerated() {
      let master = RegisterMaster(
        path: "master\(index)", bus: link.initiator,
        steps: (0..<accesses).map { step in
          .write(
            Address(step % targets) << 16 + Address(4 * (index + count * step)),
            UInt32(1000 * index + step))
        }
          + (0..<accesses).map { step in
            .read(Address(step % targets) << 16 + Address(4 * (index + count * step)))
          } + [.pause(2000)],
        controls: kernel.controls)
      masters.append(master)
      kernel.add(master, to: domain)
      link.connect(kernel: kernel, initiator: master, target: crossbar)
    }
  }
}

@Suite("Crossbar")
struct CrossbarTests {
  @Test("Everybody reads back what they wrote", arguments: [1, 2, 5, 17], [1, 3])
  func dataArrives(masters: Int, targets: Int) throws {
    let contest = try Contest(
      masters: masters, accesses: 20, arbitration: .roundRobin, targets: targets)
    #expect(contest.kernel.run() == .finished)
    for (index, master) in contest.masters.enumerated() {
      #expect(master.values == (0..<20).map { UInt32(1000 * index + $0) })
      #expect(master.responses.allSatisfy { $0 == .okay })
    }
  }

  @Test("Round robin serves all alike, fixed priority prefers the first")
  func arbitration() throws {
    func lastAccess(_ arbitration: Arbitration) throws -> [Cycle] {
      let contest = try Contest(masters: 8, accesses: 30, arbitration: arbitration)
      #expect(contest.kernel.run() == .finished)
      return contest.masters.map { $0.finished[59] }
    }
    let fair = try lastAccess(.roundRobin)
    #expect((fair.max() ?? 0) - (fair.min() ?? 0) < 20)
    let unfair = try lastAccess(.fixedPriority)
    #expect(unfair == unfair.sorted())
    #expect((unfair.last ?? 0) > (unfair.first ?? 0) + 100)
  }

  @Test("A lone access takes the documented number of cycles", arguments: [1, 2, 5])
  func latency(latency: Int) throws {
    var options = DMABench.Options()
    options.latency = Cycle(latency)
    let bench = try DMABench(options, steps: [.read(DMABench.sramBase)])
    #expect(bench.run() == .finished)
    // Sent in cycle 0; visible at the crossbar in 1, at the SRAM in 1 + latency, which answers in
    // that cycle; back at the crossbar one later, at the master `latency` later.
    #expect(bench.master.finished == [Cycle(2 + 2 * latency)])
  }

  @Test("An address without target answers DECERR")
  func decodeError() throws {
    let bench = try DMABench(
      DMABench.Options(), steps: [.read(0), .write(4, 1), .read(DMABench.sramBase)])
    #expect(bench.run() == .finished)
    #expect(bench.master.responses == [.decodeError, .decodeError, .okay])
  }
}
