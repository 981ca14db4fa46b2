import RISCV
import Testing

/// Integer instructions, with operands and results from the tables and examples of the manual.
@Suite("Integer instructions")
struct InterpreterTests {
  private static let minimum64: UInt64 = 1 << 63
  private static let ones: UInt64 = .max

  @Test(
    "division by zero and signed overflow have the results of the manual's table",
    arguments: [
      (Operation.div, 7 as UInt64, 0 as UInt64, ones), (.divu, 7, 0, ones), (.rem, 7, 0, 7),
      (.remu, ones, 0, ones), (.div, minimum64, ones, minimum64), (.rem, minimum64, ones, 0),
      (.divw, 7, 0, ones), (.divuw, 7, 0, ones),
      (.remw, 0xffff_ffff_8000_0000, 0, 0xffff_ffff_8000_0000),
      (.remuw, 0x8000_0000, 0, 0xffff_ffff_8000_0000),
      (.divw, 0x8000_0000, ones, 0xffff_ffff_8000_0000), (.remw, 0x8000_0000, ones, 0),
      (.div, 0 &- 7, 2, 0 &- 3), (.rem, 0 &- 7, 2, ones), (.divuw, 0xffff_ffff, 1, ones),
    ])
  func division64(operation: Operation, a: UInt64, b: UInt64, expected: UInt64) throws {
    #expect(try InstructionBench(.rv64Full).integer(operation, a, b) == expected)
  }

  @Test(
    "the same on RV32",
    arguments: [
      (Operation.div, 7 as UInt64, 0 as UInt64, 0xffff_ffff as UInt64),
      (.divu, 0xffff_fff9, 0, 0xffff_ffff), (.rem, 0xffff_fff9, 0, 0xffff_fff9),
      (.remu, 0xffff_fff9, 0, 0xffff_fff9), (.div, 0x8000_0000, 0xffff_ffff, 0x8000_0000),
      (.rem, 0x8000_0000, 0xffff_ffff, 0), (.divu, 0x8000_0000, 0xffff_ffff, 0),
      (.remu, 0x8000_0000, 0xffff_ffff, 0x8000_0000), (.divu, 0xffff_ffff, 2, 0x7fff_ffff),
    ])
  func division32(operation: Operation, a: UInt64, b: UInt64, expected: UInt64) throws {
    #expect(try InstructionBench(.rv32Full).integer(operation, a, b) == expected)
  }

  @Test(
    "the high halves of products see their operands as signed, unsigned or one of each",
    arguments: [
      (Operation.mulh, minimum64, minimum64, 1 << 62 as UInt64), (.mulhu, ones, ones, ones - 1),
      (.mulhsu, ones, ones, ones), (.mulhsu, minimum64, ones, 1 << 63), (.mulh, ones, ones, 0),
      (.mulhsu, 1, ones, 0), (.mulw, 0x1_0000_8000, 0x1_0000, 0xffff_ffff_8000_0000),
    ])
  func products64(operation: Operation, a: UInt64, b: UInt64, expected: UInt64) throws {
    #expect(try InstructionBench(.rv64Full).integer(operation, a, b) == expected)
  }

  @Test(
    "the high halves on RV32 are bits 63 to 32",
    arguments: [
      (Operation.mulh, 0x8000_0000 as UInt64, 0x8000_0000 as UInt64, 0x4000_0000 as UInt64),
      (.mulhu, 0xffff_ffff, 0xffff_ffff, 0xffff_fffe),
      (.mulhsu, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff),
      (.mulhsu, 0x8000_0000, 0x8000_0000, 0xc000_0000),
      (.mulhu, 0xaaaa_aaab, 0x0002_fe7d, 0x0001_fefe),
    ])
  func products32(operation: Operation, a: UInt64, b: UInt64, expected: UInt64) throws {
    #expect(try InstructionBench(.rv32Full).integer(operation, a, b) == expected)
  }

