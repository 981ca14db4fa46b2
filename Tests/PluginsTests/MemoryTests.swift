import Fabric
import MemoryModels
import Plugins
import SimKernel
import Telemetry
import TestSupport
import Testing

@Suite("Memories of plug-ins")
struct MemoryTests {
  /// The timing, and what it did wrong.
  private final class Failures {
    var texts: [String] = []
  }

  private static func model(
    _ library: PluginLibrary, _ parameters: [Int64] = []
  ) throws -> (model: PluginMemoryModel, failures: Failures) {
    let kernel = Kernel(plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000_000))
    let registry = Registry(kernel: kernel)
    let failures = Failures()
    let model = try PluginMemoryModel(
      path: "memory", library: library, parameters: parameters,
      site: registry.module("memory", kind: "Memory", domain: kernel.domains[0]),
      fail: { failures.texts.append($0) })
    return (model, failures)
  }

  private static func read(_ word: UInt64) -> MemoryAccess {
    MemoryAccess(word: word, isWrite: false, bits: 128)
  }

  @Test("Open rows: a hit, a closed row, another row, a bank that is busy")
  func openRow() throws {
    // 2 banks, 8 words a row, 4 cycles to a word, 6 to open, 5 to close.
    let (model, failures) = try Self.model(PluginText.example("open_row"), [2, 8, 4, 6, 5])
    #expect(model.start(Self.read(0), at: 100) == .started(readyAt: 109))
    #expect(model.start(Self.read(1), at: 101) == .busy(until: 107))
    #expect(model.start(Self.read(8), at: 101) == .started(readyAt: 110))
    #expect(model.start(Self.read(1), at: 107) == .started(readyAt: 110))
    #expect(model.start(Self.read(7), at: 108) == .started(readyAt: 111))
    #expect(model.start(Self.read(16), at: 109) == .started(readyAt: 123))
    #expect(model.start(Self.read(0), at: 130) == .started(readyAt: 144))
    #expect(failures.texts == [])
  }

  @Test("create() of a memory refuses with its own sentence")
  func refusedParameters() throws {
    let expected = PluginError("cannot be created: row_words is 3, which is no power of two")
    #expect(throws: expected) {
      try Self.model(PluginText.example("open_row"), [2, 3, 4, 6, 5])
    }
  }

  @Test(
    "A memory that answers with a past cycle is caught",
    arguments: [
      (
        "access->until = access->cycle - 1; return 1;",
        "plug-in memory starts an access in cycle 50 and ends it in 49"
      ),
      (
        "access->until = access->cycle; return 0;",
        "plug-in memory refuses an access in cycle 50 until cycle 50"
      ),
      (
        "access->until = 0; return 0;",
        "plug-in memory refuses an access in cycle 50 until cycle 0"
      ),
      (
        "access->until = UINT64_MAX; return 1;",
        "plug-in memory starts an access in cycle 50 and ends it in 18446744073709551615"
      ),
    ])
  func pastCycles(body: String, message: String) throws {
    var text = PluginText(access: body)
    text.fields["category"] = "FLECSIM_MEMORY"
    let (model, failures) = try Self.model(text.load())
    _ = model.start(Self.read(0), at: 50)
    #expect(failures.texts == [message])
  }

  @Test("A fixed delay of a plug-in is the SRAM with that delay")
  func sameAsSRAM() throws {
    var text = PluginText(access: "access->until = access->cycle + 4; return 1;")
    text.fields["category"] = "FLECSIM_MEMORY"
    let library = try text.load()
    let answers = try [true, false].map { isPlugin in
      let kernel = Kernel(plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000_000))
      let registry = Registry(kernel: kernel)
      let site = registry.module("memory", kind: "Memory", domain: kernel.domains[0])
      let store = try #require(BackingStore(base: 0x1000, size: 4096))
      let bus = BusLink(kernel: kernel, widthBytes: 16)
      let configuration = MemoryConfiguration(store: store, readDelay: 5, writeDelay: 5)
      let memory: Module =
        isPlugin
        ? ExternalMemory(
          path: "memory", configuration: configuration,
          model: try PluginMemoryModel(
            path: "memory", library: library, parameters: [], site: site,
            fail: { Issue.record("\($0)") }),
          buses: [bus.target], component: nil, site: site, arena: kernel.arena)
        : SRAM(
          path: "memory", configuration: configuration, banks: 1, buses: [bus.target], site: site,
          arena: kernel.arena)
      let bytes = (0..<100).map { UInt8($0) }
      let driver = BusDriver(
        path: "driver", bus: bus.initiator,
        transactions: [
          .write(0x1000, bytes: bytes), .read(0x1010, 64, at: 40), .read(0x1000, 16, at: 41),
          .write(0x1100, 7, 4, at: 42), .read(0x1100, 4, at: 100),
        ], outstanding: 4, stallPercent: 30,
        finishLine: FinishLine(count: 1, controls: kernel.controls))
      kernel.add(memory, to: kernel.domains[0])
      kernel.add(driver, to: kernel.domains[0])
      bus.connect(kernel: kernel, initiator: driver, target: memory)
      _ = kernel.run(until: 10_000)
      return driver.answers
    }
    #expect(answers[0] == answers[1])
    #expect(answers[0].last?.value == 7)
  }
}
