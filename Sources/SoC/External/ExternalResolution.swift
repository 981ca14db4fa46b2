internal import Diagnostics
internal import Fabric
internal import HostTools
internal import Plugins
internal import RTL

/// Loads the plug-ins and translates the RTL that a description names, so that everything else knows
/// their ports, registers and interrupts.
struct ExternalResolution {
  let collector: DiagnosticCollector

  func resolve(_ soc: inout SoCDescription) {
    for index in soc.accelerators.indices {
      var accelerator = soc.accelerators[index]
      let arguments = accelerator.arguments
      switch accelerator.kindName {
      // A missing object has been reported.
      case _ where !accelerator.origin.isGiven("fixed_args"): break
      case AcceleratorKind.plugin.name:
        accelerator.external = plugin(
          arguments.plugin, arguments.origin, category: .accelerator, soc)
      case AcceleratorKind.verilated.name:
        var rtl = arguments.rtl
        rtl.origin = arguments.origin
        accelerator.external = design(rtl, soc)
      default: break
      }
      if let shadow = accelerator.shadow {
        accelerator.shadowModule = design(shadow, soc)
        checkShadow(accelerator)
      }
      soc.accelerators[index] = accelerator
    }
    for index in soc.peripherals.indices
    where soc.peripherals[index].kindName == PeripheralCatalog.plugin.name {
      let peripheral = soc.peripherals[index]
      soc.peripherals[index].external = plugin(
        peripheral.plugin, peripheral.origin, category: .peripheral, soc)
    }
    for index in soc.memories.indices where soc.memories[index].type == .plugin {
      let memory = soc.memories[index]
      soc.memories[index].external = plugin(memory.plugin, memory.origin, category: .memory, soc)
    }
  }

  // MARK: Plug-ins

  private func plugin(
    _ reference: PluginReference, _ origin: Origin, category: PluginKind.Category,
    _ soc: SoCDescription
  ) -> ExternalModule? {
    guard origin.isSound("library", "parameters") else { return nil }
    guard !reference.library.isEmpty else {
      collector.error(
        at: origin.position, origin.path(of: "library"), "missing",
        expected: "the path of a shared library")
      return nil
    }
    let path = soc.resolve(reference.library)
    if let problem = HostFile.problem(path) {
      collector.error(
        at: origin.position(of: "library"), origin.path(of: "library"), problem.message,
        expected: problem.expected, suggestion: problem.suggestion)
      return nil
    }
    do throws(PluginError) {
      let library = try PluginLibrary(path: try compiled(path))
      let kind = library.kind
      guard kind.category == category else {
        let article = kind.category == .accelerator ? "an" : "a"
        throw PluginError("is the plug-in '\(kind.name)', \(article) \(kind.category.rawValue)")
      }
      guard let values = values(of: reference, kind, origin) else { return nil }
      var ports: [AcceleratorPort] = []
      for (index, port) in kind.ports.enumerated() {
        ports.append(
          AcceleratorPort(
            name: port.name, direction: port.isInput ? .input : .output,
            widthBits: try library.bits(ofPort: index, parameters: values)))
      }
      return ExternalModule(
        source: .plugin(library, parameters: values), kindName: kind.name, summary: kind.summary,
        ports: ports, windowBytes: kind.windowBytes, registers: kind.registers,
        hasInterrupt: kind.hasInterrupt,
        parameters: Array(zip(kind.parameters.map(\.name), values)),
        fingerprint: fingerprint(path))
    } catch {
      let (sentence, details) = Self.split(error.message)
      collector.error(
        at: origin.position(of: "library"), origin.path(of: "library"),
        "\(reference.library): \(sentence)", details: details)
      return nil
    }
  }

  /// The library at `path`, or the one made of the source there.
  private func compiled(_ path: String) throws(PluginError) -> String {
    guard PluginCompiler.isSource(path) else { return path }
    guard let root = InstallationFolder.find() else {
      throw PluginError(
        "is a source, and flecsim_plugin.h was not found; set FLECSIM_HOME to the tool's folder")
    }
    return try PluginCompiler(
      buildFolder: CacheFiles.standardFolder + "/plugins",
      headers: root + "/Sources/CPlugin/include"
    ).compile(path)
  }

  private func fingerprint(_ path: String) -> String {
    guard case .success(let bytes) = HostFile.read(path, limit: 1 << 30) else { return "" }
    return Digest.hexadecimal(of: bytes)
  }

