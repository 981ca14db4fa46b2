/// Makes the keys of evaluations: SHA-256 over everything that a result depends on.
///
/// What all designs of a study have in common is digested once.
public struct StudyDigest: Sendable {
  /// Number of the way in which inputs are digested; another one makes other keys of the same
  /// inputs.
  public static let format = 1

  private let common: Common

  /// The digest of what all designs share, ready to be copied.
  private struct Common: @unchecked Sendable {  // a plain C structure that is never changed
    let digest: InputDigest
  }

  /// Digests the inputs that all designs share.
  ///
  /// - Parameters:
  ///   - model: name of the model, `cycles` for the simulator.
  ///   - modelVersion: changes whenever the model may come out differently.
  ///   - soc: effective text of the SoC file, before overrides.
  ///   - network: digest of the network; empty when the SoC's own firmware is the workload.
  ///   - firmware: digest of the sources of the firmware; empty when the model runs none.
  public init(
    model: String, modelVersion: String, soc: String, network: String, firmware: String
  ) {
    var digest = InputDigest()
    digest.add("evaluation \(Self.format)")
    for part in [model, modelVersion, soc, network, firmware] { digest.add(part) }
    common = Common(digest: digest)
  }

  /// The key of a design: 64 hexadecimal digits.
  ///
  /// The order of the overrides does not count, except where it makes a difference: among overrides
  /// of one path, and of a path and others below it.
  ///
  /// - Parameter overrides: texts `path=value`, later ones overriding earlier ones.
  public func key(_ overrides: [String]) -> String {
    var digest = common.digest
    if Self.orderCounts(overrides) {
      digest.add("in this order")
      for text in overrides { digest.add(text) }
    } else {
      for text in overrides.sorted() { digest.add(text) }
    }
    return digest.finish().text
  }

  /// Whether two overrides are of the same path, or one is of a path above the other's.
  private static func orderCounts(_ overrides: [String]) -> Bool {
    for position in overrides.indices.dropFirst() {
      for other in overrides[..<position] where isAbove(other, overrides[position]) {
        return true
      }
    }
    return false
  }

  /// Whether one path equals the other, or its beginning.
  private static func isAbove(_ first: String, _ second: String) -> Bool {
    var left = first.utf8.makeIterator()
    var right = second.utf8.makeIterator()
    while true {
      let (one, other) = (left.next() ?? equals, right.next() ?? equals)
      if one == equals || other == equals {
        // The shorter path ends here; the longer one goes on at a border between its parts.
        let next = one == equals ? other : one
        return next == equals || next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
      }
      if one != other { return false }
    }
  }

  private static let equals = UInt8(ascii: "=")
}
