internal import Telemetry

/// The classes of cycles of a vector unit, as indices into ``descriptors(input:side:out:)``.
enum VectorState {
  static let idle = 0
  static let compute = 1
  static let drain = 2
  static let waitIn = 3
  static let waitSide = 4
  static let waitOut = 5

  static func descriptors(input: String?, side: String?, out: String?) -> [StateDescriptor] {
    [
      .idle(), .active("compute"), .active("drain"), .waiting("wait-in", on: input),
      .waiting("wait-side", on: side), .waiting("wait-out", on: out),
    ]
  }
}
