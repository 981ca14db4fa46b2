import RISCV
import Testing

/// All reference programs: instruction by instruction against Spike's log of them, and once more by
/// each engine.
@Suite("Agreement with Spike")
struct SpikeTests {
  /// More than the longest program needs, so that a hart gone astray ends.
  private static let longest = 200_000

  @Test(
    "the instruction and commit log equals Spike's to the last byte, and both engines end alike",
    arguments: GoldenProgram.all)
  func program(_ program: GoldenProgram) throws {
    let image = try ELFImage(try program.executable())
    let stepped = try GoldenBoard(image, program.instructionSet, engine: .reference)
    let (text, retired, traps) = log(of: stepped, image)
    #expect(stepped.isFinished)
    try compare(text, program)
    #expect(retired == program.instructions)
    #expect(traps == program.traps)
    #expect(stepped.hart.retiredInstructions == UInt64(retired))
    #expect(stepped.hart.cycle == UInt64(retired))

    var random = SeededGenerator(seed: program.logDigest.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    for engine in Engine.allCases {
      let board = try GoldenBoard(image, program.instructionSet, engine: engine)
      while !board.isFinished, board.hart.cycle < Self.longest {
        let longest = [1, 8, 20, 300, 10_000].randomElement(using: &random) ?? 1
        board.run(budget: Int.random(in: 0...longest, using: &random))
      }
      #expect(board.isFinished)
      try compareEnd(stepped, board, image, program)
    }
  }

  @Test("there are 100 programs")
  func programs() { #expect(GoldenProgram.all.count == 100) }

  // MARK: The log

  /// Executes to the end by steps; answers the log and how many instructions retired and trapped.
  private func log(
    of board: GoldenBoard, _ image: ELFImage
  ) -> (text: [UInt8], retired: Int, traps: Int) {
    let hart = board.hart
    let symbols = SpikeSymbols(image.symbolTable.map { ($0.name, $0.address) })
    var log = SpikeLog(hart: 0, instructionSet: hart.configuration.instructionSet, symbols: symbols)
    var text: [UInt8] = []
    var (retired, traps) = (0, 0)
    while !board.isFinished, retired + traps < Self.longest {
      switch board.step() {
      case .retired(let record), .retiredAndStopped(let record, _):
        // The reference logs begin behind the first line about the boot ROM.
        if retired > 0 {
          log.appendInstruction(
            at: record.programCounter, encoding: UInt64(record.word), to: &text)
        }
        log.appendCommit(record, to: &text)
        retired += 1
      case .trapped(let trap):
        if !trap.cause.isInterrupt, let word = hart.executedInstruction {
          log.appendInstruction(
            at: trap.programCounter, encoding: encoding(word, trap.programCounter, hart),
            to: &text)
        }
        log.appendTrap(trap, handledIn: hart.privilege, to: &text)
        traps += 1
      case .stopped(let exit):
        if exit != .synchronise { Issue.record("\(exit)") }
      }
    }
    return (text, retired, traps)
  }

  /// All of an encoding that begins with `word`. The programs have long ones only where addresses
  /// are physical.
  private func encoding(_ word: UInt32, _ pc: UInt64, _ hart: Hart) -> UInt64 {
    let bytes = SpikeLog.encodingLength(UInt16(truncatingIfNeeded: word))
    guard bytes > 4, let rest = hart.peek(pc + 4, bytes: 4) else { return UInt64(word) }
    return UInt64(word) | (rest & (bytes == 6 ? 0xffff : 0xffff_ffff)) << 32
  }

  private func compare(_ text: [UInt8], _ program: GoldenProgram) throws {
    var golden = try program.log()
    if program.name == Self.sv48 { golden = withoutSv48(golden) }
    let begin = Array(text.prefix(golden.count))
    guard isSame(begin, golden) else {
      let lines = zip(Self.lines(text), Self.lines(golden)).enumerated()
      if let difference = lines.first(where: { $0.element.0 != $0.element.1 }) {
        let (line, expected) = difference.element
        Issue.record("line \(difference.offset + 1): '\(line)' instead of '\(expected)'")
      } else {
        Issue.record("the log is too short")
      }
      return
    }
    if program.hasWholeLog {
      #expect(text.count == golden.count)
    } else if try Tool.sha256(text) != program.logDigest {
      Issue.record("the log differs, \(try place(text, program))")
    }
  }

  private static func lines(_ text: [UInt8]) -> [Substring] {
    String(decoding: text, as: UTF8.self).split(separator: "\n")
  }

  /// Where a log goes wrong of which only digests are there.
  private func place(_ text: [UInt8], _ program: GoldenProgram) throws -> String {
    // Mode, blank and 0x: only commits have that.
    let commits = Self.lines(text).filter { line in
      let rest = line.dropFirst("core   0: ".count)
      return rest.dropFirst().hasPrefix(" 0x")
    }
    for (number, digest) in try program.commitChunks().enumerated() {
      let chunk = commits.dropFirst(1000 * number).prefix(1000)
      let bytes = [UInt8](chunk.joined(separator: "\n").utf8) + [0x0a]
      if try Tool.sha256(bytes) != digest {
        return "first in commit \(1000 * number + 1) to \(1000 * number + 1000)"
      }
    }
    return "not in its commits"
  }

  // MARK: The one difference

  /// The program that selects the translation modes Sv48 and Sv57. Spike has them; here, as on
  /// any hart with Sv39 only, such a write changes nothing.
  private static let sv48 = "satp48_rv64"
  private static let sv48Values = ["9000000000080100", "a000000000080100"]

  /// Its log with `satp` staying zero: where it is written, read into a0 and stored.
  private func withoutSv48(_ log: [UInt8]) -> [UInt8] {
    let lines = Self.lines(log).map { line in
      guard let value = Self.sv48Values.first(where: { line.hasSuffix(" 0x\($0)") }),
        line.contains(" c384_satp ") || line.contains(" x10 ") || line.contains(" mem ")
      else { return line + "\n" }
      return line.dropLast(value.count) + "0000000000000000\n"
    }
    return [UInt8](lines.joined().utf8)
  }

  // MARK: The end

  /// Compares registers, memory and counters at the end with those of the stepped run, and with
  /// what Spike left.
  private func compareEnd(
    _ stepped: GoldenBoard, _ board: GoldenBoard, _ image: ELFImage, _ program: GoldenProgram
  ) throws {
    let (a, b) = (stepped.hart, board.hart)
    #expect(a.programCounter == b.programCounter)
    #expect(a.privilege == b.privilege)
    #expect(a.cycle == b.cycle)
    #expect(a.retiredInstructions == b.retiredInstructions)
    for number in UInt16(0)..<4096 where a.readCSR(number) != b.readCSR(number) {
      Issue.record("\(csrName(number)) \(String(describing: b.readCSR(number)))")
    }
    for region in 0..<2 { #expect(a.traffic(ofRegion: region) == b.traffic(ofRegion: region)) }
    #expect(stepped.memory.equals(board.memory, byteCount: GoldenBoard.size))

    let last = try program.registers()
    for number in 0..<32 {
      #expect(b[register: number] == a[register: number])
      #expect(b[floatRegister: number] == a[floatRegister: number])
      #expect(b[register: number] == hexadecimal(last["x\(number)"]) ?? 0)
      // Eight digits where D was off.
      let text = last["f\(number)"]
      let mask: UInt64 = text?.count == 10 ? 0xffff_ffff : .max
      #expect(b[floatRegister: number] & mask == hexadecimal(text) ?? 0)
    }
    try compareSignature(b, image, program)
  }

  private func compareSignature(
    _ hart: Hart, _ image: ELFImage, _ program: GoldenProgram
  ) throws {
    let begin = try #require(image.address(of: "begin_signature"))
    let end = try #require(image.address(of: "end_signature"))
    let bytes = program.instructionSet.xlen == .rv64 ? 8 : 4
    let words = stride(from: begin, to: end, by: bytes).map { hart.peek($0, bytes: bytes) }
    var expected = try program.signature()
    if program.name == Self.sv48 {
      expected = expected.map { value in
        Self.sv48Values.contains(String(value, radix: 16)) ? 0 : value
      }
    }
    #expect(words == expected)
  }

  private func hexadecimal(_ text: String?) -> UInt64? {
    text.flatMap { UInt64($0.dropFirst(2), radix: 16) }
  }
}
