internal import Networks

/// The lines of a topology as numbers, each with its place.
struct ScaleSimTable {
  /// What the columns mean.
  enum Form {
    case convolutions
    case products

    /// Columns that are numbers.
    var columns: [String] {
      switch self {
      case .convolutions:
        [
          "IFMAP Height", "IFMAP Width", "Filter Height", "Filter Width", "Channels", "Num Filter",
          "Strides",
        ]
      case .products: ["M", "N", "K"]
      }
    }
  }

  struct Row {
    var name: String
    /// As many as the form has columns; all at least 1.
    var numbers: [Int]
    /// Nonzero elements and block size, where a column says so.
    var sparsity: String?
    var line: Int
    /// Where each number stands.
    var columns: [Int]
  }

  private struct Field {
    var text: String
    var column: Int
  }

  let form: Form
  private(set) var rows: [Row] = []

  init(text: String) throws(NetworkError) {
    var form: Form?
    var lineNumber = 0
    for line in Array(text.utf8).split(separator: 0x0a, omittingEmptySubsequences: false) {
      lineNumber += 1
      var fields = Self.fields(line, isFirst: lineNumber == 1)
      // A comma ends every line of SCALE-Sim's own files.
      if let last = fields.last, last.text.isEmpty { fields.removeLast() }
      if fields.allSatisfy(\.text.isEmpty) { continue }
      guard let known = form else {
        form = try Self.form(of: fields, line: lineNumber)
        continue
      }
      guard rows.count < Limits.nodes else {
        throw NetworkError("has more than \(Limits.nodes) layers", line: lineNumber)
      }
      rows.append(try Self.row(fields, known, line: lineNumber, count: rows.count))
    }
    guard let form else {
      throw NetworkError("has no header line", suggestion: Self.suggestion)
    }
    guard !rows.isEmpty else { throw NetworkError("has no layers", line: lineNumber) }
    self.form = form
  }

  private static let suggestion =
    "the first line must be 'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, "
    + "Channels, Num Filter, Strides,' or 'Layer, M, N, K,'"

  private static func fields(_ line: ArraySlice<UInt8>, isFirst: Bool) -> [Field] {
    var line = line
    // A byte order mark.
    if isFirst, line.starts(with: [0xef, 0xbb, 0xbf]) { line = line.dropFirst(3) }
    return line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { part in
      let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d }
      let start = part.firstIndex { !isBlank($0) } ?? part.startIndex
      let end = part.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
      return Field(
        text: String(decoding: part[start..<end], as: UTF8.self),
        column: start - line.startIndex + 1)
    }
  }

  private static func form(of header: [Field], line: Int) throws(NetworkError) -> Form {
    let names = header.map { field in
      field.text.lowercased().filter { $0.isLetter }
    }
    if names.count >= 4, Array(names[1...3]) == ["m", "n", "k"] { return .products }
    if names.count >= 8, names[1].hasPrefix("ifmap"), names[2].hasPrefix("ifmap"),
      names[3].hasPrefix("filter"), names[4].hasPrefix("filter"), names[5].hasPrefix("channel"),
      names[6].hasPrefix("num") || names[6].hasPrefix("filter"), names[7].hasPrefix("stride")
    {
      return .convolutions
    }
    let first = header.first
    let reason =
      header.dropFirst().allSatisfy { Int($0.text) != nil }
      ? "the header line is missing" : "the header line is not understood"
    throw NetworkError(reason, suggestion: suggestion, line: line, column: first?.column)
  }

  private static func row(
    _ fields: [Field], _ form: Form, line: Int, count: Int
  ) throws(NetworkError) -> Row {
    let columns = form.columns
    let name = fields[0].text
    guard fields.count > columns.count else {
      throw NetworkError(
        "layer '\(name.prefix(40))' has \(fields.count - 1) numbers, but \(columns.count) are "
          + "needed: \(columns.joined(separator: ", "))",
        line: line, column: fields[fields.count - 1].column)
    }
    var numbers: [Int] = []
    for (field, column) in zip(fields.dropFirst(), columns) {
      guard let number = Int(field.text), number >= 1, number <= Limits.elements else {
        throw NetworkError(
          "\(column) is '\(field.text.prefix(40))', but must be a whole number from 1 to "
            + "\(Limits.elements)",
          line: line, column: field.column)
      }
      numbers.append(number)
    }
    var sparsity: String?
    for (index, field) in fields.dropFirst(columns.count + 1).enumerated() {
      if field.text.isEmpty { continue }
      let parts = field.text.split(separator: ":", omittingEmptySubsequences: false)
      guard index == 0, parts.count == 2, let part = Int(parts[0]), let block = Int(parts[1]),
        part >= 0, block >= 1
      else {
        throw NetworkError(
          "'\(field.text.prefix(40))' is one column too many",
          suggestion: "only a sparsity N:M can follow \(columns.last ?? "")", line: line,
          column: field.column)
      }
      sparsity = field.text
    }
    return Row(
      name: name.isEmpty ? "layer\(count)" : name, numbers: numbers, sparsity: sparsity,
      line: line, columns: fields.dropFirst().prefix(columns.count).map(\.column))
  }
}
