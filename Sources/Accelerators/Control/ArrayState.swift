internal import Telemetry

/// The classes of cycles of an array, as indices into ``descriptors(dataflow:path:in1:in2:out:)``.
/// The manual page says which of them a cycle belongs to when several apply.
enum ArrayState {
  static let idle = 0
  static let fill = 1
  static let compute = 2
  static let drain = 3
  static let waitIn1 = 4
  static let waitIn2 = 5
  static let waitDrain = 6
  static let waitOut = 7
  static let loadWeights = 8
  static let waitWeights = 9

  static func descriptors(
    dataflow: ArrayDataflow, path: String, in1: String?, in2: String?, out: String?
  ) -> [StateDescriptor] {
    let common: [StateDescriptor] = [
      .idle(), .active("fill"), .active("compute"), .active("drain"),
      .waiting("wait-in1", on: in1), .waiting("wait-in2", on: in2),
      .waiting("wait-drain", on: path), .waiting("wait-out", on: out),
    ]
    return dataflow == .outputStationary
      ? common : common + [.active("load-weights"), .waiting("wait-weights", on: path)]
  }
}
