public import Fabric

/// What a plug-in library says about the kind of module that it adds.
public struct PluginKind: Sendable, Equatable {
  /// What a kind is.
  public enum Category: String, Sendable {
    /// Stream ports, registers, an interrupt.
    case accelerator
    /// Registers, an interrupt.
    case peripheral
    /// The timing of a memory.
    case memory
  }

  /// An integer that the SoC file gives.
  public struct Parameter: Sendable, Equatable {
    /// The name.
    public let name: String
    /// One sentence.
    public let help: String
    /// The values allowed.
    public let range: ClosedRange<Int64>
    /// The value when none is given; nil: one must be given.
    public let standard: Int64?
  }

  /// A stream port.
  public struct Port: Sendable, Equatable {
    /// The name.
    public let name: String
    /// Whether data flows into the module.
    public let isInput: Bool
    /// Bits of a beat; nil when they depend on the parameters.
    public let bits: Int?
  }

  struct Counter: Sendable, Equatable {
    let name: String
    let unit: String
    let help: String
    let component: String?
    let action: String?
  }

  struct State: Sendable, Equatable {
    enum Kind: Sendable {
      case idle, active, waiting
    }
    let name: String
    let kind: Kind
    let port: Int?
  }

  /// The kind's name, for example `VectorAdd`.
  public let name: String
  /// One line.
  public let summary: String
  /// What it is.
  public let category: Category
  /// Size of the register window in bytes.
  public let windowBytes: UInt64
  /// Its parameters.
  public let parameters: [Parameter]
  /// Its stream ports.
  public let ports: [Port]
  /// Its registers, for the C header.
  public let registers: RegisterMap
  /// Whether it has an interrupt line.
  public let hasInterrupt: Bool
  let counters: [Counter]
  let states: [State]
}
