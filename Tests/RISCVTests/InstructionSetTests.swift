import RISCV
import Testing

@Suite("Instruction set strings")
struct InstructionSetTests {
  @Test(
    "a string names the extensions that are present",
    arguments: [
      ("rv32i", XLEN.rv32, []), ("RV32IMAC", .rv32, [.m, .a, .c]), ("rv64im", .rv64, [.m]),
      ("rv64gc", .rv64, [.m, .a, .f, .d, .c]), ("rv32ifd", .rv32, [.f, .d]),
      ("rv32id", .rv32, [.f, .d]), ("rv64gcb", .rv64, [.m, .a, .f, .d, .c, .zba, .zbb, .zbs]),
      ("rv64gc_zba_zicond", .rv64, [.m, .a, .f, .d, .c, .zba, .zicond]),
      ("rv32imc_Zicsr_Zifencei_zicntr", .rv32, [.m, .c, .zicntr]),
      ("rv32imzba_zbc", .rv32, [.m, .zba, .zbc]), ("rv64i_svadu", .rv64, [.svadu]),
      ("rv64i_zicsr_m_a", .rv64, [.m, .a]),
    ] as [(String, XLEN, Extensions)])
  func parsing(text: String, xlen: XLEN, extensions: Extensions) throws {
    let set = try InstructionSet(parsing: text)
    #expect(set.xlen == xlen)
    let always: Extensions = [.zicsr, .zifencei, .supervisor, .user]
    #expect(set.extensions == extensions.union(always))
  }

  @Test("the letters s and u name the privilege modes")
  func privilegeModes() throws {
    #expect(try InstructionSet(parsing: "rv32imu").extensions.contains(.user))
    #expect(try !InstructionSet(parsing: "rv32imu").extensions.contains(.supervisor))
    #expect(
      try InstructionSet(parsing: "rv64gcs").extensions.isSuperset(of: [.supervisor, .user]))
    #expect(try InstructionSet(parsing: "rv64gcsu") == InstructionSet(parsing: "rv64gc"))
  }

  @Test("RISCV32 and RISCV64 stand for everything but Svadu")
  func familyNames() throws {
    for (name, set) in [("RISCV32", InstructionSet.rv32Full), ("riscv64", .rv64Full)] {
      #expect(try InstructionSet(parsing: name) == set)
      #expect(!set.extensions.contains(.svadu))
      #expect(try InstructionSet(parsing: set.description) == set)
    }
  }

  @Test("the canonical string follows the order of the manual and reads back")
  func description() throws {
    #expect(
      InstructionSet.rv64Full.description
        == "rv64imafdc_zicntr_zicond_zicsr_zifencei_zba_zbb_zbc_zbs")
    #expect(
      try InstructionSet(parsing: "RV32ICM_ZBS_zba").description
        == "rv32imc_zicsr_zifencei_zba_zbs")
    var random = SeededGenerator(seed: 6)
    for _ in 0..<200 {
      var extensions = Extensions(rawValue: UInt32.random(in: 0..<1 << 14, using: &random))
      extensions.formUnion([.zicsr, .zifencei, .user])
      if extensions.contains(.d) { extensions.insert(.f) }
      if Bool.random(using: &random) { extensions.insert(.supervisor) }
      let set = InstructionSet(
        xlen: Bool.random(using: &random) ? .rv32 : .rv64, extensions: extensions)
      #expect(try InstructionSet(parsing: set.description) == set, "\(set)")
    }
  }

  @Test("misa holds the width and a bit for each letter")
  func misa() throws {
    #expect(try InstructionSet(parsing: "rv32imcu").misa == 0x4010_1104)
    #expect(try InstructionSet(parsing: "rv64gc").misa == 0x8000_0000_0014_112d)
    // As Spike's logs show it, with Zba, Zbb and Zbs.
    #expect(InstructionSet.rv32Full.misa == 0x4014_112f)
    #expect(InstructionSet.rv64Full.misa == 0x8000_0000_0014_112f)
    #expect(try InstructionSet(parsing: "rv64i_zba_zbb").misa & 2 == 0)
  }

  @Test(
    "a string that is not understood is refused with the part that is wrong",
    arguments: [
      ("", "''"), ("rv128i", "'rv128i'"), ("x86", "'x86'"), ("rv32", "'rv32'"),
      ("rv32m", "'rv32m'"), ("rv32e", "'rv32e'"), ("rv64iq", "'q'"), ("rv64gcv", "'v'"),
      ("rv64i_zfoo", "'zfoo'"), ("rv64i_", "'_'"), ("rv64i__zba", "'_'"), ("rv64izbb_zbb", "'zbb'"),
      ("rv32imm", "'m'"), ("rv64i-m", "'-'"), ("rv64i_svpbmt", "'svpbmt'"), ("rv64iü", "'ü'"),
    ])
  func refusals(text: String, part: String) {
    let error = #expect(throws: InstructionSetError.self) {
      try InstructionSet(parsing: text)
    }
    #expect(error?.description.contains(part) == true)
  }

  @Test("the refusal of an extension lists the supported ones")
  func listOfExtensions() {
    let error = #expect(throws: InstructionSetError.self) {
      try InstructionSet(parsing: "rv64gcv")
    }
    #expect(error?.description.hasSuffix("zba, zbb, zbc, zbs, svadu") == true)
  }
}
