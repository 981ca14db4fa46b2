/// The version that is printed and stored with results.
enum ToolVersion {
  static let text = "flecsim 0.1.0"
}
