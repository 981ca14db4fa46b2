/// The whole record as one JSON document, keys sorted, units in key names.
public struct JSONReport: ReportFormat {
  /// `json`.
  public let name = "json"
  /// One line for the help text.
  public let summary = "everything as one JSON document"
  /// `json`.
  public let fileExtension = "json"

  /// Creates the format.
  public init() {}

  /// The document, ending in a newline.
  ///
  /// - Throws: `ResultsFolderError.notEncodable` when a component's attribute is not finite.
  public func render(_ record: RunRecord) throws -> String {
    String(decoding: try JSONLayout.encode(record, for: "report"), as: UTF8.self)
  }
}
