/// What a file holds lies within the memory it names.
struct FileMemoryRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    var unknown = UnknownNames(noun: "memory")
    for (index, file) in soc.files.enumerated() where file.origin.isSound("memory") {
      guard let memory = soc.memories.first(where: { $0.name == file.memory }) else {
        let position = file.origin.position(of: "memory")
        let path = file.origin.path(of: "memory")
        if let other = soc.kindOfModule(file.memory) {
          context.collector.error(
            at: position, path, "'\(file.memory)' is \(other.withArticle)",
            expected: "the name of a memory")
        } else {
          unknown.add(file.memory, at: position, path)
        }
        continue
      }
      guard file.origin.isSound("address", "data_type"),
        memory.origin.isSound("module_address", "length")
      else { continue }
      let elements =
        index < context.hostFiles.count ? context.hostFiles[index].elements : file.items
      checkExtent(file, memory, elements: elements, context)
    }
    if !unknown.isEmpty, soc.hasSoundNames("memories") {
      unknown.report(among: soc.memories.map(\.name), context.collector)
    }
  }

  private func checkExtent(
    _ file: FileDescription, _ memory: MemoryDescription, elements: Int?,
    _ context: RuleContext
  ) {
    let collector = context.collector
    let window = AddressWindow(
      name: memory.name, kind: .memory, start: memory.address, length: memory.length,
      origin: memory.origin)
    // A memory that reaches beyond all addresses is most likely misplaced itself.
    guard AddressSpaceRule.accepts(window, in: context.description) else { return }
    let position = file.origin.position(of: "address")
    let path = file.origin.path(of: "address")
    guard file.address >= window.start, file.address <= window.last else {
      let distance =
        file.address < window.start
        ? "\(window.start - file.address) bytes before the start"
        : "\(file.address - window.last) bytes beyond the end"
      collector.error(
        at: position, path,
        "\(file.address.hexadecimal) is \(distance) of '\(memory.name)' (\(window.rangeText))",
        expected: "an address in '\(memory.name)'")
      return
    }
    guard let elements else { return }
    let bytes = UInt64(elements) * UInt64(file.dataType.byteCount)
    let room = window.last - file.address + 1
    if bytes > room {
      collector.error(
        at: position, path,
        "\(bytes) bytes from \(file.address.hexadecimal) end \(bytes - room) bytes beyond the end "
          + "of '\(memory.name)' (\(window.rangeText))",
        expected: "at most \(room) bytes there")
    }
  }
}