  /// The values of a plug-in's parameters in its order; nil after a mistake.
  private func values(
    of reference: PluginReference, _ kind: PluginKind, _ origin: Origin
  ) -> [Int64]? {
    var isSound = true
    let names = kind.parameters.map(\.name)
    for entry in reference.parameters where !names.contains(entry.key) {
      let near = Suggestion.nearest(to: entry.key, among: names)
      collector.error(
        at: entry.origin.position, entry.origin.path,
        "\(kind.name) has no such parameter",
        expected: near != nil
          ? nil : names.isEmpty ? "none" : "one of " + names.joined(separator: ", "),
        suggestion: near)
      isSound = false
    }
    var values: [Int64] = []
    for parameter in kind.parameters {
      let range = "an integer from \(parameter.range.lowerBound) to \(parameter.range.upperBound)"
      guard let entry = reference.parameters.first(where: { $0.key == parameter.name }) else {
        guard let standard = parameter.standard else {
          isSound = false
          // One whose value is no integer has been reported and is not among the entries.
          let path = origin.path(of: "parameters.\(parameter.name)")
          if collector.findings.contains(where: { $0.path == path }) { continue }
          collector.error(
            at: origin.position(of: "parameters"), path, "missing",
            expected: "\(range): \(parameter.help)")
          continue
        }
        values.append(standard)
        continue
      }
      if !parameter.range.contains(entry.value) {
        collector.error(
          at: entry.origin.position, entry.origin.path, "found \(entry.value)", expected: range)
        isSound = false
      }
      values.append(entry.value)
    }
    return isSound ? values : nil
  }

  // MARK: RTL

  private func design(_ rtl: RTLDescription, _ soc: SoCDescription) -> ExternalModule? {
    let origin = rtl.origin
    guard origin.isSound("top", "sources", "search", "parameters", "port_map") else { return nil }
    var isReadable = true
    for (index, file) in rtl.sources.enumerated() {
      guard let problem = HostFile.problem(soc.resolve(file)) else { continue }
      collector.error(
        at: origin.position(of: "sources[\(index)]"), origin.path(of: "sources[\(index)]"),
        problem.message, expected: problem.expected, suggestion: problem.suggestion)
      isReadable = false
    }
    guard isReadable else { return nil }
    do throws(RTLError) {
      let builder = try RTLBuilder(buildFolder: CacheFiles.standardFolder + "/rtl")
      let translation = try builder.translate(
        RTLSource(
          top: rtl.top, files: rtl.sources.map(soc.resolve),
          searchFolders: rtl.search.map(soc.resolve),
          parameters: rtl.parameters.map { .init($0.key, String($0.value)) }))
      return design(rtl, builder, translation, soc)
    } catch {
      collector.error(
        at: origin.position(of: "top"), origin.path(of: "top"), error.message,
        details: Self.shortened(error.diagnostics))
      return nil
    }
  }

  /// A sentence and what a tool said below it.
  private static func split(_ message: String) -> (sentence: String, details: String) {
    guard let end = message.firstIndex(of: "\n") else { return (message, "") }
    let sentence = message[..<end].drop { $0 == " " }
    let details = shortened(String(message[message.index(after: end)...]))
    return (sentence.hasSuffix(":") ? String(sentence.dropLast()) : String(sentence), details)
  }

  /// The first lines of what a tool said.
  private static func shortened(_ diagnostics: String) -> String {
    let lines = diagnostics.split(separator: "\n", omittingEmptySubsequences: false)
    let most = 20
    return lines.prefix(most).joined(separator: "\n")
      + (lines.count > most ? "\n… (\(lines.count - most) more lines)" : "")
  }

  private func design(
    _ rtl: RTLDescription, _ builder: RTLBuilder, _ translation: RTLBuilder.Translation,
    _ soc: SoCDescription
  ) -> ExternalModule? {
    guard let description = portMap(rtl, soc) else { return nil }
    var resolution = PortMapResolution(
      description.request, pins: translation.pins, top: rtl.top)
    switch resolution.resolve() {
    case .failure(let failure):
      for problem in failure.problems { report(problem, description, rtl) }
      return nil
    case .success(let map):
      let list = description.registers?.list ?? []
      return ExternalModule(
        source: .rtl(
          RTLDesign(
            builder: builder, translation: translation, map: map,
            components: description.components)),
        kindName: rtl.top, summary: "RTL of \(translation.source.title).",
        ports: map.streams.map { stream in
          AcceleratorPort(
            name: stream.name, direction: stream.isInput ? .input : .output,
            widthBits: stream.bits)
        }, windowBytes: description.registers?.window ?? 0x1000,
        registers: RegisterMap(
          device: rtl.top, windowBytes: description.registers?.window ?? 0x1000,
          list.map(\.descriptor)),
        hasInterrupt: map.interrupt != nil,
        parameters: rtl.parameters.map { ($0.key, $0.value) },
        fingerprint: translation.fingerprint)
    }
  }

  /// The port map's file; one that says nothing when there is none; nil after a mistake.
  private func portMap(_ rtl: RTLDescription, _ soc: SoCDescription) -> PortMapDescription? {
    guard let path = rtl.portMap else { return .withDefaults() }
    if let problem = HostFile.problem(soc.resolve(path)) {
      collector.error(
        at: rtl.origin.position(of: "port_map"), rtl.origin.path(of: "port_map"), problem.message,
        expected: problem.expected, suggestion: problem.suggestion)
      return nil
    }
    let scratch = DiagnosticCollector()
    let document = JSONDocument.read(soc.resolve(path), limits: JSONLimits(), scratch)
    var description = PortMapDescription.withDefaults()
    if let root = document?.root {
      description = PortMapDescription.decode(
        JSONMember(key: "", keyPosition: root.position, node: root), scratch)
    }
    let before = scratch.hasErrors
    for finding in scratch.findings { collector.report(finding) }
    guard document != nil, !before else { return nil }
    return sorted(description) ? description : nil
  }

