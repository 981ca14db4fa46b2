/// When things happen while the runtime asks a device what it has completed, in cycles behind the claim's instruction.
struct InterruptService: BitwiseCopyable {
  /// The device sees that DONE is cleared.
  private(set) var cleared = 0.0
  /// The device gives the last register that is read: what ended before counts.
  private(set) var read = 0.0
  /// The instruction behind that load.
  private(set) var behindRead = 0.0
  /// The pass over the devices.
  private(set) var end = 0.0

  init(_ piece: RuntimeCost.Piece, _ timing: CoreTiming) {
    let (load, store) = (timing.access(isStore: false), timing.access(isStore: true))
    var offset = 0
    for access in piece.accesses {
      end += Double(access.offset - offset) * timing.instruction
      offset = access.offset + 1
      if access.isStore {
        cleared = end + timing.served(isStore: true)
        end += store
      } else {
        read = end + timing.served(isStore: false)
        end += load
        behindRead = end
      }
    }
    end += Double(piece.instructions - offset) * timing.instruction
  }
}
