/// A form in which a stored run can be put out.
public protocol ReportFormat: Sendable {
  /// Name on the command line, for example `csv-actions`.
  var name: String { get }
  /// One line for the help text.
  var summary: String { get }
  /// Usual extension of its files, without a dot.
  var fileExtension: String { get }
  /// The report, ending in a newline.
  ///
  /// - Throws: `ResultsFolderError.notEncodable` when a number has no form in the format.
  func render(_ record: RunRecord) throws -> String
}

/// The formats there are.
public enum ReportFormats {
  /// All formats; the first one is the default.
  ///
  /// - Parameter style: for the text format.
  public static func all(style: TextStyle = .file) -> [any ReportFormat] {
    [
      TextReport(style: style, detail: .screen), TextReport(style: style, detail: .full),
      JSONReport(),
      CSVReport(.actions), CSVReport(.counters), CSVReport(.states), AccelergyReport(),
    ]
  }

  /// The format of that name, if there is one.
  public static func named(_ name: String, style: TextStyle = .file) -> (any ReportFormat)? {
    all(style: style).first { $0.name == name }
  }
}

extension TextReport: ReportFormat {
  /// `text` or `text-full`.
  public var name: String { detail == .full ? "text-full" : "text" }
  /// One line for the help text.
  public var summary: String {
    detail == .full ? "everything there is, as text" : "one screen: where cycles and energy went"
  }
  /// `txt`.
  public var fileExtension: String { "txt" }
  /// The report, ending in a newline.
  public func render(_ record: RunRecord) -> String { text(record) }
}
