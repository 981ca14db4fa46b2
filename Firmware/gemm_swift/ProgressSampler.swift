/// Looks at a DMA channel in the timer's interrupt: how much of a result has been written when.
final class ProgressSampler {
  private let channel: DMAChannel
  /// Ticks of mtime between two looks.
  private let interval: UInt64
  private let start: UInt32
  private var samples = InlineArray<16, UInt32>(repeating: 0)
  private var count = 0

  /// Takes the first sample `interval` ticks from now.
  init(of channel: DMAChannel, every interval: UInt64) {
    self.channel = channel
    self.interval = interval
    start = channel.bytesMoved
    schedule()
  }

  deinit { timer_at(UInt64.max, nil, nil) }

  /// Takes no further sample, and prints those taken as hundredths of `total` bytes.
  func report(total: Int) {
    timer_at(UInt64.max, nil, nil)
    Console.write("written, every \(interval * 1_000_000 / UInt64(TIMER_HZ)) µs:")
    for index in 0..<count {
      Console.write(" \(samples[index] * 100 / UInt32(total)) %")
    }
    Console.print("")
  }

  private func schedule() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    timer_at(
      timer_now() + interval,
      { context in
        guard let context else { return }
        Unmanaged<ProgressSampler>.fromOpaque(context).takeUnretainedValue().sample()
      }, context)
  }

  /// Runs with interrupts off.
  private func sample() {
    guard count < samples.count else { return }
    samples[count] = channel.bytesMoved &- start
    count += 1
    schedule()
  }
}
