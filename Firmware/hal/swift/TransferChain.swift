/// Transfers that a DMA channel does one after the other without the core.
struct TransferChain: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let capacity: Int
  /// How many transfers there are.
  private(set) var count = 0

  /// Makes room for `capacity` transfers.
  init(capacity: Int) {
    self.capacity = capacity
    memory = .allocate(
      byteCount: capacity * Self.descriptorBytes, alignment: Self.descriptorAlignment)
  }

  deinit { memory.deallocate() }

  /// Appends a transfer of `elements` neighbouring elements and links the last one to it.
  @discardableResult
  mutating func append<Element>(
    _ address: UnsafePointer<Element>, elements: Int
  ) -> Transfer {
    precondition(count < capacity, "the chain is full")
    let added = descriptor(count)
    dma_describe(
      added, address, UInt32(MemoryLayout<Element>.size), UInt32(truncatingIfNeeded: elements))
    if count > 0 { dma_link(descriptor(count - 1), added) }
    count += 1
    return Transfer(descriptor: added)
  }

  /// A transfer of a chain, to be described further.
  struct Transfer {
    fileprivate let descriptor: OpaquePointer

    /// Does the dimensions below `dimension` (1, 2 or 3) `count` times, `stride` bytes apart.
    @discardableResult
    func repeated(_ dimension: UInt32, count: Int, stride: Int) -> Transfer {
      dma_repeat(
        descriptor, dimension, UInt32(truncatingIfNeeded: count),
        Int32(truncatingIfNeeded: stride))
      return self
    }

    /// Lets every innermost row start a new beat of the stream.
    func withAlignedRows() {
      dma_align_rows(descriptor)
    }
  }

  /// Where a transfer is described.
  func descriptor(_ index: Int) -> OpaquePointer {
    OpaquePointer(memory + index * Self.descriptorBytes)
  }

  /// `struct dma_descriptor` itself cannot be seen from Swift, which has no type of its alignment.
  private static let descriptorBytes = Int(DMA_DESCRIPTOR_BYTES)
  private static let descriptorAlignment = Int(DMA_DESCRIPTOR_ALIGNMENT)
}
