import Telemetry

/// The scopes and variables of a waveform file.
///
/// Dots of module paths and of signal names make scopes. A name is unique within its scope and free
/// of the characters that waveform files and viewers give a meaning.
struct WaveHierarchy {
  struct Variable {
    /// Index in the list of signals.
    var signal: Int
    var name: String
    /// Names of all scopes from the root on.
    var scopes: [String]
    var format: SignalFormat

    /// Number of bits; nil for a text.
    var bits: Int? {
      if case .bits(let count) = format { max(1, count) } else { nil }
    }

    /// The full name as GTKWave lists it: `top.module.tdata[63:0]`.
    var fullName: String {
      let suffix = bits.map { $0 > 1 ? "[\($0 - 1):0]" : "" } ?? ""
      return (scopes + [name]).joined(separator: ".") + suffix
    }
  }

  final class Scope {
    let name: String
    var variables: [Variable] = []
    var children: [Scope] = []

    init(name: String) {
      self.name = name
    }
  }

  let root: Scope
  /// In the order of the signals.
  private(set) var variables: [Variable] = []

  init(top: String, signals: [SignalDescriptor]) {
    let root = Scope(name: Self.clean(top))
    self.root = root
    for (index, signal) in signals.enumerated() {
      var path = (signal.module.split(separator: ".") + signal.name.split(separator: "."))
        .map { Self.clean(String($0)) }
      let name = path.popLast() ?? "signal"
      var scope = root
      for part in path {
        if let found = scope.children.first(where: { $0.name == part }) {
          scope = found
        } else {
          let child = Scope(name: part)
          scope.children.append(child)
          scope = child
        }
      }
      var unique = name
      var copy = 2
      while scope.variables.contains(where: { $0.name == unique }) {
        unique = "\(name)_\(copy)"
        copy += 1
      }
      let variable = Variable(
        signal: index, name: unique, scopes: [root.name] + path, format: signal.format)
      scope.variables.append(variable)
      variables.append(variable)
    }
  }

  /// Letters, digits and `_` only: everything else has a meaning somewhere. Never empty.
  static func clean(_ text: String) -> String {
    let name = String(
      text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    return name.isEmpty ? "_" : name
  }
}
