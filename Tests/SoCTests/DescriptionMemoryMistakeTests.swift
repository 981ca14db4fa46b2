import Testing

@Suite("Mistakes in memories and files")
struct DescriptionMemoryMistakeTests {
  @Test("Each mistake gives exactly one message at its place", arguments: mistakes)
  func reportsOnce(_ mistake: ConfigMistake) throws {
    let text = try #require(SampleSoC.altered(mistake.old, mistake.new))
    #expect(SampleSoC.findings(text) == [mistake.message])
  }

  static let mistakes: [ConfigMistake] = [
    ConfigMistake(
      #""module_address": 0x80000000, "length": "16 MiB""#,
      #""module_address": 0xFFFF0000, "length": "16 MiB""#,
      "soc.json:12:33: error: memories.dram.module_address: the window 0xFFFF0000…0x100FEFFFF ends 16711680 bytes beyond 32-bit addresses; expected an end of at most 0xFFFFFFFF"
    ),
    ConfigMistake(
      #""weights.bin""#, #""/dev/zero""#,
      "soc.json:17:15: error: files.weights.file: /dev/zero is a device; expected a regular file"),
    ConfigMistake(
      #""weights.bin""#, #""""#,
      #"soc.json:17:15: error: files.weights.file: found the text ""; expected the path of a file"#),
    ConfigMistake(
      #""memories": {"#, #""memory": {"#,
      "soc.json:11:3: error: memory: unknown key; did you mean 'memories'?"),
    ConfigMistake(
      #""length": 65536,"#, "",
      #"soc.json:13:5: error: memories.sram.length: missing; expected an integer from 1 to 4294967296 (bytes), or text such as "64 KiB""#
    ),
    ConfigMistake(
      #""length": 65536"#, #""size": 65536"#,
      "soc.json:13:45: error: memories.sram.size: unknown key; did you mean 'length'?"),
    ConfigMistake(
      #""length": 65536"#, #""length": "64 KB""#,
      #"soc.json:13:55: error: memories.sram.length: found the text "64 KB"; expected an integer from 1 to 4294967296 (bytes), or text such as "64 KiB"; did you mean '64 KiB'?"#
    ),
    ConfigMistake(
      #""length": 65536"#, #""length": 0"#,
      #"soc.json:13:55: error: memories.sram.length: found 0; expected an integer from 1 to 4294967296 (bytes), or text such as "64 KiB""#
    ),
    ConfigMistake(
      #""length": 65536"#, #""length": -1"#,
      #"soc.json:13:55: error: memories.sram.length: found -1; expected an integer from 1 to 4294967296 (bytes), or text such as "64 KiB""#
    ),
    ConfigMistake(
      #""length": 65536"#, #""length": 65536.5"#,
      #"soc.json:13:55: error: memories.sram.length: found 65536.5; expected an integer from 1 to 4294967296 (bytes), or text such as "64 KiB""#
    ),
    ConfigMistake(
      #""length": 65536"#, #""length": null"#,
      #"soc.json:13:55: error: memories.sram.length: found null; expected an integer from 1 to 4294967296 (bytes), or text such as "64 KiB""#
    ),
    ConfigMistake(
      #""length": 65536"#, #""length": 1e999"#,
      "soc.json:13:55: error: memories.sram.length: the number 1e999 is out of range; expected a number of magnitude 5e-324 to 1.797e308"
    ),
    ConfigMistake(
      #""length": "16 MiB""#, #""length": "2 GiB""#,
      "soc.json:12:55: error: memories.dram.length: the window 0x80000000…0xFFFFFFFF overlaps DMA 'dma_in1' (0x90000000…0x90000FFF, line 27), DMA 'dma_in2' (0x90001000…0x90001FFF, line 31), DMA 'dma_out' (0x90002000…0x90002FFF, line 35), accelerator 'array' (0xA0000000…0xA0001FFF, line 41); expected a window of its own"
    ),
    ConfigMistake(
      #""length": "16 MiB""#, #""length": "4 GiB""#,
      "soc.json:12:55: error: memories.dram.length: the window 0x80000000…0x17FFFFFFF ends 2147483648 bytes beyond 32-bit addresses; expected an end of at most 0xFFFFFFFF"
    ),
    ConfigMistake(
      #""length": "16 MiB""#, #""length": 1000"#,
      "soc.json:22:18: error: files.image.address: 0x80001000 is 3097 bytes beyond the end of 'dram' (0x80000000…0x800003E7); expected an address in 'dram'"
    ),
    ConfigMistake(
      #""module_address": 0x20000000"#, #""module_address": 0x80001000"#,
      "soc.json:13:33: error: memories.sram.module_address: the window 0x80001000…0x80010FFF overlaps memory 'dram' (0x80000000…0x80FFFFFF, line 12); expected a window of its own"
    ),
    ConfigMistake(
      #""module_address": 0x20000000"#, #""module_address": 0xFFFFF000"#,
      "soc.json:13:33: error: memories.sram.module_address: the window 0xFFFFF000…0x10000EFFF ends 61440 bytes beyond 32-bit addresses; expected an end of at most 0xFFFFFFFF"
    ),
    ConfigMistake(
      #""module_address": 0x20000000"#, #""module_address": "20000000""#,
      #"soc.json:13:33: error: memories.sram.module_address: found the text "20000000"; expected an address from 0x0 to 0xFFFFFFFFFFFFFFFF; did you mean '0x20000000'?"#
    ),
    ConfigMistake(
      #""banks": 4"#, #""banks": 3"#,
      "soc.json:13:71: error: memories.sram.banks: found 3; expected a power of two from 1 to 256 (banks)"
    ),
    ConfigMistake(
      #""banks": 4"#, #""banks": 4, "pj_per_bit": 3"#,
      "soc.json:13:88: warning: memories.sram.pj_per_bit: has no effect: 'sram' is an SRAM"),
    ConfigMistake(
      #""sram": {"#, #""s-ram": {"#,
      "soc.json:13:5: error: memories.s-ram: the name 's-ram' is no identifier; expected a letter or _, then letters, digits and _; did you mean 's_ram'?"
    ),
    ConfigMistake(
      #""sram": {"#, #""cpu": {"#,
      "soc.json:13:5: error: memories.cpu: the name 'cpu' is reserved; expected another name"),
    ConfigMistake(
      #""sram": {"#, #""dram": {"#,
      "soc.json:13:5: error: memories.dram: the key is given twice, first at 12:5"),
    ConfigMistake(
      #""sram": { "module_address""#, #""sram": 5, "sram2": { "module_address""#,
      "soc.json:13:13: error: memories.sram: found 5; expected an object"),
    ConfigMistake(
      "weights.bin", "wieghts.bin",
      "soc.json:17:15: error: files.weights.file: no such file: wieghts.bin; did you mean 'weights.bin'?"
    ),
    ConfigMistake(
      "weights.bin", "odd.bin",
      "soc.json:17:15: error: files.weights.file: the file has 41 bytes; expected a multiple of 4, the size of float"
    ),
    ConfigMistake(
      #""weights.bin", "data_type": "float""#, #""empty.bin", "data_type": "float""#,
      "soc.json:17:15: error: files.weights.file: empty.bin holds no data; expected at least one element"
    ),
    ConfigMistake(
      #""items": 10"#, #""items": 11"#,
      "soc.json:18:16: error: files.weights.items: 11 elements of float are 44 bytes, but weights.bin holds 10 elements in 40 bytes; expected at most 10"
    ),
    ConfigMistake(
      #""items": 10"#, #""items": 0"#,
      "soc.json:18:16: error: files.weights.items: found 0; expected an integer from 1 to 1099511627776 (elements)"
    ),
    ConfigMistake(
      #""items": 10"#, #""items": "ten""#,
      #"soc.json:18:16: error: files.weights.items: found the text "ten"; expected an integer from 1 to 1099511627776 (elements)"#
    ),
    ConfigMistake(
      #""float""#, #""flaot""#,
      #"soc.json:17:43: error: files.weights.data_type: found the text "flaot"; expected one of "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "float", "double"; did you mean 'float'?"#
    ),
    ConfigMistake(
      #""float", "address": 0x80000000"#, #""float", "address": 0x80FFFFF0"#,
      "soc.json:17:63: error: files.weights.address: 40 bytes from 0x80FFFFF0 end 24 bytes beyond the end of 'dram' (0x80000000…0x80FFFFFF); expected at most 16 bytes there"
    ),
    ConfigMistake(
      #""float", "address": 0x80000000"#, #""float", "address": 0x70000000"#,
      "soc.json:17:63: error: files.weights.address: 0x70000000 is 268435456 bytes before the start of 'dram' (0x80000000…0x80FFFFFF); expected an address in 'dram'"
    ),
    ConfigMistake(
      #""float", "address": 0x80000000"#, #""float", "address": 0x80001004"#,
      "soc.json:22:18: warning: files.image.address: overwrites 4 bytes of files.weights (line 17)"),
    ConfigMistake(
      #""items": 10, "memory": "dram""#, #""items": 10, "memory": "ddram""#,
      "soc.json:18:30: error: files.weights.memory: no memory is named 'ddram'; did you mean 'dram'?"
    ),
    ConfigMistake(
      #""items": 10, "memory": "dram""#, #""items": 10, "memory": "array""#,
      "soc.json:18:30: error: files.weights.memory: 'array' is an accelerator; expected the name of a memory"
    ),
    ConfigMistake(
      "file_to_memory", "memory_to_disk",
      #"soc.json:18:51: error: files.weights.operation: found the text "memory_to_disk"; expected one of "file_to_memory", "memory_to_file", "compare"; did you mean 'memory_to_file'?"#
    ),
    ConfigMistake(
      #""file": "weights.bin""#, #""file": "absent/weights.bin""#,
      "soc.json:17:15: error: files.weights.file: no such file: absent/weights.bin"),
    ConfigMistake(
      #""items": 10, "memory": "dram", "operation": "file_to_memory""#,
      #""memory": "dram", "operation": "memory_to_file""#,
      "soc.json:16:5: error: files.weights.items: missing; expected an integer: how many elements to dump"
    ),
    ConfigMistake(
      "\"weights.bin\", \"data_type\": \"float\", \"address\": 0x80000000,\n      \"items\": 10, \"memory\": \"dram\", \"operation\": \"file_to_memory\"",
      "\"absent/dump.bin\", \"data_type\": \"float\", \"address\": 0x80000000,\n      \"items\": 10, \"memory\": \"dram\", \"operation\": \"memory_to_file\"",
      "soc.json:17:15: error: files.weights.file: no such folder: absent; expected a folder to dump into"
    ),
    ConfigMistake(
      "image.txt", "word.txt",
      "word.txt:2:3: error: 'five' is no number; expected an integer from -128 to 127 (int8)"),
    ConfigMistake(
      "image.txt", "large.txt",
      "large.txt:2:5: error: 128 is out of range; expected an integer from -128 to 127 (int8)"),
    ConfigMistake(
      #""data_representation": "text""#, #""data_representation": "txt""#,
      #"soc.json:21:72: error: files.image.data_representation: found the text "txt"; expected one of "binary", "text"; did you mean 'text'?"#
    ),
  ]
}
