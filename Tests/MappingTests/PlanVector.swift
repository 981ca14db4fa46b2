import Networks

/// A vector unit as its manual page describes it.
final class PlanVector: PlanDevice {
  private let shape: PlanPlatform.ArrayShape
  private let maximumWidth: Int
  private let source: PlanStream
  private let side: PlanStream
  private let results: PlanStream
  private var waiting: [Job] = []
  private var job: Job?

  private struct Job {
    let mode: UInt32
    let beats: Int
    /// Registers by name, as START found them.
    let values: [String: UInt32]
    var taken = 0
    var sent = 0
    /// The first operand, when the second one has not come yet.
    var operand: [UInt8]?
    /// Pixels that a window may still need, when there are windows.
    var image: [[UInt8]] = []

    func has(_ bit: Int) -> Bool { mode & 1 << UInt32(bit) != 0 }
    func float(_ name: String) -> Float { Float(bitPattern: values[name] ?? 0) }
    func integer(_ name: String) -> Int32 { Int32(bitPattern: values[name] ?? 0) }
    func bits(_ name: String, _ first: Int, _ count: Int) -> Int {
      (values[name] ?? 0).bits(first, count)
    }
    var binary: Int { mode.bits(2, 2) }
    var pool: Int { mode.bits(6, 2) }
    var results: Int { pool == 0 ? beats : bits("POOL_OUT", 0, 16) * bits("POOL_OUT", 16, 16) }
  }

  init(
    _ name: String, _ shape: PlanPlatform.ArrayShape, maximumWidth: Int, source: PlanStream,
    side: PlanStream, results: PlanStream
  ) {
    self.shape = shape
    self.maximumWidth = maximumWidth
    self.source = source
    self.side = side
    self.results = results
    super.init(name, PlanPlatform.vectorOffsets, banks: ["TABLE": 64])
  }

  private var isFloat: Bool { shape.element == .float32 }

  override func start() throws {
    var values: [String: UInt32] = [:]
    for name in PlanPlatform.vectorOffsets.keys where name != "TABLE" { values[name] = value(name) }
    let job = Job(mode: value("MODE"), beats: Int(value("BEATS")), values: values)
    guard job.beats > 0 else { throw fail("BAD_SHAPE") }
    guard job.mode & 1 << 9 == 0, !isFloat || !job.has(5), isFloat || !job.has(10) else {
      throw fail("BAD_FLAGS \(String(job.mode, radix: 2))")
    }
    if job.pool != 0 {
      let (height, width) = (job.bits("POOL_SIZE", 0, 16), job.bits("POOL_SIZE", 16, 16))
      let (rows, columns) = (job.bits("POOL_KERNEL", 0, 8), job.bits("POOL_KERNEL", 8, 8))
      let (stepY, stepX) = (job.bits("POOL_KERNEL", 16, 8), job.bits("POOL_KERNEL", 24, 8))
      let (outHeight, outWidth) = (job.bits("POOL_OUT", 0, 16), job.bits("POOL_OUT", 16, 16))
      guard height * width == job.beats, rows > 0, columns > 0, stepY > 0, stepX > 0,
        outHeight > 0, outWidth > 0, outWidth <= maximumWidth,
        (rows + stepY - 1) / stepY * outWidth <= 3 * maximumWidth
      else { throw fail("BAD_SHAPE") }
    }
    waiting.append(job)
  }

  override func step() throws -> Bool {
    guard var current = job else {
      guard !waiting.isEmpty else { return false }
      job = waiting.removeFirst()
      return true
    }
    defer {
      if current.taken == current.beats, current.sent == current.results {
        completed += 1
        job = nil
      } else {
        job = current
      }
    }
    if current.pool != 0, try sendWindow(&current) { return true }
    guard current.taken < current.beats, current.pool != 0 || !results.isFull else { return false }
    // Both operands may come by the same way, in turn.
    let first = current.has(0) ? side : source
    if current.operand == nil {
      guard !first.isEmpty else { return false }
      current.operand = first.pop()
    }
    guard let a = current.operand, current.binary == 0 || !side.isEmpty else { return true }
    let beat = elementwise(current, a, current.binary == 0 ? [] : side.pop())
    current.operand = nil
    current.taken += 1
    if current.pool == 0 {
      results.push(beat)
      current.sent += 1
    } else {
      current.image.append(beat)
    }
    return true
  }

  // MARK: Element by element

  private func elementwise(_ job: Job, _ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    isFloat ? floats(job, a, b) : bytes(job, a, b)
  }

