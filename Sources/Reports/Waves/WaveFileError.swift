/// Why a waveform file cannot be written.
public struct WaveFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// What the system said, for example that no space is left.
  public var reason: String

  /// `path: cannot write: reason`.
  public var description: String { "\(path): cannot write: \(reason)" }
}
