import RISCV
import Testing

@Suite("Instruction encodings")
struct EncodingTests {
  @Test("every operation has exactly one encoding, and no two encodings match the same word")
  func overlap() {
    #expect(Encoding.all.count == Operation.allCases.count)
    #expect(Set(Encoding.all.map(\.operation)).count == Operation.allCases.count)
    for (index, first) in Encoding.all.enumerated() {
      #expect(first.match & ~first.mask == 0, "\(first.mnemonic)")
      for second in Encoding.all[(index + 1)...] {
        let common = first.mask & second.mask
        #expect(
          (first.match ^ second.match) & common != 0,
          "\(first.mnemonic) and \(second.mnemonic)")
      }
    }
  }

  @Test("an encoding with any operands decodes to its own operation")
  func decodesWithRandomOperands() {
    var random = SeededGenerator(seed: 1)
    for encoding in Encoding.all {
      for _ in 0..<50 {
        let word = UInt32.random(in: .min ... .max, using: &random) & ~encoding.mask
        #expect(Encoding.decode(word | encoding.match)?.operation == encoding.operation)
      }
    }
  }

  @Test("immediates of all formats survive encoding and decoding")
  func immediates() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<500 {
      let twelve = Int.random(in: -2048...2047, using: &random)
      let branch = Int.random(in: -2048...2047, using: &random) * 2
      let jump = Int.random(in: -0x8_0000...0x7_ffff, using: &random) * 2
      let upper = Int.random(in: 0...0xf_ffff, using: &random)
      #expect(InstructionFields(assemble(.addi, twelve)).immediateI == twelve)
      #expect(InstructionFields(assemble(.sw, twelve)).immediateS == twelve)
      #expect(InstructionFields(assemble(.beq, branch)).immediateB == branch)
      #expect(InstructionFields(assemble(.jal, jump)).immediateJ == jump)
      let fields = InstructionFields(assemble(.lui, upper))
      #expect(UInt32(bitPattern: fields.immediateU) == UInt32(upper) << 12)
    }
  }

  @Test("words of the instruction set manual's opcode listings decode as printed there")
  func knownWords() {
    let known: [(UInt32, Operation)] = [
      (0x0000_0013, .addi), (0x0000_8067, .jalr), (0x0ff0_000f, .fence), (0x0000_100f, .fenceI),
      (0x0000_0073, .ecall), (0x0010_0073, .ebreak), (0x3020_0073, .mret), (0x1050_0073, .wfi),
      (0xc000_2573, .csrrs), (0x3004_7073, .csrrci), (0x40b5_0633, .sub), (0x4015_5613, .srai),
      (0x02b5_2633, .mulhsu), (0x02b5_7633, .remu), (0x0000_0097, .auipc),
    ]
    for (word, operation) in known { #expect(Encoding.decode(word)?.operation == operation) }
    for illegal: UInt32 in [
      0, 0xffff_ffff, 0x0000_0001, 0x0200_1013, 0x4000_1013, 0x0000_2063, 0x0000_7003, 0x0000_3023,
      0x0000_1067, 0x4000_4033, 0x0400_0033, 0x0000_200f, 0x0000_4073, 0x1020_0073, 0x3020_0173,
    ] { #expect(Encoding.decode(illegal) == nil, "\(String(illegal, radix: 16))") }
  }

  @Test("the table, the interpreter and the fast loop agree on what is illegal")
  func agreementOnIllegalWords() throws {
    var random = SeededGenerator(seed: 3)
    let machine = try Machine()
    for _ in 0..<20_000 {
      var word = UInt32.random(in: .min ... .max, using: &random) | 3
      if Bool.random(using: &random), let row = Encoding.all.randomElement(using: &random) {
        word = word & ~0xfe00_707f | row.match & 0xfe00_707f
      }
      let operation = Encoding.decode(word)?.operation
      switch operation {
      case .csrrw, .csrrs, .csrrc, .csrrwi, .csrrsi, .csrrci: continue
      default: break
      }
      machine.place([word])
      machine.hart.reset(pc: Machine.base)
      _ = machine.hart.run(budget: 1)
      let fast = machine.csr(Register.mcause) == 2
      machine.hart.reset(pc: Machine.base)
      _ = machine.hart.step()
      let interpreted = machine.csr(Register.mcause) == 2
      #expect(fast == (operation == nil), "\(String(word, radix: 16))")
      #expect(interpreted == (operation == nil), "\(String(word, radix: 16))")
      if operation == nil { #expect(machine.csr(Register.mtval) == UInt64(word)) }
    }
  }

  @Test("the disassembly equals Spike's text")
  func disassembly() throws {
    for line in try Fixture.lines("spike-disassembly.txt") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let word = try #require(UInt32(parts[0], radix: 16))
      #expect(disassemble(word) == parts[1])
    }
  }

  @Test("targets can be written as addresses")
  func absoluteTargets() {
    #expect(disassemble(assemble(.jal, rd: 0, -16), pc: 0x8000_0010) == "j       0x80000000")
    #expect(
      disassemble(assemble(.bge, rs1: 10, rs2: 11, 8), pc: 0x8000_0010)
        == "bge     a0, a1, 0x80000018")
    #expect(disassemble(assemble(.fence, 0x33), pc: 0) == "fence   rw,rw")
    #expect(disassemble(assemble(.ebreak), pc: 0) == "ebreak")
    #expect(disassemble(assemble(.csrrs, rd: 5, 0x7c0)) == "csrr    t0, unknown_7c0")
  }

  @Test("every supported word disassembles to something and every other to unknown")
  func disassemblyIsTotal() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<20_000 {
      let word = UInt32.random(in: .min ... .max, using: &random) | 3
      #expect((disassemble(word) == "unknown") == (Encoding.decode(word) == nil))
    }
  }
}
