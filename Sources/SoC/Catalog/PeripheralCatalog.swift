/// What a kind of peripheral occupies, and where it usually is.
public struct PeripheralKind: Sendable {
  /// Value of the key `type`.
  public let name: String
  /// Instance name when the file has no section `peripherals`.
  public let defaultInstanceName: String
  /// Usual base address.
  public let defaultAddress: UInt64
  /// Size of the register window in bytes.
  public let windowBytes: UInt64
  /// Usual PLIC source; nil when the kind cannot interrupt through the PLIC.
  public let interruptSource: Int?
  /// One line.
  public let summary: String
}

/// The kinds of peripherals: one line each.
///
/// Addresses and window sizes are those of the RISC-V `virt` machine of QEMU, whose firmware runs
/// here unchanged; the marker is ours.
public enum PeripheralCatalog {
  /// PLIC sources 1…31.
  public static let interruptSources = 31

  /// Every kind.
  public static let kinds: [PeripheralKind] = [
    PeripheralKind(
      name: "TestFinisher", defaultInstanceName: "finisher", defaultAddress: 0x0010_0000,
      windowBytes: 0x1000, interruptSource: nil, summary: "Ends the run with an exit code."),
    PeripheralKind(
      name: "CLINT", defaultInstanceName: "clint", defaultAddress: 0x0200_0000,
      windowBytes: 0xC_0000, interruptSource: nil, summary: "Timer and software interrupts."),
    PeripheralKind(
      name: "PLIC", defaultInstanceName: "plic", defaultAddress: 0x0C00_0000,
      windowBytes: 0x100_0000, interruptSource: nil, summary: "Interrupt controller."),
    PeripheralKind(
      name: "UART16550", defaultInstanceName: "uart", defaultAddress: 0x1000_0000,
      windowBytes: 0x1000, interruptSource: 10, summary: "Serial port."),
    PeripheralKind(
      name: "Marker", defaultInstanceName: "marker", defaultAddress: 0x1001_0000,
      windowBytes: 0x1000, interruptSource: nil, summary: "Layer tags and waveform window."),
  ]

  /// A peripheral of a plug-in library; there is none without being named.
  public static let plugin = PeripheralKind(
    name: "Plugin", defaultInstanceName: "plugin", defaultAddress: 0x1002_0000,
    windowBytes: 0x1000, interruptSource: nil, summary: "A peripheral of a plug-in library.")

  /// Names of all kinds.
  static let names = (kinds + [plugin]).map(\.name)

  /// The kind with a name.
  public static func kind(named name: String) -> PeripheralKind? {
    (kinds + [plugin]).first { $0.name == name }
  }
}

/// What a DMA engine occupies.
public enum DMACatalog {
  /// Size of the register window in bytes.
  public static let windowBytes: UInt64 = 0x1000
}
