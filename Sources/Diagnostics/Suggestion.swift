/// The "did you mean" part of a message.
public enum Suggestion {
  /// The candidate nearest to `word`, or nil when none is near enough to be worth naming.
  ///
  /// Case, `-` and blanks do not count as differences; one edit is allowed per three characters
  /// (at least one), and a word that begins a candidate or ends it after an underscore (`mips` for
  /// `cpu_mips`) is near. Of equally near candidates the first wins.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let normalised = normalise(word)
    guard !normalised.isEmpty, normalised.count <= 64 else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate != word {
      let distance = editDistance(normalised, normalise(candidate))
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    // Words of one or two letters are all near to each other: require the same length.
    if let best, best.distance <= max(1, normalised.count / 3) {
      let isTooShort = min(normalised.count, best.candidate.count) <= 2
      if !isTooShort || best.distance == 0 || normalised.count == best.candidate.count {
        return best.candidate
      }
    }
    guard normalised.count >= 3 else { return nil }
    let word = String(decoding: normalised, as: UTF8.self)
    return candidates.first { candidate in
      let other = String(decoding: normalise(candidate), as: UTF8.self)
      if other == word { return false }
      return other.hasSuffix("_" + word) || other.hasPrefix(word)
        || (other.count >= 3 && (word.hasSuffix("_" + other) || word.hasPrefix(other + "_")))
    }
  }

  /// Damerau–Levenshtein distance (optimal string alignment): insertions, deletions,
  /// replacements and swaps of neighbours count 1 each.
  public static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    var current = previous
    for row in 1...left.count {
      current[0] = row
      for column in 1...right.count {
        let isSame = left[row - 1] == right[column - 1]
        var cost = min(
          previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          cost = min(cost, beforePrevious[column - 2] + 1)
        }
        current[column] = cost
      }
      (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    return previous[right.count]
  }

  private static func normalise(_ word: String) -> [UInt8] {
    word.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
      case UInt8(ascii: "-"), UInt8(ascii: " "): UInt8(ascii: "_")
      default: byte
      }
    }
  }
}
