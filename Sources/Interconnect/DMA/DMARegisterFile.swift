internal import Fabric
internal import SimKernel

/// The registers of a DMA and its queue of two jobs.
struct DMARegisterFile: BitwiseCopyable {
  /// A job as START found the registers.
  struct Job {
    let isLinked: Bool
    let chain: Address
    let words: Table<UInt32>
  }

  private let block: Table<UInt32>
  private var chain: UInt32 = 0
  private var control: UInt32 = 0
  private var isDone = false
  private var error = DMAError.none
  private let portBits: UInt32
  /// Payload bytes moved since reset.
  var bytesMoved: UInt64 = 0

  /// The waiting job and the one handed out last.
  private let waitingWords: Table<UInt32>
  private var waitingChain: UInt32 = 0
  private var waitingIsLinked = false
  private(set) var hasJob = false

  init(portBits: Int, arena: Arena) {
    self.portBits = UInt32(portBits)
    block = Table(arena, count: DMADescriptor.wordCount)
    waitingWords = Table(arena, count: DMADescriptor.wordCount)
    reset()
  }

  /// Counts and dilations start at 1, everything else at 0.
  private func reset() {
    for offset in DMARegister.resetOnes {
      block[Int(offset - DMARegister.mode) / 4] = 1
    }
    block[Int(DMARegister.kernel - DMARegister.mode) / 4] = 0x0101_0101
    block[Int(DMARegister.padding - DMARegister.mode) / 4] = 0x0101_0000
  }

  /// Hands out the waiting job, if there is one.
  mutating func takeJob() -> Job? {
    guard hasJob else { return nil }
    hasJob = false
    return Job(
      isLinked: waitingIsLinked, chain: Address(waitingChain), words: waitingWords)
  }

  /// Records the end of a job; an error also drops the waiting one.
  mutating func finish(_ error: DMAError) {
    if error == .none {
      isDone = true
    } else {
      self.error = error
      hasJob = false
    }
  }

  /// Whether the interrupt line is up.
  var interruptLevel: Bool {
    (isDone && control & 1 << 2 != 0) || (error != .none && control & 1 << 3 != 0)
  }

  /// The value of a register, nil where there is none or the size is wrong.
  func read(_ offset: UInt64, bytes: Int, busy: Bool) -> UInt32? {
    guard bytes == 4, offset & 3 == 0 else { return nil }
    switch offset {
    case DMARegister.control: return control & ~3
    case DMARegister.status:
      var value: UInt32 = busy ? 1 : 0
      if isDone { value |= 1 << 1 }
      if error != .none { value |= 1 << 2 }
      if hasJob { value |= 1 << 3 }
      value |= error.rawValue << 8
      return value | ((busy ? 1 : 0) + (hasJob ? 1 : 0)) << 16
    case DMARegister.mode..<DMARegister.mode + UInt64(4 * DMADescriptor.wordCount):
      return block[Int(offset - DMARegister.mode) / 4]
    case DMARegister.chain: return chain
    case DMARegister.bytes: return UInt32(truncatingIfNeeded: bytesMoved)
    case DMARegister.portBits: return portBits
    default: return nil
    }
  }

  /// Writes a register; false where there is none or the size is wrong. Read-only registers ignore
  /// writes.
  mutating func write(_ offset: UInt64, bytes: Int, value: UInt32, busy: Bool) -> Bool {
    guard bytes == 4, offset & 3 == 0 else { return false }
    switch offset {
    case DMARegister.control:
      control = value & 0b1100
      if value & 1 != 0 { start(isLinked: value & 2 != 0) }
    case DMARegister.status:
      if value & 1 << 1 != 0 { isDone = false }
      if value & 1 << 2 != 0 { error = .none }
    case DMARegister.mode..<DMARegister.mode + UInt64(4 * DMADescriptor.wordCount):
      block[Int(offset - DMARegister.mode) / 4] = value
    case DMARegister.chain: chain = value
    case DMARegister.bytes, DMARegister.portBits: break
    default: return false
    }
    return true
  }

  private mutating func start(isLinked: Bool) {
    guard !hasJob else {
      error = .queueFull
      return
    }
    hasJob = true
    waitingIsLinked = isLinked
    waitingChain = chain
    for index in 0..<DMADescriptor.wordCount { waitingWords[index] = block[index] }
  }
}
