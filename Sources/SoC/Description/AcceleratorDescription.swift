/// An entry of section `accelerators`.
public struct AcceleratorDescription: NamedSection {
  /// Instance name.
  public internal(set) var name = ""
  /// Name of the model class, such as `OSArray`.
  public internal(set) var kindName = ""
  /// Base address of the registers.
  public internal(set) var address: UInt64 = 0
  /// Default register values by register name.
  public internal(set) var registers: [DictionaryEntry<Int64>] = []
  /// Input ports that other accelerators drive: port to `accelerator.port`.
  public internal(set) var inputs: [DictionaryEntry<String>] = []
  /// The hard parameters that the kind declares.
  public internal(set) var arguments = AcceleratorArguments()
  /// Component classes for area and energy in place of the model's own.
  public internal(set) var submodules: [SubmoduleDescription] = []
  /// Conventions of cycle counts to report beside the simulator's own.
  public internal(set) var conventions: [CycleConvention] = []
  /// Name of the clock.
  public internal(set) var clock = ""
  /// Component class for energy and area.
  public internal(set) var energyClass: String?
  /// RTL that shadows the model and must do the same in every cycle.
  public internal(set) var shadow: RTLDescription?
  /// What is behind kinds that are not ours; nil for models, and after a mistake.
  public internal(set) var external: ExternalModule?
  /// What is behind `shadow`.
  public internal(set) var shadowModule: ExternalModule?
  /// Where the entry stands.
  public internal(set) var origin = Origin()

  /// The model class; always found in a valid description.
  public var kind: AcceleratorKind? { AcceleratorCatalog.kind(named: kindName) }

  /// The stream ports of this instance with their widths.
  public var ports: [AcceleratorPort] { external?.ports ?? kind?.ports(arguments) ?? [] }

  /// Whether its ports are known: not when the files of a module that is not ours have mistakes.
  var knowsPorts: Bool {
    external != nil || AcceleratorCatalog.models.contains { $0.name == kindName }
  }

  /// Whether the widths of its ports can be judged: no mistake was found in what decides them.
  var hasSoundWidths: Bool {
    origin.isSound("accelerator", "fixed_args")
      && arguments.origin.isSound("XDIM", "YDIM", "LANES", "data_type", "OUT_BITS")
  }

  /// Size of the register window in bytes.
  public var windowBytes: UInt64 { external?.windowBytes ?? kind?.windowBytes ?? 0x1000 }

  /// A wrong value must not pass as an absent one: then the port would seem unconnected.
  private static let inputsCodec: ValueCodec<[DictionaryEntry<String>]> = {
    let dictionary = ValueCodec<[DictionaryEntry<String>]>.dictionary(
      "input ports", of: .text("an output port of an accelerator, ACCELERATOR.PORT"))
    return ValueCodec(
      shape: dictionary.shape,
      decode: { member, collector in
        guard let entries = dictionary.decode(member, collector),
          entries.count == member.node.members?.count
        else { return nil }
        return entries
      },
      encode: dictionary.encode)
  }()

  static let noun = "accelerator"
  static let help = "An accelerator; its kind decides what fixed_args may hold."
  static let fields: [Field<Self>] = [
    .required(
      "accelerator", \.kindName, .name(among: AcceleratorCatalog.kinds.map(\.name)),
      "Model class."),
    .required("module_address", \.address, .address, "Base address of the registers."),
    .defaulted(
      "registers", \.registers,
      .dictionary("register names", of: .integer(Int64(Int32.min)...Int64(UInt32.max))),
      default: [], "Default register values."),
    .acceleratorArguments,
    .defaulted(
      "inputs", \.inputs, inputsCodec, default: [], onlyIf: { !$0.inputs.isEmpty },
      "Input ports that take what another accelerator sends instead of a DMA."),
    .defaulted(
      "submodules", \.submodules, .instances(SubmoduleDescription.self), default: [],
      "Component classes for area and energy."),
    .defaulted(
      "conventions", \.conventions, .list(of: .choice), default: [],
      "Conventions of cycle counts to report beside the simulator's own."),
    .optional(
      "shadow", \.shadow, .section(RTLDescription.self),
      "RTL that runs beside the model and must do the same in every cycle."),
    .clock(\.clock),
    .energyClass(\.energyClass),
  ]
}

/// An entry of `submodules` of an accelerator.
public struct SubmoduleDescription: NamedSection {
  /// Name of the part.
  public internal(set) var name = ""
  /// Component class for area and energy.
  public internal(set) var componentClass = ""
  /// How many of them.
  public internal(set) var quantity: UInt64 = 1
  /// Where the entry stands.
  public internal(set) var origin = Origin()

  static let noun = "submodule"
  static let help = "A part of an accelerator, for area and energy."
  static let fields: [Field<Self>] = [
    .required(
      "submodule", \.componentClass, .text("the name of a component class"), "Component class."),
    .defaulted(
      "quantity", \.quantity, .integer(1...1 << 40, unit: "instances"), default: 1,
      "How many of them."),
  ]
}

extension Field<AcceleratorDescription> {
  /// `fixed_args`: declared by the kind, so it can be decoded only after `accelerator`.
  static var acceleratorArguments: Self {
    Field(
      declaration: FieldDeclaration(
        name: "fixed_args", aliases: ["fixed args"], shape: .acceleratorArguments,
        presence: .required, help: "Hard parameters; the accelerator's kind declares them."),
      decode: { member, accelerator, collector in
        // Without a known kind nothing can be said about its arguments.
        guard let kind = accelerator.kind else { return false }
        SectionDecoder(fields: kind.arguments, shorthand: nil, collector: collector)
          .decode(member, into: &accelerator.arguments)
        return true
      },
      applyDefault: { _ in },
      encode: { accelerator in accelerator.kind?.arguments.encode(accelerator.arguments) })
  }
}

/// A stream port of an accelerator, by names.
public struct StreamEndpoint: Sendable, Equatable {
  /// The accelerator's name.
  public let accelerator: String
  /// The port's name.
  public let port: String

  /// Names a port.
  public init(accelerator: String, port: String) {
    self.accelerator = accelerator
    self.port = port
  }

  /// Reads `accelerator.port`; nil when that is not its form.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self.init(accelerator: String(parts[0]), port: String(parts[1]))
  }
}

extension SoCDescription {
  /// The streams from accelerator to accelerator, in the order in which the receivers stand in the
  /// file.
  public var acceleratorStreams: [(receiver: StreamEndpoint, driver: StreamEndpoint)] {
    accelerators.flatMap { accelerator in
      accelerator.inputs.compactMap { input in
        StreamEndpoint(input.value).map {
          (StreamEndpoint(accelerator: accelerator.name, port: input.key), $0)
        }
      }
    }
  }
}
