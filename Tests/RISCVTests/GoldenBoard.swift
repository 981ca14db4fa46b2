import RISCV
import Testing

/// The machine of Spike's reference runs: 16 MiB of memory, the end of a boot ROM, a CLINT and
/// a PLIC without devices. Time stands still but for what programs write and wait for.
final class GoldenBoard {
  static let base: UInt64 = 0x8000_0000
  static let size = 16 << 20

  let hart: Hart
  let memory: UnsafeMutableRawPointer
  private let rom: UnsafeMutableRawPointer
  /// A store to `tohost` has ended the program.
  private(set) var isFinished = false
  private var (time, compare): (UInt64, UInt64) = (0, 0)
  private var software: UInt64 = 0
  private var interruptController: [UInt64: UInt64] = [:]

  /// A board about to leave its boot ROM for the program `image`.
  init(_ image: ELFImage, _ instructionSet: InstructionSet, engine: Engine) throws {
    hart = Hart(
      configuration: HartConfiguration(
        instructionSet: instructionSet, misalignedAccess: .trapped, engine: engine))
    // Memory that is never touched is never really there.
    memory = try #require(UnsafeMutableRawPointer.zeroed(byteCount: Self.size))
    rom = try #require(UnsafeMutableRawPointer.zeroed(byteCount: 32))
    // ld (on RV32 lw) t0, 24(t0); jr t0
    let load: UInt32 = instructionSet.xlen == .rv64 ? 0x0182_b283 : 0x0182_a283
    rom.storeBytes(of: load.littleEndian, toByteOffset: 12, as: UInt32.self)
    rom.storeBytes(of: UInt32(0x0002_8067).littleEndian, toByteOffset: 16, as: UInt32.self)
    rom.storeBytes(of: Self.base.littleEndian, toByteOffset: 24, as: UInt64.self)
    for segment in image.segments {
      let place = memory + Int(segment.address - Self.base)
      segment.data.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { place.copyMemory(from: start, byteCount: bytes.count) }
      }
    }
    try hart.add(MemoryRegion(base: Self.base, size: UInt64(Self.size), pointer: memory))
    try hart.add(MemoryRegion(base: 0x1000, size: 32, pointer: rom, writable: false))
    hart.reset(pc: 0x100c)
    hart[register: 5] = 0x1000
    hart.watch(image.tohost)
  }

  deinit {
    memory.free()
    rom.free()
  }

  // MARK: Running

  /// Executes `budget` instructions or fewer.
  func run(budget: Int) {
    hart.setInterruptPending(lines)
    var pending: Exit? = hart.run(budget: budget).exit
    while let exit = pending { pending = follow(answer(exit)) }
  }

  /// Executes one instruction; answers whether it retired or what trap it, or an interrupt, was.
  func step() -> Step {
    hart.setInterruptPending(lines)
    var step = hart.step()
    while true {
      switch step {
      case .retiredAndStopped(_, let exit): _ = answer(exit)
      case .stopped(let exit):
        if let next = answer(exit) {
          step = next
          continue
        }
      case .retired, .trapped: break
      }
      return step
    }
  }

  private func follow(_ step: Step?) -> Exit? {
    switch step {
    case .stopped(let exit), .retiredAndStopped(_, let exit): exit
    case .retired, .trapped, nil: nil
    }
  }

  /// Does what the hart asks for; answers what became of an instruction that waited for it.
  private func answer(_ exit: Exit) -> Step? {
    switch exit {
    case .deviceLoad(let address, let bytes):
      guard let value = load(address, bytes) else { return .trapped(hart.failAccess()) }
      return hart.completeLoad(value)
    case .deviceStore(let address, let bytes, let value):
      guard store(address, bytes, value) else { return .trapped(hart.failAccess()) }
      return hart.completeStore()
    case .hostStore(_, _, let value): isFinished = isFinished || value & 1 != 0
    case .wfi: time = max(time, compare)
    case .budget, .synchronise: break
    case .semihosting, .environmentCall, .doubleFault:
      Issue.record("\(exit)")
      isFinished = true
    }
    return nil
  }

  // MARK: Devices

  private var lines: UInt64 { software << 3 | (time >= compare ? 0x80 : 0) }

  private func load(_ address: UInt64, _ bytes: Int) -> UInt64? {
    func part(_ value: UInt64) -> UInt64 { bytes == 8 ? value : value & 0xffff_ffff }
    switch address {
    case 0x0200_0000 where bytes == 4: return software
    case 0x0200_4000: return part(compare)
    case 0x0200_4004: return compare >> 32
    case 0x0200_bff8: return part(time)
    case 0x0200_bffc: return time >> 32
    case 0x0c00_0000..<0x0d00_0000 where bytes >= 4: return interruptController[address] ?? 0
    default: return nil
    }
  }

  private func store(_ address: UInt64, _ bytes: Int, _ value: UInt64) -> Bool {
    func set(_ register: inout UInt64) {
      register = bytes == 8 ? value : register & ~0xffff_ffff | value
    }
    switch address {
    case 0x0200_0000 where bytes == 4: software = value & 1
    case 0x0200_4000: set(&compare)
    case 0x0200_4004: compare = compare & 0xffff_ffff | value << 32
    case 0x0200_bff8: set(&time)
    case 0x0200_bffc: time = time & 0xffff_ffff | value << 32
    case 0x0c00_0000..<0x0d00_0000 where bytes >= 4:
      // Source 0 does not exist; priorities and thresholds have four bits; claims are empty.
      let kept: UInt64 =
        switch address {
        case 0x0c00_0000, 0x0c00_1000..<0x0c00_2000: 0
        case ..<0x0c00_1000: 15
        case ..<0x0c20_0000: 0xffff_fffe
        default: address & 0xfff == 0 ? 15 : 0
        }
      interruptController[address] = value & kept
    default: return false
    }
    return true
  }
}
