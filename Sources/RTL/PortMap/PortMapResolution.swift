/// Finds the pins of a module by what the user says and by their names.
public struct PortMapResolution {
  private let request: PortMapRequest
  private let pins: [Pin]
  private let top: String
  private var problems: [PortMapProblem] = []
  private var connected: Set<String> = []

  /// - Parameter top: the module's name, for messages.
  public init(_ request: PortMapRequest, pins: [Pin], top: String) {
    self.request = request
    self.pins = pins
    self.top = top
  }

  private static let clocks = ["clk", "aclk", "clk_i", "clock", "i_clk", "CLK", "ACLK"]
  private static let lowResets = [
    "rst_n", "aresetn", "rst_ni", "resetn", "reset_n", "rstn", "i_rst_n", "ARESETN",
  ]
  private static let highResets = ["rst", "reset", "rst_i", "i_rst", "RST"]
  private static let interrupts = ["irq", "interrupt", "irq_o", "intr", "o_irq"]
  private static let registerPrefixes: [(PortMap.RegisterProtocol, [String])] = [
    (.simple, ["reg_", "regs_"]),
    (.axi4Lite, ["s_axil_", "s_axi_", "s_axi_lite_", "axil_", "s_", "S_AXI_"]),
  ]
  private static let simpleInputs = ["valid", "write", "offset", "wdata"]
  private static let simpleOptional = ["bytes"]
  private static let simpleOutputs = ["rdata"]
  private static let simpleOptionalOutputs = ["okay"]
  private static let axiInputs = [
    "awvalid", "awaddr", "wvalid", "wdata", "wstrb", "bready", "arvalid", "araddr", "rready",
  ]
  private static let axiOptional = ["awprot", "arprot"]
  private static let axiOutputs = [
    "awready", "wready", "bvalid", "bresp", "arready", "rvalid", "rdata", "rresp",
  ]

  /// The port map.
  ///
  /// - Returns: the map, or everything that is wrong.
  public mutating func resolve() -> Result<PortMap, PortMapProblems> {
    let clock = find(request.clock, among: Self.clocks, "clock", .input)
    if clock == nil, request.clock == nil {
      note(
        "clock",
        "\(top) has no pin named \(Self.clocks.prefix(3).joined(separator: ", ")), …; name its clock"
      )
    }
    let reset = resolveReset()
    let streams = resolveStreams()
    let registers = resolveRegisters()
    let interrupt = find(request.interrupt, among: Self.interrupts, "interrupt", .output)
    for (pin, value) in request.ties.sorted(by: { $0.key < $1.key }) {
      guard let found = need(pin, "tie.\(pin)", .input) else { continue }
      if found.bits < 64, value >> UInt64(found.bits) != 0 {
        note("tie.\(pin)", "\(value) does not fit into \(found.bits) bits")
      }
    }
    for counter in request.counters {
      _ = need(counter.pin, "counters.\(counter.name)", .output)
    }
    // A pin that is missed may be connected to nothing because another one is named wrongly.
    if problems.isEmpty { reportOpenInputs() }
    guard problems.isEmpty, let clock else {
      return .failure(PortMapProblems(problems: problems))
    }
    return .success(
      PortMap(
        clock: clock, reset: reset, streams: streams, registers: registers, interrupt: interrupt,
        ties: request.ties, counters: request.counters))
  }

  // MARK: Parts

  private mutating func resolveReset() -> PortMap.Reset? {
    if let pin = request.resetPin {
      guard need(pin, "reset.pin", .input) != nil else { return nil }
      let isLow = request.isResetActiveLow ?? !Self.highResets.contains(pin)
      return PortMap.Reset(pin: pin, isActiveLow: isLow, cycles: request.resetCycles)
    }
    for (names, isLow) in [(Self.lowResets, true), (Self.highResets, false)] {
      if let pin = names.first(where: { name in pins.contains { $0.name == name } }) {
        connected.insert(pin)
        return PortMap.Reset(
          pin: pin, isActiveLow: request.isResetActiveLow ?? isLow, cycles: request.resetCycles)
      }
    }
    return nil
  }

  private mutating func resolveStreams() -> [PortMap.Stream] {
    let named =
      request.streams
      ?? pins.filter { $0.name.hasSuffix("_tvalid") || $0.name.hasSuffix("_TVALID") }
      .map { PortMapRequest.Stream(name: String($0.name.dropLast(7))) }
    return named.compactMap { stream in
      let key = "streams.\(stream.name)"
      let prefix = stream.prefix ?? stream.name + "_"
      func name(_ role: String) -> String { stream.pins[role] ?? spelled(prefix, role) }
      guard let valid = need(name("tvalid"), key, nil) else { return nil }
      let isInput = valid.direction == .input
      let toModule: Pin.Direction = isInput ? .input : .output
      let fromModule: Pin.Direction = isInput ? .output : .input
      let ready = need(name("tready"), key, fromModule)
      let data = need(name("tdata"), key, toModule)
      let keep =
        stream.pins["tkeep"] == nil
        ? optional(name("tkeep"), toModule) : need(name("tkeep"), key, toModule)
      let last =
        stream.pins["tlast"] == nil
        ? optional(name("tlast"), toModule) : need(name("tlast"), key, toModule)
      guard let ready, let data else { return nil }
      if data.bits % 8 != 0 || data.bits > 65536 {
        note(key, "\(data.name) has \(data.bits) bits; a stream has a multiple of 8, at most 65536")
        return nil
      }
      if let keep, keep.bits != data.bits / 8 {
        note(key, "\(keep.name) has \(keep.bits) bits, but \(data.name) has \(data.bits / 8) bytes")
        return nil
      }
      return PortMap.Stream(
        name: stream.name, isInput: isInput, valid: valid.name, ready: ready.name,
        data: data.name, keep: keep?.name, last: last?.name, bits: data.bits)
    }
  }

