internal import CPlugin
internal import Fabric

/// Reads the C description of a plug-in and refuses what cannot be.
struct PluginDescription {
  private let plugin: flecsim_plugin
  private static let maximumEntries: UInt32 = 1024

  init(_ plugin: flecsim_plugin) {
    self.plugin = plugin
  }

  func kind() throws(PluginError) -> PluginKind {
    let category: PluginKind.Category
    switch plugin.category {
    case FLECSIM_ACCELERATOR: category = .accelerator
    case FLECSIM_PERIPHERAL: category = .peripheral
    case FLECSIM_MEMORY: category = .memory
    default:
      throw PluginError(
        "says it is of category \(plugin.category); there are 1 (accelerator), 2 (peripheral) and 3 "
          + "(memory)")
    }
    let name = try identifier(plugin.name, "name")
    guard plugin.create != nil, plugin.destroy != nil else {
      throw PluginError("has no function create or destroy")
    }
    if category == .memory {
      guard plugin.access != nil else { throw PluginError("is a memory without function access") }
    } else if plugin.tick == nil {
      throw PluginError(
        "is \(category == .accelerator ? "an accelerator" : "a peripheral") without function tick")
    }
    if category != .accelerator, plugin.port_count > 0 {
      throw PluginError("is no accelerator but has stream ports")
    }
    let window = plugin.window_bytes == 0 ? 4096 : plugin.window_bytes
    guard window >= 4096, window & (window - 1) == 0 else {
      throw PluginError(
        "has a window of \(window) bytes; it is a power of two from 4096 on")
    }
    let ports = try ports()
    let result = PluginKind(
      name: name, summary: try text(plugin.summary, "summary"), category: category,
      windowBytes: UInt64(window), parameters: try parameters(), ports: ports,
      registers: try registers(name, window: window), hasInterrupt: plugin.interrupts != 0,
      counters: try counters(), states: try states(category, ports: ports))
    try refuseRepetition(result.parameters.map(\.name), "parameters")
    try refuseRepetition(result.ports.map(\.name), "ports")
    try refuseRepetition(result.counters.map(\.name), "counters")
    try refuseRepetition(result.states.map(\.name), "classes of cycles")
    return result
  }

  // MARK: Lists

  private func list<Entry, Result>(
    _ entries: UnsafePointer<Entry>?, _ count: UInt32, _ what: String,
    _ read: (Entry) throws(PluginError) -> Result
  ) throws(PluginError) -> [Result] {
    guard count <= Self.maximumEntries else { throw PluginError("has \(count) \(what)") }
    guard count > 0 else { return [] }
    guard let entries else { throw PluginError("has \(count) \(what), but the list is NULL") }
    var result: [Result] = []
    for index in 0..<Int(count) { result.append(try read(entries[index])) }
    return result
  }

  private func parameters() throws(PluginError) -> [PluginKind.Parameter] {
    try list(plugin.parameters, plugin.parameter_count, "parameters") {
      (entry) throws(PluginError) in
      let name = try identifier(entry.name, "name of a parameter")
      guard entry.minimum <= entry.maximum else {
        throw PluginError(
          "has a parameter '\(name)' with minimum \(entry.minimum) above maximum \(entry.maximum)")
      }
      guard entry.standard <= entry.maximum else {
        throw PluginError("has a parameter '\(name)' whose standard value is above its maximum")
      }
      return PluginKind.Parameter(
        name: name, help: try text(entry.help, "help of parameter '\(name)'"),
        range: entry.minimum...entry.maximum,
        standard: entry.standard < entry.minimum ? nil : entry.standard)
    }
  }

  private func ports() throws(PluginError) -> [PluginKind.Port] {
    try list(plugin.ports, plugin.port_count, "ports") { (entry) throws(PluginError) in
      let name = try identifier(entry.name, "name of a port")
      guard entry.direction == FLECSIM_INPUT || entry.direction == FLECSIM_OUTPUT else {
        throw PluginError("has a port '\(name)' of direction \(entry.direction)")
      }
      if entry.bits == 0, plugin.port_bits == nil {
        throw PluginError("has a port '\(name)' of 0 bits and no function port_bits")
      }
      return PluginKind.Port(
        name: name, isInput: entry.direction == FLECSIM_INPUT,
        bits: entry.bits == 0 ? nil : Int(entry.bits))
    }
  }

