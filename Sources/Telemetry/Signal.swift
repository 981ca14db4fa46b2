public import SimKernel

/// A probe of one waveform signal; costs one test when waves are off.
public struct Signal: BitwiseCopyable {
  @usableFromInline let buffer: UnsafeMutablePointer<WaveBuffer>?
  @usableFromInline let identifier: UInt32

  init(buffer: UnsafeMutablePointer<WaveBuffer>?, identifier: UInt32) {
    self.buffer = buffer
    self.identifier = identifier
  }

  /// A probe that records nothing.
  public static var off: Signal { Signal(buffer: nil, identifier: 0) }

  /// Whether waves are recorded at all.
  @inlinable @inline(__always)
  public var isOn: Bool { buffer != nil }

  /// The signal has `value` from this instant on.
  @inlinable @inline(__always)
  public func set(_ value: UInt64) {
    if let buffer { buffer.pointee.record(identifier, value, delay: 0) }
  }

  /// The signal has `value` from `delay` base ticks after this instant on. A later call for the
  /// same instant replaces an earlier one.
  @inlinable @inline(__always)
  public func set(_ value: UInt64, after delay: Tick) {
    if let buffer { buffer.pointee.record(identifier, value, delay: delay) }
  }

  /// A signal wider than 64 bits has the little-endian value of `count` bytes at `bytes`.
  @inlinable
  public func set(bytes: UnsafeRawPointer, count: Int, after delay: Tick = 0) {
    if let buffer { buffer.pointee.record(identifier, bytes: bytes, count: count, delay: delay) }
  }
}

/// The growing list of value changes between two drains.
@usableFromInline
struct WaveBuffer: BitwiseCopyable {
  @usableFromInline var records: UnsafeMutablePointer<WaveRecord>
  @usableFromInline var count: Int
  @usableFromInline var capacity: Int
  @usableFromInline var bytes: UnsafeMutablePointer<UInt8>
  @usableFromInline var byteCount: Int
  @usableFromInline var byteCapacity: Int
  @usableFromInline let time: UnsafeMutablePointer<Tick>

  @usableFromInline @inline(never)
  mutating func record(_ signal: UInt32, _ value: UInt64, delay: Tick) {
    append(
      WaveRecord(
        tick: time.pointee &+ delay, value: value, signal: signal, byteCount: 0))
  }

  @usableFromInline @inline(never)
  mutating func record(_ signal: UInt32, bytes source: UnsafeRawPointer, count: Int, delay: Tick) {
    if byteCount + count > byteCapacity {
      let capacity = max(2 * byteCapacity, byteCount + count)
      let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      grown.update(from: bytes, count: byteCount)
      bytes.deallocate()
      bytes = grown
      byteCapacity = capacity
    }
    UnsafeMutableRawPointer(bytes + byteCount).copyMemory(from: source, byteCount: count)
    append(
      WaveRecord(
        tick: time.pointee &+ delay, value: UInt64(byteCount), signal: signal,
        byteCount: UInt32(count)))
    byteCount += count
  }

  private mutating func append(_ record: WaveRecord) {
    if count == capacity {
      let grown = UnsafeMutablePointer<WaveRecord>.allocate(capacity: 2 * capacity)
      grown.update(from: records, count: count)
      records.deallocate()
      records = grown
      capacity *= 2
    }
    records[count] = record
    count += 1
  }
}

/// One value change. Values of more than 64 bits lie in the buffer's byte area.
@usableFromInline
struct WaveRecord: BitwiseCopyable {
  @usableFromInline var tick: Tick
  @usableFromInline var value: UInt64
  @usableFromInline var signal: UInt32
  @usableFromInline var byteCount: UInt32

  @usableFromInline
  init(tick: Tick, value: UInt64, signal: UInt32, byteCount: UInt32) {
    self.tick = tick
    self.value = value
    self.signal = signal
    self.byteCount = byteCount
  }
}
