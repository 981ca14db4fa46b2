import RISCV

/// Puts the items of a program at addresses and fills in distances.
struct ProgramLayout {
  let program: RandomProgram
  private let words: InstructionWords
  /// Offset of each item from the first, and of the end.
  private let offsets: [Int]

  init(_ program: RandomProgram) {
    self.program = program
    words = InstructionWords(xlen: program.xlen)
    var offsets = [0]
    for item in program.items {
      offsets.append((offsets.last ?? 0) + item.pieces.reduce(0) { $0 + $1.size })
    }
    self.offsets = offsets
  }

  private static let prologueSize = 4 * (2 + 2 + 32 + 30)
  private static let epilogueSize = 4 * (32 + 32 + 2 + 2)

  /// Bytes of code in all.
  var size: Int { Self.prologueSize + (offsets.last ?? 0) + Self.epilogueSize }

  private var load: Operation { program.xlen == .rv64 ? .ld : .lw }
  private var store: Operation { program.xlen == .rv64 ? .sd : .sw }
  /// A register to pass fcsr through.
  private var temporary: Int { program.base == 5 ? 6 : 5 }

  /// Loads every register.
  func emitPrologue(dataBlock: UInt64, to code: inout CodeBuffer) {
    let base = program.base
    code.load(words, base, address: dataBlock)
    code.word(words.immediate(.lw, rd: temporary, rs1: base, DataBlock.fcsr))
    code.word(words.immediate(.csrrw, rd: 0, rs1: temporary, 3))
    for f in 0..<32 {
      code.word(words.immediate(.fld, rd: f, rs1: base, DataBlock.floatRegister(f)))
    }
    for x in 1..<32 where x != base {
      code.word(words.immediate(load, rd: x, rs1: base, DataBlock.integerRegister(x)))
    }
  }

  /// Stores every register and marks the end.
  func emitEpilogue(to code: inout CodeBuffer) {
    let base = program.base
    for x in 0..<32 {
      code.word(words.store(store, rs2: x, rs1: base, DataBlock.integerRegister(x)))
    }
    for f in 0..<32 {
      code.word(words.store(.fsd, rs2: f, rs1: base, DataBlock.floatRegister(f)))
    }
    code.word(words.immediate(.csrrs, rd: temporary, rs1: 0, 3))
    code.word(words.store(.sw, rs2: temporary, rs1: base, DataBlock.fcsr))
    code.word(words.immediate(.addi, rd: 17, rs1: 0, Int(ProgramImage.SystemCall.getppid)))
    code.word(words.plain(.ecall))
  }

  /// The items.
  func emitBody(to code: inout CodeBuffer) {
    let start = code.address
    for (index, item) in program.items.enumerated() {
      for piece in item.pieces {
        func distance(_ target: Target, reach: Int = .max) -> Int {
          let here = Int(code.address - start)
          switch target {
          case .piece(let other):
            return offset(of: other, in: index) - here
          case .item(var other):
            // What is too far away is replaced by something nearer.
            other = min(other, program.items.count)
            while other > index + 1, offsets[other] - here > reach { other -= 1 }
            return offsets[other] - here
          }
        }
        switch piece {
        case .word(let word): code.word(word)
        case .half(let half): code.half(half)
        case .branch(let word, let target):
          code.word(word | InstructionWords.branchDistance(distance(target, reach: 4000)))
        case .jump(let word, let target):
          code.word(word | InstructionWords.jumpDistance(distance(target)))
        case .shortBranch(let half, let target):
          code.half(half | InstructionWords.shortBranchDistance(distance(target, reach: 254)))
        case .shortJump(let half, let target):
          code.half(half | InstructionWords.shortJumpDistance(distance(target, reach: 2046)))
        case .address(let register, let target, let plus):
          let here = Int(code.address - start)
          let goal = here + distance(target) + plus
          code.load(words, register, address: start &+ UInt64(bitPattern: Int64(goal)))
        }
      }
    }
  }

  private func offset(of piece: Int, in item: Int) -> Int {
    program.items[item].pieces.prefix(piece).reduce(offsets[item]) { $0 + $1.size }
  }
}
