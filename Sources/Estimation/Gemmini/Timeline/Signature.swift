/// A 64-bit mix of small integers (FNV-1a over words).
struct Signature {
  private(set) var value = 0x4bf2_9ce4_8422_2325

  /// Rows of `bytes` from `address` on, `stride` apart: what matters of it for their requests.
  mutating func add(rowsAt address: Int, bytes: Int, stride: Int) {
    let block = bytes <= 16 ? 16 : bytes <= 32 ? 32 : 64
    add((address | stride) & (block - 1) == 0 ? 0 : address & 63)
  }

  mutating func add(_ field: Int) {
    value = (value ^ field) &* 0x100_0000_01b3
    value ^= value >> 29
  }
}
