import RISCV
import Testing

@Suite("Instruction encodings")
struct EncodingTests {
  static let everything = Extensions(rawValue: .max)

  @Test("every operation has one encoding per register width at most, and at least one")
  func completeness() {
    for xlen in [XLEN.rv32, .rv64] {
      let rows = Encoding.all.filter { $0.xlen == nil || $0.xlen == xlen }
      let operations = Set(rows.map(\.operation))
      #expect(operations.count == rows.count)
      let missing = Operation.allCases.filter { !operations.contains($0) }
      #expect(missing.isEmpty == (xlen == .rv64), "\(missing)")
    }
  }

  @Test("no two encodings of one register width match the same word")
  func overlap() {
    for (index, first) in Encoding.all.enumerated() {
      #expect(first.match & ~first.mask == 0, "\(first.mnemonic)")
      #expect(first.match & 3 == 3)
      for second in Encoding.all[(index + 1)...]
      where first.xlen == nil || second.xlen == nil || first.xlen == second.xlen {
        let common = first.mask & second.mask
        #expect(
          (first.match ^ second.match) & common != 0,
          "\(first.mnemonic) and \(second.mnemonic)")
      }
    }
  }

  @Test("an encoding with any operands decodes to its own operation, where its extensions are")
  func decodesWithRandomOperands() {
    var random = SeededGenerator(seed: 1)
    for encoding in Encoding.all {
      for xlen in [XLEN.rv32, .rv64] where encoding.xlen == nil || encoding.xlen == xlen {
        for _ in 0..<50 {
          let word = UInt32.random(in: .min ... .max, using: &random) & ~encoding.mask
          func decoded(_ extensions: Extensions) -> Encoding? {
            Encoding.decode(word | encoding.match, xlen: xlen, extensions: extensions)
          }
          #expect(decoded(Self.everything) == encoding)
          #expect(decoded(encoding.requires) == encoding)
          let without = Self.everything.subtracting(encoding.requires)
          #expect((decoded(without) == nil) == !encoding.requires.isEmpty)
        }
      }
    }
  }

  @Test("looking up a word finds the row that a search through the table finds")
  func bucketsAgreeWithTable() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20_000 {
      var word = UInt32.random(in: .min ... .max, using: &random)
      if Bool.random(using: &random), let row = Encoding.all.randomElement(using: &random) {
        word = word & ~0xfe00_707f | row.match & 0xfe00_707f
      }
      let extensions = Extensions(rawValue: UInt32.random(in: .min ... .max, using: &random))
      for xlen in [XLEN.rv32, .rv64] {
        let expected = Encoding.all.first {
          word & $0.mask == $0.match && ($0.xlen == nil || $0.xlen == xlen)
            && extensions.isSuperset(of: $0.requires)
        }
        #expect(Encoding.decode(word, xlen: xlen, extensions: extensions) == expected)
      }
    }
  }

  @Test("operands survive assembling and decoding in every format")
  func roundTrip() {
    var random = SeededGenerator(seed: 2)
    for encoding in Encoding.all {
      for _ in 0..<20 {
        let registers = (0..<4).map { _ in Int.random(in: 0...31, using: &random) }
        let mode = Int.random(in: 0...7, using: &random)
        let word = encoding.word(
          rd: registers[0], rs1: registers[1], rs2: registers[2], rs3: registers[3],
          immediate: Int.random(in: -0x8_0000...0x7_ffff, using: &random), rounding: mode,
          acquire: Bool.random(using: &random), release: Bool.random(using: &random))
        #expect(word & encoding.mask == encoding.match, "\(encoding.mnemonic)")
        let fields = InstructionFields(word)
        switch encoding.format {
        case .floatFused:
          #expect(fields.rs3 == registers[3] && Int(fields.rm) == mode)
          fallthrough
        case .register, .atomic, .floatRounded, .floatRegister, .floatCompare:
          #expect(fields.rs2 == registers[2])
          fallthrough
        case .unary, .immediate, .shift, .load, .csrRegister, .csrImmediate, .loadReserved,
          .floatLoad, .floatUnary, .floatToInteger, .integerToFloat, .floatToBits, .bitsToFloat:
          #expect(fields.rd == registers[0] && fields.rs1 == registers[1])
        case .store, .floatStore, .branch, .addressFence:
          #expect(fields.rs1 == registers[1] && fields.rs2 == registers[2])
        case .upper, .jump: #expect(fields.rd == registers[0])
        case .fence, .none: break
        }
      }
    }
  }

  @Test("immediates of all formats survive assembling and decoding")
  func immediates() throws {
    var random = SeededGenerator(seed: 2)
    func fields(_ operation: Operation, _ immediate: Int) throws -> InstructionFields {
      let encoding = try #require(
        Encoding.all.first { $0.operation == operation && $0.xlen != .rv32 })
      return InstructionFields(encoding.word(immediate: immediate))
    }
    for _ in 0..<500 {
      let twelve = Int.random(in: -2048...2047, using: &random)
      let branch = Int.random(in: -2048...2047, using: &random) * 2
      let jump = Int.random(in: -0x8_0000...0x7_ffff, using: &random) * 2
      let upper = Int.random(in: 0...0xf_ffff, using: &random)
      let shift = Int.random(in: 0...63, using: &random)
      #expect(try fields(.addi, twelve).immediateI == twelve)
      #expect(try fields(.fld, twelve).immediateI == twelve)
      #expect(try fields(.sw, twelve).immediateS == twelve)
      #expect(try fields(.fsd, twelve).immediateS == twelve)
      #expect(try fields(.beq, branch).immediateB == branch)
      #expect(try fields(.jal, jump).immediateJ == jump)
      #expect(try fields(.slli, shift).shamt6 == shift)
      #expect(try fields(.sraiw, shift).shamt6 == shift & 31)
      #expect(try UInt32(bitPattern: fields(.lui, upper).immediateU) == UInt32(upper) << 12)
    }
  }

  @Test("words of the instruction set manual's opcode listings decode as printed there")
  func knownWords() {
    let known: [(UInt32, Operation)] = [
      (0x0000_0013, .addi), (0x0000_8067, .jalr), (0x0ff0_000f, .fence), (0x0000_100f, .fenceI),
      (0x0000_0073, .ecall), (0x0010_0073, .ebreak), (0x3020_0073, .mret), (0x1050_0073, .wfi),
      (0xc000_2573, .csrrs), (0x3004_7073, .csrrci), (0x40b5_0633, .sub), (0x4015_5613, .srai),
      (0x02b5_2633, .mulhsu), (0x02b5_7633, .remu), (0x0000_0097, .auipc), (0x1020_0073, .sret),
      (0x1200_0073, .sfenceVMA), (0x1000_252f, .lrW), (0x18b5_262f, .scW), (0x0000_2007, .flw),
      (0x0000_3027, .fsd), (0xe000_1053, .fclassS), (0xf000_0053, .fmvWX), (0x4200_0053, .fcvtDS),
      (0x6980_5013, .rev8), (0x0805_4633, .zextH), (0x0e00_5033, .czeroEqz),
    ]
    for (word, operation) in known {
      let row = Encoding.decode(word, xlen: .rv32, extensions: Self.everything)
      #expect(row?.operation == operation, "\(operation)")
    }
    let illegal: [UInt32] = [
      0, 0xffff_ffff, 0x0000_0001, 0x0200_1013, 0x4000_1013, 0x0000_2063, 0x0000_7003, 0x0000_3023,
      0x0000_1067, 0x4000_2033, 0x0400_0033, 0x0000_200f, 0x0000_4073, 0x3020_0173, 0x1010_202f,
      0x6b80_5013, 0x0000_3003, 0xe200_0053,
    ]
    for word in illegal {
      let row = Encoding.decode(word, xlen: .rv32, extensions: Self.everything)
      #expect(row == nil, "\(String(word, radix: 16))")
    }
    let wide: [(UInt32, Operation)] = [
      (0x0200_1013, .slli), (0x0000_3003, .ld), (0x6b80_5013, .rev8), (0x0805_463b, .zextH),
      (0xe200_0053, .fmvXD), (0x0000_302f, .amoaddD), (0x0a00_101b, .slliUW),
    ]
    for (word, operation) in wide {
      let row = Encoding.decode(word, xlen: .rv64, extensions: Self.everything)
      #expect(row?.operation == operation)
    }
  }
}
