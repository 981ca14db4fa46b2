/// Marks a record that no simulation made: a model without a clock computed its cycles.
public struct EstimateMark: Codable, Sendable, Equatable {
  /// Name of the model.
  public var model: String
  /// What the model is, in one sentence.
  public var summary: String
  /// How far its cycles are off, for example `mean 0.4 %, worst 1.9 %`; empty when not measured.
  public var error: String
  /// What it was compared with, or why there is nothing to compare with.
  public var reference: String
  /// Names of the layers that the model does not know; they count no cycles.
  public var unknownLayers: [String]

  /// Creates a mark.
  public init(
    model: String, summary: String, error: String, reference: String, unknownLayers: [String] = []
  ) {
    self.model = model
    self.summary = summary
    self.error = error
    self.reference = reference
    self.unknownLayers = unknownLayers
  }

  enum CodingKeys: String, CodingKey {
    case model, summary, error, reference
    case unknownLayers = "unknown_layers"
  }

  /// The error bar in a few words.
  public var errorText: String {
    error.isEmpty ? reference : "error against cycles: \(error) (\(reference))"
  }
}
