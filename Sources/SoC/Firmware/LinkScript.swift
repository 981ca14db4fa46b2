internal import RISCV

/// Makes the linker script of firmware that runs in one memory.
///
/// From the memory's start: code, constants, data with `tohost` and `fromhost`, zeroed data, heap,
/// stack.
/// What is loaded from host files into the same memory must lie behind; the linker checks that.
struct LinkScript {
  private let memory: MemoryDescription
  private let heapBytes: UInt64
  private let stackBytes: UInt64
  private let files: [FileDescription]

  /// Prepares the script for firmware in the memory that `sources` names.
  ///
  /// - Throws: ``FirmwareError`` when the description has no such memory, or when it lies beyond
  ///   the 4 GiB that RV32 reaches.
  init(_ soc: SoCDescription, _ sources: FirmwareSources) throws(FirmwareError) {
    guard let memory = soc.memories.first(where: { $0.name == sources.memory }) else {
      throw FirmwareError(
        message: "cpu.cpu_firmware.memory: there is no memory '\(sources.memory)' to link into")
    }
    let isWide = soc.cpu?.type.instructionSet.xlen == .rv64
    guard isWide || memory.address <= UInt64(UInt32.max) else {
      throw FirmwareError(
        message: "cpu.cpu_firmware.memory: '\(memory.name)' lies beyond the 32-bit address space")
    }
    self.memory = memory
    heapBytes = sources.heapBytes / 16 * 16
    stackBytes = sources.stackBytes / 16 * 16
    files = soc.files.filter {
      $0.memory == memory.name && $0.operation == .fileToMemory
    }
  }

  /// The script's text.
  var text: String {
    """
    /* Generated from the SoC description. */
    OUTPUT_ARCH(riscv)
    ENTRY(_start)

    MEMORY
    {
      ram (rwx) : ORIGIN = \(memory.address.hexadecimal), LENGTH = \(memory.length.hexadecimal)
    }

    PHDRS
    {
      text PT_LOAD FLAGS(5);
      data PT_LOAD FLAGS(6);
    }

    SECTIONS
    {
      .text : {
        KEEP(*(.text.start))
        *(.text .text.*)
      } > ram : text
      .rodata : ALIGN(16) {
        *(.rodata .rodata.* .srodata .srodata.*)
      } > ram : text
      .htif : ALIGN(64) {
        KEEP(*(.htif))
      } > ram : data
      .data : ALIGN(64) {
        *(.data .data.*)
        . = ALIGN(8);
        __global_pointer$ = . + 0x800;
        *(.sdata .sdata.*)
      } > ram : data
      .bss (NOLOAD) : ALIGN(64) {
        __bss_start = .;
        *(.sbss .sbss.* .bss .bss.* COMMON)
        . = ALIGN(16);
        __bss_end = .;
      } > ram : data
      _end = .;
      __heap_start = .;
      __heap_end = . + \(heapBytes);
      __stack_bottom = __heap_end;
      __stack_top = __heap_end + \(stackBytes);
      /DISCARD/ : { *(.comment .note .note.* .eh_frame .eh_frame_hdr .swift_modhash) }
    }

    /* Of a program that is too large the linker says by how much; nothing else is said of it. */
    __is_too_large = _end > ORIGIN(ram) + LENGTH(ram);
    __has_no_stack = __stack_top > ORIGIN(ram) + LENGTH(ram);
    ASSERT(__is_too_large || !__has_no_stack, "\(behindProgram) \
    fit into memory '\(memory.name)' behind the program")
    \(files.map(assertion).joined(separator: "\n"))

    """
  }

  private var behindProgram: String {
    heapBytes == 0
      ? "the stack of \(stackBytes) bytes does not"
      : "the heap of \(heapBytes) bytes and the stack of \(stackBytes) bytes do not"
  }

  private func assertion(_ file: FileDescription) -> String {
    "ASSERT(__is_too_large || __has_no_stack || __stack_top <= \(file.address.hexadecimal), \"files.\(file.name) at "
      + "\(file.address.hexadecimal) overlaps the firmware (program, heap and stack); move it behind\")"
  }
}
