extension InstructionSet: CustomStringConvertible {
  /// The single letters after the base, in the order of the instruction set manual.
  private static let letters: [(name: String, extensions: Extensions)] = [
    ("m", .m), ("a", .a), ("f", .f), ("d", .d), ("c", .c), ("b", .b),
  ]

  /// The names of several letters, in the order of the instruction set manual.
  private static let longNames: [(name: String, extensions: Extensions)] = [
    ("zicntr", .zicntr), ("zicond", .zicond), ("zicsr", .zicsr), ("zifencei", .zifencei),
    ("zba", .zba), ("zbb", .zbb), ("zbc", .zbc), ("zbs", .zbs), ("svadu", .svadu),
  ]

  private static let privilegeLetters: [(name: String, extensions: Extensions)] = [
    ("s", [.supervisor, .user]), ("u", .user),
  ]

  /// Every name ``init(parsing:)`` knows after the base.
  static let knownNames = (letters + privilegeLetters + longNames).map(\.name)

  /// Reads an instruction set string such as `rv64gc_zba` or `RV32IMAC`; case does not matter.
  ///
  /// `g` is short for `imafd` and `b` for `zba_zbb_zbs`; `d` brings `f`. Zicsr and Zifencei are
  /// always present: they were part of the base when such strings became customary, and machine
  /// mode cannot do without the first. The letters `s` and `u` name the privilege modes besides
  /// machine mode (`s` brings `u`); without them there are all three. `RISCV32` and `RISCV64`
  /// stand for ``rv32Full`` and ``rv64Full``.
  ///
  /// - Throws: An error that names the part that is not understood.
  public init(parsing text: String) throws(InstructionSetError) {
    let lower = text.lowercased()
    switch lower {
    case "riscv32": self = .rv32Full
    case "riscv64": self = .rv64Full
    default:
      let xlen: XLEN? =
        lower.hasPrefix("rv32") ? .rv32 : lower.hasPrefix("rv64") ? .rv64 : nil
      guard let xlen else { throw .unknownBase(text) }
      let parts = lower.dropFirst(4).split(separator: "_", omittingEmptySubsequences: false)
      guard let single = parts.first, single.first == "i" || single.first == "g" else {
        throw .unknownBase(text)
      }
      var names = InstructionSetNames(text: text)
      try names.addLetters(single)
      for part in parts.dropFirst() { try names.add(part) }
      var extensions = names.extensions.union([.zicsr, .zifencei])
      if extensions.contains(.d) { extensions.insert(.f) }
      if !names.namesPrivilege { extensions.formUnion([.supervisor, .user]) }
      self.init(xlen: xlen, extensions: extensions)
    }
  }

  /// The string of the instruction set in the order of the instruction set manual, such as
  /// `rv64imafdc_zicntr_zicond_zicsr_zifencei_zba_zbb_zbc_zbs`.
  ///
  /// The privilege modes appear only when user mode is present without supervisor mode: the
  /// customary string says nothing about them otherwise.
  public var description: String {
    var text = "rv\(xlen.rawValue)i"
    for (name, part) in Self.letters where name != "b" && extensions.isSuperset(of: part) {
      text += name
    }
    if extensions.contains(.user) && !extensions.contains(.supervisor) { text += "u" }
    for (name, part) in Self.longNames where extensions.isSuperset(of: part) {
      text += "_" + name
    }
    return text
  }

  fileprivate static func letterExtensions(_ letter: Character) -> Extensions? {
    switch letter {
    case "i": return []
    case "g": return [.m, .a, .f, .d]
    default:
      return (letters + privilegeLetters).first { $0.name == String(letter) }?.extensions
    }
  }

  fileprivate static func longExtensions(_ name: Substring) -> Extensions? {
    longNames.first { $0.name == name }?.extensions
  }
}

/// The extensions named so far while a string is read.
private struct InstructionSetNames {
  let text: String
  var extensions: Extensions = []
  var namesPrivilege = false
  private var seen: Set<String> = []

  init(text: String) { self.text = text }

  /// Single letters, after which a name of several letters may follow directly.
  mutating func addLetters(_ part: Substring) throws(InstructionSetError) {
    var rest = part
    while let letter = rest.first {
      if letter == "z" || rest.hasPrefix("sv") {
        try add(rest)
        return
      }
      guard let extensions = InstructionSet.letterExtensions(letter) else {
        throw .unknownExtension(String(letter), in: text)
      }
      try insert(String(letter), extensions)
      if letter == "s" || letter == "u" { namesPrivilege = true }
      rest = rest.dropFirst()
    }
  }

  /// One part between underscores: a name of several letters, or single letters.
  mutating func add(_ part: Substring) throws(InstructionSetError) {
    guard part.first == "z" || part.hasPrefix("sv") else {
      if part.isEmpty { throw .unknownExtension("_", in: text) }
      return try addLetters(part)
    }
    guard let extensions = InstructionSet.longExtensions(part) else {
      throw .unknownExtension(String(part), in: text)
    }
    try insert(String(part), extensions)
  }

  private mutating func insert(
    _ name: String, _ new: Extensions
  ) throws(InstructionSetError) {
    guard seen.insert(name).inserted else { throw .repeatedExtension(name, in: text) }
    extensions.formUnion(new)
  }
}
