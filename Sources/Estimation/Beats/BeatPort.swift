internal import SimKernel

/// The five channels of a bus.
struct BeatBus: BitwiseCopyable {
  var readRequest = BeatChannel()
  var readData = BeatChannel()
  var writeRequest = BeatChannel()
  var writeData = BeatChannel()
  var answer = BeatChannel()

  /// The last cycle in which something was sent or taken.
  var lastUse: Int {
    max(
      readRequest.lastUse, readData.lastUse, writeRequest.lastUse, writeData.lastUse,
      answer.lastUse)
  }

  /// A request: the first byte and the number of bus words.
  @inline(__always)
  static func request(_ address: Int, words: Int) -> Int { address &<< 9 | words }
}

/// An initiator at the crossbar.
struct BeatInput: BitwiseCopyable {
  /// The port that the waiting request goes to, −1 until it was decoded.
  var readTarget = -1
  var writeTarget = -1
  /// Where bursts under way go, and how many there are.
  var readsAt = -1
  var readsUnderWay = 0
  var writesAt = -1
  var writesUnderWay = 0
  var readLine: BeatLine
  var answerLine: BeatLine

  init(stages: Int, arena: Arena) {
    readLine = BeatLine(stages: stages, arena: arena)
    answerLine = BeatLine(stages: stages, arena: arena)
  }
}

/// A port of a memory with the crossbar's output to it.
struct BeatPort: BitwiseCopyable {
  /// Between crossbar and memory.
  var bus = BeatBus()
  var firstReader = 0
  var firstWriter = 0
  var readRequests: BeatLine
  var writeRequests: BeatLine
  var writeData: BeatLine
  /// Initiators whose write data is due, in the order of the grants.
  let order: UnsafeMutablePointer<Int>
  let orderCapacity: Int
  var orderHead = 0
  var orderCount = 0
  var readsUnderWay = 0
  var writesUnderWay = 0

  // The memory's side.
  var readWord = 0
  var readsLeft = 0
  var readSource = 0
  var writeWord = 0
  var writeSource = 0
  var isWriting = false
  var lastWasWrite = false
  /// Read words and answers whose latency is not over: rings of the cycles from which they can leave.
  let depth: Int
  let pendingReady: UnsafeMutablePointer<Int>
  let pendingBeat: UnsafeMutablePointer<Int>
  var pendingHead = 0
  var pending = 0
  let answerReady: UnsafeMutablePointer<Int>
  let answerSource: UnsafeMutablePointer<Int>
  var answerHead = 0
  var answers = 0

  init(stages: Int, depth: Int, orderCapacity: Int, arena: Arena) {
    readRequests = BeatLine(stages: stages, arena: arena)
    writeRequests = BeatLine(stages: stages, arena: arena)
    writeData = BeatLine(stages: stages, arena: arena)
    order = arena.allocate(Int.self, count: orderCapacity)
    self.orderCapacity = orderCapacity
    self.depth = depth
    pendingReady = arena.allocate(Int.self, count: depth)
    pendingBeat = arena.allocate(Int.self, count: depth)
    answerReady = arena.allocate(Int.self, count: depth)
    answerSource = arena.allocate(Int.self, count: depth)
  }

  /// Whether it has nothing to do until a request comes.
  @inline(__always)
  var isIdle: Bool { readsUnderWay == 0 && writesUnderWay == 0 }
}
