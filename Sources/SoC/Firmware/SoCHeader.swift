/// Makes `soc.h`: every address, interrupt and size of a description as a C macro.
struct SoCHeader {
  private let soc: SoCDescription

  /// Prepares the header of `soc`.
  ///
  /// - Throws: ``FirmwareError`` when two instances would share macros because their names differ
  ///   in case only.
  init(_ soc: SoCDescription) throws(FirmwareError) {
    self.soc = soc
    let sections = [soc.moduleWindows.map(\.name), soc.clocks.map(\.name), soc.files.map(\.name)]
    for names in sections {
      var owners: [String: String] = [:]
      for name in names {
        if let other = owners.updateValue(name, forKey: name.uppercased()) {
          throw FirmwareError(
            message: "'\(other)' and '\(name)' differ in case only and would share the macros "
              + "SOC_\(name.uppercased())_…; rename one of them")
        }
      }
    }
  }

  /// The header's text.
  var text: String {
    let name = soc.name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || " -_.".contains($0)) }
    var lines = [
      "/* The system '\(name)' as firmware sees it. Generated from the SoC description. */",
      "#ifndef SOC_H",
      "#define SOC_H",
    ]
    lines += section("Processor", processor) + section("Clocks, hertz", clocks)
    lines += section("Memories", memories) + section("Host files in memory", files)
    lines += section("DMAs", dmas) + section("Accelerators", accelerators)
    lines += section("Peripherals", peripherals)
    lines += section("The first peripheral of each kind, which the HAL uses", firstPeripherals)
    lines += ["", "#endif", ""]
    return lines.joined(separator: "\n")
  }

  private typealias Macro = (name: String, value: String)

  private func section(_ title: String, _ macros: [Macro]) -> [String] {
    guard !macros.isEmpty else { return [] }
    return ["", "/* \(title) */"] + macros.map { "#define \($0.name) \($0.value)" }
  }

  private var processor: [Macro] {
    guard let cpu = soc.cpu else { return [] }
    let mips =
      cpu.mips == cpu.mips.rounded() ? number(UInt64(cpu.mips)) : "\(cpu.mips)"
    return [
      ("SOC_CPU_MIPS", mips),
      ("SOC_CPU_INSTRUCTIONS_PER_SECOND", number(UInt64(cpu.instructionsPerSecond))),
    ]
  }

  private var clocks: [Macro] {
    soc.clocks.map { ("SOC_CLOCK_\($0.name.uppercased())_HZ", number($0.hertz)) }
  }

  private var memories: [Macro] {
    soc.memories.flatMap { memory -> [Macro] in
      let prefix = "SOC_\(memory.name.uppercased())"
      return [
        ("\(prefix)_BASE", address(memory.address)), ("\(prefix)_SIZE", address(memory.length)),
        clock(prefix, memory.clock),
      ]
    }
  }

  private var files: [Macro] {
    soc.files.flatMap { file -> [Macro] in
      let prefix = "SOC_FILE_\(file.name.uppercased())"
      return [("\(prefix)_ADDRESS", address(file.address))]
        + (file.items.map { [("\(prefix)_ITEMS", number(UInt64($0)))] } ?? [])
    }
  }

  private var dmas: [Macro] {
    soc.dmas.flatMap { dma in
      device(dma.name, dma.address, dma.clock) + [
        ("SOC_\(dma.name.uppercased())_PORT_BITS", number(UInt64(dma.portSize)))
      ]
    }
  }

  private var accelerators: [Macro] {
    soc.accelerators.flatMap { accelerator -> [Macro] in
      let prefix = "SOC_\(accelerator.name.uppercased())"
      let arguments = accelerator.arguments
      if let external = accelerator.external {
        return device(accelerator.name, accelerator.address, accelerator.clock)
          + macros(of: external, prefix: prefix, defines: arguments.defines)
      }
      if accelerator.kindName == AcceleratorKind.vectorUnit.name {
        return device(accelerator.name, accelerator.address, accelerator.clock) + [
          ("\(prefix)_LANES", number(UInt64(arguments[integer: "LANES"]))),
          ("\(prefix)_ELEMENT_BYTES", number(UInt64(arguments.operandType.bits / 8))),
          ("\(prefix)_MAX_WIDTH", number(UInt64(arguments[integer: "MAX_WIDTH"]))),
          ("\(prefix)_IS_\(accelerator.kindName.uppercased())", "1"),
        ]
      }
      var macros =
        device(accelerator.name, accelerator.address, accelerator.clock) + [
          ("\(prefix)_XDIM", number(UInt64(arguments[integer: "XDIM"]))),
          ("\(prefix)_YDIM", number(UInt64(arguments[integer: "YDIM"]))),
          ("\(prefix)_ELEMENT_BYTES", number(UInt64(arguments.operandType.bits / 8))),
          ("\(prefix)_OUT_BITS", number(UInt64(arguments[integer: "OUT_BITS"]))),
          ("\(prefix)_IS_\(accelerator.kindName.uppercased())", "1"),
        ]
      let rows = arguments[integer: "ACC_ROWS"]
      if rows > 0 { macros.append(("\(prefix)_ACC_ROWS", number(UInt64(rows)))) }
      return macros
    }
  }

  private var peripherals: [Macro] {
    soc.peripherals.flatMap { peripheral in
      device(peripheral.name, peripheral.address, peripheral.clock)
        + (peripheral.external.map {
          macros(of: $0, prefix: "SOC_\(peripheral.name.uppercased())", defines: [])
        } ?? [])
    }
  }

  /// Parameters, widths of ports and further macros of a module that is not ours.
  private func macros(
    of module: ExternalModule, prefix: String, defines: [DictionaryEntry<Int64>]
  ) -> [Macro] {
    let given = Set(defines.map { $0.key.uppercased() })
    let known =
      module.parameters.map { ($0.name.uppercased(), "\($0.value)") }
      + module.ports.map { ("\($0.name.uppercased())_BITS", number(UInt64($0.widthBits))) }
      + [("IS_\(module.kindName.uppercased())", "1")]
    return
      (known.filter { !given.contains($0.0) }
      + defines.map { ($0.key.uppercased(), "\($0.value)") })
      .map { ("\(prefix)_\($0.0)", $0.1) }
  }

  private var firstPeripherals: [Macro] {
    PeripheralCatalog.kinds.compactMap { kind in
      guard let first = soc.peripherals.first(where: { $0.kindName == kind.name }) else {
        return nil
      }
      return ("HAL_\(kind.name.uppercased())_BASE", "SOC_\(first.name.uppercased())_BASE")
    }
  }

  private func device(_ name: String, _ base: UInt64, _ clockName: String) -> [Macro] {
    let prefix = "SOC_\(name.uppercased())"
    var macros = [("\(prefix)_BASE", address(base)), clock(prefix, clockName)]
    if let source = soc.interruptSource(of: name) {
      macros.append(("\(prefix)_IRQ", number(UInt64(source))))
    }
    return macros
  }

  private func clock(_ prefix: String, _ name: String) -> Macro {
    ("\(prefix)_CLOCK_HZ", "SOC_CLOCK_\(name.uppercased())_HZ")
  }

  private func number(_ value: UInt64) -> String {
    "\(value)\(value > UInt64(UInt32.max) ? "ull" : "u")"
  }

  private func address(_ value: UInt64) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
      + (value > UInt64(UInt32.max) ? "ull" : "u")
  }
}
