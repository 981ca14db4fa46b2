/// What the fast loop does for one decoded instruction.
///
/// Instructions that are rare, or that need more than registers and ordinary memory, are left to
/// the interpreter (`interpret`).
enum Handler: UInt8 {
  /// The slot has not been decoded since its bytes changed; zero, so that zeroed slots mean it.
  case undecoded = 0
  /// Behind the last slot of a page.
  case pageEnd
  case interpret
  case nop, constant, jal, jalr
  case beq, bne, blt, bge, bltu, bgeu
  case lb, lh, lw, lbu, lhu
  case sb, sh, sw
  case addi, slti, sltiu, xori, ori, andi, slli, srli, srai
  case add, sub, sll, slt, sltu, xor, srl, sra, or, and
  case mul, mulh, mulhsu, mulhu, div, divu, rem, remu
}

/// An instruction as the fast loop reads it: 8 bytes.
struct DecodedInstruction: BitwiseCopyable {
  /// Instructions per page of code; with 16-bit instructions a slot would be half a word.
  static let slotsPerPage = 1024
  /// Register index that swallows writes to x0.
  static let discard: UInt8 = 32

  var handler: Handler
  var rd: UInt8
  var rs1: UInt8
  var rs2: UInt8
  /// Sign-extended immediate; for `constant` the value itself, for branches and jumps the distance
  /// in bytes.
  var immediate: Int32

  static let undecoded = Self(handler: .undecoded, rd: 0, rs1: 0, rs2: 0, immediate: 0)
  static let pageEnd = Self(handler: .pageEnd, rd: 0, rs1: 0, rs2: 0, immediate: 0)
  static let interpret = Self(handler: .interpret, rd: 0, rs1: 0, rs2: 0, immediate: 0)
}

extension DecodedInstruction {
  /// Decodes the instruction `word` at `pc`.
  init(word: UInt32, pc: UInt32) {
    guard let encoding = Encoding.decode(word) else {
      self = .interpret
      return
    }
    let fields = InstructionFields(word)
    handler = Handler(encoding.operation)
    rd = fields.rd == 0 ? Self.discard : UInt8(fields.rd)
    rs1 = UInt8(fields.rs1)
    rs2 = UInt8(fields.rs2)
    immediate =
      switch encoding.format {
      case .immediate, .load: fields.immediateI
      case .shift: Int32(fields.rs2)
      case .store: fields.immediateS
      case .branch: fields.immediateB
      case .jump: fields.immediateJ
      case .upper: fields.immediateU
      case .register, .csrRegister, .csrImmediate, .fence, .none: 0
      }
    switch encoding.operation {
    case .auipc:
      immediate = immediate &+ Int32(bitPattern: pc)
    case .jal, .beq, .bne, .blt, .bge, .bltu, .bgeu:
      // A misaligned target raises an exception when taken: rare, so not for the fast loop.
      if immediate & 3 != 0 { handler = .interpret }
    default: break
    }
  }
}

extension Handler {
  /// The handler of `operation`.
  init(_ operation: Operation) {
    self =
      switch operation {
      case .lui, .auipc: .constant
      case .jal: .jal
      case .jalr: .jalr
      case .beq: .beq
      case .bne: .bne
      case .blt: .blt
      case .bge: .bge
      case .bltu: .bltu
      case .bgeu: .bgeu
      case .lb: .lb
      case .lh: .lh
      case .lw: .lw
      case .lbu: .lbu
      case .lhu: .lhu
      case .sb: .sb
      case .sh: .sh
      case .sw: .sw
      case .addi: .addi
      case .slti: .slti
      case .sltiu: .sltiu
      case .xori: .xori
      case .ori: .ori
      case .andi: .andi
      case .slli: .slli
      case .srli: .srli
      case .srai: .srai
      case .add: .add
      case .sub: .sub
      case .sll: .sll
      case .slt: .slt
      case .sltu: .sltu
      case .xor: .xor
      case .srl: .srl
      case .sra: .sra
      case .or: .or
      case .and: .and
      case .mul: .mul
      case .mulh: .mulh
      case .mulhsu: .mulhsu
      case .mulhu: .mulhu
      case .div: .div
      case .divu: .divu
      case .rem: .rem
      case .remu: .remu
      case .fence: .nop
      case .ecall, .ebreak, .fenceI, .mret, .wfi: .interpret
      case .csrrw, .csrrs, .csrrc, .csrrwi, .csrrsi, .csrrci: .interpret
      }
  }
}
