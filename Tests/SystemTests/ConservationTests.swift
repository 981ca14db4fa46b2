import Foundation
import SoC
import Telemetry
import Testing

@Suite("What goes in comes out")
struct ConservationTests {
  /// Kinds of modules with a memory behind a bus port.
  static let memories: Set = ["SRAM", "DRAM"]

  /// Waits without another module to blame.
  static let ownWaits: Set = ["wait-bank-or-pins", "blocked-by-initiator"]

  @Test(
    "Every cycle of every module is in exactly one class, under every tag",
    arguments: Example.runnable)
  func statesSumToCycles(example: Example) async throws {
    let snapshot = try await PlainRuns.shared.result(of: example).snapshot
    #expect(!snapshot.modules.isEmpty)
    for module in snapshot.modules {
      #expect(!module.states.isEmpty, "\(module.path) says nothing about its cycles")
      #expect(module.cycles.count == snapshot.tags.count)
      for tag in snapshot.tags.indices {
        let sum = module.states.reduce(0) { $0 + $1.cycles[tag] }
        #expect(
          sum == module.cycles[tag], "\(module.path) under tag '\(snapshot.tags[tag])'")
      }
    }
  }

  @Test("The cycles of every module span the simulated time", arguments: Example.runnable)
  func cyclesSpanTime(example: Example) async throws {
    let snapshot = try await PlainRuns.shared.result(of: example).snapshot
    for module in snapshot.modules {
      let period = snapshot.ticksPerSecond / module.hertz
      #expect(module.cycles.reduce(0, +) == snapshot.ticks / period + 1, "\(module.path)")
    }
  }

  @Test("Waiting classes name who is waited for, the others nobody", arguments: Example.runnable)
  func blockersAreNamed(example: Example) async throws {
    let snapshot = try await PlainRuns.shared.result(of: example).snapshot
    for module in snapshot.modules {
      for state in module.states {
        guard state.kind == .waiting else {
          #expect(state.blocker == nil, "\(module.path): \(state.name)")
          continue
        }
        // A memory waits for its own banks or pins; the crossbar does not tell initiators apart.
        let isNamed = state.blocker != nil || Self.ownWaits.contains(state.name)
        #expect(isNamed || state.cycles.allSatisfy { $0 == 0 }, "\(module.path): \(state.name)")
      }
    }
  }

  /// LeNet-5 by paper: conv1 6·25·784, conv2 16·150·100, and 400·120, 120·84, 84·10 of the fully
  /// connected layers.
  @Test("An array does exactly the multiplications of LeNet-5", arguments: ["lenet5", "lenet5-ws"])
  func networkMACs(name: String) async throws {
    let result = try await PlainRuns.shared.result(of: Example(name))
    #expect(result.total("macs") == 416_520)
  }

  @Test(
    "An array does exactly the multiplications of a product",
    arguments: ["gemm-os", "gemm-ws", "gemm-swift"])
  func productMACs(name: String) async throws {
    let result = try await PlainRuns.shared.result(of: Example(name))
    guard case .sources(let sources)? = try Example(name).load().cpu?.firmware else {
      Issue.record("the firmware is built from sources")
      return
    }
    let sides = try ["GEMM_M", "GEMM_N", "GEMM_K"].map { side in
      let text = sources.defines.first { $0.key == side }?.value
      return try #require(text.flatMap { UInt64($0) })
    }
    #expect(result.total("macs") == sides.reduce(1, *))
  }

  #if !DEBUG
    @Test("A hundred images take a hundred times the multiplications of one")
    func macsOfAHundredImages() async throws {
      let result = try await PlainRuns.shared.result(of: Example("lenet5-100"))
      #expect(result.total("macs") == 41_652_000)
      #expect(result.console.contains(" of 100 right"))
    }
  #endif

  @Test("Every beat of a stream leaves the DMA and enters the array", arguments: Example.runnable)
  func streamBeats(example: Example) async throws {
    let description = try example.load()
    let result = try await PlainRuns.shared.result(of: example)
    for dma in description.dmas {
      guard let array = dma.acceleratorName.flatMap({ result.module($0) }),
        let port = dma.acceleratorPort, let mover = result.module(dma.name)
      else { continue }
      #expect(
        mover.total("stream_beats") == array.total("\(port)_beats"), "\(dma.name) and \(port)")
      if dma.direction == .fromModule {
        #expect(mover.total("bytes") == array.total("out_bytes"), "\(dma.name)")
      }
    }
  }

  @Test(
    "Every beat that crosses the crossbar is an access of a target", arguments: Example.runnable)
  func crossbarBeats(example: Example) async throws {
    let result = try await PlainRuns.shared.result(of: example)
    let crossbar = try #require(result.module("crossbar"))
    let reads = result.total("reads", kinds: Self.memories)
    let writes = result.total("writes", kinds: Self.memories)
    // One beat per register access, whichever way it goes.
    let registers = result.total("register_accesses")
    #expect(
      crossbar.total("read_beats") + crossbar.total("write_beats") == reads + writes + registers)
    #expect(crossbar.total("read_beats") >= reads)
    #expect(crossbar.total("write_beats") >= writes)
    #expect(result.module("cpu")?.total("device_accesses") == registers)
  }

  @Test("Every beat on the bus of a memory is one of a DMA", arguments: Example.runnable)
  func memoryBeats(example: Example) async throws {
    let result = try await PlainRuns.shared.result(of: example)
    let accesses =
      result.total("reads", kinds: Self.memories) + result.total("writes", kinds: Self.memories)
    let bursts = result.total("bursts", kinds: Self.memories)
    let refused = result.total("decode_errors")
    #expect(bursts + refused == result.total("bursts", kinds: ["DMA"]))
    guard refused == 0 else { return }
    #expect(accesses >= result.total("bus_beats", kinds: ["DMA"]))
    if result.total("descriptors") == 0 {
      #expect(accesses == result.total("bus_beats", kinds: ["DMA"]))
    }
  }

  @Test("A memory stores the bytes that were moved into it", arguments: Example.runnable)
  func storedBytes(example: Example) async throws {
    let description = try example.load()
    let result = try await PlainRuns.shared.result(of: example)
    let moved = description.dmas.filter { $0.direction != .toModule }
      .reduce(0) { $0 + (result.module($1.name)?.total("bytes") ?? 0) }
    #expect(result.total("written_bytes", kinds: Self.memories) == moved)
  }

  /// The file of weights also holds biases, which the core reads without the bus.
  @Test("The footprint of a memory covers what the DMAs read of it")
  func footprint() async throws {
    let result = try await PlainRuns.shared.result(of: Example("lenet5"))
    let weights = try Data(contentsOf: URL(filePath: Project.configs + "/lenet5/weights.bin"))
    let memory = try #require(result.module("dram"))
    #expect(memory.total("footprint_lines") >= UInt64(weights.count / 64 * 9 / 10))
    #expect(memory.total("footprint_lines") <= memory.total("reads"))
  }

  @Test("Everything printed went through the UART", arguments: Example.runnable)
  func characters(example: Example) async throws {
    let result = try await PlainRuns.shared.result(of: example)
    #expect(result.total("characters") == UInt64(result.console.utf8.count))
  }
}
