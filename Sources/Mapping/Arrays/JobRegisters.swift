internal import Networks

/// The registers of one job of an array: a strip of output channels over some pixels.
struct ArrayJobRegisters {
  private enum Flag {
    static let output: UInt32 = 1 << 1
    static let bias: UInt32 = 1 << 2
    static let relu: UInt32 = 1 << 3
    static let requantise: UInt32 = 1 << 4
    static let biasBank: UInt32 = 1 << 5
    static let tiled: UInt32 = 1 << 7
    static let columnParameters: UInt32 = 1 << 8
    static let channelScales: UInt32 = 1 << 9
    static let leaky: UInt32 = 1 << 10
    static let clamp: UInt32 = 1 << 11
  }

  private var values: [(register: String, values: [UInt32])] = []

  init(_ schedule: ArraySchedule, strip: Int, pixels: Int, bank: Int) {
    let finish = schedule.layer.finish
    let outputs = schedule.strips[strip].outputs
    var flags = Flag.output | Flag.columnParameters
    if pixels > schedule.array.tileRows { flags |= Flag.tiled }
    if bank == 1 { flags |= Flag.biasBank }
    values = [
      ("M", [UInt32(pixels)]), ("N", [UInt32(outputs.count)]),
      ("K", [UInt32(schedule.jobDepth(strip))]),
    ]
    if schedule.array.dataflow == .weightStationary {
      values.append(("PASSES", [UInt32(schedule.passes(strip))]))
    }
    if let bias = finish.bias {
      flags |= Flag.bias
      values.append(("BIAS\(bank)", Array(bias[outputs])))
    }
    if finish.rectifies { flags |= Flag.relu }
    if let slope = finish.slope {
      flags |= Flag.leaky
      values.append(("SLOPE", [slope.bitPattern]))
    }
    if let scales = finish.scales {
      flags |= Flag.requantise
      values.append(("ZERO_POINT", [UInt32(bitPattern: finish.zeroPoint)]))
      if scales.count == 1 {
        values += [("SCALE", [scales[0].factor]), ("SHIFT", [scales[0].shift])]
      } else {
        flags |= Flag.channelScales
        values += [
          ("SCALE\(bank)", scales[outputs].map(\.factor)),
          ("SHIFT\(bank)", scales[outputs].map(\.shift)),
        ]
      }
    }
    if let clamp = finish.clamp {
      if finish.scales == nil { flags |= Flag.clamp }
      values += [("CLAMP_MIN", [clamp.least]), ("CLAMP_MAX", [clamp.greatest])]
    }
    values.append(("FLAGS", [flags]))
  }

  func writes(_ device: Platform.Device) -> [RegisterWrite] {
    values.map { RegisterWrite(device.offset($0.register), $0.values) }
  }
}

/// The registers of one job of a vector unit: a strip of channels over some pixels.
struct VectorJobRegisters {
  private enum Mode {
    static let sourceSide: UInt32 = 1
    static let add: UInt32 = 1 << 2
    static let multiply: UInt32 = 2 << 2
    static let scalarA: UInt32 = 1 << 4
    static let table: UInt32 = 1 << 5
    static let maximum: UInt32 = 1 << 6
    static let average: UInt32 = 2 << 6
    static let clamp: UInt32 = 1 << 8
    static let leaky: UInt32 = 1 << 10
  }

  private var values: [(register: String, values: [UInt32])] = []

  /// - Parameter isAlone: operands come from memory, not from the array.
  init(_ stage: VectorStage, rows: Int, pixels: Int, resultRows: Int, isAlone: Bool = false) {
    var mode: UInt32 = isAlone ? Mode.sourceSide : 0
    switch stage.binary {
    case .none: break
    case .add:
      mode |= Mode.add
      values += [
        ("A_RATIO", [stage.aRatio.bitPattern]), ("B_RATIO", [stage.bRatio.bitPattern]),
        ("CONSTANT", [stage.constant.bitPattern]),
      ]
    case .multiply:
      mode |= Mode.multiply
      values += [
        ("A_RATIO", [stage.aRatio.bitPattern]), ("CONSTANT", [stage.constant.bitPattern]),
        ("A_ZERO", [UInt32(bitPattern: stage.aZero)]),
        ("B_ZERO", [UInt32(bitPattern: stage.bZero)]),
      ]
    }
    if stage.isScalarA { mode |= Mode.scalarA }
    if let slope = stage.slope {
      mode |= Mode.leaky
      values.append(("SLOPE", [slope.bitPattern]))
    }
    if let least = stage.clampLeast, let greatest = stage.clampGreatest {
      mode |= Mode.clamp
      values += [("CLAMP_MIN", [least]), ("CLAMP_MAX", [greatest])]
    }
    if let table = stage.table {
      mode |= Mode.table
      values.append(
        (
          "TABLE",
          stride(from: 0, to: table.count, by: 4).map { first in
            (0..<4).reduce(0) { $0 | UInt32(table[first + $1]) << UInt32(8 * $1) }
          }
        ))
    }
    if let pool = stage.pool {
      let window = pool.window
      switch pool.kind {
      case .maximum: mode |= Mode.maximum
      case .average(let scale, let zeroPoint):
        mode |= Mode.average
        values += [
          ("POOL_SCALE", [scale.bitPattern]), ("POOL_ZERO", [UInt32(bitPattern: zeroPoint)]),
        ]
      }
      values += [
        ("POOL_SIZE", [UInt32(rows | pool.width << 16)]),
        (
          "POOL_KERNEL",
          [
            UInt32(
              window.kernel[0] | window.kernel[1] << 8 | window.strides[0] << 16
                | window.strides[1] << 24)
          ]
        ),
        ("POOL_PAD", [UInt32(window.padsBegin[0] | window.padsBegin[1] << 8)]),
        ("POOL_OUT", [UInt32(resultRows | window.output[1] << 16)]),
      ]
    }
    values += [("BEATS", [UInt32(pixels)]), ("MODE", [mode])]
  }

  func writes(_ device: Platform.Device) -> [RegisterWrite] {
    values.map { RegisterWrite(device.offset($0.register), $0.values) }
  }
}
