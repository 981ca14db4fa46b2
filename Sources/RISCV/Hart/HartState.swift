/// A memory region as the load, store and fetch paths need it, with the decoded code in it.
struct DirectMemory: BitwiseCopyable {
  var base: UInt64 = 0
  var size: UInt64 = 0
  var pointer: UnsafeMutableRawPointer?
  var writable = false
  /// Absolute number of the first 4 KiB page.
  var firstPage: UInt32 = 0
  /// One entry per page: its decoded instructions, or nil when nothing in it was executed.
  var pages: UnsafeMutablePointer<UnsafeMutablePointer<DecodedInstruction>?>?
  /// Counts of loads and stores; set whenever there is a region.
  var traffic: UnsafeMutablePointer<MemoryTraffic>?

  @inline(__always)
  func countLoad(bytes: UInt32) {
    traffic?.pointee.loads &+= 1
    traffic?.pointee.loadedBytes &+= UInt64(bytes)
  }

  @inline(__always)
  func countStore(bytes: UInt32) {
    traffic?.pointee.stores &+= 1
    traffic?.pointee.storedBytes &+= UInt64(bytes)
  }

  /// The host address of `bytes` bytes at `address`, or nil when they are not all inside.
  @inline(__always)
  func location(of address: UInt32, bytes: UInt64) -> UnsafeMutableRawPointer? {
    let offset = UInt64(address) &- base
    guard size >= bytes, offset <= size &- bytes else { return nil }
    return pointer?.advanced(by: Int(truncatingIfNeeded: offset))
  }

  /// The index in `pages` of the page that holds `address`, an address inside the region.
  @inline(__always)
  func pageIndex(of address: UInt32) -> Int { Int(address >> 12 &- firstPage) }
}

/// A device access that left the hart and has not been answered yet.
struct PendingAccess: BitwiseCopyable {
  var fields: InstructionFields
  var address: UInt32
  var value: UInt32
  var isStore: Bool
}

/// Everything of a hart that changes while it runs, in memory of its own so that the interpreter
/// reaches it through a plain pointer.
struct HartState: BitwiseCopyable {
  var pc: UInt32 = 0
  /// Cycles spent since reset, waiting included; never written by the program.
  var cycles: UInt64 = 0
  /// Instructions retired since reset; never written by the program.
  var instructions: UInt64 = 0
  /// The region the last fetch, load and store hit.
  var code = DirectMemory()
  var load = DirectMemory()
  var store = DirectMemory()
  var machine: MachineState
  /// Set by trap entry, cleared when an instruction retires.
  var firstOfHandler = false
  var pendingAccess: PendingAccess?
  /// First address of the watched double word.
  var watched: UInt32?
  /// The watched store that has just retired.
  var hostStore: MemoryAccess?

  init(pc: UInt32, configuration: HartConfiguration) {
    self.pc = pc
    machine = MachineState(configuration)
  }
}
