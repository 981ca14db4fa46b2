import Mapping
import Networks
import Testing

/// SoCs built by hand for plans that are executed by ``PlanMachine``, in memory that the host has at the same addresses.
struct PlanPlatform: Sendable, CustomTestStringConvertible {
  enum Kind: Sendable {
    case outputStationary
    case weightStationary
  }

  struct ArrayShape: Sendable {
    var kind: Kind
    var side: Int
    var element: ElementType
    var accumulatorRows = 64
  }

  var testDescription: String
  var arrays: [ArrayShape]
  var scratchpads: [Int]
  var hasVectorUnits = true
  var hasSides = true
  var hasLoaders = true
  var maximumWidth = 256
  var dramBytes = 4 << 20

  /// Addresses that the host leaves free.
  static let dram: UInt32 = 0x2100_0000
  static let scratchpad: UInt32 = 0x2000_0000
  static let scratchpadSpacing: UInt32 = 0x0010_0000
  private static let registers: UInt32 = 0x5000_0000

  var platform: Platform {
    var memories = [
      Platform.Memory(name: "dram", isDRAM: true, base: Self.dram, byteCount: dramBytes)
    ]
    for (index, bytes) in scratchpads.enumerated() {
      memories.append(
        Platform.Memory(
          name: "pad\(index)", isDRAM: false,
          base: Self.scratchpad + UInt32(index) * Self.scratchpadSpacing, byteCount: bytes))
    }
    var count = 0
    func device(_ name: String, _ offsets: [String: UInt32]) -> Platform.Device {
      count += 1
      return Platform.Device(
        name: name, base: Self.registers + UInt32(count) * 0x4000, interrupt: count,
        offsets: offsets)
    }
    func dma(_ name: String, _ bytes: Int) -> Platform.DMA {
      Platform.DMA(device: device(name, Self.dmaOffsets), portBytes: bytes)
    }
    let load = hasLoaders ? dma("load", 16) : nil
    let complete = arrays.enumerated().map { index, shape in
      let port = shape.side * shape.element.byteCount
      var vector: Platform.VectorUnit?
      if hasVectorUnits {
        vector = Platform.VectorUnit(
          device: device("vec\(index)", Self.vectorOffsets), lanes: shape.side,
          maximumWidth: maximumWidth, side: hasSides ? dma("side\(index)", port) : nil)
      }
      return Platform.Array(
        device: device("array\(index)", Self.arrayOffsets),
        dataflow: shape.kind == .outputStationary ? .outputStationary : .weightStationary,
        rows: shape.side, columns: shape.side, element: shape.element,
        accumulatorRows: shape.accumulatorRows, input: dma("in\(index)", port),
        weights: dma("wgt\(index)", port), output: dma("out\(index)", port), load: load,
        vector: vector)
    }
    return Platform(
      name: testDescription, memories: memories, arrays: complete)
  }

  // MARK: Registers, as the manual pages of the devices give them

  static let dmaOffsets: [String: UInt32] = {
    var offsets: [String: UInt32] = [
      "CTRL": 0x00, "STATUS": 0x04, "MODE": 0x08, "ADDR": 0x0C, "IC_SIZE": 0x30,
      "IC_KERNEL": 0x34, "IC_PAD": 0x38, "IC_OUT": 0x3C, "IC_PIXEL": 0x40, "IC_CHANNELS": 0x44,
      "IC_PAD_VALUE": 0x48, "IC_CHANNEL_PITCH": 0x4C, "IC_ROW_PITCH": 0x50, "DST_ADDR": 0x54,
      "DESC": 0x80, "reserved": 0x78, "reserved too": 0x7C,
    ]
    for index in 0..<4 {
      offsets["COUNT\(index)"] = 0x10 + UInt32(8 * index)
      offsets["STRIDE\(index)"] = 0x14 + UInt32(8 * index)
      offsets["DST_COUNT\(index)"] = 0x58 + UInt32(8 * index)
      offsets["DST_STRIDE\(index)"] = 0x5C + UInt32(8 * index)
    }
    return offsets
  }()

