import Foundation
public import Telemetry

/// Writes waveforms as a value change dump (IEEE 1364-2005, clause 18), while the simulation runs.
///
/// Vectors are `wire`s. Signals with named values are variables of type `string`, an extension that
/// GTKWave 3.3 and Surfer show as text without a translation file. Memory use does not depend on
/// the length of the run.
///
/// Connect it to a recorder:
/// ```swift
/// let writer = VCDWriter(path: "waves.vcd", top: "lenet5", ticksPerSecond: plan.ticksPerSecond)
/// let recorder = WaveRecorder(kernel: kernel, startsRecording: true) { writer.record($0) }
/// // … build the system …
/// try writer.begin(signals: recorder.signals)
/// // … run, draining the recorder …
/// try writer.finish(at: lastTick)
/// ```
public final class VCDWriter {
  /// The file.
  public let path: String
  /// How base ticks become time stamps.
  public let timescale: VCDTimescale
  /// The first failure to write, for example a full disk; further changes are dropped.
  public var failure: WaveFileError? { file?.failure }

  private let top: String
  private let comment: String
  private var file: BufferedFile?
  private var variables: [WaveHierarchy.Variable] = []
  private var identifiers: [[UInt8]] = []
  /// Value names as bytes, per signal with named values.
  private var texts: [[[UInt8]]] = []
  /// The latest time stamp written.
  private var stamp: UInt64?
  /// Values of the first instant, until the next one begins: they make the `$dumpvars` block.
  private var first: [Int: WaveChange]? = [:]

  /// Prepares a file; nothing is created before `begin(signals:)`.
  ///
  /// - Parameters:
  ///   - top: name of the outermost scope, usually of the system.
  ///   - ticksPerSecond: base ticks per second, at least 1.
  ///   - comment: written into the file's head, for example the tool's version.
  public init(path: String, top: String, ticksPerSecond: UInt64, comment: String = "") {
    self.path = path
    self.top = top
    self.comment = comment
    timescale = VCDTimescale(ticksPerSecond: ticksPerSecond)
  }

  /// Creates the file and writes its head. To be called once, when all signals are declared and
  /// before the first change.
  ///
  /// - Throws: `WaveFileError`.
  public func begin(signals: [SignalDescriptor]) throws(WaveFileError) {
    precondition(file == nil, "begin(signals:) is called once")
    var file = try BufferedFile(path: path)
    let hierarchy = WaveHierarchy(top: top, signals: signals)
    variables = hierarchy.variables
    identifiers = variables.indices.map(Self.identifier)
    texts = variables.map { variable in
      guard case .names(let names) = variable.format else { return [] }
      return names.map(Self.text)
    }
    if !comment.isEmpty {
      // `$end` would close the comment early.
      let text = TextStyle.printable(comment).replacing("$", with: "_")
      file.append("$comment \(text) $end\n".utf8)
    }
    if !timescale.isExact {
      file.append(
        """
        $comment A base tick is 1/\(timescale.ticksPerSecond) s, which is no whole number of fs: \
        time stamps are rounded to 1 fs, each on its own. $end

        """.utf8)
    }
    file.append("$timescale \(timescale.text) $end\n".utf8)
    Self.declare(hierarchy.root, identifiers, in: &file)
    file.append("$enddefinitions $end\n")
    self.file = file
  }

  /// Writes a change. Changes come in time order; after a failure they are dropped.
  public func record(_ change: WaveChange) {
    precondition(file != nil, "begin(signals:) comes before the first change")
    let stamp = timescale.stamp(change.tick)
    if first != nil {
      if self.stamp == nil { self.stamp = stamp }
      if self.stamp == stamp {
        first?[change.signal] = change
        return
      }
      dumpInitialValues()
    }
    advance(to: stamp)
    write(change)
  }

  /// Marks all signals as unknown from `tick` on: the window closed there, and what follows was not
  /// recorded. The next change opens it again.
  public func suspend(at tick: UInt64) {
    guard file != nil else { return }
    if first != nil { dumpInitialValues() }
    advance(to: timescale.stamp(tick))
    file?.append("$dumpoff\n")
    for index in variables.indices { writeUnknown(index) }
    file?.append("$end\n")
  }

