import Foundation
import RISCV

/// A C program of the fixtures, compiled for user mode.
struct CompiledProgram: Sendable {
  /// The tools of the Swift toolchain; nil when they are not on the search path.
  static let compiler: String? =
    HostProgram.find("ld.lld") == nil ? nil : HostProgram.find("clang")

  /// Why a program could not be compiled.
  struct CompilationError: Error, CustomStringConvertible {
    let description: String
  }

  /// Memory of the programs: from here on, and this many bytes.
  static let start: UInt64 = 0x8000_0000
  static let size = 0x10_0000

  /// The executable file.
  let file: [UInt8]
  private let image: ELFImage

  /// Compiles `name`.c with an optimisation option such as `-O2`.
  init(_ name: String, xlen: XLEN, optimisation: String) throws {
    guard let compiler = Self.compiler else {
      throw CompilationError(description: "there is no clang")
    }
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures")
    let bits = xlen.rawValue
    file = try HostProgram.withFolder { folder in
      let program = folder.appending(path: "program")
      let ending = try HostProgram.run(
        compiler,
        [
          "--target=riscv\(bits)-unknown-none-elf",
          "-march=rv\(bits)imafdc_zba_zbb_zbs", "-mabi=\(xlen == .rv64 ? "lp64d" : "ilp32d")",
          "-mcmodel=medany", optimisation, "-ffreestanding", "-fno-builtin", "-nostdlib",
          "-static", "-fuse-ld=lld", "-Wl,--image-base=0x80000000", "-o", program.path,
          fixtures.appending(path: "support.c").path, fixtures.appending(path: "\(name).c").path,
        ], output: folder.appending(path: "output"), timeout: 60)
      guard ending.code == 0, !ending.wasSignalled else {
        throw CompilationError(description: "clang cannot compile \(name).c for RV\(bits)")
      }
      return [UInt8](try Data(contentsOf: program))
    }
    image = try ELFImage(file)
  }

  /// The memory with the program in it.
  var memory: [UInt8] {
    var memory = [UInt8](repeating: 0, count: Self.size)
    for segment in image.segments where segment.address >= Self.start {
      let offset = Int(segment.address - Self.start)
      memory.replaceSubrange(offset..<offset + segment.data.count, with: segment.data)
    }
    return memory
  }

  /// Address of its first instruction.
  var entry: UInt64 { image.entry }
}
