/// The system's name becomes that of a folder of results and of the outermost scope of waveforms.
struct SystemNameRule: ValidationRule {
  private static let longest = 100

  func check(_ context: RuleContext) {
    let soc = context.description
    guard soc.origin.isSound("name"), soc.origin.isGiven("name") else { return }
    let isControl = soc.name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    let isFolderName = !soc.name.contains("/") && soc.name != "." && soc.name != ".."
    guard isControl || !isFolderName || soc.name.utf8.count > Self.longest else { return }
    context.collector.error(
      at: soc.origin.position(of: "name"), "name",
      "'\(JSONValue.shortened(soc.name))' cannot name a folder",
      expected: "at most \(Self.longest) characters without / and control characters")
  }
}
