import Estimation
import SoC
import Telemetry
import Testing

/// A plan for the runtime in a simulated SoC: kernels of the core, copies of one DMA.
struct CorePlan {
  /// A copy of neighbouring bytes by a DMA that goes from memory to memory.
  struct Copy {
    var waits: [(engine: Int, count: Int)] = []
    var source: UInt32
    var target: UInt32
    var byteCount: UInt32

    /// Numbers of values of its groups of registers.
    static let groups = [3, 3, 1]

    /// The groups: ADDR, COUNT0, STRIDE0; DST_ADDR, DST_COUNT0, DST_STRIDE0; CTRL with START and
    /// both interrupts.
    var words: [UInt32] {
      [
        3 << 16 | 0x0c, source, byteCount, 1, 3 << 16 | 0x54, target, byteCount, 1, 1 << 16, 13,
      ]
    }
  }

  /// Where the plan lies.
  static let address: UInt64 = 0x8090_0000

  /// Kernels, and whether each sets the tag.
  var kernels: [(call: KernelCall, setsTag: Bool)] = []
  /// Name of the DMA; nil when the plan has none.
  var dma: String?
  var copies: [Copy] = []

  /// Runs the plan.
  ///
  /// - Returns: what a module has counted, the core by default.
  func simulate(_ firmware: CoreFirmware, module: String = "cpu") throws -> ModuleRecord {
    let bytes = words(firmware.description).flatMap { word in
      (0..<4).map { UInt8(word >> (8 * $0) & 0xff) }
    }
    let description = firmware.description.adding(
      [
        SoCDescription.LoadedBytes(
          name: "plan", file: "plan.bin", memory: "dram", address: Self.address, bytes: bytes)
      ], arguments: [String(Self.address, radix: 16)])
    let system = try SystemBuilder(
      description, program: try Program(path: firmware.path), options: SystemOptions()
    ).build()
    let end = system.run(limits: RunLimits()) { _ in true }
    #expect(end.exitCode == 0, "\(end.reason)")
    return try #require(system.registry.snapshot().modules.first { $0.path == module })
  }

  /// The plan in memory (Firmware/network/README.md, "The plan").
  private func words(_ description: SoCDescription) -> [UInt32] {
    func address(_ index: Int) -> UInt32 { UInt32(Self.address) + UInt32(4 * index) }
    // "tag" and a zero byte.
    var words: [UInt32] = [
      0x5043_4c46, 1, 0, dma == nil ? 1 : 2, 0, 1, address(8), 0, address(9), 0x0067_6174,
    ]
    let first = words.count
    for (call, setsTag) in kernels {
      words += [UInt32(3 + call.words.count), setsTag ? 1 : 0, call.identifier << 16]
      words += call.words
    }
    let second = words.count
    for copy in copies {
      let waits = copy.waits.map { UInt32($0.engine << 24 | $0.count) }
      let size = 3 + waits.count + copy.words.count
      words += [UInt32(size), 0, UInt32(Copy.groups.count << 16 | waits.count)]
      words += waits + copy.words
    }
    words[4] = address(words.count)
    words += [0, 0, 0, address(first), UInt32(kernels.count), address(9), 0, 0]
    if let dma {
      let base = description.dmas.first { $0.name == dma }?.address ?? 0
      words += [
        UInt32(base), UInt32(description.interruptSource(of: dma) ?? 0), 1, address(second),
        UInt32(copies.count), address(9), 0, 0,
      ]
    }
    words[2] = UInt32(4 * words.count)
    return words
  }
}

extension ModuleRecord {
  /// A counter's sum over all tags.
  func count(_ counter: String) -> Int {
    Int(counters.first { $0.name == counter }?.values.reduce(0, +) ?? 0)
  }

  /// Cycles of a state under all tags.
  func cycles(of state: String) -> Int {
    Int(states.first { $0.name == state }?.cycles.reduce(0, +) ?? 0)
  }
}
