/// The addresses that a module answers to.
public struct AddressWindow: Sendable, Equatable {
  /// What kind of module it is.
  public enum Kind: String, Sendable {
    /// An entry of `memories`.
    case memory
    /// An entry of `dmas`.
    case dma = "DMA"
    /// An entry of `accelerators`.
    case accelerator
    /// An entry of `peripherals`.
    case peripheral
  }

  /// Instance name of the module.
  public let name: String
  /// What kind of module it is.
  public let kind: Kind
  /// First address.
  public let start: UInt64
  /// Size in bytes; at least 1.
  public let length: UInt64
  /// Where the module stands in the file.
  public let origin: Origin

  /// Last address; the largest there is if the window would go beyond it.
  public var last: UInt64 {
    let (sum, overflow) = start.addingReportingOverflow(length - 1)
    return overflow ? .max : sum
  }

  /// Whether the two windows share an address.
  public func overlaps(_ other: AddressWindow) -> Bool {
    start <= other.last && other.start <= last
  }

  /// `0x80000000…0x80FFFFFF`
  public var rangeText: String { "\(start.hexadecimal)…\(last.hexadecimal)" }
}

extension UInt64 {
  /// `0x` and at least eight digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: Swift.max(0, 8 - digits.count)) + digits
  }
}

extension SoCDescription {
  /// The windows of all modules whose address is known, memories first, in the order of the file.
  public var moduleWindows: [AddressWindow] {
    var windows: [AddressWindow] = []
    for memory in memories where memory.origin.isSound("module_address", "length") {
      windows.append(
        AddressWindow(
          name: memory.name, kind: .memory, start: memory.address, length: memory.length,
          origin: memory.origin))
    }
    for dma in dmas where dma.origin.isSound("module_address") {
      windows.append(
        AddressWindow(
          name: dma.name, kind: .dma, start: dma.address, length: DMACatalog.windowBytes,
          origin: dma.origin))
    }
    for accelerator in accelerators where accelerator.origin.isSound("module_address") {
      windows.append(
        AddressWindow(
          name: accelerator.name, kind: .accelerator, start: accelerator.address,
          length: accelerator.windowBytes, origin: accelerator.origin))
    }
    for peripheral in peripherals {
      guard peripheral.origin.isSound("module_address", "type"), let kind = peripheral.kind else {
        continue
      }
      windows.append(
        AddressWindow(
          name: peripheral.name, kind: .peripheral, start: peripheral.address,
          length: peripheral.external?.windowBytes ?? kind.windowBytes, origin: peripheral.origin))
    }
    return windows
  }

  /// Names of the modules with an interrupt line, in the order in which sources are assigned.
  var interruptingModules: [String] {
    dmas.map(\.name)
      + accelerators.filter { $0.external?.hasInterrupt ?? true }.map(\.name)
      + peripherals.filter {
        $0.external?.hasInterrupt ?? ($0.kind?.interruptSource != nil)
      }.map(\.name)
  }

  /// The PLIC source of a module; nil when it has no interrupt line.
  public func interruptSource(of module: String) -> Int? {
    interrupts.first { $0.key == module }?.value
  }
}
