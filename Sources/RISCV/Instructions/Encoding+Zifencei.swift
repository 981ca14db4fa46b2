extension Encoding {
  /// Zifencei, the instruction-fetch fence.
  static let instructionFetchFence: [Encoding] = [
    Encoding(.fenceI, "fence.i", mask: 0x0000_707f, match: 0x0000_100f, .none, requires: .zifencei)
  ]
}
