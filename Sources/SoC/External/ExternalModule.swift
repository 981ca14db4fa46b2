public import Fabric
internal import Plugins
internal import RTL

/// A module that is not ours, found and understood: a plug-in library or RTL.
public struct ExternalModule: Sendable, Equatable {
  /// Where it comes from.
  enum Source: Sendable {
    case plugin(PluginLibrary, parameters: [Int64])
    case rtl(RTLDesign)
  }

  let source: Source
  /// Its kind: the plug-in's name, or the top module.
  public let kindName: String
  /// One line.
  public let summary: String
  /// Its stream ports.
  public let ports: [AcceleratorPort]
  /// Size of its register window in bytes.
  public let windowBytes: UInt64
  /// Its registers, for firmware; empty when it declares none.
  public let registers: RegisterMap
  /// Whether it has an interrupt line.
  public let hasInterrupt: Bool
  /// Its parameters with their values, for firmware.
  public let parameters: [(name: String, value: Int64)]
  /// What decides how it behaves besides the description: the content of all files it was made
  /// from.
  public let fingerprint: String

  /// Whether both were made from the same files with the same parameters.
  public static func == (left: ExternalModule, right: ExternalModule) -> Bool {
    left.kindName == right.kindName && left.fingerprint == right.fingerprint
      && left.ports == right.ports
      && left.parameters.elementsEqual(right.parameters, by: ==)
  }
}

extension SoCDescription {
  /// Everything that is not ours, in the order of the file; shadows are not among it, for they
  /// decide nothing.
  public var externalModules: [ExternalModule] {
    accelerators.compactMap(\.external) + peripherals.compactMap(\.external)
      + memories.compactMap(\.external)
  }
}

/// RTL that was translated and whose pins are known.
struct RTLDesign: Sendable {
  let builder: RTLBuilder
  let translation: RTLBuilder.Translation
  let map: PortMap
  let components: [ComponentMapDescription]

  /// Compiles the RTL, or finds it compiled, and creates an instance.
  ///
  /// - Throws: ``SystemError`` with the compiler's messages.
  func instance(path: String) throws(SystemError) -> VerilatedModel {
    do throws(RTLError) {
      return try VerilatedModel(translation, library: try builder.compile(translation))
    } catch {
      throw .build(path: path, reason: "\(error)")
    }
  }
}
