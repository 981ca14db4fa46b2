internal import Foundation
internal import RISCV

/// Executes a program on a bare hart: the speed of the instruction-set simulator alone.
enum ISSBench {
  /// What a run took.
  struct Run {
    /// Instructions retired, the final system call excluded.
    let instructions: UInt64
    /// Wall time.
    let seconds: Double

    /// Instructions per second.
    var rate: Double { Double(instructions) / seconds }
  }

  /// A program that did not end well.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let base: UInt64 = 0x8000_0000
  private static let size = 16 << 20

  /// Runs the executable whose path is in the environment variable FLECBENCH_PROGRAM, which
  /// `Scripts/bench` builds, up to its `exit` system call.
  static func run(_ engine: Engine) throws -> Run {
    guard let path = ProcessInfo.processInfo.environment["FLECBENCH_PROGRAM"] else {
      throw Failure(description: "FLECBENCH_PROGRAM names no program; use Scripts/bench")
    }
    let image = try ELFImage([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    for segment in image.segments {
      guard segment.address >= base, segment.address - base + segment.memorySize <= UInt64(size)
      else { throw Failure(description: "\(path): a segment lies outside memory") }
      (memory + Int(segment.address - base)).copyMemory(
        from: segment.data, byteCount: segment.data.count)
    }
    let hart = Hart(
      configuration: HartConfiguration(
        instructionSet: image.width == .bits64 ? .rv64Full : .rv32Full, engine: engine,
        proxiesEnvironmentCalls: true))
    try hart.add(MemoryRegion(base: base, size: UInt64(size), pointer: memory))
    hart.reset(pc: image.entry)
    hart[register: 2] = base + UInt64(size)
    let start = ContinuousClock.now
    while true {
      switch hart.run(budget: 1 << 16).exit {
      case .budget: continue
      case .environmentCall where hart[register: 10] == 0:
        return Run(
          instructions: hart.retiredInstructions,
          seconds: start.duration(to: .now) / .seconds(1))
      case let exit: throw Failure(description: "\(path): ended with \(exit)")
      }
    }
  }
}
