/// A port map as its file says it: what does not follow from the names of the pins.
struct PortMapDescription: DeclaredSection {
  var clock: String?
  var reset: ResetMapDescription?
  var streams: [StreamMapDescription] = []
  var registers: RegisterSideDescription?
  var interrupt: String?
  var ties: [DictionaryEntry<Int64>] = []
  var counters: [CounterMapDescription] = []
  var components: [ComponentMapDescription] = []
  var origin = Origin()

  static let noun = "port map"
  static let help = "Which pins of an RTL module are what."
  static let fields: [Field<Self>] = [
    .optional(
      "clock", \.clock, .text("the name of a pin"), default: "clk, aclk or clk_i", "Clock pin."),
    .optional(
      "reset", \.reset, .section(ResetMapDescription.self),
      default: "rst_n, aresetn or rst_ni; or rst, reset", "Reset."),
    .defaulted(
      "streams", \.streams, .instances(StreamMapDescription.self), default: [],
      "Stream ports; without this key every NAME_tvalid is one."),
    .optional(
      "registers", \.registers, .section(RegisterSideDescription.self),
      default: "pins that begin with reg_, s_axil_ or s_axi_", "Register side."),
    .optional(
      "interrupt", \.interrupt, .text("the name of a pin"), default: "irq or interrupt",
      "Interrupt pin, read after the clock edge."),
    .defaulted(
      "tie", \.ties, .dictionary("pin names", of: .integer(0...Int64.max)), default: [],
      "Constant values of further inputs."),
    .defaulted(
      "counters", \.counters, .instances(CounterMapDescription.self), default: [],
      "Outputs that say how many of something happened in a cycle."),
    .defaulted(
      "components", \.components, .instances(ComponentMapDescription.self), default: [],
      "What the module is built of, for area and energy."),
  ]
}

/// `reset` of a port map.
struct ResetMapDescription: DeclaredSection {
  /// When a reset is active.
  enum Level: String, Sendable, CaseIterable {
    case low, high
  }

  var pin: String?
  var active: Level?
  var cycles = 2
  var origin = Origin()

  static let noun = "reset of a port map"
  static let help = "The reset pin and how it works."
  static let fields: [Field<Self>] = [
    .optional("pin", \.pin, .text("the name of a pin"), "Reset pin."),
    .optional(
      "active", \.active, .choice, default: "low if the name ends with n", "Which level resets."),
    .defaulted(
      "cycles", \.cycles, .integer(1...1000, unit: "cycles"), default: 2,
      "How long it is held before the run."),
  ]
}

/// An entry of `streams` of a port map.
struct StreamMapDescription: NamedSection {
  var name = ""
  var prefix: String?
  var valid: String?
  var ready: String?
  var data: String?
  var keep: String?
  var last: String?
  var origin = Origin()

  static let noun = "stream of a port map"
  static let pluralNoun = "streams"
  static let help = "An AXI4-Stream port; its direction is that of its pins."
  static let shorthand: String? = "prefix"
  static let fields: [Field<Self>] = [
    .optional(
      "prefix", \.prefix, .text("the start of names"), default: "NAME_",
      "Common start of the pins' names."),
    .optional("tvalid", \.valid, .text("the name of a pin"), "Pin named otherwise."),
    .optional("tready", \.ready, .text("the name of a pin"), "Pin named otherwise."),
    .optional("tdata", \.data, .text("the name of a pin"), "Pin named otherwise."),
    .optional("tkeep", \.keep, .text("the name of a pin"), "Pin named otherwise."),
    .optional("tlast", \.last, .text("the name of a pin"), "Pin named otherwise."),
  ]

  /// Pins named otherwise by role.
  var pins: [String: String] {
    let all = [
      ("tvalid", valid), ("tready", ready), ("tdata", data), ("tkeep", keep), ("tlast", last),
    ]
    return Dictionary(
      uniqueKeysWithValues: all.compactMap { role, pin in pin.map { (role, $0) } })
  }
}

