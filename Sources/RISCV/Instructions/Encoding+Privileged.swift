extension Encoding {
  /// Privileged instructions.
  static let privileged: [Encoding] = [
    Encoding(.mret, "mret", mask: 0xffff_ffff, match: 0x3020_0073, .none),
    Encoding(.sret, "sret", mask: 0xffff_ffff, match: 0x1020_0073, .none, requires: .supervisor),
    Encoding(.wfi, "wfi", mask: 0xffff_ffff, match: 0x1050_0073, .none),
    Encoding(
      .sfenceVMA, "sfence.vma", mask: 0xfe00_7fff, match: 0x1200_0073, .addressFence,
      requires: .supervisor),
  ]
}