  @Test("shifts use the low 5 or 6 bits of the amount and the width of the register")
  func shifts() throws {
    let narrow = try InstructionBench(.rv32Full)
    #expect(try narrow.integer(.sll, 1, 63) == 0x8000_0000)
    #expect(try narrow.integer(.srl, 0x8000_0000, 32 + 31) == 1)
    #expect(try narrow.integer(.srl, 0x8000_0000, 0) == 0x8000_0000)
    #expect(try narrow.integer(.sra, 0x8000_0000, 31) == 0xffff_ffff)
    #expect(try narrow.integer(.srli, 0xffff_ffff, immediate: 4) == 0x0fff_ffff)
    #expect(try narrow.integer(.srai, 0x8000_0000, immediate: 4 | 0x400) == 0xf800_0000)
    let wide = try InstructionBench(.rv64Full)
    #expect(try wide.integer(.sll, 1, 64 + 63) == Self.minimum64)
    #expect(try wide.integer(.srli, Self.ones, immediate: 63) == 1)
    #expect(try wide.integer(.sllw, 1, 32 + 31) == 0xffff_ffff_8000_0000)
    #expect(try wide.integer(.srlw, 0xf_8000_0000, 31) == 1)
    #expect(try wide.integer(.sraw, 0x8000_0000, 31) == Self.ones)
    #expect(try wide.integer(.srliw, 0xffff_ffff, immediate: 0) == Self.ones)
  }

  @Test("an immediate is sign-extended before it is compared as an unsigned number")
  func setLessThan() throws {
    for set in [InstructionSet.rv32Full, .rv64Full] {
      let bench = try InstructionBench(set)
      #expect(try bench.integer(.sltiu, 5, immediate: -1) == 1)
      #expect(try bench.integer(.slti, 5, immediate: -1) == 0)
      #expect(try bench.integer(.sltu, 0x7fff_ffff, 0 &- 1) == 1)
      #expect(try bench.integer(.slt, 0x7fff_ffff, 0 &- 1) == 0)
    }
  }

  @Test("word instructions of RV64 ignore the high halves and sign-extend")
  func words() throws {
    let bench = try InstructionBench(.rv64Full)
    #expect(try bench.integer(.addw, 0xdead_0000_7fff_ffff, 1) == 0xffff_ffff_8000_0000)
    #expect(try bench.integer(.subw, 0xdead_0000_0000_0000, 1) == Self.ones)
    #expect(try bench.integer(.addiw, 0xdead_0000_ffff_ffff, immediate: 1) == 0)
    bench.step(0x8000_0537)  // lui a0, 0x80000
    #expect(bench.hart[register: 10] == 0xffff_ffff_8000_0000)
  }

  @Test("JALR clears bit 0 of its target and may write the register it jumps through")
  func jumpAndLink() throws {
    for set in [InstructionSet.rv32Full, .rv64Full] {
      let bench = try InstructionBench(set)
      bench.hart[register: 11] = InstructionBench.base + 0x101
      bench.step(try bench.word(.jalr, rd: 11, immediate: -1))
      #expect(bench.hart.programCounter == InstructionBench.base + 0x100)
      #expect(bench.hart[register: 11] == InstructionBench.base + 4)
      bench.hart[register: 11] = 0
      bench.step(try bench.word(.jalr, immediate: -4))
      #expect(bench.hart.programCounter == (set.xlen == .rv32 ? 0xffff_fffc : 0 &- 4))
    }
  }

  @Test("a jump to a half-word address raises its own exception without compressed instructions")
  func misalignedTarget() throws {
    var set = InstructionSet.rv64Full
    set.extensions.remove(.c)
    let bench = try InstructionBench(set)
    bench.hart[register: 10] = 5
    bench.hart[register: 11] = InstructionBench.base + 0x103
    let trap = bench.exception(try bench.word(.jalr))
    #expect(trap?.cause == .instructionAddressMisaligned)
    #expect(trap?.programCounter == InstructionBench.base)
    #expect(trap?.value == InstructionBench.base + 0x102)
    #expect(bench.hart[register: 10] == 5)
    // bne a1, a1, +6 is not taken, beq a1, a1, +6 is.
    #expect(bench.exception(0x00b5_9363) == nil)
    #expect(bench.exception(0x00b5_8363)?.value == InstructionBench.base + 6)
  }

  @Test("compressed instructions link to the address two bytes on")
  func compressedLink() throws {
    let bench = try InstructionBench(.rv64Full)
    bench.hart[register: 11] = InstructionBench.base + 0x200
    bench.step(0x9582)  // c.jalr a1
    #expect(bench.hart.programCounter == InstructionBench.base + 0x200)
    #expect(bench.hart[register: 1] == InstructionBench.base + 2)
  }

