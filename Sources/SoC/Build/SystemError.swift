/// Why a valid description cannot be turned into a running system, or its results not be written.
public enum SystemError: Error, Sendable, CustomStringConvertible {
  /// A host file cannot be read or written.
  case file(path: String, reason: String)
  /// A host file is not any more what it was when the description was checked.
  case input(ConfigErrors)
  /// The executable is damaged, of the wrong kind, or does not fit.
  case program(path: String, reason: String)
  /// The description asks for something the machine cannot hold or the parts cannot be wired.
  case build(path: String, reason: String)

  /// One line per mistake: `path: error: reason`.
  public var description: String {
    switch self {
    case .file(let path, let reason), .program(let path, let reason), .build(let path, let reason):
      "\(JSONValue.visible(path)): error: \(reason)"
    case .input(let errors): "\(errors)"
    }
  }
}