  /// Writes the end of time and closes the file; without `begin(signals:)` it does nothing.
  ///
  /// - Throws: `WaveFileError`: the first failure of all.
  public func finish(at tick: UInt64) throws(WaveFileError) {
    guard file != nil else { return }
    if first != nil { dumpInitialValues() }
    advance(to: timescale.stamp(tick))
    defer { file = nil }
    try file?.close()
  }

  // MARK: Head

  private static func declare(
    _ scope: WaveHierarchy.Scope, _ identifiers: [[UInt8]], in file: inout BufferedFile
  ) {
    file.append("$scope module \(scope.name) $end\n".utf8)
    for variable in scope.variables {
      switch variable.bits {
      case nil: file.append("$var string 1 ")
      case 1: file.append("$var wire 1 ")
      case .some(let bits): file.append("$var wire \(bits) ".utf8)
      }
      file.append(identifiers[variable.signal])
      let range = variable.bits.map { $0 > 1 ? " [\($0 - 1):0]" : "" } ?? ""
      file.append(" \(variable.name)\(range) $end\n".utf8)
    }
    for child in scope.children { declare(child, identifiers, in: &file) }
    file.append("$upscope $end\n")
  }

  /// A short code of printable characters, `!` to `~`.
  static func identifier(_ index: Int) -> [UInt8] {
    var rest = index
    var code: [UInt8] = []
    repeat {
      code.append(UInt8(33 + rest % 94))
      rest = rest / 94 - 1
    } while rest >= 0
    return code
  }

  /// A string value ends at white space.
  private static func text(_ name: String) -> [UInt8] {
    let text = name.map { $0.isASCII && !$0.isWhitespace ? $0 : "_" }
    return text.isEmpty ? [UInt8(ascii: "_")] : Array(String(text).utf8)
  }

  // MARK: Values

  private func dumpInitialValues() {
    let values = first ?? [:]
    first = nil
    file?.append(UInt8(ascii: "#"))
    file?.append(decimal: stamp ?? 0)
    file?.append("\n$dumpvars\n")
    for index in variables.indices {
      if let change = values[index] { write(change) } else { writeUnknown(index) }
    }
    file?.append("$end\n")
    stamp = stamp ?? 0
  }

  private func advance(to new: UInt64) {
    guard let old = stamp, new > old else { return }
    stamp = new
    file?.append(UInt8(ascii: "#"))
    file?.append(decimal: new)
    file?.append(UInt8(ascii: "\n"))
  }

  private func write(_ change: WaveChange) {
    let variable = variables[change.signal]
    switch variable.bits {
    case nil:
      file?.append(UInt8(ascii: "s"))
      let names = texts[change.signal]
      if change.value < UInt64(names.count) {
        file?.append(names[Int(change.value)])
      } else {
        file?.append(decimal: change.value)
      }
      file?.append(UInt8(ascii: " "))
    case 1:
      file?.append(UInt8(ascii: change.value & 1 == 0 ? "0" : "1"))
    case .some(let bits):
      writeVector(change, bits: bits)
    }
    file?.append(identifiers[change.signal])
    file?.append(UInt8(ascii: "\n"))
  }

  /// Most significant bit first, without leading zeros.
  private func writeVector(_ change: WaveChange, bits: Int) {
    file?.append(UInt8(ascii: "b"))
    var hasStarted = false
    let bytes = change.bytes
    let available = bytes.map { $0.count * 8 } ?? 64
    for bit in stride(from: min(bits, available) - 1, through: 0, by: -1) {
      let isSet =
        bytes.map { $0[bit / 8] >> UInt8(bit % 8) & 1 == 1 }
        ?? (change.value >> UInt64(bit) & 1 == 1)
      if isSet { hasStarted = true }
      if hasStarted || bit == 0 { file?.append(UInt8(ascii: isSet ? "1" : "0")) }
    }
    file?.append(UInt8(ascii: " "))
  }

  private func writeUnknown(_ index: Int) {
    switch variables[index].bits {
    case nil: file?.append("s? ")
    case 1: file?.append("x")
    default: file?.append("bx ")
    }
    file?.append(identifiers[index])
    file?.append(UInt8(ascii: "\n"))
  }
}
