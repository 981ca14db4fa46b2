/// A class of hardware that modules declare and energy tables price.
public struct ComponentClass: Sendable, Equatable {
  /// Name, for example `mac.int8`.
  public let name: String
  /// Attributes that a component of this class carries; the unit is in the name.
  public let attributes: [String]
  /// Actions it can count.
  public let actions: [String]

  /// Every class that the simulator's modules use. A shipped table prices all of them.
  ///
  /// Integer MACs accumulate wide (`mac.int8` in 32 bits, `mac.int16` in 64); `mac.fp32` is a
  /// rounded multiplication and a rounded addition. One `register` write writes the whole
  /// register. `sram.width_bits` is the width of one access. `dram` is off-chip. `byte_gather` is
  /// the alignment network of a DMA. `register_file_port` is a device's block of memory-mapped
  /// 32-bit registers.
  public static let all: [ComponentClass] = [
    ComponentClass("mac.int8", [], ["mac"]),
    ComponentClass("mac.int16", [], ["mac"]),
    ComponentClass("mac.fp32", [], ["mac"]),
    ComponentClass("register", ["width_bits"], ["write"]),
    ComponentClass("adder", ["width_bits"], ["add"]),
    ComponentClass("adder.fp32", [], ["add"]),
    ComponentClass("multiplier", ["width_bits"], ["multiply"]),
    ComponentClass("shifter", ["width_bits"], ["shift"]),
    ComponentClass("comparator", ["width_bits"], ["compare"]),
    ComponentClass("counter", ["width_bits"], ["count"]),
    ComponentClass("sram", ["bytes", "width_bits", "rw_ports", "banks"], ["read", "write"]),
    ComponentClass("dram", ["bytes"], ["read_bit", "write_bit"]),
    ComponentClass("crossbar", ["width_bits", "inputs", "outputs"], ["beat"]),
    ComponentClass("fifo", ["width_bits", "depth"], ["push", "pop"]),
    ComponentClass("byte_gather", ["width_bits"], ["beat"]),
    ComponentClass("hart", ["xlen"], ["instruction"]),
    ComponentClass("register_file_port", ["registers"], ["access"]),
  ]

  init(_ name: String, _ attributes: [String], _ actions: [String]) {
    self.name = name
    self.attributes = attributes
    self.actions = actions
  }
}
