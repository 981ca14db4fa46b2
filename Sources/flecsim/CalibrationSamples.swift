internal import Foundation
internal import NetworkFormats
internal import Networks

/// Sample inputs from files: what a user gives to calibrate a quantisation.
///
/// A folder holds one sample in each `.npy` file (networks with one input), in each `.npz` file or in each folder of
/// `.npy` files (arrays named after the inputs). An array of many samples is split along its first axis.
struct CalibrationSamples {
  private let inputs: [Declaration]
  private(set) var samples: [[String: Tensor]] = []

  /// Reads a folder or a single file.
  ///
  /// - Parameters:
  ///   - path: the folder or file.
  ///   - typed: the network, whose inputs have the shapes of one sample.
  /// - Throws: `NetworkError` naming the file that does not fit.
  init(_ path: String, for typed: TypedNetwork) throws {
    inputs = typed.inputDeclarations
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw NetworkError("no such file or folder", file: path)
    }
    if isFolder.boolValue {
      for name in try Self.content(of: path) { try take("\(path)/\(name)", optional: true) }
    } else {
      try take(path, optional: false)
    }
    if samples.isEmpty {
      throw NetworkError(
        "holds no samples", suggestion: "expected .npy or .npz files, one sample in each",
        file: path)
    }
  }

  private mutating func take(_ path: String, optional: Bool) throws {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isFolder.boolValue {
      var arrays: [String: Tensor] = [:]
      for name in try Self.content(of: path) where name.hasSuffix(".npy") {
        arrays[String(name.dropLast(4))] = try NumPyFile.tensor(path: "\(path)/\(name)")
      }
      if !arrays.isEmpty { try add(arrays, path) }
    } else if path.hasSuffix(".npz") {
      try add(try NumPyArchive.tensors(path: path), path)
    } else if path.hasSuffix(".npy") {
      let tensor = try NumPyFile.tensor(path: path)
      guard let input = inputs.first, inputs.count == 1 else {
        let names = inputs.map(\.name).joined(separator: ", ")
        throw NetworkError(
          "one array is not enough for the inputs \(names)",
          suggestion: "give .npz files with arrays of these names", file: path)
      }
      try add([input.name: tensor], path)
    } else if !optional {
      throw NetworkError("is no .npy or .npz file", file: path)
    }
  }

  private mutating func add(_ arrays: [String: Tensor], _ path: String) throws {
    var parts: [String: [Tensor]] = [:]
    for input in inputs {
      // Files cannot hold the slashes that names of values often have.
      guard let tensor = arrays[input.name] ?? arrays[input.name.replacing("/", with: "_")] else {
        throw NetworkError("has no array for the input '\(input.name)'", file: path)
      }
      guard let split = Self.split(tensor, like: input) else {
        let expected = TensorType(input.element, Self.shape(input))
        throw NetworkError(
          "\(tensor.type) does not fit the input '\(input.name)', \(expected)", file: path)
      }
      parts[input.name] = split
    }
    let counts = Set(parts.values.map(\.count))
    guard let count = counts.first, counts.count == 1 else {
      throw NetworkError("its arrays hold different numbers of samples", file: path)
    }
    for index in 0..<count { samples.append(parts.mapValues { $0[index] }) }
  }

  /// The samples in an array: itself, with the axis of the batch added, or its slices.
  private static func split(_ tensor: Tensor, like input: Declaration) -> [Tensor]? {
    let shape = shape(input)
    guard tensor.type.element == input.element else { return nil }
    if tensor.shape == shape { return [tensor] }
    guard shape.first == 1 else { return nil }
    if tensor.shape == Array(shape.dropFirst()) { return [tensor.reshaped(shape)] }
    guard tensor.shape.count == shape.count, tensor.shape.dropFirst() == shape.dropFirst() else {
      return nil
    }
    let size = shape.reduce(1, *)
    return (0..<tensor.shape[0]).map { tensor.slice($0 * size..<($0 + 1) * size, shape) }
  }

  private static func shape(_ input: Declaration) -> [Int] {
    (input.dimensions ?? []).map { if case .fixed(let side) = $0 { side } else { 1 } }
  }

  private static func content(of folder: String) throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw NetworkError("the folder cannot be read", file: folder)
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}
