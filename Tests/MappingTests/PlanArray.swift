import Networks
import Reference

/// A systolic array as its manual page describes it: what it computes, not how.
final class PlanArray: PlanDevice {
  private let shape: PlanPlatform.ArrayShape
  private let operands: PlanStream
  private let weights: PlanStream
  private let results: PlanStream
  private var waiting: [Job] = []
  private var job: Job?

  /// A job as START found the registers, and how far it is.
  private struct Job {
    let rows: Int
    let columns: Int
    let depth: Int
    let passes: Int
    let flags: UInt32
    let scale: UInt32
    let shift: UInt32
    let zeroPoint: Int32
    let bounds: (least: UInt32, greatest: UInt32)
    let slope: Float
    var firstRow = 0
    var pass = 0
    /// Beats taken in this pass.
    var taken = 0
    var rowsSent = 0
    var isSending = false
    var integers: [Int32] = []
    var floats: [Float] = []
    /// Weights of this pass (weight stationary).
    var loaded: [[UInt8]] = []

    func has(_ bit: Int) -> Bool { flags & 1 << UInt32(bit) != 0 }
  }

  init(
    _ name: String, _ shape: PlanPlatform.ArrayShape, operands: PlanStream, weights: PlanStream,
    results: PlanStream
  ) {
    self.shape = shape
    self.operands = operands
    self.weights = weights
    self.results = results
    var banks: [String: Int] = [:]
    for bank in ["BIAS", "SCALE", "SHIFT"] { (banks["\(bank)0"], banks["\(bank)1"]) = (256, 256) }
    super.init(name, PlanPlatform.arrayOffsets, banks: banks)
  }

  private var tileRows: Int {
    shape.kind == .outputStationary ? shape.side : shape.accumulatorRows
  }
  private var isFloat: Bool { shape.element == .float32 }

  override func start() throws {
    let isStationary = shape.kind == .weightStationary
    let job = Job(
      rows: Int(value("M")), columns: Int(value("N")), depth: Int(value("K")),
      passes: isStationary ? Int(value("PASSES")) : 1, flags: value("FLAGS"),
      scale: value("SCALE"), shift: value("SHIFT"),
      zeroPoint: Int32(bitPattern: value("ZERO_POINT")),
      bounds: (value("CLAMP_MIN"), value("CLAMP_MAX")),
      slope: Float(bitPattern: value("SLOPE")))
    guard job.rows > 0, (1...shape.side).contains(job.columns), job.depth > 0, job.passes > 0,
      job.has(7) || job.rows <= tileRows, !isStationary || job.depth <= shape.side
    else { throw fail("BAD_SHAPE") }
    let known: UInt32 = isFloat ? 0b1101_1010_1110 : 0b0011_1011_1110
    guard job.flags & ~known == 0, job.has(1), job.has(8) else { throw fail("BAD_FLAGS") }
    waiting.append(job)
  }

  override func step() throws -> Bool {
    guard var current = job else {
      guard !waiting.isEmpty else { return false }
      job = waiting.removeFirst()
      clear()
      return true
    }
    let tile = min(tileRows, current.rows - current.firstRow)
    if current.isSending {
      guard !results.isFull else { return false }
      results.push(row(current, current.rowsSent))
      current.rowsSent += 1
      if current.rowsSent == tile {
        current.firstRow += tile
        (current.rowsSent, current.isSending, current.pass) = (0, false, 0)
        if current.firstRow == current.rows {
          completed += 1
          job = nil
          return true
        }
        job = current
        clear()
        return true
      }
      job = current
      return true
    }
    let isReady =
      shape.kind == .outputStationary ? takeStep(&current, tile) : takePass(&current, tile)
    job = current
    return isReady
  }

  private func clear() {
    let count = tileRows * shape.side
    if isFloat {
      job?.floats = [Float](repeating: 0, count: count)
    } else {
      job?.integers = [Int32](repeating: 0, count: count)
    }
  }

