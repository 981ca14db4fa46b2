internal import RTL

/// A pin of the RTL, or a slice of one: where several ports share a flat vector, port i has slice i.
struct Wire {
  let address: UnsafeMutableRawPointer
  let lowBit: Int
  /// Bits of the wire.
  let bits: Int

  init(_ pin: PinHandle, low: Int = 0, bits: Int? = nil) {
    address = pin.address + low / 8
    lowBit = low % 8
    self.bits = bits ?? pin.bits
    precondition(low + self.bits <= pin.bits, "a slice lies inside its pin")
  }

  /// The value of a wire of at most 57 bits, or of one of 64 that begins at a byte; the low 64 bits
  /// of a wider one.
  var value: UInt64 {
    get {
      var result: UInt64 = 0
      let count = min(8, (lowBit + bits + 7) / 8)
      for index in 0..<count {
        result |= UInt64(address.load(fromByteOffset: index, as: UInt8.self)) << UInt64(8 * index)
      }
      return result >> UInt64(lowBit) & mask
    }
    nonmutating set {
      let value = newValue & mask
      let count = min(8, (lowBit + bits + 7) / 8)
      for index in 0..<count {
        let old = address.load(fromByteOffset: index, as: UInt8.self)
        let keep = UInt8(truncatingIfNeeded: (~(mask << UInt64(lowBit))) >> UInt64(8 * index))
        let new = UInt8(truncatingIfNeeded: (value << UInt64(lowBit)) >> UInt64(8 * index))
        address.storeBytes(of: old & keep | new, toByteOffset: index, as: UInt8.self)
      }
    }
  }

  private var mask: UInt64 { bits >= 64 ? ~0 : 1 << UInt64(bits) - 1 }

  /// Bytes of a wire of whole bytes.
  var byteCount: Int { bits / 8 }

  /// The bytes of a wire that begins at a byte, byte 0 lowest.
  var bytes: UnsafeMutableRawBufferPointer {
    precondition(lowBit == 0 && bits % 8 == 0, "a wire of whole bytes begins at a byte")
    return UnsafeMutableRawBufferPointer(start: address, count: byteCount)
  }
}

/// The RTL's pins by name.
struct Wires {
  let model: VerilatedModel

  /// The pin called `name`.
  ///
  /// - Throws: ``RTLError`` naming the pins there are.
  func callAsFunction(_ name: String) throws(RTLError) -> Wire {
    Wire(try handle(name))
  }

  /// Slice `index` of the flat vector `name`, which holds `count` equal ones.
  ///
  /// - Throws: ``RTLError`` when there is no such pin.
  func slice(_ name: String, _ index: Int, of count: Int) throws(RTLError) -> Wire {
    let pin = try handle(name)
    let bits = pin.bits / count
    return Wire(pin, low: index * bits, bits: bits)
  }

  func handle(_ name: String) throws(RTLError) -> PinHandle {
    if let pin = model.pin(name) { return pin }
    throw RTLError(
      message: "\(model.source.top) has no port '\(name)'; it has "
        + model.pins.map(\.name).joined(separator: ", "))
  }
}
