internal import Networks

/// For which version of each domain's operators a file is written.
enum OperatorVersions {
  /// The versions by domain; the standard's is "".
  ///
  /// - Throws: `NetworkError` when a version is not a possible one, or the standard's is too old.
  static func table(_ sets: [ONNXOperatorSet]) throws(NetworkError) -> [String: Int] {
    var versions: [String: Int] = [:]
    for set in sets {
      let domain = set.domain == "ai.onnx" ? "" : set.domain
      guard set.version > 0, set.version < 1 << 31 else {
        throw NetworkError("version \(set.version) of operators is not possible")
      }
      versions[domain] = max(versions[domain] ?? 0, Int(set.version))
    }
    if let version = versions[""], version < OperatorTable.oldestVersion {
      throw NetworkError(
        "opset \(version) is too old, \(OperatorTable.oldestVersion) is the oldest that can be read",
        suggestion: "convert the model to opset 13 or later (onnx.version_converter)")
    }
    return versions
  }
}
