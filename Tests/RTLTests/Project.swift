import Foundation
import RTL

/// Where things are.
enum Project {
  /// The project's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// Where RTL is built; named after what it is made of, so that any number of test processes may
  /// use the folder.
  static let build = FileManager.default.temporaryDirectory.path + "/flecsim-rtl-tests"
  /// Whether what needs Verilator can be tested.
  static let hasVerilator = (try? Verilator.find(buildFolder: build)) != nil
}

/// A folder of its own, removed at the end.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file; returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}

/// SystemVerilog of these tests, in files that stay where they are, so that it is built once.
struct Design: Sendable {
  let top: String
  let text: String
  /// Inputs that are 0 unless a test says otherwise.
  let knobs: [String]

  init(_ top: String, knobs: [String] = [], _ text: String) {
    self.top = top
    self.text = text
    self.knobs = knobs
  }

  /// The text's file.
  func file() throws -> String {
    let folder = Project.build + "/sources"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(top).sv"
    if FileManager.default.contents(atPath: path) != Data(text.utf8) {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    return path
  }

  /// Translates it; compiles it too if it is asked for an instance.
  func translate(_ parameters: [RTLSource.Parameter] = []) throws -> RTLBuilder.Translation {
    try RTLBuilder(buildFolder: Project.build)
      .translate(RTLSource(top: top, files: [try file()], parameters: parameters))
  }

  /// An instance and the map of its pins.
  func instance(
    _ parameters: [RTLSource.Parameter] = [], _ request: PortMapRequest = PortMapRequest()
  ) throws -> (model: VerilatedModel, map: PortMap) {
    let translation = try translate(parameters)
    var request = request
    // The knobs of a design are inputs with constant values, so that it is built once.
    for knob in knobs where request.ties[knob] == nil { request.ties[knob] = 0 }
    var resolution = PortMapResolution(request, pins: translation.pins, top: top)
    let map = try resolution.resolve().get()
    let library = try RTLBuilder(buildFolder: Project.build).compile(translation)
    return (try VerilatedModel(translation, library: library), map)
  }
}
