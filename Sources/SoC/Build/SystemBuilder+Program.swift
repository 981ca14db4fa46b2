internal import Fabric
internal import RISCV

extension SystemBuilder {
  /// A piece of an executable in memory.
  private struct LoadedPiece {
    let range: ClosedRange<UInt64>
    let path: String
  }

  /// Loads the program and the payload, and checks that the harts can start.
  func loadPrograms(
    into stores: [String: BackingStore], beside files: [Preload.Extent]
  ) throws(SystemError) {
    guard let program, let cpu = description.cpu else { return }
    var taken = files.map { LoadedPiece(range: $0.range, path: $0.path) }
    try program.check(for: cpu.type)
    try load(program, into: stores, beside: &taken)
    if let payload {
      try payload.check(for: cpu.type)
      try load(payload, into: stores, beside: &taken)
    }
    try checkEntry(cpu, stores)
    try storeArguments(program, stores)
  }

  private func load(
    _ program: Program, into stores: [String: BackingStore], beside taken: inout [LoadedPiece]
  ) throws(SystemError) {
    for segment in program.image.segments {
      let size = Int(clamping: segment.memorySize)
      guard let store = stores.values.first(where: { $0.contains(segment.address, count: size) })
      else {
        throw .program(
          path: program.path,
          reason: "segment 0x\(String(segment.address, radix: 16)) of \(size) bytes lies in no "
            + "memory of \(description.name) (\(memoryMap))")
      }
      // Zeros behind the data are no conflict: nothing is written there.
      guard !segment.data.isEmpty else { continue }
      let last = segment.address + UInt64(segment.data.count - 1)
      if let other = taken.first(where: { $0.range.overlaps(segment.address...last) }) {
        throw .program(
          path: program.path,
          reason:
            "segment 0x\(String(segment.address, radix: 16)) of \(segment.data.count) bytes "
            + "would overwrite \(other.path) at \(other.range.lowerBound.hexadecimal)"
            + "…\(other.range.upperBound.hexadecimal)")
      }
      store.write(Array(segment.data), at: segment.address)
    }
    for segment in program.image.segments where !segment.data.isEmpty {
      let last = segment.address + UInt64(segment.data.count - 1)
      taken.append(LoadedPiece(range: segment.address...last, path: program.path))
    }
  }

  /// The reset address of the description, if it gives one, lies where instructions can be.
  private func checkEntry(
    _ cpu: CPUDescription, _ stores: [String: BackingStore]
  ) throws(SystemError) {
    guard let address = cpu.resetAddress else { return }
    let alignment = cpu.type.instructionAlignment
    let isAligned = address % alignment == 0
    guard isAligned, stores.values.contains(where: { $0.contains(address, count: 2) }) else {
      throw .build(
        path: "cpu.module_address",
        reason: "the first instruction at \(address.hexadecimal) is "
          + (isAligned ? "in no memory (\(memoryMap))" : "not \(alignment)-byte aligned"))
    }
  }

  private var memoryMap: String {
    description.memories.map {
      "\($0.name) 0x\(String($0.address, radix: 16)) … 0x\(String($0.address + $0.length - 1, radix: 16))"
    }.joined(separator: ", ")
  }

  /// Puts `cpu_firmware_args` where the firmware's start-up code looks for them, if it does.
  private func storeArguments(
    _ program: Program, _ stores: [String: BackingStore]
  ) throws(SystemError) {
    guard let arguments = description.cpu?.arguments,
      let text = program.image.address(of: "flecsim_arguments"),
      let count = program.image.address(of: "flecsim_argument_count"),
      let textStore = stores.values.first(where: {
        $0.contains(text, count: CPUDescription.argumentRoom)
      }),
      let countStore = stores.values.first(where: { $0.contains(count, count: 4) })
    else { return }
    var bytes: [UInt8] = []
    for argument in arguments { bytes += Array(argument.utf8) + [0] }
    guard bytes.count <= CPUDescription.argumentRoom else {
      throw .build(
        path: "cpu.cpu_firmware_args",
        reason: "\(bytes.count) bytes; the firmware has room for \(CPUDescription.argumentRoom)")
    }
    textStore.write(bytes, at: text)
    let number = UInt32(arguments.count)
    countStore.write((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }, at: count)
  }
}
