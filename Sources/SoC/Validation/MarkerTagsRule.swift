/// Tags belong to markers, and their keys are numbers.
struct MarkerTagsRule: ValidationRule {
  func check(_ context: RuleContext) {
    for peripheral in context.description.peripherals where !peripheral.tags.isEmpty {
      guard peripheral.origin.isSound("type", "tags") else { continue }
      if peripheral.kindName != "Marker" {
        context.collector.warning(
          at: peripheral.origin.position(of: "tags"), peripheral.origin.path(of: "tags"),
          "has no effect: '\(peripheral.name)' is a \(peripheral.kindName)", expected: "a Marker")
        continue
      }
      for tag in peripheral.tags where UInt32(tag.key).map({ $0 == 0 }) ?? true {
        context.collector.error(
          at: tag.origin.position, tag.origin.path,
          "'\(JSONValue.shortened(tag.key))' is no tag number",
          expected: "an integer from 1 to 4294967295 in double quotes")
      }
    }
  }
}
