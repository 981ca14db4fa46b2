import RISCV

/// A number in hexadecimal with 0x.
func hexadecimal(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16) }

extension Differential.Difference: CustomStringConvertible {
  /// Everything needed to look into it: how to repeat it, the instructions, the operands and the
  /// cells that differ.
  var description: String {
    let bits = program.xlen.rawValue
    var lines = [
      "RV\(bits), seed \(program.seed), program \(program.index): \(summary)",
      "repeat: Scripts/differential --level user --xlen \(bits) --seed \(program.seed)"
        + " --program \(program.index)",
      "base register x\(program.base) = \(hexadecimal(baseAddress)); \(program.itemCount) items:",
    ]
    let (code, registers) = listing
    lines += code.map { "  " + $0 }
    lines.append("operands:")
    let format = program.xlen == .rv64 ? UInt64.max : 0xffff_ffff
    for register in registers {
      let integer = program.data.value(at: DataBlock.integerRegister(register)) & format
      let float = program.data.value(at: DataBlock.floatRegister(register))
      lines.append("  x\(register) \(hexadecimal(integer))  f\(register) \(hexadecimal(float))")
    }
    lines.append("  fcsr \(hexadecimal(program.data.value(at: DataBlock.fcsr, bytes: 4)))")
    let engines = Engine.allCases.map { "\($0)" }.joined(separator: "; ")
    lines.append("differences (before; QEMU; \(engines)):")
    lines += cells
    return lines.joined(separator: "\n")
  }

  private var image: ProgramImage { ProgramImage([program], for: .hart) }
  private var baseAddress: UInt64 { image.dataStart + UInt64(DataBlock.head) }

  /// The instructions of the body, and the numbers of the registers in them.
  private var listing: ([String], [Int]) {
    let image = image
    let size = program.items.reduce(0) { $0 + $1.pieces.reduce(0) { $0 + $1.size } }
    let start = Int(image.bodies[0] - image.start)
    let set: InstructionSet = program.xlen == .rv64 ? .rv64Full : .rv32Full
    var lines: [String] = []
    var registers = Set<Int>()
    var offset = start
    while offset < start + size {
      var word = UInt32(image.bytes[offset]) | UInt32(image.bytes[offset + 1]) << 8
      let isShort = word & 3 != 3
      if !isShort {
        word |= UInt32(image.bytes[offset + 2]) << 16 | UInt32(image.bytes[offset + 3]) << 24
      }
      let pc = image.start + UInt64(offset)
      let text = disassemble(word, instructionSet: set, style: .absolute(pc: pc))
      lines.append("\(hexadecimal(pc))  \(hexadecimal(word))  \(text)")
      let wide =
        isShort
        ? expandCompressed(
          UInt16(truncatingIfNeeded: word), xlen: program.xlen, extensions: set.extensions)
        : word
      for shift in [UInt32(7), 15, 20, 27] {
        registers.insert(Int((wide ?? 0) >> shift & 31))
      }
      offset += isShort ? 2 : 4
    }
    return (lines, registers.sorted())
  }

  /// The cells that are not the same on all machines.
  private var cells: [String] {
    let blocks = [qemu] + Engine.allCases.map { hart[$0] }
    func line(_ name: String, _ offset: Int, _ bytes: Int) -> String? {
      let values = blocks.map { $0?.value(at: offset, bytes: bytes) }
      guard Set(values.compactMap { $0 }).count > 1 else { return nil }
      let texts = values.map { $0.map { hexadecimal($0) } ?? "–" }.joined(separator: "; ")
      return "  \(name): \(hexadecimal(program.data.value(at: offset, bytes: bytes))); \(texts)"
    }
    let xlenBytes = Int(program.xlen.rawValue) / 8
    let integers = (0..<32).compactMap { line("x\($0)", DataBlock.integerRegister($0), xlenBytes) }
    let floats = (0..<32).compactMap { line("f\($0)", DataBlock.floatRegister($0), 8) }
    let memory = stride(
      from: DataBlock.scratch.lowerBound, to: DataBlock.scratch.upperBound, by: 8
    ).compactMap { line("memory at base \($0 < 0 ? "−" : "+") \(abs($0))", $0, 8) }
    let counters = (0..<DataBlock.counterCount).compactMap {
      line("counter \($0)", DataBlock.counters + 4 * $0, 4)
    }
    return integers + floats + [line("fcsr", DataBlock.fcsr, 4)].compactMap { $0 } + memory
      + counters
  }
}