  static let arrayOffsets: [String: UInt32] = [
    "CTRL": 0x00, "STATUS": 0x04, "M": 0x08, "N": 0x0C, "K": 0x10, "FLAGS": 0x14, "SCALE": 0x18,
    "SHIFT": 0x1C, "ZERO_POINT": 0x20, "CLAMP_MIN": 0x24, "CLAMP_MAX": 0x28, "JOBS": 0x40,
    "PASSES": 0x48, "SLOPE": 0x4C, "BIAS0": 0x400, "BIAS1": 0x800, "SCALE0": 0x1000,
    "SCALE1": 0x1400, "SHIFT0": 0x1800, "SHIFT1": 0x1C00,
  ]

  static let vectorOffsets: [String: UInt32] = [
    "CTRL": 0x00, "STATUS": 0x04, "MODE": 0x08, "BEATS": 0x0C, "A_RATIO": 0x10, "B_RATIO": 0x14,
    "CONSTANT": 0x18, "A_ZERO": 0x1C, "B_ZERO": 0x20, "CLAMP_MIN": 0x24, "CLAMP_MAX": 0x28,
    "SLOPE": 0x2C, "POOL_SIZE": 0x30, "POOL_KERNEL": 0x34, "POOL_PAD": 0x38, "POOL_OUT": 0x3C,
    "JOBS": 0x40, "POOL_SCALE": 0x48, "POOL_ZERO": 0x4C, "POOL_X_ZERO": 0x50, "TABLE": 0x400,
  ]

  // MARK: A selection

  /// Arrays of both kinds and both types; much, little and no memory on the chip; with and without everything that
  /// is optional.
  static let all: [PlanPlatform] = [
    PlanPlatform(
      testDescription: "OS int8 8×8",
      arrays: [ArrayShape(kind: .outputStationary, side: 8, element: .int8)],
      scratchpads: [16384, 8192]),
    PlanPlatform(
      testDescription: "OS int8 16×16, little memory",
      arrays: [ArrayShape(kind: .outputStationary, side: 16, element: .int8)],
      scratchpads: [1536, 4096]),
    PlanPlatform(
      testDescription: "WS int8 8×8",
      arrays: [ArrayShape(kind: .weightStationary, side: 8, element: .int8)],
      scratchpads: [16384, 8192]),
    PlanPlatform(
      testDescription: "WS int8 8×8, one memory, no vector unit",
      arrays: [
        ArrayShape(kind: .weightStationary, side: 8, element: .int8, accumulatorRows: 20)
      ], scratchpads: [4096], hasVectorUnits: false),
    PlanPlatform(
      testDescription: "OS int8 4×4, no memory on the chip, no side",
      arrays: [ArrayShape(kind: .outputStationary, side: 4, element: .int8)], scratchpads: [],
      hasSides: false),
    PlanPlatform(
      testDescription: "OS and WS int8 8×8",
      arrays: [
        ArrayShape(kind: .outputStationary, side: 8, element: .int8),
        ArrayShape(kind: .weightStationary, side: 8, element: .int8),
      ], scratchpads: [8192, 4096]),
    PlanPlatform(
      testDescription: "OS fp32 8×8",
      arrays: [ArrayShape(kind: .outputStationary, side: 8, element: .float32)],
      scratchpads: [32768, 16384]),
    PlanPlatform(
      testDescription: "WS fp32 4×4, no loader, narrow lines",
      arrays: [ArrayShape(kind: .weightStationary, side: 4, element: .float32)],
      scratchpads: [8192], hasLoaders: false, maximumWidth: 4),
    PlanPlatform(
      testDescription: "OS fp32 4×4, little memory",
      arrays: [ArrayShape(kind: .outputStationary, side: 4, element: .float32)],
      scratchpads: [2048, 2048]),
  ]
}
