import Foundation

/// A sweep of a memory compiler over size, width, node and ports, and its interpolation.
///
/// At a swept point the value is the swept one, exactly. Between points the logarithm of the
/// value is interpolated linearly in the logarithms of size and width, so that a result lies
/// between those of its neighbours. The swept energies themselves are not monotonic everywhere,
/// because the compiler picks another internal organisation per point; neither is the result.
public struct SRAMSweep: Sendable, Equatable {
  /// Costs of one memory macro.
  public struct Macro: Sendable, Equatable {
    /// Energy of a read access, in pJ.
    public var readPicojoules: Double
    /// Energy of a write access, in pJ.
    public var writePicojoules: Double
    /// Leakage power of the macro, in mW.
    public var leakageMilliwatts: Double
    /// Time from address to data, in ns.
    public var accessNanoseconds: Double
    /// Shortest time between two accesses, in ns.
    public var cycleNanoseconds: Double
    /// Area of the macro, in µm².
    public var areaSquareMicrometres: Double
    /// What had to be assumed because the memory is outside the sweep; empty inside it.
    public var warnings: [String]

    func zip(_ other: Macro, _ combine: (Double, Double) -> Double) -> Macro {
      Macro(
        readPicojoules: combine(readPicojoules, other.readPicojoules),
        writePicojoules: combine(writePicojoules, other.writePicojoules),
        leakageMilliwatts: combine(leakageMilliwatts, other.leakageMilliwatts),
        accessNanoseconds: combine(accessNanoseconds, other.accessNanoseconds),
        cycleNanoseconds: combine(cycleNanoseconds, other.cycleNanoseconds),
        areaSquareMicrometres: combine(areaSquareMicrometres, other.areaSquareMicrometres),
        warnings: warnings + other.warnings.filter { !warnings.contains($0) })
    }
  }

  /// What is swept in separate series.
  public struct Series: Hashable, Sendable {
    /// Process node in nm.
    public var nodeNanometres: Double
    /// Ports that read or write.
    public var readWritePorts: Int
    /// Ports that only read.
    public var readPorts: Int
    /// Ports that only write.
    public var writePorts: Int
    /// Transistor flavour.
    public var cell: String

    /// Creates a series from its parts.
    public init(
      nodeNanometres: Double, readWritePorts: Int, readPorts: Int, writePorts: Int, cell: String
    ) {
      self.nodeNanometres = nodeNanometres
      self.readWritePorts = readWritePorts
      self.readPorts = readPorts
      self.writePorts = writePorts
      self.cell = cell
    }
  }

  /// The swept macros of a series: by width, then sorted by size in bytes.
  private let grid: [Series: [Double: [Sized]]]

  private struct Sized: Sendable, Equatable {
    var bytes: Double
    var macro: Macro
  }

  /// Every series, in no particular order.
  public var series: [Series] { Array(grid.keys) }

  /// Process nodes in nm that a flavour was swept for, sorted.
  public func nodes(cell: String) -> [Double] {
    Set(grid.keys.filter { $0.cell == cell }.map(\.nodeNanometres)).sorted()
  }

  /// The macro of one bank with one access width; nil when the series is not in the sweep.
  ///
  /// Outside the sweep the result carries warnings: a bank smaller than the smallest one swept at
  /// its width costs as much as that one; a wider one is made of equal macros side by side; one
  /// beyond the largest continues the slope of the last two sizes; a narrower one costs as much
  /// as the narrowest.
  public func macro(_ series: Series, bytes: Double, widthBits: Double) -> Macro? {
    guard let widths = grid[series], let narrowest = widths.keys.min(),
      let widest = widths.keys.max()
    else { return nil }
    if widthBits > widest {
      let count = (widthBits / widest).rounded(.up)
      guard
        var part = macro(series, bytes: bytes / count, widthBits: widthBits / count)
      else { return nil }
      part.readPicojoules *= count
      part.writePicojoules *= count
      part.leakageMilliwatts *= count
      part.areaSquareMicrometres *= count
      part.warnings.insert(
        "SRAM of \(text(widthBits)) bit per access is wider than the sweep's \(text(widest)): "
          + "taken as \(text(count)) macros side by side", at: 0)
      return part
    }
    let width = max(widthBits, narrowest)
    let sorted = widths.keys.sorted()
    let above = sorted.first { $0 >= width } ?? widest
    let below = sorted.last { $0 <= width } ?? narrowest
    guard let low = column(widths[below], bytes: bytes, width: below) else { return nil }
    var result = low
    if above > below, let high = column(widths[above], bytes: bytes, width: above) {
      result = blend(low, high, share: log(width / below) / log(above / below))
    }
    if widthBits < narrowest {
      result.warnings.append(
        "SRAM of \(text(widthBits)) bit per access is narrower than the sweep: "
          + "priced at \(text(narrowest)) bit")
    }
    return result
  }

