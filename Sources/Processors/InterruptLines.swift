public import SimKernel

/// The interrupt wires of one hart.
public struct InterruptLines: BitwiseCopyable {
  private let software: Line
  private let timer: Line
  private let external: Line
  private let supervisorExternal: Line?

  /// Bundles the machine software, timer and external interrupt wires and, where the hart has
  /// supervisor mode, its external one.
  public init(software: Line, timer: Line, external: Line, supervisorExternal: Line? = nil) {
    self.software = software
    self.timer = timer
    self.external = external
    self.supervisorExternal = supervisorExternal
  }

  /// The levels as bits 3, 7, 9 and 11 of `mip`.
  var pending: UInt64 {
    (software.level ? 1 << 3 : 0) | (timer.level ? 1 << 7 : 0) | (external.level ? 1 << 11 : 0)
      | (supervisorExternal?.level == true ? 1 << 9 : 0)
  }
}

/// Why a core cannot be built.
public struct CoreError: Error, Sendable, CustomStringConvertible {
  /// The reason, one sentence.
  public let message: String
  /// See ``message``.
  public var description: String { message }
}