  // MARK: Operands

  /// A column of A and a row of B.
  private func takeStep(_ job: inout Job, _ tile: Int) -> Bool {
    guard !operands.isEmpty, !weights.isEmpty else { return false }
    let (column, row) = (operands.pop(), weights.pop())
    for m in 0..<tile { accumulate(&job, m, element(column, m), row) }
    job.taken += 1
    if job.taken == job.depth {
      job.taken = 0
      job.isSending = true
    }
    return true
  }

  /// Rows of B, then rows of A.
  private func takePass(_ job: inout Job, _ tile: Int) -> Bool {
    if job.loaded.count < job.depth {
      guard !weights.isEmpty else { return false }
      job.loaded.append(weights.pop())
      return true
    }
    guard !operands.isEmpty else { return false }
    let vector = operands.pop()
    for k in 0..<job.depth { accumulate(&job, job.taken, element(vector, k), job.loaded[k]) }
    job.taken += 1
    if job.taken == tile {
      job.taken = 0
      job.loaded = []
      job.pass += 1
      job.isSending = job.pass == job.passes
    }
    return true
  }

  private enum Element {
    case integer(Int32)
    case float(Float)
  }

  /// What a beat does not hold is zero.
  private func element(_ beat: [UInt8], _ index: Int) -> Element {
    guard isFloat else {
      return .integer(index < beat.count ? Int32(Int8(bitPattern: beat[index])) : 0)
    }
    guard 4 * index + 4 <= beat.count else { return .float(0) }
    return .float(
      beat.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 4 * index, as: Float.self) })
  }

  private func accumulate(_ job: inout Job, _ m: Int, _ a: Element, _ row: [UInt8]) {
    for n in 0..<job.columns {
      switch (a, element(row, n)) {
      case (.integer(let x), .integer(let w)): job.integers[m * shape.side + n] &+= x &* w
      case (.float(let x), .float(let w)): job.floats[m * shape.side + n].addProduct(x, w)
      default: break
      }
    }
  }

  // MARK: Results

  /// A row as it leaves: banks are read now, not when the job was started.
  private func row(_ job: Job, _ m: Int) -> [UInt8] {
    let bank = job.has(5) ? "1" : "0"
    var bytes: [UInt8] = []
    for n in 0..<job.columns {
      let index = m * shape.side + n
      let bias = job.has(2) ? value("BIAS\(bank)", n) : 0
      guard isFloat else {
        var sum = job.integers[index] &+ Int32(bitPattern: bias)
        if job.has(3) { sum = max(sum, 0) }
        guard job.has(4) else {
          withUnsafeBytes(of: sum) { bytes += $0 }
          continue
        }
        let factor = job.has(9) ? value("SCALE\(bank)", n) : job.scale
        let shift = job.has(9) ? value("SHIFT\(bank)", n) : job.shift
        let range =
          Int32(bitPattern: job.bounds.least)...Int32(bitPattern: job.bounds.greatest)
        let scaling = try? Requantisation(factor: factor & 0x7FFF_FFFF, shift: Int(shift & 63))
        let result = scaling?(sum, zeroPoint: job.zeroPoint, clampedTo: range) ?? 0
        bytes.append(UInt8(truncatingIfNeeded: result))
        continue
      }
      var sum = job.floats[index]
      if job.has(2) { sum += Float(bitPattern: bias) }
      if job.has(10) {
        sum = sum < 0 ? sum * job.slope : sum
      } else if job.has(3), sum < 0 {
        sum = 0
      }
      if job.has(11) {
        if sum < Float(bitPattern: job.bounds.least) { sum = Float(bitPattern: job.bounds.least) }
        if sum > Float(bitPattern: job.bounds.greatest) {
          sum = Float(bitPattern: job.bounds.greatest)
        }
      }
      withUnsafeBytes(of: sum) { bytes += $0 }
    }
    return bytes
  }
}
