/// The firmware's files exist, and the memory it is linked into does.
struct FirmwareRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    guard let cpu = soc.cpu else { return }
    if cpu.origin.isSound("cpu_firmware_args"), cpu.argumentBytes > CPUDescription.argumentRoom {
      context.collector.error(
        at: cpu.origin.position(of: "cpu_firmware_args"),
        cpu.origin.path(of: "cpu_firmware_args"),
        "the arguments take \(cpu.argumentBytes) bytes, each with a terminating zero",
        expected: "at most \(CPUDescription.argumentRoom) bytes")
    }
    if cpu.origin.isSound("payload"), let payload = cpu.payload {
      checkFile(
        payload, cpu.origin.position(of: "payload"), cpu.origin.path(of: "payload"), context)
    }
    if cpu.origin.isSound("host_files"), let folder = cpu.hostFiles,
      context.options.checksFiles, !HostFile.isFolder(soc.resolve(folder))
    {
      context.collector.error(
        at: cpu.origin.position(of: "host_files"), cpu.origin.path(of: "host_files"),
        "no such folder: \(soc.resolve(folder))")
    }
    guard cpu.origin.isSound("cpu_firmware"), let firmware = cpu.firmware else { return }
    switch firmware {
    case .image(let path):
      checkFile(
        path, cpu.origin.position(of: "cpu_firmware"), cpu.origin.path(of: "cpu_firmware"),
        context)
    case .sources(let sources):
      check(sources, context)
    }
  }

  private func check(_ sources: FirmwareSources, _ context: RuleContext) {
    let soc = context.description
    let origin = sources.origin
    for (index, path) in sources.sources.enumerated() {
      let position = origin.position(of: "sources[\(index)]")
      let keyPath = "\(origin.path(of: "sources"))[\(index)]"
      let isFile = checkFile(path, position, keyPath, context)
      guard isFile else { continue }
      if !FirmwareLanguage.allCases.contains(where: { $0.includes(path) }) {
        context.collector.error(
          at: position, keyPath,
          "'\(JSONValue.shortened(path))' is neither C nor Swift nor assembly",
          expected: "a file that ends in "
            + FirmwareLanguage.allCases.flatMap(\.suffixes).joined(separator: ", "))
      } else if FirmwareLanguage.header.includes(path),
        !sources.sources.contains(where: FirmwareLanguage.swift.includes)
      {
        context.collector.error(
          at: position, keyPath,
          "'\(JSONValue.shortened(path))' is a header, and there is no Swift file to see it",
          expected: "headers of C files only in 'include' folders or beside them")
      }
    }
    for (index, path) in sources.include.enumerated()
    where context.options.checksFiles && !HostFile.isFolder(soc.resolve(path)) {
      context.collector.error(
        at: origin.position(of: "include[\(index)]"), "\(origin.path(of: "include"))[\(index)]",
        "no such folder: \(soc.resolve(path))")
    }
    for define in sources.defines where !InstanceNamesRule.isIdentifier(define.key) {
      context.collector.error(
        at: define.origin.position, define.origin.path,
        "'\(JSONValue.shortened(define.key))' is no macro name",
        expected: "a letter or _, then letters, digits and _")
    }
    if origin.isSound("memory"), !sources.memory.isEmpty,
      !soc.memories.contains(where: { $0.name == sources.memory }),
      soc.hasSoundNames("memories")
    {
      var unknown = UnknownNames(noun: "memory")
      unknown.add(sources.memory, at: origin.position(of: "memory"), origin.path(of: "memory"))
      unknown.report(among: soc.memories.map(\.name), context.collector)
    }
  }

  /// False after reporting why the file cannot be read.
  @discardableResult
  private func checkFile(
    _ path: String, _ position: SourcePosition, _ keyPath: String, _ context: RuleContext
  ) -> Bool {
    guard context.options.checksFiles,
      let problem = HostFile.problem(context.description.resolve(path))
    else { return true }
    context.collector.error(
      at: position, keyPath, problem.message, expected: problem.expected,
      suggestion: problem.suggestion)
    return false
  }
}
