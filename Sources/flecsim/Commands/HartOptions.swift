internal import ArgumentParser
internal import Foundation
internal import SoC

/// What the command line says of harts, memory and executables.
struct HartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Instruction set of the harts, such as rv64gc or rv32imac_zba; RISCV32 and RISCV64 have all \
      that is supported. Default for --elf: what fits the program.
      """, valueName: "string"))
  var isa: String?

  @Option(help: "Number of harts.")
  var harts: Int?

  @Option(help: ArgumentHelp("Size of memory 'dram', such as \"64 MiB\".", valueName: "size"))
  var memory: String?

  @Option(
    help: ArgumentHelp("First instruction, instead of the program's entry.", valueName: "address"))
  var pc: String?

  @Option(
    help: ArgumentHelp("Misaligned accesses: supported, or trapped as on Spike.", valueName: "how"))
  var misaligned: String?

  @Option(help: "How instructions are executed: fast or reference; results are the same.")
  var engine: String?

  @Option(
    help: ArgumentHelp(
      "Folder whose files the firmware may read and write.", valueName: "folder"),
    completion: .directory)
  var hostFiles: String?

  @Option(
    help: ArgumentHelp(
      "A further ELF image to load, such as the kernel that firmware starts.",
      valueName: "file"), completion: .file())
  var payload: String?

  /// The processor model that was asked for; nil for none.
  ///
  /// - Throws: `CommandFailure` when there is no such instruction set.
  func processor() throws -> CPUType? {
    guard let isa else { return nil }
    do {
      return try CPUType(parsing: isa)
    } catch {
      let near = CPUType.suggestion(for: isa, error)
      throw CommandFailure(
        .usage, "error: --isa: \(error)" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }

  /// The same as values for `--set`.
  var overrides: [String] {
    var overrides: [String] = []
    func set(_ path: String, _ value: String?) {
      if let value { overrides.append("\(path)=\(value)") }
    }
    set("cpu.cpu_type", isa)
    set("cpu.harts", harts.map(String.init))
    set("memories.dram.length", memory)
    set("cpu.module_address", pc)
    set("cpu.misaligned", misaligned)
    set("cpu.engine", engine)
    set("cpu.host_files", hostFiles.map(Self.pathText))
    set("cpu.payload", payload.map(Self.pathText))
    return overrides
  }

  /// A path of the current folder as JSON text for a description that may lie elsewhere.
  private static func pathText(_ path: String) -> String {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    var text = "\""
    for scalar in absolute.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
