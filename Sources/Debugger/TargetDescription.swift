/// The XML in which a server tells GDB which registers there are.
enum TargetDescription {
  static let integerNames = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1", "a0", "a1", "a2", "a3", "a4",
    "a5",
    "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5",
    "t6",
  ]
  static let floatNames = [
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2",
    "fa3",
    "fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10",
    "fs11", "ft8", "ft9", "ft10", "ft11",
  ]
  /// fflags, frm, fcsr: GDB expects them beside the f registers.
  private static let floatControl: Set<UInt16> = [1, 2, 3]

  static func xml(_ architecture: TargetArchitecture) -> String {
    let bits = architecture.xlen
    var text = """
      <?xml version="1.0"?>
      <!DOCTYPE target SYSTEM "gdb-target.dtd">
      <target version="1.0">
      <architecture>riscv:rv\(bits)</architecture>
      <osabi>none</osabi>
      <feature name="org.gnu.gdb.riscv.cpu">

      """
    for (index, name) in integerNames.enumerated() {
      let type =
        switch name {
        case "ra": "code_ptr"
        case "sp", "gp", "tp", "fp": "data_ptr"
        default: "int"
        }
      text += register(name, .integer(index), bits: bits, type: type)
    }
    text += register("pc", .programCounter, bits: bits, type: "code_ptr")
    text += "</feature>\n"
    if architecture.floatBits > 0 { text += floatFeature(architecture) }
    text += "<feature name=\"org.gnu.gdb.riscv.csr\">\n"
    for csr in architecture.controlRegisters
    where architecture.floatBits == 0 || !floatControl.contains(csr.number) {
      text += register(csr.name, .csr(csr.number), bits: bits, type: "int")
    }
    text += "</feature>\n<feature name=\"org.gnu.gdb.riscv.virtual\">\n"
    text += register("priv", .privilege, bits: bits, type: "int")
    return text + "</feature>\n</target>\n"
  }

  private static func floatFeature(_ architecture: TargetArchitecture) -> String {
    var text = "<feature name=\"org.gnu.gdb.riscv.fpu\">\n"
    let type: String
    if architecture.floatBits == 64 {
      // A register of D holds a single as well.
      text += """
        <union id="riscv_double">
        <field name="float" type="ieee_single"/><field name="double" type="ieee_double"/>
        </union>

        """
      type = "riscv_double"
    } else {
      type = "ieee_single"
    }
    for (index, name) in floatNames.enumerated() {
      text += register(name, .float(index), bits: architecture.floatBits, type: type)
    }
    for csr in architecture.controlRegisters where floatControl.contains(csr.number) {
      text += register(csr.name, .csr(csr.number), bits: 32, type: "int")
    }
    return text + "</feature>\n"
  }

  private static func register(
    _ name: String, _ register: DebugRegister, bits: Int, type: String
  ) -> String {
    "<reg name=\"\(escaped(name))\" bitsize=\"\(bits)\" type=\"\(type)\" "
      + "regnum=\"\(register.number)\"/>\n"
  }

  /// `text` with the characters that mean something in XML replaced.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Bytes that the description gives to a register.
  static func bytes(of register: DebugRegister, _ architecture: TargetArchitecture) -> Int {
    switch register {
    case .float: architecture.floatBits / 8
    case .csr(let number):
      architecture.floatBits > 0 && floatControl.contains(number) ? 4 : architecture.xlen / 8
    case .integer, .programCounter, .privilege: architecture.xlen / 8
    }
  }
}
