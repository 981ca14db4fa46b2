/// What becomes of a load or store of ordinary memory whose address is no multiple of its size.
public enum MisalignedAccesses: String, Sendable, CaseIterable {
  /// It is carried out.
  case supported
  /// It traps (causes 4 and 6), as on Spike without Zicclsm.
  case trapped
}

/// How execution starts.
public enum BootMode: String, Sendable, CaseIterable {
  /// Every hart starts at the firmware's entry point with its number in a0.
  case entry
  /// As on Spike: every hart starts in a boot ROM at 0x1000, which holds the device tree and jumps
  /// to the entry point with the hart's number in a0 and the device tree's address in a1; the timer
  /// interrupt is pending until mtimecmp is written.
  case rom
}

/// How an accelerator's arithmetic is simulated; cycles, counts and values are the same.
public enum Fidelity: String, Sendable, CaseIterable {
  /// The arithmetic of a tile at once.
  case fast
  /// Every register of every processing element in every cycle.
  case registers
}

/// How a crossbar target chooses among initiators.
public enum Arbitration: String, Sendable, CaseIterable {
  /// Each in turn.
  case roundRobin = "round_robin"
  /// Always the first in `priority` that asks.
  case fixedPriority = "fixed_priority"
}

/// Kinds of memory.
public enum MemoryType: String, Sendable, CaseIterable {
  /// On-chip memory: area, leakage and energy from the CACTI sweep.
  case sram = "SRAM"
  /// Off-chip memory: limited bandwidth, energy per bit, no area.
  case dram = "DRAM"
  /// Timing and energy of a plug-in library.
  case plugin = "Plugin"
}

/// Element types of host files.
public enum ElementType: String, Sendable, CaseIterable {
  /// 8 bits, signed.
  case int8
  /// 8 bits, unsigned.
  case uint8
  /// 16 bits, signed.
  case int16
  /// 16 bits, unsigned.
  case uint16
  /// 32 bits, signed.
  case int32
  /// 32 bits, unsigned.
  case uint32
  /// 64 bits, signed.
  case int64
  /// IEEE 754 binary32.
  case float
  /// IEEE 754 binary64.
  case double

  /// Size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float: 4
    case .int64, .double: 8
    }
  }

  /// Smallest and largest value of an integer type; nil for floating point.
  public var integerRange: ClosedRange<Int128>? {
    switch self {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .int32: Int128(Int32.min)...Int128(Int32.max)
    case .uint32: 0...Int128(UInt32.max)
    case .int64: Int128(Int64.min)...Int128(Int64.max)
    case .float, .double: nil
    }
  }
}

/// How a host file writes its elements.
public enum DataRepresentation: String, Sendable, CaseIterable {
  /// Little-endian bytes.
  case binary
  /// Numbers in decimal (integers also hexadecimal), separated by blanks, commas or line ends;
  /// `#` starts a comment.
  case text
}

/// How a host file orders its elements.
public enum DataOrganization: String, Sendable, CaseIterable {
  /// One after the other, ascending addresses.
  case sequential
}

/// What happens between a host file and a memory.
public enum FileOperation: String, Sendable, CaseIterable {
  /// Preload before the simulation starts.
  case fileToMemory = "file_to_memory"
  /// Dump after the simulation has ended.
  case memoryToFile = "memory_to_file"
  /// Compare memory with the file after the simulation has ended.
  case compare
}

/// Which way a DMA moves data.
public enum DMADirection: String, Sendable, CaseIterable {
  /// From memory into an accelerator's input port.
  case toModule = "to module"
  /// From an accelerator's output port into memory.
  case fromModule = "from module"
  /// From memory to memory.
  case memory
}

/// Conventions of counting an array's cycles, reported beside the simulator's own.
public enum CycleConvention: String, Sendable, CaseIterable {
  /// As SCALE-Sim counts.
  case scalesim
  /// As the RTL of a systolic array with registered edges counts.
  case rtl
}
