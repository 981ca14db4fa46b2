/// C = A · B in int8 with int32 results, cut into tiles for the output-stationary array of the
/// system, and compared with what the core computes.
///
/// Three DMA channels run whole chains of tiles by themselves; the core only starts one array job
/// per tile, and looks at the progress when the timer interrupts.
@main
struct Gemm {
  private static let m = Int(GEMM_M)
  private static let n = Int(GEMM_N)
  private static let k = Int(GEMM_K)

  static func main() {
    flecsim_tag("prepare")
    var random = Random(seed: 7)
    // A step of the array takes a column of A and a row of B: A is stored column by column.
    // Rows start at multiples of 8 bytes, so that a beat of 8 operands lies in one word of the bus.
    let a = Matrix<Int8>(rows: k, columns: m, rowAlignment: 8)
    let b = Matrix<Int8>(rows: k, columns: n, rowAlignment: 8)
    let c = Matrix<Int32>(rows: m, columns: n)
    a.fill { random.next() }
    b.fill { random.next() }

    let cycles: UInt32
    do throws(DeviceError) {
      cycles = try multiply(a, b, into: c)
    } catch {
      Console.print("error: \(error.meaning)")
      exit(2)
    }

    flecsim_tag("check")
    let wrong = countDifferences(of: c, from: a, b)
    let operations = UInt32(m * n * k)
    let peak = cycles * SOC_ARRAY_XDIM * SOC_ARRAY_YDIM
    Console.print(
      """
      \(m) x \(n) x \(k) on a \(SOC_ARRAY_XDIM) x \(SOC_ARRAY_YDIM) array: \(operations) MACs in \
      \(cycles) cycles (\(operations * 100 / peak) % of the peak), \(wrong) of \(m * n) elements \
      wrong
      """)
    exit(wrong == 0 ? 0 : 1)
  }

  /// Lets the hardware compute `c`; returns the clock cycles it took.
  private static func multiply(
    _ a: borrowing Matrix<Int8>, _ b: borrowing Matrix<Int8>, into c: borrowing Matrix<Int32>
  ) throws(DeviceError) -> UInt32 {
    let array = SystolicArray(
      base: SOC_ARRAY_BASE, interrupt: SOC_ARRAY_IRQ, columns: SOC_ARRAY_XDIM, rows: SOC_ARRAY_YDIM)
    let toA = DMAChannel(base: SOC_DMA_A_BASE, interrupt: SOC_DMA_A_IRQ)
    let toB = DMAChannel(base: SOC_DMA_B_BASE, interrupt: SOC_DMA_B_IRQ)
    let fromC = DMAChannel(base: SOC_DMA_OUT_BASE, interrupt: SOC_DMA_OUT_IRQ)
    let tiling = Tiling(of: c, rows: array.rows, columns: array.columns)
    let aChain = tiling.chain(ofA: a)
    let bChain = tiling.chain(ofB: b)
    let cChain = tiling.chain(ofC: c)

    flecsim_tag("gemm")
    let start = timer_cycles()
    let sampler = ProgressSampler(of: fromC, every: 100)
    fromC.start(cChain)
    toA.start(aChain)
    toB.start(bChain)
    tiling.forEachTile { rows, columns in
      array.configure(m: rows, n: columns, k: k, flags: SYSTOLIC_FLAGS_OUTPUT)
      array.start()
    }
    try toA.wait()
    try toB.wait()
    try fromC.wait()
    try array.wait()
    let cycles = UInt32(truncatingIfNeeded: timer_cycles() - start)
    sampler.report(total: m * n * MemoryLayout<Int32>.size)
    return cycles
  }

  /// Computes the product on the core; returns how many elements of `c` differ from it.
  private static func countDifferences(
    of c: borrowing Matrix<Int32>, from a: borrowing Matrix<Int8>, _ b: borrowing Matrix<Int8>
  ) -> Int {
    var wrong = 0
    for row in 0..<m {
      for column in 0..<n {
        var sum: Int32 = 0
        for step in 0..<k { sum += Int32(a[step, row]) * Int32(b[step, column]) }
        guard c[row, column] != sum else { continue }
        if wrong < 5 { Console.print("C[\(row)][\(column)] is \(c[row, column]), not \(sum)") }
        wrong += 1
      }
    }
    return wrong
  }
}