  @Test(
    "bit manipulation on RV64",
    arguments: [
      (Operation.clz, 0 as UInt64, 0 as UInt64, 64 as UInt64), (.ctz, 0, 0, 64), (.clzw, 0, 0, 32),
      (.ctzw, 0xff_0000_0000, 0, 32), (.clzw, 0xff_0000_0001, 0, 31), (.cpop, ones, 0, 64),
      (.cpopw, ones, 0, 32), (.orcB, 0x0100_8000_0010_00ff, 0, 0xff00_ff00_00ff_00ff),
      (.rev8, 0x0102_0304_0506_0708, 0, 0x0807_0605_0403_0201),
      (.rol, 0x8000_0000_0000_0001, 65, 3), (.ror, 1, 64, 1), (.ror, 1, 65, minimum64),
      (.rolw, 0x8000_0001, 33, 3), (.rorw, 1, 1, 0xffff_ffff_8000_0000), (.rorw, 3, 0, 3),
      (.sextB, 0x1_80, 0, 0 &- 128), (.sextH, 0x1_8000, 0, 0 &- 32768), (.zextH, ones, 0, 0xffff),
      (.max, ones, 1, 1), (.maxu, ones, 1, ones), (.min, ones, 1, ones), (.minu, ones, 1, 1),
      (.addUW, 0xf_8000_0000, 1, 0x8000_0001), (.sh3addUW, 0xf_8000_0000, 1, 0x4_0000_0001),
      (.sh2add, minimum64 | 1, 2, 6), (.andn, 0xff, 0x0f, 0xf0), (.orn, 0, 0, ones),
      (.xnor, 5, 5, ones), (.clmul, ones, ones, 0x5555_5555_5555_5555),
      (.clmulh, ones, ones, 0x5555_5555_5555_5555), (.clmulr, ones, ones, 0xaaaa_aaaa_aaaa_aaaa),
      (.clmulr, minimum64, 1, 1), (.bset, 0, 127, minimum64), (.bclr, ones, 64, ones - 1),
      (.bext, minimum64, 63, 1), (.binv, 1, 0, 0), (.czeroEqz, 9, 0, 0), (.czeroEqz, 9, 1, 9),
      (.czeroNez, 9, 0, 9), (.czeroNez, 9, minimum64, 0),
    ])
  func bits64(operation: Operation, a: UInt64, b: UInt64, expected: UInt64) throws {
    #expect(try InstructionBench(.rv64Full).integer(operation, a, b) == expected)
  }

  @Test(
    "bit manipulation on RV32",
    arguments: [
      (Operation.clz, 0 as UInt64, 0 as UInt64, 32 as UInt64), (.ctz, 0, 0, 32),
      (.clz, 0x8000_0000, 0, 0),
      (.cpop, 0xffff_ffff, 0, 32), (.orcB, 0x8000_0100, 0, 0xff00_ff00),
      (.rev8, 0x8102_0384, 0, 0x8403_0281), (.rol, 0x8000_0001, 33, 3), (.ror, 1, 1, 0x8000_0000),
      (.ror, 0x8000_0000, 32, 0x8000_0000), (.maxu, 0x8000_0000, 1, 0x8000_0000),
      (.max, 0x8000_0000, 1, 1), (.clmul, 0xffff_ffff, 0xffff_ffff, 0x5555_5555),
      (.clmulh, 0xffff_ffff, 0xffff_ffff, 0x5555_5555),
      (.clmulr, 0xffff_ffff, 0xffff_ffff, 0xaaaa_aaaa),
      (.bset, 0, 63, 0x8000_0000), (.bext, 0x8000_0000, 63, 1), (.binv, 0x8000_0000, 31, 0),
      (.zextH, 0x8000_8000, 0, 0x8000), (.sh1add, 0x8000_0000, 5, 5),
    ])
  func bits32(operation: Operation, a: UInt64, b: UInt64, expected: UInt64) throws {
    #expect(try InstructionBench(.rv32Full).integer(operation, a, b) == expected)
  }

  @Test("immediate bit instructions take a 6-bit index on RV64")
  func bitImmediates() throws {
    let bench = try InstructionBench(.rv64Full)
    #expect(try bench.integer(.bseti, 0, immediate: 63) == Self.minimum64)
    #expect(try bench.integer(.bexti, 1 << 40, immediate: 40) == 1)
    #expect(try bench.integer(.rori, 1, immediate: 33) == 1 << 31)
    #expect(try bench.integer(.roriw, 1, immediate: 1) == 0xffff_ffff_8000_0000)
    #expect(try bench.integer(.slliUW, 0xf_ffff_ffff, immediate: 32) == 0xffff_ffff_0000_0000)
  }

