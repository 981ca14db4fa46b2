public import Fabric
public import SimKernel

/// A stream receiver that stalls at random and records every beat, for tests.
public final class StreamRecorder: Module {
  /// A received beat.
  public struct Beat: Equatable, Sendable {
    /// When it was taken.
    public let cycle: Cycle
    /// Its valid bytes.
    public let bytes: [UInt8]
    /// Whether it was marked last.
    public let isLast: Bool
  }

  /// All beats in order.
  public private(set) var beats: [Beat] = []
  private let input: StreamSink
  private var random: SplitMix64
  private let stallPercent: Int
  private var readyAt: Cycle = 0

  /// Creates a receiver that, after each beat, stalls with the given probability for 1 to 8 cycles.
  public init(path: String, input: StreamSink, seed: UInt64, stallPercent: Int) {
    self.input = input
    random = SplitMix64(seed: seed)
    self.stallPercent = stallPercent
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    if now < readyAt { return .at(readyAt) }
    guard input.canPop else { return .onPort }
    let data = input.data
    let beat = input.pop()
    beats.append(
      Beat(
        cycle: now,
        bytes: (0..<Int(beat.keptBytes)).map { data.load(fromByteOffset: $0, as: UInt8.self) },
        isLast: beat.isLast))
    if Int.random(in: 0..<100, using: &random) < stallPercent {
      readyAt = now + Cycle.random(in: 1...8, using: &random)
    }
    return .nextCycle
  }

  /// All valid bytes in order.
  public var bytes: [UInt8] { beats.flatMap(\.bytes) }
}

/// A stream sender that pauses at random, for tests.
public final class StreamPlayer: Module {
  private let output: StreamSource
  private let beats: [(bytes: [UInt8], isLast: Bool)]
  private var random: SplitMix64
  private let pausePercent: Int
  private var position = 0
  private var readyAt: Cycle = 0

  /// Creates a sender of `beats` that, after each beat, pauses with the given probability for 1 to
  /// 8 cycles.
  public init(
    path: String, output: StreamSource, beats: [(bytes: [UInt8], isLast: Bool)], seed: UInt64,
    pausePercent: Int
  ) {
    self.output = output
    self.beats = beats
    random = SplitMix64(seed: seed)
    self.pausePercent = pausePercent
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    guard position < beats.count else { return .onPort }
    if now < readyAt { return .at(readyAt) }
    guard output.canPush else { return .onPort }
    let beat = beats[position]
    for (index, byte) in beat.bytes.enumerated() {
      output.data.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
    output.push(StreamBeat(keptBytes: beat.bytes.count, isLast: beat.isLast))
    position += 1
    if Int.random(in: 0..<100, using: &random) < pausePercent {
      readyAt = now + Cycle.random(in: 1...8, using: &random)
    }
    return .nextCycle
  }
}
