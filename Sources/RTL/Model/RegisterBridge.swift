internal import Fabric

/// How a register side answered.
struct RegisterAnswer: Equatable {
  /// What was read; 0 after a write.
  var value: UInt64
  /// Whether the access was served.
  var isOkay: Bool
}

/// Between register accesses and the pins of a register side.
protocol RegisterBridge: AnyObject {
  /// Shows the module the waiting access, or that there is none. The same access is shown again in
  /// every cycle until it is answered.
  func present(_ access: RegisterAccess?)
  /// The answer, if the module gives it in this cycle; asked after the logic has settled.
  func answer() -> RegisterAnswer?
  /// The rule of the protocol that the module broke; nil while it broke none.
  var violation: String? { get }
}

/// One access per cycle, answered in the same cycle.
final class SimpleRegisters: RegisterBridge {
  private let valid: PinHandle, write: PinHandle, offset: PinHandle, writeData: PinHandle
  private let readData: PinHandle
  private let bytes: PinHandle?, okay: PinHandle?
  private var isPresent = false
  private var isWrite = false
  let violation: String? = nil

  init(_ pins: [String: PinHandle]) {
    func pin(_ role: String) -> PinHandle {
      guard let pin = pins[role] else { preconditionFailure("a resolved map has \(role)") }
      return pin
    }
    valid = pin("valid")
    write = pin("write")
    offset = pin("offset")
    writeData = pin("wdata")
    readData = pin("rdata")
    bytes = pins["bytes"]
    okay = pins["okay"]
  }

  func present(_ access: RegisterAccess?) {
    isPresent = access != nil
    valid.value = isPresent ? 1 : 0
    switch access {
    case nil: break
    case .read(let place, let count):
      isWrite = false
      show(place, count)
    case .write(let place, let count, let value):
      isWrite = true
      show(place, count)
      writeData.value = value
    }
    write.value = isPresent && isWrite ? 1 : 0
  }

  private func show(_ place: UInt64, _ count: Int) {
    // An offset that the pin cannot show must not look like another one.
    let isVisible = offset.bits >= 64 || place >> UInt64(offset.bits) == 0
    offset.value = isVisible ? place : ~0
    bytes?.value = UInt64(count)
  }

  func answer() -> RegisterAnswer? {
    guard isPresent else { return nil }
    return RegisterAnswer(
      value: isWrite ? 0 : readData.value, isOkay: okay.map { $0.value != 0 } ?? true)
  }
}

/// AXI4-Lite, one transaction at a time.
final class AXI4LiteRegisters: RegisterBridge {
  private let pins: [String: PinHandle]
  private let dataBytes: Int
  private var access: RegisterAccess?
  /// Which channels of the transaction have been accepted.
  private var isAddressDone = false
  private var isDataDone = false
  /// An access that the data width cannot carry.
  private var isRefused = false
  private(set) var violation: String?

  init(_ pins: [String: PinHandle]) {
    self.pins = pins
    dataBytes = (pins["wdata"]?.bits ?? 32) / 8
  }

  private subscript(_ role: String) -> PinHandle {
    guard let pin = pins[role] else { preconditionFailure("a resolved map has \(role)") }
    return pin
  }

  func present(_ access: RegisterAccess?) {
    if access == nil || access != self.access {
      self.access = access
      isAddressDone = false
      isDataDone = false
    }
    for role in ["awvalid", "wvalid", "arvalid", "bready", "rready"] { self[role].value = 0 }
    isRefused = false
    switch access {
    case nil: break
    case .read(let offset, let bytes):
      guard fits(offset, bytes) else { break }
      self["arvalid"].value = isAddressDone ? 0 : 1
      self["araddr"].value = offset
      self["rready"].value = 1
    case .write(let offset, let bytes, let value):
      guard fits(offset, bytes) else { break }
      let lane = offset % UInt64(dataBytes)
      self["awvalid"].value = isAddressDone ? 0 : 1
      self["awaddr"].value = offset
      self["wvalid"].value = isDataDone ? 0 : 1
      self["wdata"].value = value << (8 * lane)
      self["wstrb"].value = (1 << UInt64(bytes) - 1) << lane
      self["bready"].value = 1
    }
  }

  private func fits(_ offset: UInt64, _ bytes: Int) -> Bool {
    isRefused = Int(offset % UInt64(dataBytes)) + bytes > dataBytes
    return !isRefused
  }

  func answer() -> RegisterAnswer? {
    guard let access else { return nil }
    if isRefused {
      self.access = nil
      return RegisterAnswer(value: 0, isOkay: false)
    }
    switch access {
    case .read(let offset, let bytes):
      if self["arready"].value != 0 { isAddressDone = true }
      guard self["rvalid"].value != 0 else { return nil }
      if !isAddressDone { violation = "RVALID before the read's address was accepted (ARREADY)" }
      let lane = offset % UInt64(dataBytes)
      let mask: UInt64 = bytes >= 8 ? ~0 : 1 << UInt64(8 * bytes) - 1
      self.access = nil
      return RegisterAnswer(
        value: self["rdata"].value >> (8 * lane) & mask, isOkay: self["rresp"].value & 2 == 0)
    case .write:
      if self["awready"].value != 0 { isAddressDone = true }
      if self["wready"].value != 0 { isDataDone = true }
      guard self["bvalid"].value != 0 else { return nil }
      if !isAddressDone || !isDataDone {
        violation = "BVALID before the write's address and data were accepted (AWREADY, WREADY)"
      }
      self.access = nil
      return RegisterAnswer(value: 0, isOkay: self["bresp"].value & 2 == 0)
    }
  }
}
