import RISCV

/// Runs random programs on QEMU and on every engine of the hart, and compares what they leave.
struct Differential: Sendable {
  let xlen: XLEN
  /// Nil compares the engines with each other only.
  let oracle: UserModeQEMU?

  /// A difference in what one program did.
  struct Difference: Sendable {
    let program: RandomProgram
    /// What each machine left, nil when it did not get to the end.
    let qemu: DataBlock?
    let hart: [Engine: DataBlock]
    /// What is different, in a line.
    let summary: String
  }

  /// Programs per image: enough to make starting QEMU cheap.
  static let batch = 200

  /// The differences of the programs with the given indices.
  func differences(seed: UInt64, indices: Range<Int>) throws -> [Difference] {
    try differences(
      indices.map { ProgramGenerator.program(xlen: xlen, seed: seed, index: $0) })
  }

  /// The differences of some programs, executed one after the other in one image.
  func differences(_ programs: [RandomProgram]) throws -> [Difference] {
    let image = ProgramImage(programs, for: .hart)
    var outcomes: [Engine: HartMachine.Outcome] = [:]
    for engine in Engine.allCases {
      outcomes[engine] = try HartMachine(
        image.bytes, at: image.start, entry: image.start, xlen: xlen, engine: engine
      ).run(seed: UInt64(programs.first?.index ?? 0))
    }
    let expected = try oracle.map { try $0.run(executable(programs)) }
    let hasEnded =
      outcomes.values.allSatisfy { $0.ending == .exited }
      && (expected?.isGood ?? true)
    // Something ended early and took the programs behind it along: one by one.
    if !hasEnded, programs.count > 1 { return try programs.flatMap { try differences([$0]) } }
    return programs.indices.compactMap { index in
      difference(programs[index], at: index, image, outcomes, expected)
    }
  }

  private func executable(_ programs: [RandomProgram]) -> [UInt8] {
    let image = ProgramImage(programs, for: .qemu)
    return ELFWriter.executable(image.bytes, at: image.start, xlen: xlen)
  }

  /// What is different about the program that is number `index` in its image.
  private func difference(
    _ program: RandomProgram, at index: Int, _ image: ProgramImage,
    _ outcomes: [Engine: HartMachine.Outcome], _ expected: UserModeQEMU.Ending?
  ) -> Difference? {
    // A program that did not end has written nothing; its memory still shows how far it came.
    func block(_ output: [UInt8], from first: Int = 0) -> DataBlock? {
      let start = first + index * DataBlock.size
      guard start + DataBlock.size <= output.count else { return nil }
      return DataBlock(output[start..<start + DataBlock.size])
    }
    var summary: [String] = []
    var blocks: [Engine: DataBlock] = [:]
    for engine in Engine.allCases {
      guard let outcome = outcomes[engine] else { continue }
      if outcome.ending != .exited { summary.append("\(engine): \(outcome.ending)") }
      blocks[engine] = block(outcome.memory, from: Int(image.dataStart - image.start))
    }
    if let expected, !expected.isGood {
      let (code, wasSignalled) = (expected.program.code, expected.program.wasSignalled)
      summary.append("QEMU: \(wasSignalled ? "killed by signal" : "exit code") \(code)")
    }
    let qemu = expected.flatMap { block($0.output) }
    if summary.isEmpty {
      let reference = outcomes[.reference]
      if let qemu, qemu != blocks[.reference] { summary.append("QEMU and reference differ") }
      for engine in Engine.allCases where engine != .reference {
        if blocks[engine] != blocks[.reference] {
          summary.append("\(engine) and reference differ")
        }
        if outcomes[engine]?.counts[index] != reference?.counts[index] {
          summary.append(
            "cycles and instructions: reference \(reference?.counts[index] ?? []), "
              + "\(engine) \(outcomes[engine]?.counts[index] ?? [])")
        }
      }
    }
    guard !summary.isEmpty else { return nil }
    return Difference(
      program: program, qemu: qemu, hart: blocks, summary: summary.joined(separator: "; "))
  }
}

extension Differential {
  /// The program of `difference` without the items that do not matter for there being one.
  func shrunk(_ difference: Difference) throws -> Difference {
    var smallest = difference
    var kept = Set(difference.program.items.indices)
    var size = kept.count / 2
    while size >= 1 {
      var hasShrunk = false
      for start in stride(from: 0, to: difference.program.items.count, by: size) {
        let fewer = kept.subtracting(start..<start + size)
        guard fewer.count < kept.count else { continue }
        let candidate = difference.program.keeping { fewer.contains($0) }
        if let still = try differences([candidate]).first {
          smallest = still
          kept = fewer
          hasShrunk = true
        }
      }
      if size == 1, !hasShrunk { break }
      size = max(1, size / 2)
    }
    return smallest
  }
}