  private mutating func resolveRegisters() -> PortMap.Registers? {
    guard let (kind, prefix) = registerStyle() else {
      if request.registerProtocol != nil || request.registerPrefix != nil {
        let prefix = request.registerPrefix ?? ""
        note(
          "registers",
          "\(top) has no pins of a register side with this protocol and prefix: none is named "
            + "'\(prefix)valid' (simple) or '\(prefix)awvalid' (axi4-lite)")
      }
      return nil
    }
    var found: [String: String] = [:]
    let roles =
      kind == .simple
      ? Self.simpleInputs + Self.simpleOptional + Self.simpleOutputs + Self.simpleOptionalOutputs
      : Self.axiInputs + Self.axiOptional + Self.axiOutputs
    for role in request.registerPins.keys.sorted() where !roles.contains(role) {
      note(
        "registers",
        "pins.\(role): the protocol \(kind.rawValue) has no such role; it has "
          + roles.joined(separator: ", "))
    }
    func name(_ role: String) -> String {
      request.registerPins[role] ?? spelled(prefix, role)
    }
    let groups: [([String], Pin.Direction, Bool)] =
      kind == .simple
      ? [
        (Self.simpleInputs, .input, true), (Self.simpleOptional, .input, false),
        (Self.simpleOutputs, .output, true), (Self.simpleOptionalOutputs, .output, false),
      ]
      : [
        (Self.axiInputs, .input, true), (Self.axiOptional, .input, false),
        (Self.axiOutputs, .output, true),
      ]
    for (roles, direction, isNeeded) in groups {
      for role in roles {
        let pin =
          isNeeded ? need(name(role), "registers", direction) : optional(name(role), direction)
        if let pin { found[role] = pin.name }
      }
    }
    if kind == .axi4Lite, let data = found["wdata"].flatMap(pin), ![32, 64].contains(data.bits) {
      note("registers", "\(data.name) has \(data.bits) bits; AXI4-Lite has 32 or 64")
    }
    return PortMap.Registers(kind: kind, pins: found)
  }

  /// The protocol and the start of the pins' names: as said, or those whose first pin is there.
  private func registerStyle() -> (PortMap.RegisterProtocol, String)? {
    for (kind, prefixes) in Self.registerPrefixes {
      if let wanted = request.registerProtocol, wanted != kind { continue }
      let first = kind == .simple ? "valid" : "awvalid"
      if let prefix = request.registerPrefix {
        if pin(request.registerPins[first] ?? spelled(prefix, first)) != nil {
          return (kind, prefix)
        }
        continue
      }
      if let named = request.registerPins[first], pin(named) != nil { return (kind, "") }
      if let prefix = prefixes.first(where: { pin(spelled($0, first)) != nil }) {
        return (kind, prefix)
      }
    }
    return nil
  }

  private mutating func reportOpenInputs() {
    let open = pins.filter { $0.direction == .input && !connected.contains($0.name) }.map(\.name)
    guard !open.isEmpty else { return }
    note(
      "tie",
      "input\(open.count == 1 ? "" : "s") \(open.joined(separator: ", ")) of \(top) "
        + "\(open.count == 1 ? "is" : "are") connected to nothing; map \(open.count == 1 ? "it" : "them") or give a constant value"
    )
  }

  // MARK: Pins

  private func pin(_ name: String) -> Pin? { pins.first { $0.name == name } }

  /// The pin of a role, which may be written in capitals as in the AMBA specifications.
  private func spelled(_ prefix: String, _ role: String) -> String {
    let capitals = prefix + role.uppercased()
    return pin(prefix + role) == nil && pin(capitals) != nil ? capitals : prefix + role
  }

  private mutating func note(_ key: String, _ message: String) {
    problems.append(PortMapProblem(key: key, message: message))
  }

  private mutating func find(
    _ wanted: String?, among usual: [String], _ key: String, _ direction: Pin.Direction
  ) -> String? {
    if let wanted { return need(wanted, key, direction)?.name }
    guard
      let found = usual.first(where: { pin($0)?.direction == direction })
    else { return nil }
    connected.insert(found)
    return found
  }

  private mutating func optional(_ name: String, _ direction: Pin.Direction) -> Pin? {
    guard let found = pin(name), found.direction == direction else { return nil }
    connected.insert(name)
    return found
  }

  private mutating func need(_ name: String, _ key: String, _ direction: Pin.Direction?) -> Pin? {
    guard let found = pin(name) else {
      note(
        key,
        "\(top) has no pin '\(name)'; it has \(pins.map(\.name).joined(separator: ", "))")
      return nil
    }
    if let direction, found.direction != direction {
      note(
        key,
        "pin '\(name)' of \(top) is an \(found.direction.rawValue), not an \(direction.rawValue)")
      return nil
    }
    connected.insert(name)
    return found
  }
}
