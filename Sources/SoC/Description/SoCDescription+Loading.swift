/// What a caller needs of a description, besides that it is well formed.
public struct LoadOptions: Sendable {
  /// Whether section `cpu` must be there (to run, not to check).
  public var requiresCPU: Bool
  /// Names of the energy tables there are; nil when the caller does not use energy.
  public var energyTables: [String]?
  /// Whether the files that the description names must exist and fit. Off for a stored effective
  /// configuration, whose files may be gone.
  public var checksFiles: Bool

  /// Creates options.
  public init(
    requiresCPU: Bool = false, energyTables: [String]? = nil, checksFiles: Bool = true
  ) {
    self.requiresCPU = requiresCPU
    self.energyTables = energyTables
    self.checksFiles = checksFiles
  }
}

/// A valid description, with what is doubtful about it.
public struct LoadedDescription: Sendable {
  /// The description, all defaults resolved.
  public let description: SoCDescription
  /// What has no effect or looks unintended, sorted by position.
  public let warnings: [ConfigError]
}

extension SoCDescription {
  /// Reads, decodes and validates an SoC file.
  ///
  /// - Parameters:
  ///   - file: Path of the file.
  ///   - overrides: Texts `path=value`, as given with `--set`, that replace values of the file;
  ///     a value is JSON or, failing that, plain text.
  ///   - options: What the caller needs besides.
  /// - Throws: `ConfigErrors` with every mistake in the file and the overrides.
  public static func load(
    _ file: String, overrides: [String] = [], options: LoadOptions = LoadOptions()
  ) throws(ConfigErrors) -> LoadedDescription {
    let collector = DiagnosticCollector()
    let document = JSONDocument.read(file, limits: JSONLimits(), collector)
    return try load(document?.root, file, overrides, options, collector)
  }

  /// Decodes and validates the text of an SoC file; `file` is its name in messages, and relative
  /// paths start at that name's folder.
  ///
  /// - Throws: `ConfigErrors` with every mistake in the text and the overrides.
  public static func load(
    text: String, file: String, overrides: [String] = [], options: LoadOptions = LoadOptions()
  ) throws(ConfigErrors) -> LoadedDescription {
    try load(bytes: Array(text.utf8), file: file, overrides: overrides, options: options)
  }

  /// Decodes and validates the bytes of an SoC file; `file` is its name in messages, and relative
  /// paths start at that name's folder.
  ///
  /// - Throws: `ConfigErrors` with every mistake in the text and the overrides.
  public static func load(
    bytes: [UInt8], file: String, overrides: [String] = [], options: LoadOptions = LoadOptions()
  ) throws(ConfigErrors) -> LoadedDescription {
    let collector = DiagnosticCollector()
    let document = JSONDocument.parse(bytes, file: file, limits: JSONLimits(), collector)
    return try load(document?.root, file, overrides, options, collector)
  }

  /// Decodes and validates a parsed document; `collector` holds what was found in its text.
  static func load(
    _ root: JSONNode?, _ file: String, _ overrides: [String], _ options: LoadOptions,
    _ collector: DiagnosticCollector
  ) throws(ConfigErrors) -> LoadedDescription {
    guard var root else { throw ConfigErrors(collector.findings) }
    // What a repaired text says across its parts may be the repair's doing: no rule judges it.
    let isWellFormed = !collector.hasErrors
    root = ListingForms(collector: collector).normalised(root)
    for text in overrides {
      if let override = Override(text, collector) { root = override.applied(to: root) }
    }
    var description = decode(
      JSONMember(key: "", keyPosition: root.position, node: root), collector)
    ExternalResolution(collector: collector).resolve(&description)
    DefaultResolution(file: file, collector: collector).resolve(&description)
    if isWellFormed {
      let context = RuleContext(description: description, options: options, collector: collector)
      for rule in ValidationRules.all { rule.check(context) }
    }
    let warnings = try collector.finish()
    return LoadedDescription(description: description, warnings: warnings)
  }

  /// `path` as the host finds it: relative paths start at the folder of the SoC file.
  public func resolve(_ path: String) -> String {
    HostFile.resolve(path, in: HostFile.folder(of: origin.position.file))
  }

  /// The description as a file of its own: every default written out, keys in declared order.
  ///
  /// Loading it gives an equal description. Relative paths are kept as they are.
  public func effectiveJSON() -> String {
    effective.prettyText() + "\n"
  }
}
