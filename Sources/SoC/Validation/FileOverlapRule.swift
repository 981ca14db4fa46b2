/// Two files loaded to the same place: the later one wins, which is rarely meant.
struct FileOverlapRule: ValidationRule {
  func check(_ context: RuleContext) {
    var loaded: [(file: FileDescription, range: ClosedRange<UInt64>)] = []
    for (file, extent) in zip(context.description.files, context.hostFiles) {
      guard file.operation == .fileToMemory,
        file.origin.isSound("operation", "address", "memory", "data_type"),
        let elements = extent.elements
      else { continue }
      let bytes = UInt64(elements) * UInt64(file.dataType.byteCount)
      let (last, overflow) = file.address.addingReportingOverflow(bytes - 1)
      let range = file.address...(overflow ? UInt64.max : last)
      if let other = loaded.first(where: {
        $0.file.memory == file.memory && $0.range.overlaps(range)
      }) {
        let start = max(other.range.lowerBound, range.lowerBound)
        let end = min(other.range.upperBound, range.upperBound)
        context.collector.warning(
          at: file.origin.position(of: "address"), file.origin.path(of: "address"),
          "overwrites \(end - start + 1) bytes of \(other.file.origin.path) (line "
            + "\(other.file.origin.position(of: "address").line))")
      }
      loaded.append((file, range))
    }
  }
}