  private func registers(_ device: String, window: UInt32) throws(PluginError) -> RegisterMap {
    var end: UInt64 = 0
    let registers = try list(plugin.registers, plugin.register_count, "registers") {
      (entry) throws(PluginError) in
      let name = try identifier(entry.name, "name of a register")
      guard [1, 2, 4, 8].contains(entry.bytes), entry.offset % entry.bytes == 0 else {
        throw PluginError(
          "has a register '\(name)' of \(entry.bytes) bytes at \(entry.offset); a register has 1, 2, 4 "
            + "or 8 bytes and lies at a multiple of that")
      }
      let count = max(1, Int(entry.count))
      guard UInt64(entry.offset) >= end else {
        throw PluginError("has a register '\(name)' that overlaps the one before; sort by offset")
      }
      end = UInt64(entry.offset) + UInt64(entry.bytes) * UInt64(count)
      guard end <= UInt64(window) else {
        throw PluginError("has a register '\(name)' that ends behind the window of \(window) bytes")
      }
      let access: RegisterDescriptor.Access =
        switch entry.access {
        case FLECSIM_READ_ONLY: .readOnly
        case FLECSIM_WRITE_ONLY: .writeOnly
        case FLECSIM_WRITE_ONE_TO_CLEAR: .writeOneToClear
        default: .readWrite
        }
      return RegisterDescriptor(
        name, at: UInt64(entry.offset), bytes: Int(entry.bytes), count: count, access: access,
        reset: nil, try text(entry.help, "help of register '\(name)'"))
    }
    try refuseRepetition(registers.map(\.name), "registers")
    return RegisterMap(device: device, windowBytes: UInt64(window), registers)
  }

  private func counters() throws(PluginError) -> [PluginKind.Counter] {
    try list(plugin.counters, plugin.counter_count, "counters") { (entry) throws(PluginError) in
      let name = try text(entry.name, "name of a counter")
      let component = entry.component.map { String(cString: $0) }
      let action = entry.action.map { String(cString: $0) }
      guard (component == nil) == (action == nil) else {
        throw PluginError("has a counter '\(name)' with only one of component and action")
      }
      return PluginKind.Counter(
        name: name, unit: try text(entry.unit, "unit of counter '\(name)'"),
        help: try text(entry.help, "help of counter '\(name)'"), component: component,
        action: action)
    }
  }

  private func states(
    _ category: PluginKind.Category, ports: [PluginKind.Port]
  ) throws(PluginError) -> [PluginKind.State] {
    let states = try list(plugin.states, plugin.state_count, "classes of cycles") {
      (entry) throws(PluginError) in
      let name = try text(entry.name, "name of a class of cycles")
      let kind: PluginKind.State.Kind
      switch entry.type {
      case FLECSIM_IDLE: kind = .idle
      case FLECSIM_ACTIVE: kind = .active
      case FLECSIM_WAITING: kind = .waiting
      default: throw PluginError("has a class of cycles '\(name)' of type \(entry.type)")
      }
      guard entry.port < ports.count else {
        throw PluginError("has a class of cycles '\(name)' that waits for port \(entry.port)")
      }
      return PluginKind.State(
        name: name, kind: kind, port: entry.port < 0 ? nil : Int(entry.port))
    }
    if category == .memory { return states }
    guard let first = states.first else {
      return [
        PluginKind.State(name: "idle", kind: .idle, port: nil),
        PluginKind.State(name: "active", kind: .active, port: nil),
      ]
    }
    guard first.kind == .idle else {
      throw PluginError("has '\(first.name)' as first class of cycles; that one is for idle cycles")
    }
    return states
  }

  // MARK: Texts

  private func text(_ pointer: UnsafePointer<CChar>?, _ what: String) throws(PluginError) -> String
  {
    guard let pointer, pointer.pointee != 0 else { throw PluginError("has no \(what)") }
    return String(cString: pointer)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & ~0x20)
  }

  /// A name that becomes part of a macro's name.
  private func identifier(
    _ pointer: UnsafePointer<CChar>?, _ what: String
  ) throws(PluginError) -> String {
    let name = try text(pointer, what)
    guard name.utf8.allSatisfy({ $0 == 0x5F || Self.isLetterOrDigit($0) }) else {
      throw PluginError("has the \(what) '\(name)'; it may have letters, digits and _ only")
    }
    return name
  }

  private func refuseRepetition(_ names: [String], _ what: String) throws(PluginError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw PluginError("has two \(what) named '\(name)'")
    }
  }
}
