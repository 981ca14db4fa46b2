/// One measured layer: what was run, and what the RTL took for it.
public struct GemminiMeasurement: Sendable, Equatable {
  /// Line in the file, the header is line 1.
  public var line: Int
  /// What was run.
  public var workload: GemminiWorkload
  /// The memory behind the port.
  public var memory: GemminiMemory
  /// Cycles from the first command accepted to busy low.
  public var cycles: Int
  /// The counts of the row that the models count too; the others are zero.
  public var actions: GemminiActions
}

/// Measured rows in the CSV form of the RTL runs: matrix products (`matmul*.csv`) or
/// convolutions (`conv*.csv`), columns found by name.
public struct GemminiMeasurements: Sendable {
  /// The rows, in the order of the file.
  public var rows: [GemminiMeasurement]

  /// Reads CSV text; `name` is for messages.
  public init(csv text: String, name: String = "csv") throws(GemminiMeasurementsError) {
    var table = CSVTable(name: name)
    rows = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      if table.isEmpty {
        table.header(line, line: index + 1)
      } else {
        table.begin(line, line: index + 1)
        rows.append(try Self.row(table))
      }
    }
    if table.isEmpty {
      throw GemminiMeasurementsError(file: name, line: 1, column: nil, reason: "no header")
    }
  }

  private static func row(_ table: CSVTable) throws(GemminiMeasurementsError) -> GemminiMeasurement
  {
    let workload: GemminiWorkload =
      table.has("in_hw") ? .convolution(try convolution(table)) : .matmul(try matmul(table))
    let isTranslated = table.has("vm") ? try table.integer("vm") == 1 : false
    let memory = GemminiMemory(
      latency: try table.integer("mem_latency"), beatInterval: try table.integer("beat_interval"),
      commandGap: try table.integer("cmd_gap"),
      walkLatency: isTranslated ? try table.integer("ptw_latency") : nil)
    if memory.latency < 1 { throw table.error("mem_latency", "must be at least 1") }
    if memory.beatInterval < 1 { throw table.error("beat_interval", "must be at least 1") }
    if memory.commandGap < 1 { throw table.error("cmd_gap", "must be at least 1") }
    var actions = GemminiActions()
    actions.commands = try table.integer("n_cmds")
    actions.readRequests16 = try table.integer("rd_req16")
    actions.readRequests32 = try table.integer("rd_req32")
    actions.readRequests64 = try table.integer("rd_req64")
    actions.readBeats = try table.integer("rd_beats")
    actions.writeRequests16 = try table.integer("wr_req16")
    actions.writeRequests32 = try table.integer("wr_req32")
    actions.writeRequests64 = try table.integer("wr_req64")
    actions.writeBeats = try table.integer("wr_beats")
    actions.moveOutBytes = try table.integer("wr_bytes")
    return GemminiMeasurement(
      line: table.line, workload: workload, memory: memory,
      cycles: try table.integer("cycles"), actions: actions)
  }

  private static func matmul(_ table: CSVTable) throws(GemminiMeasurementsError) -> GemminiMatmul {
    let name = String(try table.text("api"))
    guard let driver = GemminiMatmul.Driver(rawValue: name) else {
      throw table.error("api", "unknown driver '\(name)'")
    }
    let bits = try table.integer("out_bits")
    guard bits == 8 || bits == 32 else { throw table.error("out_bits", "must be 8 or 32") }
    return GemminiMatmul(
      rows: try table.positive("M"), columns: try table.positive("N"),
      depth: try table.positive("K"), hasBias: try table.integer("bias") != 0,
      hasActivation: try table.text("act") != "none", outputBits: bits, driver: driver)
  }

  private static func convolution(
    _ table: CSVTable
  ) throws(GemminiMeasurementsError) -> GemminiConvolution {
    let poolSize = try table.integer("pool_size")
    let pool =
      poolSize == 0
      ? nil
      : GemminiPool(
        size: poolSize, stride: try table.positive("pool_stride"),
        padding: try table.integer("pool_pad"))
    let layer = GemminiConvolution(
      inputSize: try table.positive("in_hw"), inputChannels: try table.positive("in_ch"),
      outputChannels: try table.positive("out_ch"), kernel: try table.positive("kernel"),
      stride: try table.positive("stride"), padding: try table.integer("pad"), pool: pool,
      hasBias: try table.integer("bias") != 0, hasActivation: try table.text("act") != "none")
    guard layer.inputSize + 2 * layer.padding >= layer.kernel, layer.pooledSize > 0 else {
      throw table.error("in_hw", "no output for this kernel and pooling")
    }
    return layer
  }
}

/// Why a file of measured rows could not be read.
public struct GemminiMeasurementsError: Error, Equatable, CustomStringConvertible {
  /// Name of the file.
  public var file: String
  /// Line, counted from 1.
  public var line: Int
  /// Name of the column, when one is at fault.
  public var column: String?
  /// What is wrong, in words.
  public var reason: String

  /// `file:line: column 'name': reason`.
  public var description: String {
    let place = column.map { "column '\($0)': " } ?? ""
    return "\(file):\(line): \(place)\(reason)"
  }
}

/// One row of a CSV text and the places of its columns.
private struct CSVTable {
  private let name: String
  private var places: [String: Int] = [:]
  private var fields: [Substring] = []
  private(set) var line = 0

  init(name: String) {
    self.name = name
  }

  var isEmpty: Bool { places.isEmpty }

  mutating func header(_ text: Substring, line: Int) {
    self.line = line
    for (index, field) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated()
    {
      places[String(field)] = index
    }
  }

  mutating func begin(_ text: Substring, line: Int) {
    self.line = line
    fields = text.split(separator: ",", omittingEmptySubsequences: false)
  }

  func has(_ column: String) -> Bool { places[column] != nil }

  func error(_ column: String, _ reason: String) -> GemminiMeasurementsError {
    GemminiMeasurementsError(file: name, line: line, column: column, reason: reason)
  }

  func text(_ column: String) throws(GemminiMeasurementsError) -> Substring {
    guard let place = places[column] else { throw error(column, "missing in the header") }
    guard place < fields.count else { throw error(column, "missing in this row") }
    return fields[place]
  }

  func integer(_ column: String) throws(GemminiMeasurementsError) -> Int {
    let field = try text(column)
    guard let value = Int(field) else { throw error(column, "'\(field)' is no integer") }
    return value
  }

  func positive(_ column: String) throws(GemminiMeasurementsError) -> Int {
    let value = try integer(column)
    guard value > 0 else { throw error(column, "must be positive") }
    return value
  }
}
