import Foundation
import SoC
import TestSupport
import Testing

/// A bare-metal program of `Fixtures`, built without the hardware abstraction layer.
struct BareMetalProgram {
  /// Path of the executable.
  let path: String

  /// Compiles and links sources at the start of the DRAM.
  ///
  /// - Parameters:
  ///   - defines: preprocessor definitions `NAME=VALUE`.
  ///   - isa: what the compiler may use; integers are passed in integer registers.
  ///   - script: the linker script among the fixtures.
  init(
    _ sources: [String], defines: [String] = [], isa: String = "rv32im_zicsr",
    script: String = "program.ld"
  ) throws {
    let width = isa.hasPrefix("rv64") ? 64 : 32
    let folder = FileManager.default.temporaryDirectory.path + "/flecsim-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/program.elf"
    let result = try ChildProcess.run(
      try #require(Self.compiler, "the Swift toolchain comes with clang"),
      [
        "--target=riscv\(width)-unknown-none-elf", "-march=\(isa)",
        "-mabi=\(width == 64 ? "lp64" : "ilp32")", "-mcmodel=medany", "-O1",
        "-ffreestanding", "-nostdlib", "-static", "-fuse-ld=lld", "-Wl,--no-relax",
        "-T", "\(Project.fixtures)/\(script)", "-Wall", "-Werror", "-o", path,
      ] + defines.map { "-D\($0)" } + sources.map { "\(Project.fixtures)/\($0)" })
    try #require(result.code == 0, "\(result.errors)")
  }

  /// `clang` next to `swift`, wherever that link leads, or on the search path.
  private static let compiler: String? = {
    let swift = ChildProcess.find("swift").map {
      URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent().path + "/clang"
    }
    if let swift, FileManager.default.isExecutableFile(atPath: swift) { return swift }
    return ChildProcess.find("clang")
  }()

  /// Runs on the default SoC and removes the executable.
  func run(
    _ circumstances: Circumstances = Circumstances(), progress: (Double) -> Bool = { _ in true }
  ) throws -> SimulationResult {
    defer { remove() }
    return try simulate(
      SoCDescription.defaultBareMetal(), try Program(path: path), circumstances,
      progress: progress)
  }

  /// Removes the executable.
  func remove() {
    try? FileManager.default.removeItem(
      at: URL(filePath: path).deletingLastPathComponent())
  }
}
