import Estimation
import Foundation
import RISCV
import SoC
import TestSupport

/// The runtime firmware of a system in `Configs/npu`, built with the toolchain's compiler.
struct CoreFirmware: Sendable {
  /// The program with its symbols.
  let program: ELFImage
  /// What the system's core executes.
  let instructionSet: InstructionSet
  /// The system's memories.
  let memories: [MeteredMemory]
  /// The system.
  let description: SoCDescription
  /// The program's file.
  let path: String

  /// Whether firmware can be built here; tests that need it are skipped otherwise.
  static let isAvailable =
    ChildProcess.find("clang") != nil && ChildProcess.find("ld.lld") != nil

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Builds the firmware of `Configs/npu/NAME.json`, or finds it built.
  init(_ name: String, overrides: [String] = []) throws {
    description = try SoCDescription.load(
      Self.root.appending(path: "Configs/npu/\(name).json").path, overrides: overrides,
      options: LoadOptions(requiresCPU: true)
    ).description
    let builder = FirmwareBuilder(
      description: description, halFolder: Self.root.appending(path: "Firmware/hal").path,
      buildFolder: FileManager.default.temporaryDirectory.path + "/flecsim-estimation-tests")
    path = try builder.build()
    program = try ELFImage([UInt8](Data(contentsOf: URL(filePath: path))))
    instructionSet = (description.cpu?.type ?? .riscv32).instructionSet
    memories = description.memories.map {
      MeteredMemory(base: $0.address, byteCount: $0.length)
    }
  }

  /// A meter of kernels.
  func meter(budget: Int = 2_000_000) throws -> KernelMeter {
    try KernelMeter(
      program: program, instructionSet: instructionSet, memories: memories, budget: budget)
  }
}
