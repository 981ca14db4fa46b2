import Foundation
public import Telemetry

/// A save file (`.gtkw`) that opens a VCD file of ``VCDWriter`` in GTKWave with the signals already
/// arranged: one group per module with its state first, then its streams, then the rest.
public struct GTKWaveSaveFile: Sendable {
  /// Name of the outermost scope, as given to the writer.
  public var top: String
  /// The signals, as given to the writer.
  public var signals: [SignalDescriptor]
  /// The VCD file, absolute or relative to the folder from which GTKWave is started; empty when the
  /// viewer is given one on its command line.
  public var dumpFile: String
  /// Modules whose groups come first and are open; the others are folded. Empty opens all groups.
  public var featured: [String]
  /// The time to fit into the window, in s; 0 leaves the zoom to the viewer.
  public var shownSeconds: Double

  /// Creates a save file's content.
  public init(
    top: String, signals: [SignalDescriptor], dumpFile: String = "", featured: [String] = [],
    shownSeconds: Double = 0, timescale: VCDTimescale? = nil
  ) {
    self.shownSeconds = shownSeconds
    self.timescale = timescale
    self.top = top
    self.signals = signals
    self.dumpFile = dumpFile
    self.featured = featured
  }

  /// The VCD file's time unit, which the zoom is relative to; without it the zoom is not set.
  public var timescale: VCDTimescale?

  /// The line that sets the zoom, then the positions of cursor and markers (none).
  ///
  /// At zoom -z GTKWave shows 2^z time units (s, ms … fs, without the factor 10 or 100) in 200
  /// pixels; a window of the size asked for has about 1100 for waves.
  private var zoom: String? {
    guard let timescale, shownSeconds > 0, shownSeconds.isFinite else { return nil }
    let units = shownSeconds * Double(timescale.plainUnitsPerSecond)
    let exponent = Quantity.fixed(max(0, log2(units / 5.5)), digits: 6)
    return "*-\(exponent) -1" + String(repeating: " -1", count: 26)
  }

  /// GTKWave's flags of a line, from its save file format: radix and place in a group.
  private enum Flag: String {
    case binary = "28"
    case hexadecimal = "22"
    case decimal = "24"
    case text = "820"
    case comment = "200"
    case openGroup = "800200"
    case openGroupEnd = "1000200"
    case foldedGroup = "c00200"
    case foldedGroupEnd = "1401200"
  }

  /// The file's text.
  public var text: String {
    let hierarchy = WaveHierarchy(top: top, signals: signals)
    var lines = ["[*] Waveform view; open with: gtkwave FILE.vcd FILE.gtkw"]
    if !dumpFile.isEmpty { lines.append("[dumpfile] \"\(dumpFile)\"") }
    lines += ["[timestart] 0", "[size] 1600 900", "[pos] -1 -1"]
    if let zoom { lines.append(zoom) }
    lines.append("[sst_width] 240")
    lines += ["[signals_width] 240", "[sst_expanded] 0", "[treeopen] \(hierarchy.root.name)."]
    var modules: [String] = []
    for signal in signals where !modules.contains(signal.module) { modules.append(signal.module) }
    let first = featured.filter { modules.contains($0) }
    for module in first + modules.filter({ !first.contains($0) }) {
      let isOpen = featured.isEmpty || first.contains(module)
      lines += group(module, isOpen: isOpen, hierarchy)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes the file.
  ///
  /// - Throws: `WaveFileError`.
  public func write(to path: String) throws(WaveFileError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw WaveFileError(path: path, reason: FileFailure.reason(error))
    }
  }

  private func group(_ module: String, isOpen: Bool, _ hierarchy: WaveHierarchy) -> [String] {
    let members = hierarchy.variables.filter { signals[$0.signal].module == module }
    func isStream(_ variable: WaveHierarchy.Variable) -> Bool {
      signals[variable.signal].name.contains(".")
    }
    let ordered =
      members.filter { $0.bits == nil }
      + members.filter { $0.bits != nil && isStream($0) }
      + members.filter { $0.bits != nil && !isStream($0) }
    var lines = ["@\((isOpen ? Flag.openGroup : .foldedGroup).rawValue)", "-\(module)"]
    var stream = ""
    var current: Flag?
    for variable in ordered {
      if isStream(variable), variable.bits != nil, let name = variable.scopes.last, name != stream {
        stream = name
        lines += ["@\(Flag.comment.rawValue)", "-\(name)"]
        current = nil
      }
      let flag: Flag =
        switch variable.bits {
        case nil: .text
        case 1: .binary
        default: variable.name.hasSuffix("_bytes") ? .decimal : .hexadecimal
        }
      // Flags hold until the next ones.
      if flag != current { lines.append("@\(flag.rawValue)") }
      current = flag
      lines.append(variable.fullName)
    }
    return lines + ["@\((isOpen ? Flag.openGroupEnd : .foldedGroupEnd).rawValue)", "-\(module)"]
  }
}
