import RISCV

/// A hart with memory that executes a ``SystemImage`` from machine mode on.
final class SystemMachine {
  private let hart: Hart
  private let memory: UnsafeMutableRawBufferPointer

  /// Most instructions that one program executes.
  static let limit = 200_000

  init(_ image: SystemImage, xlen: XLEN, engine: Engine) throws {
    memory = .allocate(byteCount: image.bytes.count, alignment: 4096)
    memory.copyBytes(from: image.bytes)
    // QEMU always sets accessed and dirty bits.
    var set: InstructionSet = xlen == .rv64 ? .rv64Full : .rv32Full
    set.extensions.insert(.svadu)
    hart = Hart(
      configuration: HartConfiguration(
        instructionSet: set, misalignedAccess: .supported, engine: engine))
    guard let start = memory.baseAddress else { return }
    try hart.add(
      MemoryRegion(base: SystemImage.start, size: UInt64(image.bytes.count), pointer: start))
    hart.reset(pc: SystemImage.start)
    // menvcfg.ADUE, in menvcfgh on RV32.
    if xlen == .rv64 { hart.writeCSR(0x30a, 1 << 61) } else { hart.writeCSR(0x31a, 1 << 29) }
  }

  deinit { memory.deallocate() }

  /// Memory, cycles and retired instructions at the end; nil when that is not reached.
  func run(programs: Int, seed: UInt64) -> (memory: [UInt8], counts: [UInt64])? {
    var random = SplitMix64(seed: seed)
    var executed = 0
    while executed < programs * Self.limit {
      let exit: Exit
      if random.chance(20) {
        executed += 1
        switch hart.step() {
        case .retired, .trapped: exit = .budget
        case .retiredAndStopped(_, let reason), .stopped(let reason): exit = reason
        }
      } else {
        let result = hart.run(budget: 1 + random.below(random.chance(30) ? 12 : 4000))
        executed += result.executed
        exit = result.exit
      }
      switch exit {
      case .budget, .synchronise, .wfi, .hostStore: continue
      case .deviceStore(SystemImage.finisher, _, SystemImage.finish):
        return (Array(memory), [hart.cycle, hart.retiredInstructions])
      case .deviceStore(SystemImage.timeCompare, _, _),
        .deviceStore(SystemImage.timeCompare + 4, _, _):
        hart.completeStore()
      case .deviceLoad, .deviceStore: hart.failAccess()
      case .semihosting, .environmentCall: hart.refuseHostCall()
      case .doubleFault: return nil
      }
    }
    return nil
  }
}
