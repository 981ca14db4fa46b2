import Foundation
import RISCV

/// Runs system-level programs on QEMU and on every engine of the hart, and compares the memory
/// they leave: traces, data and page tables.
struct SystemDifferential: Sendable {
  let xlen: XLEN
  /// Nil compares the engines with each other only.
  let oracle: SystemQEMU?

  /// A difference in what one program did.
  struct Difference: Sendable, CustomStringConvertible {
    let program: SystemProgram
    /// How to repeat it, the steps, and where the traces part.
    let description: String
  }

  /// The differences of the programs with the given indices.
  func differences(seed: UInt64, indices: Range<Int>) throws -> [Difference] {
    try differences(indices.map { SystemGenerator.program(xlen: xlen, seed: seed, index: $0) })
  }

  /// The differences of some programs, executed one after the other in one image.
  func differences(_ programs: [SystemProgram]) throws -> [Difference] {
    let image = SystemImage(programs)
    var machines: [(String, [UInt8]?)] = []
    var counts: [[UInt64]?] = []
    for engine in Engine.allCases {
      let machine = try SystemMachine(image, xlen: xlen, engine: engine)
      let outcome = machine.run(
        programs: programs.count, seed: UInt64(programs.first?.index ?? 0))
      machines.append(("\(engine)", outcome?.memory))
      counts.append(outcome?.counts)
    }
    if let oracle { machines.append(("QEMU", try oracle.run(image))) }
    let first = machines[0].1
    let isSame =
      Set(counts).count == 1
      && machines.allSatisfy { machine in
        guard let memory = machine.1, let first else { return false }
        return memcmp(memory, first, SystemImage.comparedSize) == 0
      }
    if isSame { return [] }
    if programs.count > 1 { return try programs.flatMap { try differences([$0]) } }
    return [
      Difference(
        program: programs[0],
        description: report(programs[0], image, machines, counts))
    ]
  }

  /// Everything needed to look into a difference.
  private func report(
    _ program: SystemProgram, _ image: SystemImage, _ machines: [(String, [UInt8]?)],
    _ counts: [[UInt64]?]
  ) -> String {
    let set: InstructionSet = xlen == .rv64 ? .rv64Full : .rv32Full
    var lines = [
      "RV\(xlen.rawValue) system level, seed \(program.seed), program \(program.index)",
      "repeat: Scripts/differential --level system --xlen \(xlen.rawValue)"
        + " --seed \(program.seed) --program \(program.index)",
    ]
    if let guarded = program.guarded {
      lines.append("page \(guarded.page) guarded with permissions \(guarded.permissions)")
    }
    for (csr, value) in program.controls.sorted(by: { $0.key < $1.key }) {
      lines.append("  CSR \(hexadecimal(csr)) = \(hexadecimal(value))")
    }
    for (index, step) in program.steps.enumerated() {
      lines.append("  \(hexadecimal(image.stepAddresses[0][index]))  \(step.note)")
      if step.isEssential { continue }
      for word in step.code {
        let text = disassemble(word, instructionSet: set, style: .relative)
        lines.append("      \(hexadecimal(word))  \(text)")
      }
    }
    let start = Int(SystemImage.memory - SystemImage.start)
    let slot = start..<start + SystemProgram.memorySize
    let traces = machines.map { name, memory in
      (name, memory.map { SystemTrace($0[slot], xlen: xlen) })
    }
    for (name, trace) in traces where trace == nil { lines.append("  \(name): does not end") }
    for part in [\SystemTrace.traps, \.registers] {
      let lists = traces.map { ($0.0, $0.1?[keyPath: part] ?? []) }
      for index in 0..<(lists.map { $0.1.count }.max() ?? 0) {
        let texts = lists.map { $0.1.indices.contains(index) ? $0.1[index] : "–" }
        if Set(texts).count > 1 {
          for (list, text) in zip(lists, texts) { lines.append("  \(list.0): \(text)") }
        } else if part == \.traps {
          lines.append("  all: \(texts[0])")
        }
      }
    }
    let values = zip(Engine.allCases, counts).map { "\($0) \($1 ?? [])" }
    lines.append("  cycles and instructions: \(values.joined(separator: "; "))")
    lines += memoryDifferences(machines)
    return lines.joined(separator: "\n")
  }

  /// The first double words outside the traces that are not the same everywhere.
  private func memoryDifferences(_ machines: [(String, [UInt8]?)]) -> [String] {
    let memories = machines.compactMap { $0.1 }
    guard memories.count == machines.count else { return [] }
    let trace = Int(SystemImage.memory - SystemImage.start) + SystemProgram.traceOffset
    var lines: [String] = []
    for offset in stride(from: 0, to: SystemImage.comparedSize, by: 8)
    where !(trace..<trace + 0x8000).contains(offset) {
      let words = memories.map { memory in
        (0..<8).reduce(UInt64(0)) { $0 | UInt64(memory[offset + $1]) << UInt64(8 * $1) }
      }
      guard Set(words).count > 1 else { continue }
      let texts = zip(machines, words).map { "\($0.0) \(hexadecimal($1))" }
      let address = SystemImage.start + UInt64(offset)
      lines.append("  memory at \(hexadecimal(address)): \(texts.joined(separator: ", "))")
      if lines.count == 8 { break }
    }
    return lines
  }

  /// The program of `difference` without the steps that do not matter for there being one.
  func shrunk(_ difference: Difference) throws -> Difference {
    var smallest = difference
    var size = difference.program.steps.count / 2
    while size >= 1 {
      var start = 0
      while start < smallest.program.steps.count {
        var candidate = smallest.program
        let end = min(start + size, candidate.steps.count)
        let essential = candidate.steps[start..<end].filter { $0.isEssential }
        candidate.steps.replaceSubrange(start..<end, with: essential)
        guard essential.count < end - start, let still = try differences([candidate]).first else {
          start = end
          continue
        }
        smallest = still
        start += essential.count
      }
      size /= 2
    }
    return smallest
  }
}
