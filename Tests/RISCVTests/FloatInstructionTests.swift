import RISCV
import Testing

/// What the floating-point instructions add to the arithmetic: boxes, rounding modes, flags, state.
@Suite("Floating-point instructions")
struct FloatInstructionTests {
  private static let box: UInt64 = 0xffff_ffff_0000_0000
  private static let one: UInt64 = box | 0x3f80_0000
  private static let canonicalNaN: UInt64 = box | 0x7fc0_0000
  private static let (inexact, overflow, divideByZero, invalid) = (
    1 as UInt64, 4 as UInt64, 8 as UInt64, 16 as UInt64
  )

  @Test("a single-precision operand that is not boxed counts as the canonical NaN")
  func unboxed() throws {
    let bench = try InstructionBench(.rv64Full)
    for improper: UInt64 in [0x3f80_0000, 0xffff_fffe_3f80_0000, 0x7fff_ffff_3f80_0000] {
      #expect(try bench.float(.faddS, improper, Self.one) == (Self.canonicalNaN, 0))
      #expect(try bench.float(.fminS, improper, Self.one) == (Self.one, 0))
      #expect(try bench.float(.fsgnjS, improper, Self.one) == (Self.canonicalNaN, 0))
      #expect(try bench.float(.fsgnjnS, Self.one, improper) == (Self.one | 0x8000_0000, 0))
      #expect(try bench.float(.fclassS, improper, toInteger: true) == (1 << 9, 0))
      #expect(try bench.float(.feqS, improper, improper, toInteger: true) == (0, 0))
      #expect(
        try bench.float(.fcvtWS, improper, toInteger: true) == (0x7fff_ffff, Self.invalid))
      #expect(try bench.float(.fcvtDS, improper) == (0x7ff8_0000_0000_0000, 0))
    }
  }

  @Test("moves and stores take the low word of a register as it is, and loads box it")
  func transfers() throws {
    let bench = try InstructionBench(.rv64Full)
    #expect(
      try bench.float(.fmvXW, 0x1234_5678_8000_0001, toInteger: true)
        == (0xffff_ffff_8000_0001, 0))
    bench.store(0x1111_1111_1111_1111)
    bench.hart[register: 11] = InstructionBench.data
    bench.hart[floatRegister: 12] = 0x1234_5678_9abc_def0
    bench.step(0x00c5_a027)  // fsw fa2, 0(a1)
    #expect(bench.load(0) == 0x1111_1111_9abc_def0)
    bench.step(0x0005_a507)  // flw fa0, 0(a1)
    #expect(bench.hart[floatRegister: 10] == Self.box | 0x9abc_def0)
    bench.step(0x00c5_b027)  // fsd fa2, 0(a1)
    #expect(bench.load(0) == 0x1234_5678_9abc_def0)
    bench.hart[register: 11] = 0xdead_beef_0000_0001
    bench.step(try bench.word(.fmvWX))
    #expect(bench.hart[floatRegister: 10] == Self.box | 1)
  }

  @Test(
    "conversions to integers saturate as the manual's table says",
    arguments: [
      (Operation.fcvtWS, 0xff80_0000 as UInt64, 0xffff_ffff_8000_0000 as UInt64),
      (.fcvtWS, 0x7fc0_0000, 0x7fff_ffff), (.fcvtWS, 0x4f00_0000, 0x7fff_ffff),
      (.fcvtWUS, 0xff80_0000, 0), (.fcvtWUS, 0xbf80_0000, 0), (.fcvtWUS, 0x7fc0_0000, .max),
      (.fcvtWUS, 0x7f80_0000, .max), (.fcvtLS, 0xff80_0000, 1 << 63),
      (.fcvtLS, 0xffc0_0000, .max >> 1), (.fcvtLUS, 0xff80_0000, 0), (.fcvtLUS, 0x7fc0_0000, .max),
    ])
  func saturation(operation: Operation, operand: UInt64, expected: UInt64) throws {
    let result = try InstructionBench(.rv64Full).float(
      operation, Self.box | operand, toInteger: true)
    #expect(result == (expected, Self.invalid))
  }

  @Test("an unsigned word in a register of RV64 is sign-extended")
  func unsignedWord() throws {
    let bench = try InstructionBench(.rv64Full)
    // 3,000,000,000 as a double.
    #expect(
      try bench.float(.fcvtWUD, 0x41e6_5a0b_c000_0000, toInteger: true)
        == (0xffff_ffff_b2d0_5e00, 0))
    bench.hart[register: 11] = 0xffff_ffff_b2d0_5e00
    #expect(try bench.float(.fcvtDWU, 0).result == 0x41e6_5a0b_c000_0000)
    #expect(try bench.float(.fcvtDW, 0).result == 0xc1d3_4be8_8000_0000)
  }

  @Test("the rounding mode comes from the instruction, or from frm when it says so")
  func roundingModes() throws {
    let bench = try InstructionBench(.rv64Full)
    let third = try (0...4).map { rm in
      try bench.float(.fdivS, Self.one, Self.box | 0x4040_0000, rm: rm)
    }
    #expect(
      third.map { $0.result & 0xffff_ffff }
        == [0x3eaa_aaab, 0x3eaa_aaaa, 0x3eaa_aaaa, 0x3eaa_aaab, 0x3eaa_aaab])
    #expect(third.allSatisfy { $0.flags == Self.inexact })
    for mode in 0...4 {
      bench.hart.writeCSR(0x002, UInt64(mode))
      let result = try bench.float(.fdivS, Self.one, Self.box | 0x4040_0000, rm: 7)
      #expect(result == third[mode])
    }
  }

  @Test("a reserved rounding mode is illegal even where nothing is rounded")
  func reservedRoundingModes() throws {
    let bench = try InstructionBench(.rv64Full)
    for operation in [Operation.faddS, .fsqrtD, .fmaddD, .fcvtWS, .fcvtDS, .fcvtDW, .fcvtSL] {
      for rm in [5, 6] {
        let word = try bench.word(operation, rm: rm)
        #expect(bench.exception(word)?.cause == .illegalInstruction, "\(operation) \(rm)")
        #expect(bench.exception(word)?.value == UInt64(word))
      }
      for mode in 5...7 {
        bench.hart.writeCSR(0x002, UInt64(mode))
        let word = try bench.word(operation, rm: 7)
        #expect(bench.exception(word)?.cause == .illegalInstruction, "\(operation), frm \(mode)")
      }
      bench.hart.writeCSR(0x002, 0)
    }
    bench.hart.writeCSR(0x002, 7)
    #expect(bench.exception(try bench.word(.fsgnjS)) == nil)
    #expect(bench.exception(try bench.word(.fmaxD)) == nil)
    #expect(bench.exception(try bench.word(.fclassD)) == nil)
  }

  @Test("flags accumulate until they are cleared")
  func stickyFlags() throws {
    let bench = try InstructionBench(.rv64Full)
    (bench.hart[floatRegister: 11], bench.hart[floatRegister: 12]) = (Self.one, Self.box)
    bench.step(try bench.word(.fdivS))
    #expect(bench.hart.readCSR(0x001) == Self.divideByZero)
    bench.hart[floatRegister: 11] = Self.box
    bench.step(try bench.word(.fdivS))
    #expect(bench.hart.readCSR(0x001) == Self.divideByZero | Self.invalid)
    bench.hart[floatRegister: 12] = Self.one
    bench.step(try bench.word(.faddS))
    #expect(bench.hart.readCSR(0x003) == Self.divideByZero | Self.invalid)
  }

  @Test("fused operations negate the product and the addend as their names say")
  func fused() throws {
    let bench = try InstructionBench(.rv64Full)
    // 3 × 5, with 2: 17, 13, −13, −17.
    let (a, b, c) = (
      0x4008_0000_0000_0000 as UInt64, 0x4014_0000_0000_0000 as UInt64,
      0x4000_0000_0000_0000 as UInt64
    )
    #expect(try bench.float(.fmaddD, a, b, c).result == 0x4031_0000_0000_0000)
    #expect(try bench.float(.fmsubD, a, b, c).result == 0x402a_0000_0000_0000)
    #expect(try bench.float(.fnmsubD, a, b, c).result == 0xc02a_0000_0000_0000)
    #expect(try bench.float(.fnmaddD, a, b, c).result == 0xc031_0000_0000_0000)
    // Infinity × zero is invalid even with a quiet NaN as addend.
    #expect(
      try bench.float(.fmaddS, Self.box | 0x7f80_0000, Self.box, Self.canonicalNaN)
        == (Self.canonicalNaN, Self.invalid))
  }

  @Test("minimum and maximum order zeros, skip a NaN, and signal only for a signaling one")
  func minimumAndMaximum() throws {
    let bench = try InstructionBench(.rv64Full)
    let (zero, minusZero) = (Self.box, Self.box | 0x8000_0000)
    let signaling = Self.box | 0x7f80_0001
    #expect(try bench.float(.fminS, zero, minusZero) == (minusZero, 0))
    #expect(try bench.float(.fmaxS, minusZero, zero) == (zero, 0))
    #expect(try bench.float(.fminS, Self.canonicalNaN, Self.one) == (Self.one, 0))
    #expect(try bench.float(.fmaxS, signaling, Self.one) == (Self.one, Self.invalid))
    #expect(
      try bench.float(.fmaxS, Self.box | 0xffff_ffff, Self.box | 0x7fff_0000) == (
        Self.canonicalNaN, 0
      ))
  }

  @Test("FEQ signals for signaling NaNs only, FLT and FLE for every NaN")
  func comparisons() throws {
    let bench = try InstructionBench(.rv64Full)
    let (quiet, signaling): (UInt64, UInt64) = (0x7ff8_0000_0000_0000, 0x7ff0_0000_0000_0001)
    let one: UInt64 = 0x3ff0_0000_0000_0000
    #expect(try bench.float(.feqD, quiet, one, toInteger: true) == (0, 0))
    #expect(try bench.float(.feqD, signaling, one, toInteger: true) == (0, Self.invalid))
    #expect(try bench.float(.fltD, quiet, one, toInteger: true) == (0, Self.invalid))
    #expect(try bench.float(.fleD, one, quiet, toInteger: true) == (0, Self.invalid))
    #expect(try bench.float(.feqD, 0, 1 << 63, toInteger: true) == (1, 0))
    #expect(try bench.float(.fltD, 1 << 63, 0, toInteger: true) == (0, 0))
    #expect(try bench.float(.fleD, one, one, toInteger: true) == (1, 0))
  }

  @Test(
    "FCLASS sets the bit of the manual's table",
    arguments: [
      (0xff80_0000 as UInt64, 0), (0xbf80_0000, 1), (0x8000_0001, 2), (0x8000_0000, 3), (0, 4),
      (0x007f_ffff, 5), (0x0080_0000, 6), (0x7f80_0000, 7), (0x7f80_0001, 8), (0xffc0_0000, 9),
    ])
  func classes(bits: UInt64, number: Int) throws {
    let bench = try InstructionBench(.rv32Full)
    #expect(try bench.float(.fclassS, Self.box | bits, toInteger: true) == (1 << number, 0))
  }

  @Test("sign injection changes NaNs without a flag")
  func signInjection() throws {
    let bench = try InstructionBench(.rv32Full)
    let signaling: UInt64 = 0x7ff0_0000_0000_0001
    #expect(try bench.float(.fsgnjD, signaling, 1 << 63) == (signaling | 1 << 63, 0))
    #expect(try bench.float(.fsgnjnD, signaling, 1 << 63) == (signaling, 0))
    #expect(try bench.float(.fsgnjxD, signaling | 1 << 63, 1 << 63) == (signaling, 0))
  }

  @Test("a narrowing conversion rounds, overflows and boxes")
  func narrowing() throws {
    let bench = try InstructionBench(.rv32Full)
    #expect(
      try bench.float(.fcvtSD, 0x3ff0_0000_1000_0000) == (Self.one, Self.inexact))
    #expect(
      try bench.float(.fcvtSD, 0x7fef_ffff_ffff_ffff)
        == (Self.box | 0x7f80_0000, Self.overflow | Self.inexact))
    #expect(
      try bench.float(.fcvtSD, 0x7fef_ffff_ffff_ffff, rm: 1)
        == (Self.box | 0x7f7f_ffff, Self.overflow | Self.inexact))
  }

  @Test("with the unit off every instruction is illegal, and none of its effects happens")
  func unitOff() throws {
    let bench = try InstructionBench(.rv64Full)
    bench.hart.writeCSR(0x300, 0)
    bench.hart[register: 11] = InstructionBench.data + 1
    bench.hart[register: 10] = 3
    for operation in [
      Operation.flw, .fsw, .fld, .fsd, .faddS, .fsgnjD, .feqS, .fmvXW, .fmvDX, .fcvtWS, .fclassD,
    ] {
      let word = try bench.word(operation)
      #expect(bench.exception(word)?.cause == .illegalInstruction, "\(operation)")
    }
    #expect(bench.hart[register: 10] == 3)
    // frcsr a0
    #expect(bench.exception(0x0030_2573)?.cause == .illegalInstruction)
  }

  @Test("the state becomes dirty with a register or a flag, not with a comparison or a store")
  func dirtyState() throws {
    let bench = try InstructionBench(.rv64Full)
    func state() -> UInt64 { (bench.hart.readCSR(0x300) ?? 0) >> 13 & 3 }
    bench.hart[register: 11] = InstructionBench.data
    for operation in [Operation.feqD, .fmvXD, .fclassS, .fsd] {
      bench.step(try bench.word(operation))
      #expect(state() == 1, "\(operation)")
    }
    for operation in [Operation.fld, .fmvWX, .fsgnjS] {
      bench.hart.writeCSR(0x300, 0x2000)
      bench.step(try bench.word(operation))
      #expect(state() == 3, "\(operation)")
    }
    // A comparison that raises a flag.
    bench.hart.writeCSR(0x300, 0x2000)
    bench.hart[floatRegister: 11] = 0x7ff8_0000_0000_0000
    bench.step(try bench.word(.fltD))
    #expect(state() == 3)
  }
}
