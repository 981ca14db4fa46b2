/// All registers of a device, declared once beside the device.
///
/// The C header for firmware, the table of the manual page, the address map and a debugger's view
/// are all made from it.
public struct RegisterMap: Sendable, Equatable {
  /// The device's kind, for example `OSArray`.
  public let device: String
  /// Bytes of address space the device takes.
  public let windowBytes: UInt64
  /// The registers in ascending order of offset.
  public let registers: [RegisterDescriptor]

  /// Declares the registers of a device; traps when two overlap, share a name or leave the window.
  public init(device: String, windowBytes: UInt64 = 4096, _ registers: [RegisterDescriptor]) {
    self.device = device
    self.windowBytes = windowBytes
    self.registers = registers.sorted { $0.offset < $1.offset }
    for (lower, upper) in zip(self.registers, self.registers.dropFirst()) {
      precondition(lower.end <= upper.offset, "\(lower.name) and \(upper.name) overlap")
    }
    precondition(
      Set(registers.map(\.name)).count == registers.count, "\(device) has a name twice")
    precondition(
      (self.registers.last?.end ?? 0) <= windowBytes, "\(device) leaves its window")
  }

  /// How many registers there are, rows counted in full.
  public var registerCount: Int { registers.reduce(0) { $0 + $1.count } }

  /// The register called `name`; its description for configuration presets and debuggers.
  public func register(named name: String) -> RegisterDescriptor? {
    registers.first { $0.name == name }
  }

  /// The register at `offset` and the index within its row; nil when `offset` is no register's
  /// start.
  public func register(at offset: UInt64) -> (descriptor: RegisterDescriptor, index: Int)? {
    guard let found = registers.last(where: { $0.offset <= offset }), offset < found.end,
      (offset - found.offset) % UInt64(found.bytes) == 0
    else { return nil }
    return (found, Int((offset - found.offset) / UInt64(found.bytes)))
  }

  // MARK: Generated texts

  /// A C header with offsets, field masks, shifts and named values.
  ///
  /// - Parameter prefix: starts every macro's name, for example `OS_ARRAY`.
  public func cHeader(prefix: String) -> String {
    var lines = [
      "/* Registers of \(device). Generated from the device's register map. */",
      "#ifndef \(prefix)_REGISTERS_H",
      "#define \(prefix)_REGISTERS_H",
      "",
      "#define \(prefix)_WINDOW_BYTES \(Self.hex(windowBytes))u",
    ]
    for register in registers {
      let name = "\(prefix)_\(register.name)"
      lines.append("")
      lines.append("/* \(register.access.rawValue): \(register.help) */")
      if register.count == 1 {
        lines.append("#define \(name) \(Self.hex(register.offset, digits: 3))u")
      } else {
        lines.append(
          "#define \(name)(i) (\(Self.hex(register.offset, digits: 3))u + \(register.bytes)u * (i))"
        )
        lines.append("#define \(name)_COUNT \(register.count)u")
      }
      for field in register.fields {
        let fieldName = "\(name)_\(field.name)"
        let suffix = register.bytes == 8 ? "ull" : "u"
        lines.append("#define \(fieldName) \(Self.hex(field.mask))\(suffix) /* \(field.help) */")
        if field.width > 1 {
          lines.append("#define \(fieldName)_SHIFT \(field.lowBit)")
        }
        for value in field.values {
          lines.append(
            "#define \(fieldName)_\(value.name) \(value.value)u /* \(value.help) */")
        }
      }
    }
    lines += ["", "#endif", ""]
    return lines.joined(separator: "\n")
  }

  /// A Markdown table with one row per register and one per field.
  public func markdownTable() -> String {
    var lines = [
      "| Offset | Register | Bits | Access | Reset | Meaning |",
      "|---|---|---|---|---|---|",
    ]
    for register in registers {
      let offset = Self.hex(register.offset, digits: 3)
      let place = register.count == 1 ? offset : "\(offset) + \(register.bytes)·i"
      let name =
        register.count == 1
        ? register.name : "\(register.name)[\(register.count)]"
      let reset = register.reset.map { Self.hex($0) } ?? "–"
      lines.append(
        "| \(place) | `\(name)` | \(8 * register.bytes - 1):0 | \(register.access.rawValue) "
          + "| \(reset) | \(register.help) |")
      for field in register.fields {
        let values = field.values.map { "\($0.value) `\($0.name)`: \($0.help)" }
        lines.append(
          "| | `.\(field.name)` | \(field.bitText) "
            + "| \((field.access ?? register.access).rawValue) | "
            + "| \(([field.help] + values).joined(separator: " ")) |")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func hex(_ value: UInt64, digits: Int = 1) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
