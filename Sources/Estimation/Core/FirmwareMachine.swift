internal import Foundation
internal import RISCV

/// A hart with the memories of an SoC and a program in them, and nothing else: no clock, no bus, no
/// devices.
///
/// Memory begins as zeros; pages that nobody writes cost the host nothing.
final class FirmwareMachine {
  let hart: Hart
  let program: ELFImage
  let memories: [MeteredMemory]
  /// An address outside the SoC's memories that holds a `wfi`: what returns there is done.
  let returnAddress: UInt64
  private let pointers: [UnsafeMutableRawPointer]
  private let returnPage: UnsafeMutableRawPointer

  private static let returnBytes = 4096
  private static let wfi: UInt32 = 0x1050_0073

  /// Puts `program` into memory. The hart stands at its entry.
  init(
    program: ELFImage, instructionSet: InstructionSet, memories: [MeteredMemory]
  ) throws(CoreCostError) {
    self.program = program
    self.memories = memories
    hart = Hart(configuration: HartConfiguration(instructionSet: instructionSet))
    returnPage = .allocate(byteCount: Self.returnBytes, alignment: 16)
    returnPage.initializeMemory(as: UInt8.self, repeating: 0, count: Self.returnBytes)
    returnPage.storeBytes(of: Self.wfi.littleEndian, as: UInt32.self)
    returnAddress = Self.freePlace(beside: memories)
    var pointers: [UnsafeMutableRawPointer] = []
    for memory in memories {
      guard let pointer = calloc(max(1, Int(memory.byteCount)), 1) else {
        for pointer in pointers { free(pointer) }
        returnPage.deallocate()
        throw .memoryMap("there is no room for a memory of \(memory.byteCount) bytes")
      }
      pointers.append(pointer)
    }
    self.pointers = pointers
    do {
      for (memory, pointer) in zip(memories, pointers) {
        try hart.add(
          MemoryRegion(base: memory.base, size: memory.byteCount, pointer: pointer))
      }
      try hart.add(
        MemoryRegion(
          base: returnAddress, size: UInt64(Self.returnBytes), pointer: returnPage))
    } catch {
      throw .memoryMap("\(error)")
    }
    try load()
    hart.reset(pc: program.entry)
  }

  deinit {
    for pointer in pointers { free(pointer) }
    returnPage.deallocate()
  }

  /// Writes the program's segments again.
  func load() throws(CoreCostError) {
    for segment in program.segments {
      try write(segment.data, at: segment.address)
      let end = segment.address + UInt64(segment.data.count)
      try clear(Int(segment.zeroFill), at: end)
    }
  }

  /// The host address of `count` bytes, nil when they do not lie in one memory.
  func location(of address: UInt64, count: Int) -> UnsafeMutableRawPointer? {
    for (memory, pointer) in zip(memories, pointers)
    where address >= memory.base && address - memory.base < memory.byteCount {
      let offset = address - memory.base
      guard count <= memory.byteCount - offset else { return nil }
      return pointer + Int(offset)
    }
    return nil
  }

  /// Puts bytes into memory.
  func write(_ bytes: [UInt8], at address: UInt64) throws(CoreCostError) {
    guard !bytes.isEmpty else { return }
    guard let pointer = location(of: address, count: bytes.count) else {
      throw .outsideMemory(address: address, byteCount: bytes.count)
    }
    bytes.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(start: pointer, count: $0.count).copyMemory(from: $0)
    }
  }

  /// Puts words into memory.
  func write(_ words: [UInt32], at address: UInt64) throws(CoreCostError) {
    guard let pointer = location(of: address, count: 4 * words.count) else {
      throw .outsideMemory(address: address, byteCount: 4 * words.count)
    }
    for (index, word) in words.enumerated() {
      pointer.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
    }
  }

  private func clear(_ count: Int, at address: UInt64) throws(CoreCostError) {
    guard count > 0 else { return }
    guard let pointer = location(of: address, count: count) else {
      throw .outsideMemory(address: address, byteCount: count)
    }
    memset(pointer, 0, count)
  }

  /// The address of a symbol of the program.
  func address(of symbol: String) throws(CoreCostError) -> UInt64 {
    guard let address = program.address(of: symbol) else { throw .missingSymbol(symbol) }
    return address
  }

  /// Bytes from ``returnAddress`` on that no memory has a part of.
  static let freeBytes: UInt64 = 1 << 24

  /// The highest free place below 0xF000_0000, where SoCs rarely have anything: their standard
  /// devices lie at the addresses of QEMU's virt machine, below 0x2000_0000.
  private static func freePlace(beside memories: [MeteredMemory]) -> UInt64 {
    var place: UInt64 = 0xf000_0000
    while place > 0,
      memories.contains(where: {
        place < $0.base + $0.byteCount && $0.base < place + freeBytes
      })
    {
      place -= freeBytes
    }
    return place
  }
}