/// `registers` of a port map.
struct RegisterSideDescription: DeclaredSection {
  /// How accesses reach the module.
  enum Style: String, Sendable, CaseIterable {
    case simple
    case axi4Lite = "axi4-lite"
  }

  var kind: Style?
  var prefix: String?
  var pins: [DictionaryEntry<String>] = []
  var window: UInt64 = 0x1000
  var list: [RegisterListDescription] = []
  var origin = Origin()

  static let noun = "registers of a port map"
  static let help = "The register side, and which registers firmware finds there."
  static let fields: [Field<Self>] = [
    .optional("protocol", \.kind, .choice, default: "the one whose pins are there", "Protocol."),
    .optional(
      "prefix", \.prefix, .text("the start of names"), default: "reg_, s_axil_ or s_axi_",
      "Common start of the pins' names."),
    .defaulted(
      "pins", \.pins, .dictionary("roles (awvalid, …)", of: .text("the name of a pin")),
      default: [], "Pins named otherwise."),
    .defaulted(
      "window", \.window, .integer(0x1000...0x1000_0000, unit: "bytes", isPowerOfTwo: true),
      default: 0x1000, "Size of the register window."),
    .defaulted(
      "list", \.list, .instances(RegisterListDescription.self), default: [],
      "Registers for the C header of firmware."),
  ]
}

/// An entry of `registers.list` of a port map.
struct RegisterListDescription: NamedSection {
  /// What software may do.
  enum Access: String, Sendable, CaseIterable {
    case rw, ro, wo, w1c
  }

  var name = ""
  var offset: UInt64 = 0
  var bytes = 4
  var count = 1
  var access = Access.rw
  var help = ""
  var origin = Origin()

  static let noun = "register of a port map"
  static let pluralNoun = "registers"
  static let help = "A register, for the C header of firmware."
  static let shorthand: String? = "offset"
  static let fields: [Field<Self>] = [
    .required("offset", \.offset, .integer(0...0xFFFF_FFFF, unit: "bytes"), "Byte offset."),
    .defaulted(
      "bytes", \.bytes, .integer(1...8, unit: "bytes", isPowerOfTwo: true), default: 4, "Size."),
    .defaulted(
      "count", \.count, .integer(1...65536, unit: "registers"), default: 1,
      "How many equal ones follow one another."),
    .defaulted("access", \.access, .choice, default: .rw, "What software may do."),
    .defaulted("help", \.help, .anyText("a sentence"), default: "", "What it is for."),
  ]
}

/// An entry of `counters` of a port map.
struct CounterMapDescription: NamedSection {
  var name = ""
  var pin: String?
  var unit = ""
  var help = ""
  var component: String?
  var action: String?
  var origin = Origin()

  static let noun = "counter of a port map"
  static let pluralNoun = "counters"
  static let help = "An output that says how many of something happened in a cycle."
  static let fields: [Field<Self>] = [
    .optional("pin", \.pin, .text("the name of a pin"), default: "the counter's name", "Pin."),
    .required("unit", \.unit, .text("a unit"), "What one is called."),
    .defaulted("help", \.help, .anyText("a sentence"), default: "", "What is counted."),
    .optional(
      "component", \.component, .text("the name of a component"), "Whose energy a count costs."),
    .optional("action", \.action, .text("the name of an action"), "Which action of it."),
  ]
}

/// An entry of `components` of a port map.
struct ComponentMapDescription: NamedSection {
  var name = ""
  var componentClass = ""
  var quantity: UInt64 = 1
  var attributes: [DictionaryEntry<Double>] = []
  var origin = Origin()

  static let noun = "component of a port map"
  static let pluralNoun = "components"
  static let help = "A part of the module, for area and energy."
  static let fields: [Field<Self>] = [
    .required(
      "class", \.componentClass, .text("the name of a component class"), "Component class."),
    .defaulted(
      "quantity", \.quantity, .integer(1...1 << 40, unit: "instances"), default: 1,
      "How many of them."),
    .defaulted(
      "attributes", \.attributes, .dictionary("attribute names", of: .number(0...1e15)),
      default: [], "Attributes of the class, the unit in the name."),
  ]
}
