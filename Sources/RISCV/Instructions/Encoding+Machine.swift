extension Encoding {
  /// Privileged instructions of machine mode.
  static let machineMode: [Encoding] = [
    Encoding(.mret, "mret", mask: 0xffff_ffff, match: 0x3020_0073, .none),
    Encoding(.wfi, "wfi", mask: 0xffff_ffff, match: 0x1050_0073, .none),
  ]
}
