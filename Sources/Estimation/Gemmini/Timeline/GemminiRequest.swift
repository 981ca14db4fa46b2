/// One request of the DMA: of the aligned 16, 32 and 64 byte blocks that hold the address,
/// the one that covers most of the bytes wanted, the smallest of equals.
struct GemminiRequest {
  /// Bytes asked for.
  let size: Int
  /// Bytes of these that are wanted.
  let useful: Int

  init(address: Int, bytes: Int) {
    let small = min(bytes, 16 - (address & 15))
    let middle = min(bytes, 32 - (address & 31))
    let large = min(bytes, 64 - (address & 63))
    if large > middle && large > small {
      size = 64
      useful = large
    } else if middle > small {
      size = 32
      useful = middle
    } else {
      size = 16
      useful = small
    }
  }
}
