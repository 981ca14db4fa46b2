import Foundation
import TestSupport

/// The memory of a simulated system inside the test's own address space, at the very addresses that plans use, so that
/// kernels of the firmware, compiled for the host, can work on it.
final class PlanMemory {
  private static let first: UInt32 = 0x2000_0000
  private static let byteCount = 32 << 20
  private static let canary: UInt8 = 0xC7

  /// Whether the addresses belong to the test; only one system at a time can have them.
  private static let isMapped: Bool = {
    let wanted = UnsafeMutableRawPointer(bitPattern: UInt(first))
    let place = mmap(
      wanted, byteCount, PROT_READ | PROT_WRITE,
      Int32(MAP_PRIVATE) | Int32(MAP_ANONYMOUS) | 0x10_0000 /* MAP_FIXED_NOREPLACE */, -1, 0)
    return place == wanted
  }()

  /// Stretches that the system has.
  private let ranges: [Range<UInt32>]

  init(_ ranges: [Range<UInt32>]) throws {
    guard Self.isMapped else { throw PlanFailure("the addresses of the system are in use") }
    self.ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
    memset(Self.pointer(Self.first), Int32(Self.canary), Self.byteCount)
    for range in ranges { memset(Self.pointer(range.lowerBound), 0x5A, range.count) }
  }

  static func pointer(_ address: UInt32) -> UnsafeMutableRawPointer {
    guard let pointer = UnsafeMutableRawPointer(bitPattern: UInt(address)) else {
      preconditionFailure("address 0")
    }
    return pointer
  }

  private func check(_ address: UInt32, _ count: Int) throws {
    let end = UInt64(address) + UInt64(count)
    guard
      ranges.contains(where: { $0.lowerBound <= address && end <= UInt64($0.upperBound) })
    else { throw PlanFailure("\(count) bytes at 0x\(String(address, radix: 16)) are no memory") }
  }

  func read(_ address: UInt32, _ count: Int) throws -> [UInt8] {
    try check(address, count)
    return Array(UnsafeRawBufferPointer(start: Self.pointer(address), count: count))
  }

  func write(_ bytes: [UInt8], to address: UInt32) throws {
    try check(address, bytes.count)
    bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      Self.pointer(address).copyMemory(from: start, byteCount: bytes.count)
    }
  }

  func word(_ address: UInt32) throws -> UInt32 {
    try check(address, 4)
    return Self.pointer(address).load(as: UInt32.self)
  }

  /// Whether nothing was written outside the system's memory, as far as this can be seen.
  var isIntact: Bool {
    var place = Self.first
    let end = Self.first + UInt32(Self.byteCount)
    for range in ranges + [end..<end] {
      let gap = min(Int(range.lowerBound - place), 1 << 16)
      for start in [place, range.lowerBound - UInt32(gap)] {
        let bytes = UnsafeRawBufferPointer(start: Self.pointer(start), count: gap)
        if !bytes.allSatisfy({ $0 == Self.canary }) { return false }
      }
      place = range.upperBound
    }
    return true
  }
}

/// Why a plan could not be executed.
struct PlanFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The kernels of the runtime firmware, compiled for the host and loaded into the test.
struct PlanKernels: @unchecked Sendable {
  private typealias Kernel = @convention(c) (UnsafePointer<UInt32>) -> Void

  /// The kernels; compiled once.
  static func shared() throws -> PlanKernels { try built.get() }
  private static let built = Result { try PlanKernels() }

  private let table: UnsafePointer<Kernel?>
  private let count: Int

  /// Executes a kernel.
  func run(_ identifier: Int, _ parameters: [UInt32]) throws {
    guard identifier < count, let kernel = table[identifier] else {
      throw PlanFailure("there is no kernel \(identifier)")
    }
    parameters.withUnsafeBufferPointer { words in
      // A kernel without parameters reads none.
      if let first = words.baseAddress { kernel(first) }
    }
  }

  private init() throws {
    guard let clang = ChildProcess.find("clang") else { throw PlanFailure("there is no clang") }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Firmware").path
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "kernels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in Self.hal {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    let network = "\(root)/network"
    let names = try FileManager.default.contentsOfDirectory(atPath: network)
      .filter { $0.hasSuffix(".c") && $0 != "engines.c" && $0 != "network.c" }.sorted()
    let library = folder.appending(path: "kernels.so").path
    let options = [
      "-std=c17", "-O1", "-fno-builtin", "-fPIC", "-I\(folder.path)", "-I\(network)",
      "-I\(root)/hal",
    ]
    func compile(_ arguments: [String]) throws {
      let ending = try ChildProcess.run(clang, options + arguments)
      guard ending.code == 0 else { throw PlanFailure(ending.errors) }
    }
    // The table of kernels, without the function that finds room in the firmware's heap.
    let kernels = folder.appending(path: "kernels.o").path
    try compile(["-c", "\(network)/kernels.c", "-Dkernel_scratch=unused_scratch", "-o", kernels])
    try compile(
      ["-shared", "-Wl,-Bsymbolic", kernels, "\(root)/hal/math.c"]
        + names.filter { $0 != "kernels.c" }.map { "\(network)/\($0)" }
        + [folder.appending(path: "host.c").path, "-o", library])
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL),
      let kernels = dlsym(handle, "kernels"), let count = dlsym(handle, "kernel_total")
    else { throw PlanFailure(dlerror().map { String(cString: $0) } ?? "dlopen") }
    table = UnsafePointer(kernels.assumingMemoryBound(to: Kernel?.self))
    self.count = Int(count.load(as: Int32.self))
  }

  /// What the host has instead of the hardware abstraction layer.
  private static let hal = [
    "soc.h": "",
    "console.h": "void print(const char *format, ...);\n",
    "exit.h": "#include <stdlib.h>\n",
    "host.c": """
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include "kernels.h"

    int kernel_total = KERNEL_COUNT;

    char __heap_start[1], __heap_end[1];

    /* Kernels take addresses of 32 bits. */
    void *kernel_scratch(uint32_t bytes) {
      if (bytes > 0x400000) abort();
      return (void *)0x21800000;
    }

    void print(const char *format, ...) {
      va_list arguments;
      va_start(arguments, format);
      vprintf(format, arguments);
    }
    """,
  ]
}