  @Test("loads extend by sign or zero, and addresses wrap at XLEN bits")
  func loads() throws {
    let bench = try InstructionBench(.rv64Full)
    bench.store(0x8182_8384_8586_8788)
    let results: [(Operation, UInt64)] = [
      (.lb, 0xffff_ffff_ffff_ff88), (.lbu, 0x88), (.lh, 0xffff_ffff_ffff_8788), (.lhu, 0x8788),
      (.lw, 0xffff_ffff_8586_8788), (.lwu, 0x8586_8788), (.ld, 0x8182_8384_8586_8788),
    ]
    for (operation, expected) in results {
      #expect(try bench.integer(operation, InstructionBench.data) == expected)
    }
    let narrow = try InstructionBench(.rv32Full)
    narrow.store(0x99)
    narrow.hart[register: 11] = 0x7fff_ffff
    narrow.step(try narrow.word(.lbu, immediate: 1))
    #expect(narrow.hart[register: 10] == UInt64(try narrow.word(.lbu, immediate: 1) & 0xff))
  }

  @Test(
    "atomic operations answer the old value, words sign-extended",
    arguments: [
      (Operation.amoswapW, 0x8000_0001 as UInt64, 5 as UInt64, 5 as UInt64),
      (.amoaddW, 0xffff_ffff, 1, 0), (.amoxorW, 0xf0, 0xff, 0x0f), (.amoandW, 0xf0, 0x3c, 0x30),
      (.amoorW, 0xf0, 0x0f, 0xff), (.amominW, 0x8000_0000, 1, 0x8000_0000),
      (.amomaxW, 0x8000_0000, 1, 1), (.amominuW, 0x8000_0000, 1, 1),
      (.amomaxuW, 0x8000_0000, 0xffff_ffff_0000_0001, 0x8000_0000),
    ])
  func atomicWords(operation: Operation, old: UInt64, operand: UInt64, new: UInt64) throws {
    let bench = try InstructionBench(.rv64Full)
    bench.store(old | 0x1234_5678 << 32)
    let result = try bench.integer(operation, InstructionBench.data, operand)
    #expect(result == UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: old))))
    #expect(bench.load(0) == new | 0x1234_5678 << 32)
  }

  @Test(
    "atomic operations on double words",
    arguments: [
      (Operation.amoswapD, 1 as UInt64, 5 as UInt64, 5 as UInt64), (.amoaddD, ones, 2, 1),
      (.amominD, minimum64, 1, minimum64), (.amomaxD, minimum64, 1, 1),
      (.amominuD, minimum64, 1, 1),
      (.amomaxuD, minimum64, 1, minimum64),
    ])
  func atomicDoubleWords(operation: Operation, old: UInt64, operand: UInt64, new: UInt64) throws {
    let bench = try InstructionBench(.rv64Full)
    bench.store(old)
    #expect(try bench.integer(operation, InstructionBench.data, operand) == old)
    #expect(bench.load(0) == new)
  }

  @Test("a store-conditional succeeds once after a load-reserved, and only at its address")
  func reservation() throws {
    let bench = try InstructionBench(.rv64Full)
    bench.store(0x8000_0000)
    #expect(try bench.integer(.scW, InstructionBench.data, 7) == 1)
    #expect(try bench.integer(.lrW, InstructionBench.data) == 0xffff_ffff_8000_0000)
    #expect(try bench.integer(.scW, InstructionBench.data, 7) == 0)
    #expect(bench.load(0) == 7)
    #expect(try bench.integer(.scW, InstructionBench.data, 8) == 1)
    #expect(try bench.integer(.lrD, InstructionBench.data) == 7)
    #expect(try bench.integer(.scD, InstructionBench.data + 8, 9) == 1)
    #expect(try bench.integer(.scD, InstructionBench.data, 9) == 1)
    #expect(bench.load(0) == 7 && bench.load(8) == 0)
  }

  @Test("atomic instructions trap on misaligned addresses though plain accesses may not")
  func misalignedAtomics() throws {
    let bench = try InstructionBench(.rv64Full, misaligned: .supported)
    bench.hart[register: 11] = InstructionBench.data + 2
    #expect(bench.exception(try bench.word(.lw)) == nil)
    #expect(bench.exception(try bench.word(.lrW))?.cause == .loadAddressMisaligned)
    #expect(bench.exception(try bench.word(.scW))?.cause == .storeAddressMisaligned)
    let trap = bench.exception(try bench.word(.amoaddW))
    #expect(trap?.cause == .storeAddressMisaligned)
    #expect(trap?.value == InstructionBench.data + 2)
  }
}
