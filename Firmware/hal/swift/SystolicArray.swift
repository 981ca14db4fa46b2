/// A systolic array of the system, driven by interrupts.
final class SystolicArray {
  /// Columns of processing elements.
  let columns: Int
  /// Rows of processing elements.
  let rows: Int
  /// At one address for as long as the driver knows of it.
  private let device: UnsafeMutablePointer<systolic>

  /// Opens an array.
  ///
  /// - Parameters:
  ///   - base: address of its registers, `SOC_…_BASE`.
  ///   - interrupt: its PLIC source, `SOC_…_IRQ`.
  ///   - columns: `SOC_…_XDIM`.
  ///   - rows: `SOC_…_YDIM`.
  init(base: some BinaryInteger, interrupt: UInt32, columns: UInt32, rows: UInt32) {
    self.columns = Int(columns)
    self.rows = Int(rows)
    var state = systolic()
    state.base = UInt(truncatingIfNeeded: base)
    state.source = interrupt
    state.xdim = columns
    state.ydim = rows
    device = .allocate(capacity: 1)
    device.initialize(to: state)
    systolic_open(device)
  }

  deinit {
    _ = systolic_wait(device)
    interrupt_attach(device.pointee.source, nil, nil)
    device.deallocate()
  }

  /// Sets what the next jobs compute: `m` × `k` times `k` × `n`.
  func configure(m: Int, n: Int, k: Int, flags: UInt32) {
    var job = systolic_job()
    job.m = UInt32(m)
    job.n = UInt32(n)
    job.k = UInt32(k)
    job.flags = flags
    systolic_configure(device, &job)
  }

  /// Starts a job as configured, or queues it behind the one that takes operands; sleeps while the
  /// queue is full.
  func start() {
    systolic_start(device)
  }

  /// Sleeps until all jobs are finished.
  func wait() throws(DeviceError) {
    let code = systolic_wait(device)
    if code != 0 { throw DeviceError(device: .array, code: code) }
  }
}
