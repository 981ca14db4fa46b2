/// What is wrong with a network, where, and what to do about it.
public struct NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, as the user named it.
  public var file: String?
  /// Line in a text file, from 1.
  public var line: Int?
  /// Column in a text file, from 1.
  public var column: Int?
  /// The place inside the network, for example `node 'conv1' (Conv)`.
  public var place: String?
  /// What is wrong.
  public var message: String
  /// What could be done instead.
  public var suggestion: String?

  /// Creates an error; the file is usually added on the way up, by ``in(file:)``.
  public init(
    _ message: String, place: String? = nil, suggestion: String? = nil, file: String? = nil,
    line: Int? = nil, column: Int? = nil
  ) {
    self.message = message
    self.place = place
    self.suggestion = suggestion
    self.file = file
    self.line = line
    self.column = column
  }

  /// The error with a file, unless it has one.
  public func `in`(file: String) -> NetworkError {
    var error = self
    if error.file == nil { error.file = file }
    return error
  }

  /// The error with a place, unless it has one.
  public func at(_ place: String) -> NetworkError {
    var error = self
    if error.place == nil { error.place = place }
    return error
  }

  /// `file:line:column: error: place: message; suggestion`.
  public var description: String {
    var text = ""
    if let file {
      text += file
      if let line { text += ":\(line)" }
      if line != nil, let column { text += ":\(column)" }
      text += ": "
    }
    text += "error: "
    if let place { text += "\(place): " }
    text += message
    if let suggestion { text += "; \(suggestion)" }
    return text
  }
}
