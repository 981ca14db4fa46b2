internal import Foundation

/// Files of requests, one a line.
enum TaskFile {
  /// Reads the requests.
  ///
  /// - Throws: `ExecutionError` when the file cannot be read, or a line is no request.
  static func requests(_ path: String) throws(ExecutionError) -> [EvaluationRequest] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ExecutionError("there is no file \(path)")
    }
    var requests: [EvaluationRequest] = []
    for line in try bytes(path).split(separator: UInt8(ascii: "\n")) {
      guard let request = EvaluationRequest(line: line) else {
        throw ExecutionError("\(path): line \(requests.count + 1) is no request")
      }
      requests.append(request)
    }
    return requests
  }

  /// Writes the requests: the whole file or nothing.
  ///
  /// - Throws: `ExecutionError`.
  static func write(_ requests: some Sequence<EvaluationRequest>, to path: String)
    throws(ExecutionError)
  {
    try write(Data(requests.flatMap(\.line)), to: path)
  }

  /// Writes a file: all of it or nothing.
  ///
  /// - Throws: `ExecutionError`.
  static func write(_ data: Data, to path: String) throws(ExecutionError) {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ExecutionError("cannot write \(path)")
    }
  }

  /// The content of a file from a position on; empty when there is no such file.
  ///
  /// - Throws: `ExecutionError` when it cannot be read.
  static func bytes(_ path: String, from start: UInt64 = 0) throws(ExecutionError) -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      if FileManager.default.fileExists(atPath: path) {
        throw ExecutionError("cannot read \(path)")
      }
      return []
    }
    defer { try? file.close() }
    do {
      try file.seek(toOffset: start)
      return try [UInt8](file.readToEnd() ?? Data())
    } catch {
      throw ExecutionError("cannot read \(path)")
    }
  }
}