  private func bytes(_ job: Job, _ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    a.indices.map { index in
      var value = Int8(bitPattern: a[index])
      let other = index < b.count ? Int8(bitPattern: b[index]) : 0
      switch job.binary {
      case 1:
        let (x, y) = (Float(value), Float(other))
        let (ratioA, ratioB) = (job.float("A_RATIO"), job.float("B_RATIO"))
        value = Self.saturated(
          job.has(4)
            ? job.float("CONSTANT").addingProduct(x, ratioA).addingProduct(y, ratioB)
            : job.float("CONSTANT").addingProduct(y, ratioB).addingProduct(x, ratioA))
      case 2:
        let product =
          (Int32(value) - job.integer("A_ZERO")) * (Int32(other) - job.integer("B_ZERO"))
        value = Self.saturated(Float(product) * job.float("A_RATIO") + job.float("CONSTANT"))
      default: break
      }
      if job.has(8) {
        value = Int8(
          clamping: min(
            max(Int32(value), job.integer("CLAMP_MIN")), job.integer("CLAMP_MAX")))
      }
      let pattern = UInt8(bitPattern: value)
      guard job.has(5) else { return pattern }
      // The table is read now, not when the job was started.
      let word = self.value("TABLE", Int(pattern / 4))
      return UInt8(truncatingIfNeeded: word >> UInt32(8 * (pattern % 4)))
    }
  }

  private static func saturated(_ value: Float) -> Int8 {
    Int8(max(-128, min(127, value.rounded(.toNearestOrEven))))
  }

  private func floats(_ job: Job, _ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    let (x, y) = (Self.numbers(a), Self.numbers(b))
    return Self.bytes(
      x.indices.map { index in
        var value = x[index]
        let other = index < y.count ? y[index] : 0
        if job.binary == 1 { value += other }
        if job.binary == 2 { value *= other }
        if job.has(10), value < 0 { value *= job.float("SLOPE") }
        if job.has(8) {
          if value < job.float("CLAMP_MIN") { value = job.float("CLAMP_MIN") }
          if value > job.float("CLAMP_MAX") { value = job.float("CLAMP_MAX") }
        }
        return value
      })
  }

  private static func numbers(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { source in
      stride(from: 0, to: source.count, by: 4).map {
        source.loadUnaligned(fromByteOffset: $0, as: Float.self)
      }
    }
  }

  private static func bytes(_ numbers: [Float]) -> [UInt8] { numbers.withUnsafeBytes(Array.init) }

  // MARK: Windows

  /// Sends the next window if all its pixels are there.
  private func sendWindow(_ job: inout Job) throws -> Bool {
    guard job.sent < job.results, !results.isFull else { return false }
    let (height, width) = (job.bits("POOL_SIZE", 0, 16), job.bits("POOL_SIZE", 16, 16))
    let (outY, outX) = job.sent.quotientAndRemainder(dividingBy: job.bits("POOL_OUT", 16, 16))
    let top = outY * job.bits("POOL_KERNEL", 16, 8) - job.bits("POOL_PAD", 0, 8)
    let left = outX * job.bits("POOL_KERNEL", 24, 8) - job.bits("POOL_PAD", 8, 8)
    let (bottom, right) = (
      min(top + job.bits("POOL_KERNEL", 0, 8), height),
      min(left + job.bits("POOL_KERNEL", 8, 8), width)
    )
    guard max(top, 0) < bottom, max(left, 0) < right else {
      throw fail("a window outside of the image")
    }
    let (rows, columns) = (max(top, 0)..<bottom, max(left, 0)..<right)
    guard (rows.upperBound - 1) * width + columns.upperBound - 1 < job.taken else { return false }
    let pixels = rows.flatMap { y in columns.map { job.image[y * width + $0] } }
    job.sent += 1
    results.push(isFloat ? pooledFloats(job, pixels) : pooledBytes(job, pixels))
    return true
  }

  private func pooledBytes(_ job: Job, _ pixels: [[UInt8]]) -> [UInt8] {
    pixels[0].indices.map { lane in
      let values = pixels.map { Int32(Int8(bitPattern: $0[lane])) }
      if job.pool == 1 { return UInt8(truncatingIfNeeded: values.max() ?? 0) }
      let zero = Float(job.integer("POOL_ZERO"))
      let sum = values.reduce(0) { $0 + $1 - job.integer("POOL_X_ZERO") }
      let scaled = Float(sum) * job.float("POOL_SCALE")
      let rounded = max(-128 - zero, min(127 - zero, scaled)).rounded(.toNearestOrEven)
      return UInt8(truncatingIfNeeded: Int32(rounded) + job.integer("POOL_ZERO"))
    }
  }

  private func pooledFloats(_ job: Job, _ pixels: [[UInt8]]) -> [UInt8] {
    let numbers = pixels.map { Self.numbers($0) }
    return Self.bytes(
      numbers[0].indices.map { lane in
        let values = numbers.map { $0[lane] }
        return job.pool == 1
          ? values.dropFirst().reduce(values[0]) { max($0, $1) }
          : values.reduce(0, +) * job.float("POOL_SCALE")
      })
  }
}
