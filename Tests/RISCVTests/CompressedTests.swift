import RISCV
import Testing

@Suite("Compressed instructions")
struct CompressedTests {
  static let sets: [InstructionSet] = [.rv32Full, .rv64Full]

  private func expand(_ half: UInt16, _ set: InstructionSet) -> UInt32? {
    expandCompressed(half, xlen: set.xlen, extensions: set.extensions)
  }

  @Test("every legal encoding stands for a legal instruction, in either width", arguments: sets)
  func expansionsAreLegal(set: InstructionSet) {
    for half in UInt16.min ... .max {
      guard let word = expand(half, set) else { continue }
      #expect(half & 3 != 3)
      let row = Encoding.decode(word, xlen: set.xlen, extensions: set.extensions)
      #expect(row != nil, "\(String(half, radix: 16))")
    }
  }

  /// What Spike calls the encoding and what it calls the expansion differ only in `c.`, in the
  /// destination that is also a source, and in pseudo-instructions.
  @Test("the expansion is the instruction that the compressed name says", arguments: sets)
  func expansionsMeanTheSame(set: InstructionSet) throws {
    for half in UInt16.min ... .max {
      guard let word = expand(half, set) else { continue }
      let short = parts(disassemble(UInt32(half), instructionSet: set))
      let long = parts(disassemble(word, instructionSet: set))
      #expect(long == expected(short), "\(String(half, radix: 16))")
    }
  }

  /// Mnemonic and operands.
  private func parts(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "," }.map(String.init)
  }

  /// The parts of the 32-bit instruction that a compressed one stands for.
  private func expected(_ short: [String]) -> [String] {
    var name = String(short[0].dropFirst(2))
    var operands = Array(short.dropFirst())
    switch name {
    case "nop", "ret", "ebreak", "jr", "jalr": break
    case "j", "jal", "beqz", "bnez":
      // Jumps show hexadecimal distances, compressed ones and branches decimal ones.
      if name.hasPrefix("j"), let distance = Int(operands[2]) {
        operands[2] = "0x" + String(distance, radix: 16)
      }
    case "li", "lui": if operands[0] == "zero", name == "li", operands[1] == "0" { return ["nop"] }
    case "mv": (name, operands) = ("add", [operands[0], "zero", operands[1]])
    case "addi4spn": (name, operands) = ("addi", operands)
    case "addi16sp": (name, operands) = ("addi", ["sp", "sp", operands[1]])
    case "addi" where operands[0] == "zero": (name, operands) = ("li", operands)
    case "addi", "addiw":
      operands.insert(operands[0], at: 1)
      if operands[2] == "0" {
        (name, _) = (name == "addi" ? "mv" : "sext.w", operands.removeLast())
      }
    default:
      if name.hasSuffix("sp") { name = String(name.dropLast(2)) }
      let isMemory = operands[1].hasSuffix(")")
      if !isMemory { operands.insert(operands[0], at: 1) }
    }
    return [name] + operands
  }

  @Test("reserved encodings are illegal", arguments: sets)
  func reserved(set: InstructionSet) {
    var reserved: [UInt16] = [
      0x0000, 0x0004, 0x001c,  // c.addi4spn of nothing
      0x6001, 0x6081, 0x6281, 0x6f81,  // c.lui of nothing
      0x6101,  // c.addi16sp of nothing
      0x4002, 0x5072,  // c.lwsp to x0
      0x8002,  // c.jr x0
      0x8000, 0x8400, 0x8800, 0x8c00, 0x9c41, 0x9c61, 0x9c7d,  // Zcb
      0xffff, 0x0003,  // not compressed
    ]
    switch set.xlen {
    case .rv32:
      // Shift amounts from 32 on, and c.subw, c.addw.
      reserved += [0x1502, 0x9101, 0x9501, 0x9c01, 0x9c21]
    case .rv64:
      // c.addiw to x0, c.ldsp to x0.
      reserved += [0x2001, 0x2005, 0x6002]
    }
    for half in reserved { #expect(expand(half, set) == nil, "\(String(half, radix: 16))") }
  }

  @Test("hints are legal and change nothing", arguments: sets)
  func hints(set: InstructionSet) {
    let hints: [UInt16] = [
      0x0005,  // c.nop 1
      0x0501,  // c.addi a0, 0
      0x4005,  // c.li x0, 1
      0x6005,  // c.lui x0, 1
      0x0502,  // c.slli a0, 0
      0x0006,  // c.slli x0, 1
      0x8101, 0x8501,  // c.srli, c.srai by 0
      0x802a, 0x902a,  // c.mv, c.add to x0
    ]
    for half in hints { #expect(expand(half, set) != nil, "\(String(half, radix: 16))") }
  }

  @Test("without C nothing is legal; without F and D their loads and stores are not")
  func extensions() {
    for half in UInt16.min ... .max {
      #expect(expandCompressed(half, xlen: .rv64, extensions: [.f, .d]) == nil)
    }
    let loads: [(UInt16, XLEN, Extensions)] = [
      (0x2000, .rv32, .d), (0x2000, .rv64, .d), (0xa000, .rv64, .d), (0x2002, .rv64, .d),
      (0xa002, .rv32, .d), (0x6000, .rv32, .f), (0xe000, .rv32, .f), (0x6002, .rv32, .f),
      (0xe002, .rv32, .f),
    ]
    for (half, xlen, needed) in loads {
      #expect(expandCompressed(half, xlen: xlen, extensions: [.c]) == nil)
      let word = expandCompressed(half, xlen: xlen, extensions: needed.union(.c))
      #expect(word != nil)
    }
    // The same encodings are integer loads on RV64, whatever the extensions.
    #expect(expandCompressed(0x6000, xlen: .rv64, extensions: [.c]) == 0x0004_3403)
  }

  @Test("operands are where the instruction set manual puts them")
  func knownExpansions() {
    // Compressed encoding, width, expansion: both assembled by LLVM.
    let known: [(UInt16, XLEN, UInt32)] = [
      (0x0808, .rv32, 0x0101_0513),  // addi a0, sp, 16
      (0x1141, .rv64, 0xff01_0113),  // addi sp, sp, -16
      (0x7139, .rv64, 0xfc01_0113),  // addi sp, sp, -64
      (0x4588, .rv32, 0x0085_a503),  // lw a0, 8(a1)
      (0xe598, .rv64, 0x00e5_b423),  // sd a4, 8(a1)
      (0x40b2, .rv32, 0x00c1_2083),  // lw ra, 12(sp)
      (0xe406, .rv64, 0x0011_3423),  // sd ra, 8(sp)
      (0x8082, .rv64, 0x0000_8067),  // ret
      (0x9782, .rv64, 0x0007_80e7),  // jalr a5
      (0x9002, .rv32, 0x0010_0073),  // ebreak
      (0x852e, .rv32, 0x00b0_0533),  // add a0, zero, a1
      (0x8d0d, .rv64, 0x40b5_0533),  // sub a0, a0, a1
      (0x2505, .rv64, 0x0015_051b),  // addiw a0, a0, 1
      (0x7579, .rv32, 0xffff_e537),  // lui a0, 0xffffe
    ]
    for (half, xlen, word) in known {
      #expect(expandCompressed(half, xlen: xlen, extensions: .c) == word)
    }
  }
}
