import Foundation
import Mapping
import Networks
import TestSupport

/// The runtime firmware, compiled for the host: it executes plans of the core alone in a piece of the host's memory that
/// lies where the plan says.
struct CoreHost {
  /// Where the plan's memory begins; the host leaves these addresses free.
  static let base: UInt32 = 0x2000_0000
  private static let byteCount = 256 << 20

  /// The executable, or why there is none.
  private static let built: Result<CoreHost, Failure> = Result { () throws(Failure) in
    do {
      return try build()
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(error)")
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private let executable: String

  /// The firmware; compiled once.
  static func shared() throws -> CoreHost { try built.get() }

  /// An SoC with nothing but a core and memory.
  static var platform: Platform {
    Platform(
      name: "host",
      memories: [
        Platform.Memory(name: "dram", isDRAM: true, base: base, byteCount: byteCount)
      ], arrays: [])
  }

  /// Maps a network to the core and executes it.
  ///
  /// - Returns: the outputs by name.
  func run(_ network: TypedNetwork, _ inputs: [String: Tensor]) throws -> [String: Tensor] {
    let (ending, results) = try execute(Self.plan(network), inputs)
    guard ending.code == 0, !ending.wasSignalled else {
      throw Failure("the firmware ended with \(ending.code): \(ending.output)\(ending.errors)")
    }
    return results
  }

  /// A plan for the core.
  static func plan(_ network: TypedNetwork) throws -> MappedNetwork {
    var options = Mapper.Options()
    options.coreOnly = true
    return try Mapper(platform: platform, options: options).plan(network)
  }

  /// Executes a plan.
  ///
  /// - Returns: how the firmware ended, and the outputs by name; none when it failed.
  func execute(
    _ mapped: MappedNetwork, _ inputs: [String: Tensor]
  ) throws -> (ending: ChildProcess.Ending, results: [String: Tensor]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var arguments = [String(mapped.plan.address, radix: 16)]
    func add(_ name: String, _ bytes: [UInt8], at address: UInt32) throws {
      let path = folder.appending(path: name).path
      try Data(bytes).write(to: URL(filePath: path))
      arguments += ["load", String(address), path]
    }
    try add("plan", mapped.plan.bytes, at: mapped.plan.address)
    try add("constants", mapped.constants.bytes, at: mapped.constants.address)
    for port in mapped.inputs {
      guard let tensor = inputs[port.name] else { throw Failure("no input '\(port.name)'") }
      try add("in-\(port.name)", port.view.scattered(tensor), at: port.view.address)
    }
    for port in mapped.outputs {
      arguments += [
        "store", String(port.view.address), String(port.view.byteExtent),
        folder.appending(path: "out-\(port.name)").path,
      ]
    }
    let ending = try ChildProcess.run(executable, arguments, timeout: 60)
    guard ending.code == 0, !ending.wasSignalled else { return (ending, [:]) }
    var results: [String: Tensor] = [:]
    for port in mapped.outputs {
      let bytes = try Data(contentsOf: folder.appending(path: "out-\(port.name)"))
      results[port.name] = port.view.gathered([UInt8](bytes))
    }
    return (ending, results)
  }
}

extension CoreHost {
  /// The folder of the firmware's sources.
  static var firmware: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Firmware").resolvingSymlinksInPath()
  }

  /// Runs the host's compiler.
  static func compile(_ arguments: [String]) throws {
    guard let clang = ChildProcess.find("clang") else { throw Failure("there is no clang") }
    let ending = try ChildProcess.run(clang, arguments)
    guard ending.code == 0 else { throw Failure(ending.errors) }
  }

  private static func build() throws -> CoreHost {
    let root = firmware
    let folder = FileManager.default.temporaryDirectory.appending(path: "core-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in hal { try Data(text.utf8).write(to: folder.appending(path: name)) }
    let network = root.appending(path: "network").path
    let sources = try FileManager.default.contentsOfDirectory(atPath: network)
      .filter { $0.hasSuffix(".c") }.sorted().map { "\(network)/\($0)" }
    let executable = folder.appending(path: "core").path
    try compile(
      [
        "-std=gnu17", "-O1", "-fno-builtin", "-fno-pie", "-no-pie", "-I\(folder.path)",
        "-I\(network)", "-I\(root.path)/hal", "-Dmain=firmware_main",
      ] + sources + ["\(root.path)/hal/math.c", folder.appending(path: "host.c").path] + [
        "-o", executable,
      ])
    return CoreHost(executable: executable)
  }

  /// What the host has instead of the hardware abstraction layer's headers, and its main function.
  private static let hal = [
    "soc.h": "",
    "console.h": "void print(const char *format, ...);\n",
    "exit.h": "_Noreturn void exit(int code);\n",
    "trace.h": "static inline void flecsim_tag(const char *name) { (void)name; }\n",
    "interrupts.h": """
    #include <stdint.h>
    static inline void interrupt_attach(unsigned source, void (*handler)(void *), void *context) {
      (void)source, (void)handler, (void)context;
    }
    static inline void interrupts_enable(void) {}
    static inline uint32_t interrupts_disable(void) { return 0; }
    static inline void interrupt_wait(void) {}
    """,
    "mmio.h": """
    #include <stdint.h>
    static inline uint32_t mmio_read(uintptr_t address) { return *(volatile uint32_t *)address; }
    static inline void mmio_write(uintptr_t address, uint32_t value) {
      *(volatile uint32_t *)address = value;
    }
    static inline void mmio_fence(void) {}
    """,
    "host.c": """
    #undef main
    #include <stdarg.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>

    int firmware_main(int argc, char **argv);

    __asm__(".bss\\n.balign 64\\n.globl __heap_start\\n__heap_start: .space 16777216\\n"
            ".globl __heap_end\\n__heap_end:\\n.text\\n");

    void print(const char *format, ...) {
      va_list arguments;
      va_start(arguments, format);
      vprintf(format, arguments);
    }

    static void *at(const char *text) { return (void *)(uintptr_t)strtoul(text, 0, 10); }

    int main(int argc, char **argv) {
      void *memory = (void *)0x20000000;
      if (mmap(memory, \(byteCount), PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) != memory) return 90;
      for (int index = 2; index < argc;) {
        if (strcmp(argv[index], "load") != 0) break;
        FILE *file = fopen(argv[index + 2], "rb");
        if (file == 0) return 91;
        fread(at(argv[index + 1]), 1, \(byteCount), file);
        fclose(file);
        index += 3;
      }
      char *arguments[] = {argv[0], argv[1], 0};
      int code = firmware_main(2, arguments);
      for (int index = 2; index < argc;) {
        if (strcmp(argv[index], "load") == 0) {
          index += 3;
          continue;
        }
        FILE *file = fopen(argv[index + 3], "wb");
        if (file == 0) return 92;
        fwrite(at(argv[index + 1]), 1, strtoul(argv[index + 2], 0, 10), file);
        fclose(file);
        index += 4;
      }
      return code;
    }
    """,
  ]
}
