/// A DMA channel of the system, driven by interrupts.
final class DMAChannel {
  /// At one address for as long as the driver knows of it.
  private let device: UnsafeMutablePointer<dma>

  /// Opens a channel.
  ///
  /// - Parameters:
  ///   - base: address of its registers, `SOC_…_BASE`.
  ///   - interrupt: its PLIC source, `SOC_…_IRQ`.
  init(base: some BinaryInteger, interrupt: UInt32) {
    device = .allocate(capacity: 1)
    device.initialize(
      to: dma(base: UInt(truncatingIfNeeded: base), source: interrupt, held: 0, error: 0))
    dma_open(device)
  }

  deinit {
    _ = dma_wait(device)
    interrupt_attach(device.pointee.source, nil, nil)
    device.deallocate()
  }

  /// Starts all transfers of a chain as one job, or queues it behind the running one; sleeps while
  /// one is queued already. The chain must live, unchanged, until it is done.
  func start(_ chain: borrowing TransferChain) {
    if chain.count > 0 { dma_start_chain(device, chain.descriptor(0)) }
  }

  /// Sleeps until everything is done.
  func wait() throws(DeviceError) {
    let code = dma_wait(device)
    if code != 0 { throw DeviceError(device: .dma, code: code) }
  }

  /// Payload bytes moved since reset, modulo 2³².
  var bytesMoved: UInt32 { dma_bytes_moved(device) }
}
