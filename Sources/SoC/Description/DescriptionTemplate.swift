internal import Synchronization

/// An SoC file that was read once, for many descriptions that differ in a few values.
///
/// `instance(overrides:)` gives what `SoCDescription.load(_:overrides:options:)` gives, findings
/// included, but reads no file again and decodes only what overrides touch: a section such as
/// `crossbar`, or an instance such as `memories.act`. What was decoded is kept by the texts of its
/// overrides. Defaults and rules span sections, so they are worked out for every description.
///
/// Files that the description names are looked at once, unless an override names other ones.
public final class DescriptionTemplate: Sendable {
  /// What the file says without overrides, decoded, no default resolved.
  private struct Base {
    let description: SoCDescription
    /// What the host files hold that the description names; nil when they must be looked at again,
    /// because something is wrong with them.
    let hostFiles: [HostFileExtent]?
  }

  /// What is kept of earlier descriptions.
  private struct Memory: Sendable {
    /// Where overrides belong, by their texts; nil for those that take the long way.
    var routes: [String: DescriptionPiece.Route?] = [:]
    /// Decoded pieces by the texts of their overrides; nil for those with a mistake.
    var pieces: [String: DescriptionPiece.Decoded?] = [:]
  }

  /// Pieces that are kept at most; then all are forgotten. A piece takes about 2 KB.
  private static let pieceLimit = 16_384

  private let file: String
  private let options: LoadOptions
  /// What was found in the text.
  private let textFindings: [ConfigError]
  /// The document; nil when nothing could be read.
  private let root: JSONNode?
  /// The document in our form, with what was found on the way to it.
  private let normalised: (root: JSONNode, findings: [ConfigError])?
  /// nil when the file itself has mistakes: then everything takes the long way.
  private let base: Base?
  private let memory = Mutex(Memory())

  /// Reads and parses an SoC file. What is wrong with it is reported by every instance, because
  /// overrides may mend it.
  ///
  /// - Parameters:
  ///   - file: Path of the file.
  ///   - options: What the caller needs of all descriptions.
  public convenience init(_ file: String, options: LoadOptions = LoadOptions()) {
    let collector = DiagnosticCollector()
    let document = JSONDocument.read(file, limits: JSONLimits(), collector)
    self.init(document, file, options, collector)
  }

  /// Parses the text of an SoC file; `file` is its name in messages, and relative paths start at
  /// that
  /// name's folder.
  public convenience init(text: String, file: String, options: LoadOptions = LoadOptions()) {
    let collector = DiagnosticCollector()
    let document = JSONDocument.parse(
      Array(text.utf8), file: file, limits: JSONLimits(), collector)
    self.init(document, file, options, collector)
  }

  private init(
    _ document: JSONDocument?, _ file: String, _ options: LoadOptions,
    _ collector: DiagnosticCollector
  ) {
    self.file = file
    self.options = options
    textFindings = collector.findings
    root = document?.root
    guard let root, !collector.hasErrors else {
      (normalised, base) = (nil, nil)
      return
    }
    let own = ListingForms(collector: collector).normalised(root)
    normalised = (own, collector.findings)
    base = collector.hasErrors ? nil : Self.base(own, file, options)
  }

  private static func base(_ root: JSONNode, _ file: String, _ options: LoadOptions) -> Base? {
    let collector = DiagnosticCollector()
    let description = SoCDescription.decode(
      JSONMember(key: "", keyPosition: root.position, node: root), collector)
    guard collector.findings.isEmpty, DescriptionPiece.knowsAllKeys(root) else { return nil }
    guard options.checksFiles else { return Base(description: description, hostFiles: []) }
    var resolved = description
    DefaultResolution(file: file, collector: DiagnosticCollector()).resolve(&resolved)
    let context = RuleContext(description: resolved, options: options, collector: collector)
    FirmwareRule().check(context)
    EnergyTableRule().check(context)
    return Base(
      description: description, hostFiles: collector.findings.isEmpty ? context.hostFiles : nil)
  }

  /// The description with overrides, all defaults resolved and all rules checked.
  ///
  /// - Parameter overrides: Texts `path=value`, as given with `--set`, in order.
  /// - Throws: `ConfigErrors` with every mistake in the file and the overrides.
  public func instance(overrides: [String]) throws(ConfigErrors) -> LoadedDescription {
    guard let base, let normalised, let found = pieces(overrides, normalised.root) else {
      let collector = DiagnosticCollector()
      for finding in textFindings { collector.report(finding) }
      return try SoCDescription.load(root, file, overrides, options, collector)
    }
    let collector = DiagnosticCollector()
    for finding in normalised.findings { collector.report(finding) }
    var description = base.description
    for piece in found.pieces { piece.assign(&description) }
    if DescriptionPiece.hasExternalModules(description) {
      ExternalResolution(collector: collector).resolve(&description)
    }
    DefaultResolution(file: file, collector: collector).resolve(&description)
    var options = options
    let hostFiles = found.namesFiles ? nil : base.hostFiles
    if hostFiles != nil { options.checksFiles = false }
    let context = RuleContext(
      description: description, options: options, collector: collector, hostFiles: hostFiles)
    for rule in ValidationRules.all { rule.check(context) }
    let warnings = try collector.finish()
    return LoadedDescription(description: description, warnings: warnings)
  }

  /// The pieces that overrides touch, decoded; nil when one of them has to take the long way.
  private func pieces(
    _ overrides: [String], _ root: JSONNode
  ) -> (pieces: [DescriptionPiece.Decoded], namesFiles: Bool)? {
    memory.withLock { memory in
      var touched: [(piece: DescriptionPiece, key: String, texts: [String])] = []
      var namesFiles = false
      for text in overrides {
        let route: DescriptionPiece.Route?
        if let known = memory.routes[text] {
          route = known
        } else {
          route = DescriptionPiece.Route(text, root)
          if memory.routes.count >= Self.pieceLimit { memory.routes.removeAll() }
          memory.routes[text] = .some(route)
        }
        guard let route else { return nil }
        if route.namesFiles { namesFiles = true }
        if let index = touched.firstIndex(where: { $0.piece == route.piece }) {
          touched[index].key += "\u{0}" + text
          touched[index].texts.append(text)
        } else {
          touched.append((route.piece, text, [text]))
        }
      }
      var decoded: [DescriptionPiece.Decoded] = []
      decoded.reserveCapacity(touched.count)
      for (piece, key, texts) in touched {
        let entry: DescriptionPiece.Decoded?
        if let known = memory.pieces[key] {
          entry = known
        } else {
          entry = piece.decoded(with: texts, root)
          if memory.pieces.count >= Self.pieceLimit { memory.pieces.removeAll() }
          memory.pieces[key] = .some(entry)
        }
        guard let entry else { return nil }
        decoded.append(entry)
      }
      return (decoded, namesFiles)
    }
  }
}
