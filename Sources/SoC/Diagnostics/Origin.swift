/// Where a part of the description comes from, so that a finding about it can point there.
///
/// Two descriptions that say the same are equal wherever they come from: origins take no part in
/// comparisons.
public struct Origin: Sendable, Equatable {
  /// Path of the part from the root; empty for the root.
  public let path: String
  /// Where the part's key stands (the opening brace for the root).
  public let position: SourcePosition
  private var places: [String: SourcePosition] = [:]
  private var faults: Set<String> = []
  private var isFaultyThroughout = false

  /// Creates the origin of a part that was not read from a file.
  public init(path: String = "", position: SourcePosition = SourcePosition(file: "")) {
    self.path = path
    self.position = position
  }

  /// Where the value of `key` (or of an element, `key[2]`) stands; the part's own position when
  /// the file does not give it.
  public func position(of key: String) -> SourcePosition {
    places[key] ?? position
  }

  /// The path of `key` from the root.
  public func path(of key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  /// Whether the file gives `key` (by its name or an alias).
  public func isGiven(_ key: String) -> Bool {
    places[key] != nil
  }

  /// Whether no mistake was reported for any of `keys`: only then may a rule judge their values.
  public func isSound(_ keys: String...) -> Bool {
    !isFaultyThroughout && (faults.isEmpty || keys.allSatisfy { !faults.contains($0) })
  }

  mutating func place(_ key: String, at position: SourcePosition) { places[key] = position }
  mutating func markFault(_ key: String) { faults.insert(key) }
  mutating func markFaultyThroughout() { isFaultyThroughout = true }

  /// Always equal: see the type's description.
  public static func == (left: Origin, right: Origin) -> Bool { true }
}