  /// Whether the registers of a port map do not overlap; reports those that do.
  private func sorted(_ description: PortMapDescription) -> Bool {
    guard let side = description.registers else { return true }
    var end: UInt64 = 0
    var isSound = true
    for register in side.list {
      let bytes = UInt64(register.bytes * register.count)
      if register.offset % UInt64(register.bytes) != 0 || register.offset < end
        || register.offset + bytes > side.window
      {
        collector.error(
          at: register.origin.position, register.origin.path,
          "a register of \(bytes) bytes at \(register.offset) overlaps the one before, is not at a "
            + "multiple of its size or leaves the window",
          expected: "registers in order of their offsets")
        isSound = false
      }
      end = register.offset + bytes
    }
    return isSound
  }

  private func report(
    _ problem: PortMapProblem, _ map: PortMapDescription, _ rtl: RTLDescription
  ) {
    let key = String(problem.key.split(separator: ".").first ?? "")
    if rtl.portMap != nil, map.origin.isGiven(key) {
      collector.error(
        at: map.origin.position(of: key), problem.key, problem.message)
    } else {
      collector.error(
        at: rtl.origin.position(of: rtl.portMap == nil ? "top" : "port_map"),
        rtl.origin.path(of: rtl.portMap == nil ? "top" : "port_map"),
        problem.message
          + (rtl.portMap == nil ? "; a port map says which pins are what" : ""))
    }
  }

  // MARK: Shadows

  /// A shadow has the ports of the model it watches.
  private func checkShadow(_ accelerator: AcceleratorDescription) {
    guard let shadow = accelerator.shadow, let module = accelerator.shadowModule,
      accelerator.origin.isSound("fixed_args"), let kind = accelerator.kind
    else { return }
    var arguments = accelerator.arguments
    kind.resolve(&arguments)
    let position = shadow.origin.position(of: "top")
    let path = shadow.origin.path(of: "top")
    guard accelerator.external == nil else {
      collector.error(
        at: position, path, "\(kind.name) is no model of ours that RTL could shadow",
        expected: "a shadow of \(AcceleratorCatalog.models.map(\.name).joined(separator: " or "))")
      return
    }
    let expected = kind.ports(arguments)
    for port in expected {
      guard let found = module.ports.first(where: { $0.name == port.name }) else {
        collector.error(
          at: position, path,
          "\(shadow.top) has no stream '\(port.name)'; it has "
            + module.ports.map(\.name).joined(separator: ", "))
        continue
      }
      if found.direction != port.direction || found.widthBits < port.widthBits
        || found.widthBits > port.portSize
      {
        collector.error(
          at: position, path,
          "stream '\(port.name)' of \(shadow.top) is an \(found.direction.rawValue) of "
            + "\(found.widthBits) bits; that of \(kind.name) is an \(port.direction.rawValue) of "
            + "\(port.widthBits)")
      }
    }
    for port in module.ports where !expected.contains(where: { $0.name == port.name }) {
      collector.error(
        at: position, path, "stream '\(port.name)' of \(shadow.top) is not one of \(kind.name)")
    }
    if case .rtl(let design) = module.source, design.map.registers?.kind != .simple {
      collector.error(
        at: position, path,
        "a shadow answers register accesses in the cycle of its model: it needs a register side of the "
          + "protocol 'simple'")
    }
  }
}

extension PortMapDescription {
  /// What the file says about the pins.
  fileprivate var request: PortMapRequest {
    var request = PortMapRequest()
    request.clock = clock
    request.resetPin = reset?.pin
    request.isResetActiveLow = reset?.active.map { $0 == .low }
    request.resetCycles = reset?.cycles ?? 2
    if origin.isGiven("streams") {
      request.streams = streams.map {
        PortMapRequest.Stream(name: $0.name, prefix: $0.prefix, pins: $0.pins)
      }
    }
    request.registerProtocol = registers?.kind.flatMap {
      PortMap.RegisterProtocol(rawValue: $0.rawValue)
    }
    request.registerPrefix = registers?.prefix
    request.registerPins = Dictionary(
      (registers?.pins ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    request.interrupt = interrupt
    request.ties = Dictionary(
      ties.map { ($0.key, UInt64($0.value)) }, uniquingKeysWith: { first, _ in first })
    request.counters = counters.map {
      PortMap.Counter(
        name: $0.name, pin: $0.pin ?? $0.name, unit: $0.unit,
        help: $0.help.isEmpty ? "Reported by the RTL's pin \($0.pin ?? $0.name)." : $0.help,
        component: $0.component, action: $0.action)
    }
    return request
  }
}

extension RegisterListDescription {
  fileprivate var descriptor: RegisterDescriptor {
    RegisterDescriptor(
      name, at: offset, bytes: bytes, count: count,
      access: RegisterDescriptor.Access(rawValue: access.rawValue) ?? .readWrite, reset: nil,
      help.isEmpty ? "See the manual of the module." : help)
  }
}
