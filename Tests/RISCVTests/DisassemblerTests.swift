import RISCV
import Testing

@Suite("Disassembly")
struct DisassemblerTests {
  private func text(_ word: UInt32, _ set: InstructionSet = .rv64Full) -> String {
    disassemble(word, instructionSet: set)
  }

  @Test("the text equals Spike's for what its logs show")
  func goldenText() throws {
    for line in try Fixture.lines("spike-disassembly.txt") {
      let parts = line.split(separator: " ", maxSplits: 2)
      let encoding = try #require(UInt64(parts[1], radix: 16))
      let set: InstructionSet = parts[0] == "32" ? .rv32Full : .rv64Full
      let word = UInt32(truncatingIfNeeded: encoding)
      #expect(disassemble(word, instructionSet: set) == parts[2], "\(line)")
    }
  }

  @Test("targets can be written as addresses, within the register width")
  func absoluteTargets() {
    func text(_ word: UInt32, _ set: InstructionSet, _ pc: UInt64) -> String {
      disassemble(word, instructionSet: set, style: .absolute(pc: pc))
    }
    #expect(text(0xff1f_f06f, .rv32Full, 0x8000_0010) == "j       0x80000000")
    #expect(text(0x00b5_5463, .rv32Full, 0x8000_0010) == "bge     a0, a1, 0x80000018")
    #expect(text(0xff1f_f06f, .rv32Full, 8) == "j       0xfffffff8")
    #expect(text(0xff1f_f06f, .rv64Full, 8) == "j       0xfffffffffffffff8")
    #expect(text(0xa021, .rv64Full, 0x8000_0010) == "c.j     0x80000018")
    #expect(text(0xfd7d, .rv64Full, 0x8000_0010) == "c.bnez  a0, 0x8000000e")
    #expect(text(0x2021, .rv32Full, 0x8000_0010) == "c.jal   0x80000018")
    #expect(text(0x0330_000f, .rv32Full, 0) == "fence   rw,rw")
  }

  @Test("ordering bits show in the mnemonic of an atomic operation, not of load-reserved")
  func ordering() throws {
    for encoding in Encoding.all where encoding.format == .atomic {
      let (name, padding) = (encoding.mnemonic, encoding.mnemonic.count)
      for (acquire, release, suffix) in [
        (false, false, ""), (true, false, ".aq"), (false, true, ".rl"), (true, true, ".aqrl"),
      ] {
        let word = encoding.word(rd: 10, rs1: 12, rs2: 11, acquire: acquire, release: release)
        let blanks = String(repeating: " ", count: max(1, 8 - padding - suffix.count))
        #expect(text(word) == name + suffix + blanks + "a0, a1, (a2)")
      }
    }
    #expect(text(0x1606_252f) == "lr.w    a0, (a2)")
  }

  @Test("fences, hints and pseudo-instructions")
  func specialForms() {
    #expect(text(0x0ff0_000f) == "fence   iorw,iorw")
    #expect(text(0x0310_000f) == "fence   rw,w")
    #expect(text(0x0010_000f) == "fence   w")
    #expect(text(0x0000_000f) == "fence   ")
    #expect(text(0x0100_000f) == "pause")
    #expect(text(0x0025_e013) == "ori     zero, a1, 2")
    #expect(text(0x0200_6013) == "prefetch.i 32(zero)")
    #expect(text(0x0215_e013) == "prefetch.r 32(a1)")
    #expect(text(0xfe35_e013) == "prefetch.w -32(a1)")
    #expect(text(0xc000_1073) == "unimp")
    #expect(text(0x0005_051b) == "sext.w  a0, a0")
    #expect(text(0x0805_053b) == "zext.w  a0, a0")
    #expect(text(0x0805_453b) == "zext.h  a0, a0")
    #expect(text(0x0805_4533, .rv32Full) == "zext.h  a0, a0")
    #expect(text(0x0805_4533) == "pack    a0, a0, zero")
    #expect(text(0x6980_5013, .rv32Full) == "rev8.rv32 (args unknown)")
    #expect(text(0x6b85_5513) == "rev8    a0, a0")
  }

  @Test("instructions that the hart lacks are named all the same")
  func foreignInstructions() {
    #expect(text(0x0000_3003, .rv32Full) == "ld      zero, 0(zero)")
    #expect(text(0x0205_1513, .rv32Full) == "slli    a0, a0, 32")
    #expect(text(0x04b5_0553) == "fadd.h  fa0, fa0, fa1")
    #expect(text(0x06b5_0553) == "fadd.q  fa0, fa0, fa1")
    #expect(text(0x4425_0553) == "unknown")
    #expect(text(0x4405_0553) == "fcvt.h.s fa0, fa0")
    #expect(text(0x2ab6_352f) == "amocas.d.rl a0, a1, (a2)")
    #expect(text(0x0041_a00f) == "cbo.zero (gp)")
    #expect(text(0x6005_4573) == "hlv.b   a0, (a0)")
    #expect(text(0x62b5_4073) == "hsv.b   a1, (a0)")
    #expect(text(0x00d0_0073) == "wrs.nto")
    #expect(text(0x0035_2463) == "beqi    a0, 3, pc + 8")
  }

  @Test("CSRs have their names, other numbers show as unknown")
  func csrNames() {
    let names: [(UInt16, String)] = [
      (0x001, "fflags"), (0x105, "stvec"), (0x106, "scounteren"), (0x10a, "senvcfg"),
      (0x14d, "stimecmp"), (0x180, "satp"), (0x300, "mstatus"), (0x309, "mvip"),
      (0x30a, "menvcfg"), (0x310, "mstatush"), (0x31a, "menvcfgh"), (0x320, "mcountinhibit"),
      (0x323, "mhpmevent3"), (0x33f, "mhpmevent31"), (0x344, "mip"), (0x34b, "mtval2"),
      (0x3a3, "pmpcfg3"), (0x3af, "pmpcfg15"), (0x3b0, "pmpaddr0"), (0x3ef, "pmpaddr63"),
      (0x7a4, "tinfo"), (0x7b3, "dscratch1"), (0xb02, "minstret"), (0xb83, "mhpmcounter3h"),
      (0xc01, "time"), (0xc1f, "hpmcounter31"), (0xc9f, "hpmcounter31h"), (0xf14, "mhartid"),
      (0x5c0, "unknown_5c0"), (0xb01, "unknown_b01"), (0xfff, "unknown_fff"),
      (0x000, "unknown_000"),
    ]
    for (number, name) in names { #expect(csrName(number) == name) }
    #expect(text(0x7c00_22f3) == "csrr    t0, unknown_7c0")
  }

  @Test("every instruction of the hart is named, and every encoding has a text")
  func totality() {
    var random = SeededGenerator(seed: 4)
    for set in [InstructionSet.rv32Full, .rv64Full] {
      for _ in 0..<20_000 {
        let word = UInt32.random(in: .min ... .max, using: &random) | 3
        let row = Encoding.decode(word, xlen: set.xlen, extensions: set.extensions)
        let text = disassemble(word, instructionSet: set)
        #expect(row == nil || text != "unknown")
        #expect(!text.isEmpty)
      }
      for half in UInt16.min ... .max where half & 3 != 3 {
        let isLegal = expandCompressed(half, xlen: set.xlen, extensions: set.extensions) != nil
        let text = disassemble(UInt32(half), instructionSet: set)
        #expect(!isLegal || text.hasPrefix("c."))
      }
    }
  }
}
