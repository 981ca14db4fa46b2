import RISCV

/// A hart that executes a program in user mode, the way QEMU's user mode does: with memory, and
/// with the system calls to write to standard output and to exit.
final class HartMachine {
  /// How a program ended.
  enum Ending: Sendable, Hashable, CustomStringConvertible {
    case exited
    /// An exception, or an access outside memory.
    case trapped(String)
    /// More instructions than allowed.
    case endless(programCounter: UInt64)

    var description: String {
      switch self {
      case .exited: "exited"
      case .trapped(let text): text
      case .endless(let pc): "does not end; at \(hexadecimal(pc))"
      }
    }
  }

  /// What a program did.
  struct Outcome: Sendable {
    let ending: Ending
    /// Cycles and retired instructions at each call without effect and at the end.
    let counts: [[UInt64]]
    /// What it wrote.
    let output: [UInt8]
    /// Its memory at the end.
    let memory: [UInt8]
  }

  /// Most instructions from one system call to the next.
  static let limit = 4_000_000

  private let hart: Hart
  private let memory: UnsafeMutableRawBufferPointer
  private let start: UInt64

  /// A hart about to execute at `entry`, with `bytes` as its memory from `start` on.
  init(_ bytes: [UInt8], at start: UInt64, entry: UInt64, xlen: XLEN, engine: Engine) throws {
    self.start = start
    memory = .allocate(byteCount: bytes.count, alignment: 16)
    memory.copyBytes(from: bytes)
    hart = Hart(
      configuration: HartConfiguration(
        instructionSet: xlen == .rv64 ? .rv64Full : .rv32Full, misalignedAccess: .supported,
        engine: engine, proxiesEnvironmentCalls: true))
    guard let pointer = memory.baseAddress else { return }
    try hart.add(MemoryRegion(base: start, size: UInt64(bytes.count), pointer: pointer))
    hart.reset(pc: entry)
    // Floating point on.
    hart.writeCSR(0x300, 0x6000)
    hart.privilege = .user
  }

  deinit { memory.deallocate() }

  /// Executes the program to its end, in pieces of random length and now and then a single step.
  func run(seed: UInt64 = 0) -> Outcome {
    var random = SplitMix64(seed: seed)
    var counts: [[UInt64]] = []
    var output: [UInt8] = []
    var executed = 0
    func outcome(_ ending: Ending) -> Outcome {
      Outcome(
        ending: ending, counts: counts + [[hart.cycle, hart.retiredInstructions]], output: output,
        memory: Array(memory))
    }
    while executed < Self.limit {
      let exit = advance(&random, &executed)
      switch exit {
      case .budget, .synchronise, .wfi, .hostStore: continue
      case .environmentCall:
        executed = 0
        switch hart[register: 17] {
        case ProgramImage.SystemCall.exit: return outcome(.exited)
        case ProgramImage.SystemCall.write: output += written()
        default: counts.append([hart.cycle, hart.retiredInstructions])
        }
        hart.completeHostCall(hart[register: 12])
      case .doubleFault(let cause, let pc, let value):
        return outcome(
          .trapped("\(cause) at \(hexadecimal(pc)), value \(hexadecimal(value))"))
      case .deviceLoad(let address, _), .deviceStore(let address, _, _):
        let place = hexadecimal(hart.programCounter)
        return outcome(
          .trapped("access outside memory to \(hexadecimal(address)) at \(place)"))
      case .semihosting: hart.refuseHostCall()
      }
    }
    return outcome(.endless(programCounter: hart.programCounter))
  }

  /// Executes some instructions.
  private func advance(_ random: inout SplitMix64, _ executed: inout Int) -> Exit {
    if random.chance(20) {
      executed += 1
      switch hart.step() {
      case .retired, .trapped: return .budget
      case .retiredAndStopped(_, let reason), .stopped(let reason): return reason
      }
    }
    let budget = random.chance(30) ? 1 + random.below(12) : 1 + random.below(4000)
    let result = hart.run(budget: budget)
    executed += result.executed
    return result.exit
  }

  /// The bytes that the call `write` names, as far as there is memory.
  private func written() -> [UInt8] {
    let (address, count) = (hart[register: 11], hart[register: 12])
    guard address >= start, address - start <= memory.count,
      count <= UInt64(memory.count) - (address - start)
    else { return [] }
    let first = Int(address - start)
    return Array(memory[first..<first + Int(count)])
  }
}
