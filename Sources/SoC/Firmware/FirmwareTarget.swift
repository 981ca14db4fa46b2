internal import RISCV

/// What the compiler and the linker are told of the harts that firmware is built for.
///
/// The general types `RISCV32` and `RISCV64` stand for integer code (RV32IM and RV64IM), so that
/// instruction counts do not change with what the harts learn; a type that is an instruction set
/// string stands for exactly that.
struct FirmwareTarget {
  private let instructionSet: InstructionSet

  init(_ type: CPUType) {
    instructionSet =
      type.isGeneral
      ? InstructionSet(xlen: type.instructionSet.xlen, extensions: [.m, .zicsr])
      : type.instructionSet
  }

  private var isWide: Bool { instructionSet.xlen == .rv64 }

  /// Target, instruction set, calling convention and code model.
  var compilerFlags: [String] {
    [
      "--target=riscv\(instructionSet.xlen.rawValue)-unknown-none-elf", "-march=\(architecture)",
      "-mabi=\(callingConvention)",
    ] + (isWide ? ["-mcmodel=medany"] : [])
  }

  /// The same for the Swift compiler, whose own Clang reads the headers.
  var swiftFlags: [String] {
    let clang =
      ["-march=\(architecture)", "-mabi=\(callingConvention)"]
      + (isWide ? ["-mcmodel=medany"] : [])
    return ["-target", swiftTriple] + clang.flatMap { ["-Xcc", $0] }
  }

  /// What Embedded Swift's library is built for.
  var swiftTriple: String { "riscv\(instructionSet.xlen.rawValue)-none-none-eabi" }

  /// The linker's name for the format of the executable.
  var emulation: String { "elf\(instructionSet.xlen.rawValue)lriscv" }

  /// Instructions only: privilege modes, counters and page-table updates mean nothing to a compiler.
  private var architecture: String {
    var set = instructionSet
    set.extensions.subtract([.supervisor, .user, .zicntr, .svadu])
    return set.description
  }

  /// Numbers are passed in the widest floating-point registers there are.
  private var callingConvention: String {
    let base = isWide ? "lp64" : "ilp32"
    if instructionSet.extensions.contains(.d) { return base + "d" }
    return instructionSet.extensions.contains(.f) ? base + "f" : base
  }
}