  /// Interpolates over the size at one swept width.
  private func column(_ sized: [Sized]?, bytes: Double, width: Double) -> Macro? {
    guard let sized, let first = sized.first, let last = sized.last else { return nil }
    if bytes < first.bytes {
      var macro = first.macro
      macro.warnings.append(
        "SRAM bank of \(text(bytes)) B at \(text(width)) bit is smaller than the sweep: "
          + "priced as \(text(first.bytes)) B")
      return macro
    }
    if let exact = sized.first(where: { $0.bytes == bytes }) { return exact.macro }
    let above = sized.firstIndex { $0.bytes > bytes } ?? sized.count - 1
    guard above > 0 else { return first.macro }
    let (low, high) = (sized[above - 1], sized[above])
    let share = log(bytes / low.bytes) / log(high.bytes / low.bytes)
    var macro = blend(low.macro, high.macro, share: share)
    if bytes > last.bytes {
      macro.warnings.append(
        "SRAM bank of \(text(bytes)) B is larger than the sweep's \(text(last.bytes)) B: "
          + "extrapolated")
    }
    return macro
  }

  private func blend(_ low: Macro, _ high: Macro, share: Double) -> Macro {
    low.zip(high) { $0 * pow($1 / $0, share) }
  }

  private func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

extension SRAMSweep {
  private static let columns = [
    "size_bytes", "width_bits", "node_nm", "rw_ports", "read_ports", "write_ports", "cell",
    "read_pJ", "write_pJ", "leakage_mW", "access_ns", "cycle_ns", "area_um2",
  ]

  private static let reportLimit = 10

  /// Reads a sweep in comma-separated values with the columns named in its first line.
  ///
  /// - Throws: `EnergyTableRefusal` naming the lines that are wrong.
  public init(csv: String, file: String) throws {
    var problems: [EnergyTableProblem] = []
    func report(_ line: Int, _ message: String) {
      problems.append(EnergyTableProblem(file: file, path: "", line: line, message: message))
    }
    let lines = csv.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    func fields(_ line: Substring.UTF8View) -> [Substring] {
      let stripped = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      return stripped.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { Substring($0) }
    }
    let header = lines.first.map(fields)?.map(String.init) ?? []
    if header != Self.columns {
      report(1, "expected the columns \(Self.columns.joined(separator: ","))")
      throw EnergyTableRefusal(problems: problems)
    }
    var grid: [Series: [Double: [Sized]]] = [:]
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      // A file of another kind is wrong in every line: a few say it.
      if problems.count == Self.reportLimit { break }
      let cells = fields(line)
      guard cells.count == Self.columns.count else {
        report(index + 1, "expected \(Self.columns.count) fields, found \(cells.count)")
        continue
      }
      let ports = (3...5).compactMap { Int(cells[$0]) }
      let numbers = ([0, 1, 2] + Array(7...12)).compactMap { Double(cells[$0]) }
      guard ports.count == 3, numbers.count == 9, numbers.allSatisfy({ $0.isFinite && $0 > 0 })
      else {
        report(index + 1, "expected positive numbers in every column but cell")
        continue
      }
      let series = Series(
        nodeNanometres: numbers[2], readWritePorts: ports[0], readPorts: ports[1],
        writePorts: ports[2], cell: String(cells[6]))
      let macro = Macro(
        readPicojoules: numbers[3], writePicojoules: numbers[4], leakageMilliwatts: numbers[5],
        accessNanoseconds: numbers[6], cycleNanoseconds: numbers[7],
        areaSquareMicrometres: numbers[8], warnings: [])
      let sized = Sized(bytes: numbers[0], macro: macro)
      if grid[series]?[numbers[1]]?.contains(where: { $0.bytes == sized.bytes }) == true {
        report(index + 1, "the same memory appears twice")
      }
      grid[series, default: [:]][numbers[1], default: []].append(sized)
    }
    if grid.isEmpty && problems.isEmpty { report(1, "the sweep has no rows") }
    if !problems.isEmpty { throw EnergyTableRefusal(problems: problems) }
    self.grid = grid.mapValues { $0.mapValues { $0.sorted { $0.bytes < $1.bytes } } }
  }
}
