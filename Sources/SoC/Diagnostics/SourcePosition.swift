/// A place in a text file, as editors count: lines and columns start at 1, a tab is one column,
/// a column is one Unicode scalar.
public struct SourcePosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The file as the user named it.
  public let file: String
  /// Line number from 1; 0 when the position is the file as a whole.
  public let line: Int
  /// Column number from 1; 0 when the position is a whole line or the file as a whole.
  public let column: Int

  /// Creates a position; `line` and `column` of 0 mean the file as a whole.
  public init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`, or only `file` when the position is the whole file.
  public var description: String {
    let file = file.isEmpty ? "''" : file
    if line == 0 { return file }
    return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
  }

  /// Orders by file, line and column.
  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}
