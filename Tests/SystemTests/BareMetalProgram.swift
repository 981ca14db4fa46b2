import Foundation
import SoC
import TestSupport
import Testing

/// A bare-metal program of `Fixtures`, built without the hardware abstraction layer.
struct BareMetalProgram {
  /// Path of the executable.
  let path: String

  /// Compiles and links sources for RV32IM at the start of the DRAM.
  ///
  /// - Parameter defines: preprocessor definitions `NAME=VALUE`.
  init(_ sources: [String], defines: [String] = []) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/flecsim-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/program.elf"
    let result = try ChildProcess.run(
      try #require(Self.compiler, "the Swift toolchain comes with clang"),
      [
        "--target=riscv32-unknown-none-elf", "-march=rv32im_zicsr", "-mabi=ilp32", "-O1",
        "-ffreestanding", "-nostdlib", "-static", "-fuse-ld=lld", "-Wl,--no-relax",
        "-T", "\(Project.fixtures)/program.ld", "-Wall", "-Werror", "-o", path,
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
