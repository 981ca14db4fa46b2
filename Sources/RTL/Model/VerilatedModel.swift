internal import Foundation

/// An instance of a translated module: pins to set and read, and a clock.
///
/// Not thread-safe; any number of instances may exist.
public final class VerilatedModel {
  /// The module's ports.
  public let pins: [Pin]
  /// What the module was translated from.
  public let source: RTLSource
  private let library: UnsafeMutableRawPointer
  private let model: UnsafeMutableRawPointer
  private let addresses: [UnsafeMutableRawPointer]
  private let functions: Functions
  /// The module's `$time`: clock edges so far, unless ``time`` is set.
  public var time: UInt64 = 0 {
    didSet { functions.advance(model, time) }
  }

  private struct Functions {
    let destroy: @convention(c) (UnsafeMutableRawPointer) -> Void
    let eval: @convention(c) (UnsafeMutableRawPointer) -> CInt
    let failure: @convention(c) (UnsafeMutableRawPointer) -> UnsafePointer<CChar>
    let advance: @convention(c) (UnsafeMutableRawPointer, CUnsignedLongLong) -> Void
    let unchanged: @convention(c) (UnsafeMutableRawPointer) -> CInt
  }

  /// Opens a library that ``RTLBuilder/compile(_:)`` made and creates an instance.
  ///
  /// - Throws: ``RTLError`` when the library cannot be loaded.
  public init(_ translation: RTLBuilder.Translation, library path: String) throws(RTLError) {
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw RTLError(message: "cannot load \(path): \(dlerror().map { String(cString: $0) } ?? "")")
    }
    func function<T>(_ name: String, _ type: T.Type) throws(RTLError) -> T {
      guard let symbol = dlsym(library, "flecsim_rtl_\(name)") else {
        throw RTLError(message: "\(path) has no function flecsim_rtl_\(name)")
      }
      return unsafeBitCast(symbol, to: type)
    }
    let create = try function(
      "create", (@convention(c) () -> UnsafeMutableRawPointer?).self)
    let list = try function(
      "pins",
      (@convention(c) (
        UnsafeMutableRawPointer, UnsafeMutablePointer<UnsafeMutableRawPointer?>
      ) -> Void).self)
    functions = Functions(
      destroy: try function(
        "destroy", (@convention(c) (UnsafeMutableRawPointer) -> Void).self),
      eval: try function("eval", (@convention(c) (UnsafeMutableRawPointer) -> CInt).self),
      failure: try function(
        "failure", (@convention(c) (UnsafeMutableRawPointer) -> UnsafePointer<CChar>).self),
      advance: try function(
        "advance", (@convention(c) (UnsafeMutableRawPointer, CUnsignedLongLong) -> Void).self),
      unchanged: try function(
        "unchanged", (@convention(c) (UnsafeMutableRawPointer) -> CInt).self))
    guard let model = create() else {
      throw RTLError(message: "cannot create an instance of \(translation.source.top)")
    }
    self.library = library
    self.model = model
    source = translation.source
    pins = translation.pins
    var table = [UnsafeMutableRawPointer?](repeating: nil, count: max(1, pins.count))
    list(model, &table)
    addresses = table.prefix(pins.count).compactMap { $0 }
  }

  deinit {
    functions.destroy(model)
    dlclose(library)
  }

  /// The handle of the port called `name`; nil when there is none.
  public func pin(_ name: String) -> PinHandle? {
    guard let index = pins.firstIndex(where: { $0.name == name }) else { return nil }
    return PinHandle(address: addresses[index], bits: pins[index].bits)
  }

  /// Why the module halted by itself (`$finish`, `$fatal`, a failed assertion); nil while it runs.
  public private(set) var failure: String?

  /// Settles combinational logic after inputs were set.
  @inline(__always)
  public func settle() {
    if functions.eval(model) == 0 { fail() }
  }

  /// A rising clock edge; the clock is low again afterwards, which the next ``settle()`` shows the
  /// module.
  @inline(__always)
  public func clock(_ clock: PinHandle) {
    clock.value = 1
    if functions.eval(model) == 0 { fail() }
    clock.value = 0
    time &+= 1
  }

  private func fail() {
    failure = failure ?? String(cString: functions.failure(model))
  }

  /// Whether every register and wire is as it was at the last call: asked after two cycles with
  /// equal inputs, true means that nothing more happens until an input changes.
  public func isUnchanged() -> Bool {
    functions.unchanged(model) != 0
  }
}

/// A pin's place in the model's memory; valid while its ``VerilatedModel`` lives.
public struct PinHandle: BitwiseCopyable {
  /// The first byte, little endian.
  public let address: UnsafeMutableRawPointer
  /// Bits of the pin.
  public let bits: Int

  /// The pin's value, of its low 64 bits if it is wider; bits beyond the pin's width are dropped
  /// when it is set.
  @inlinable
  public var value: UInt64 {
    get {
      switch bits {
      case ...8: UInt64(address.load(as: UInt8.self))
      case ...16: UInt64(address.load(as: UInt16.self))
      case ...32: UInt64(address.load(as: UInt32.self))
      case ...64: address.load(as: UInt64.self)
      default:
        UInt64(address.load(as: UInt32.self))
          | UInt64(address.load(fromByteOffset: 4, as: UInt32.self)) << 32
      }
    }
    nonmutating set {
      let value = bits >= 64 ? newValue : newValue & (1 << UInt64(bits) - 1)
      switch bits {
      case ...8: address.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
      case ...16: address.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
      case ...32: address.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
      case ...64: address.storeBytes(of: value, as: UInt64.self)
      default:
        setBytes(of: value)
      }
    }
  }

  @usableFromInline
  func setBytes(of value: UInt64) {
    address.initializeMemory(as: UInt8.self, repeating: 0, count: (bits + 31) / 32 * 4)
    var value = value.littleEndian
    address.copyMemory(from: &value, byteCount: min(8, (bits + 7) / 8))
  }

  /// Sets a pin of whole bytes from memory, byte 0 lowest; what is missing is zero.
  @inlinable
  public func set(_ bytes: UnsafeRawPointer, count: Int) {
    let width = (bits + 7) / 8
    if count < width {
      (address + count).initializeMemory(as: UInt8.self, repeating: 0, count: width - count)
    }
    address.copyMemory(from: bytes, byteCount: min(count, width))
  }

  /// The pin's bytes, byte 0 lowest.
  @inlinable
  public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: address, count: (bits + 7) / 8)
  }
}
