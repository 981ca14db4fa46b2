import Testing

@Suite("Mistakes in processor, clocks and crossbar")
struct DescriptionProcessorMistakeTests {
  @Test("Each mistake gives exactly one message at its place", arguments: mistakes)
  func reportsOnce(_ mistake: ConfigMistake) throws {
    let text = try #require(SampleSoC.altered(mistake.old, mistake.new))
    #expect(SampleSoC.findings(text) == [mistake.message])
  }

  static let mistakes: [ConfigMistake] = [
    ConfigMistake(
      #""cpu_mips": 100"#, #""cpu_mipz": 100"#,
      "soc.json:6:5: error: cpu.cpu_mipz: unknown key; did you mean 'cpu_mips'?"),
    ConfigMistake(
      #""cpu_mips": 100,"#, "",
      "soc.json:4:3: error: cpu.cpu_mips: missing; expected a number above 0, at most 100000 (million instructions per second)"
    ),
    ConfigMistake(
      #""cpu_mips": 100"#, #""cpu_mips": "100""#,
      #"soc.json:6:17: error: cpu.cpu_mips: found the text "100"; expected a number above 0, at most 100000 (million instructions per second); did you mean '100'?"#
    ),
    ConfigMistake(
      #""cpu_mips": 100"#, #""cpu_mips": -5"#,
      "soc.json:6:17: error: cpu.cpu_mips: found -5; expected a number above 0, at most 100000 (million instructions per second)"
    ),
    ConfigMistake(
      #""cpu_mips": 100"#, #""cpu_mips": 0.0000001"#,
      "soc.json:6:17: error: cpu.cpu_mips: found 1e-07; expected a whole number of instructions per second (a multiple of 0.000001)"
    ),
    ConfigMistake(
      #""cpu_mips": 100"#, #""cpu_mips": 100, "cpu_mips": 40"#,
      "soc.json:6:22: error: cpu.cpu_mips: the key is given twice, first at 6:5"),
    ConfigMistake(
      #""cpu_type": "RISCV32""#, #""cpu_type": "RISCV23""#,
      #"soc.json:5:17: error: cpu.cpu_type: found the text "RISCV23"; expected one of "RISCV32", "RISCV64", or an instruction set string such as "rv64imac_zba"; did you mean 'RISCV32'?"#
    ),
    ConfigMistake(
      #""cpu_type": "RISCV32""#, #""cpu_type": 32"#,
      #"soc.json:5:17: error: cpu.cpu_type: found 32; expected one of "RISCV32", "RISCV64", or an instruction set string such as "rv64imac_zba""#
    ),
    ConfigMistake(
      #""cpu_type": "RISCV32""#, #""cpu_type": "rv32imac_zbba""#,
      "soc.json:5:17: error: cpu.cpu_type: 'zbba' in 'rv32imac_zbba' is not a supported extension; supported are m, a, f, d, c, b, s, u, zicntr, zicond, zicsr, zifencei, zba, zbb, zbc, zbs, svadu; did you mean 'rv32imac_zba'?"
    ),
    ConfigMistake(
      #""cpu_type": "RISCV32""#, #""cpu_type": "rv32imm""#,
      "soc.json:5:17: error: cpu.cpu_type: extension 'm' is named twice in 'rv32imm'"),
    ConfigMistake(
      #""cpu_mips": 100,"#, #""cpu_mips": 100, "harts": 0,"#,
      "soc.json:6:31: error: cpu.harts: found 0; expected an integer from 1 to 32 (harts)"),
    ConfigMistake(
      #""cpu_mips": 100,"#, #""cpu_mips": 100, "boot": "bios","#,
      #"soc.json:6:30: error: cpu.boot: found the text "bios"; expected one of "entry", "rom""#),
    ConfigMistake(
      #""cpu_mips": 100,"#, #""cpu_mips": 100, "engine": "fats","#,
      #"soc.json:6:32: error: cpu.engine: found the text "fats"; expected one of "fast", "reference"; did you mean 'fast'?"#
    ),
    ConfigMistake(
      #""cpu_mips": 100,"#, #""cpu_mips": 100, "misaligned": true,"#,
      #"soc.json:6:36: error: cpu.misaligned: found true; expected one of "supported", "trapped""#),
    ConfigMistake(
      #""cpu_mips": 100,"#, #""cpu_mips": 100, "semihosting": "off","#,
      #"soc.json:6:37: error: cpu.semihosting: found the text "off"; expected true or false"#),
    ConfigMistake(
      #""cpu_mips": 100,"#, #""cpu_mips": 100, "host_files": "nowhere","#,
      "soc.json:6:36: error: cpu.host_files: no such folder: nowhere"),
    ConfigMistake(
      #""cpu_mips": 100,"#, #""cpu_mips": 100, "payload": "kernel.elf","#,
      "soc.json:6:33: error: cpu.payload: no such file: kernel.elf"),
    ConfigMistake(
      #""boot.elf""#, #""boott.elf""#,
      "soc.json:7:21: error: cpu.cpu_firmware: no such file: boott.elf; did you mean 'boot.elf'?"),
    ConfigMistake(
      #""boot.elf""#, #""absent/x.bin""#,
      "soc.json:7:21: error: cpu.cpu_firmware: no such file: absent/x.bin"),
    ConfigMistake(
      #""boot.elf""#, #"{ "sources": [] }"#,
      "soc.json:7:34: error: cpu.cpu_firmware.sources: found an empty array; expected a non-empty array, each element the path of a file"
    ),
    ConfigMistake(
      #""boot.elf""#, #"{ "source": ["main.c"] }"#,
      "soc.json:7:23: error: cpu.cpu_firmware.source: unknown key; did you mean 'sources'?"),
    ConfigMistake(
      #""boot.elf""#, #"{ "sources": ["main.c"], "defines": { "2N": 1 } }"#,
      "soc.json:7:59: error: cpu.cpu_firmware.defines.2N: '2N' is no macro name; expected a letter or _, then letters, digits and _"
    ),
    ConfigMistake(
      #""boot.elf""#, #"{ "sources": ["image.txt"] }"#,
      "soc.json:7:35: error: cpu.cpu_firmware.sources[0]: 'image.txt' is neither C nor Swift nor assembly; expected a file that ends in .c, .swift, .S, .s, .h"
    ),
    ConfigMistake(
      #""boot.elf","#,
      #""boot.elf", "cpu_firmware_args": ["\#(String(repeating: "y", count: 256))"],"#,
      "soc.json:7:54: error: cpu.cpu_firmware_args: the arguments take 257 bytes, each with a terminating zero; expected at most 256 bytes"
    ),
    ConfigMistake(
      #""name": "sample""#, #""name": "../sample""#,
      "soc.json:2:11: error: name: '../sample' cannot name a folder; expected at most 100 characters without / and control characters"
    ),
    ConfigMistake(
      #""q_global": 5,"#, "",
      "soc.json:8:5: error: cpu.cpu_quanta.q_global: missing; expected a number from 0 to 1000000000 (ns)"
    ),
    ConfigMistake(
      #""q_global": 5"#, #""q_global": 1000"#,
      "soc.json:8:33: error: cpu.cpu_quanta.q_global: the quantum of 1000 ns is not smaller than the period of clock 'core', 10 ns at 100000000 Hz (rule F19); expected q_global below 10 (or 0: lock-step), or 'core' below 1000000 Hz"
    ),
    ConfigMistake(
      #""q_global": 5"#, #""q_global": 5000"#,
      "soc.json:8:33: error: cpu.cpu_quanta.q_global: the quantum of 5000 ns is not smaller than the period of clock 'core', 10 ns at 100000000 Hz (rule F19); expected q_global below 10 (or 0: lock-step), or 'core' below 200000 Hz"
    ),
    ConfigMistake(
      #""q_low": 1,"#, #""q_low": 6,"#,
      "soc.json:8:33: error: cpu.cpu_quanta.q_global: 5 ns is below q_low (6 ns); expected q_low ≤ q_global ≤ q_high"
    ),
    ConfigMistake(
      #""q_high": 1000"#, #""q_high": 2"#,
      "soc.json:8:33: error: cpu.cpu_quanta.q_global: 5 ns is above q_high (2 ns); expected q_low ≤ q_global ≤ q_high"
    ),
    ConfigMistake(
      #""cpu": {"#, #""cpus": {"#,
      "soc.json:4:3: error: cpus: unknown key; did you mean 'cpu'?"),
    ConfigMistake(
      #""100 MHz""#, #""100 Mhz""#,
      #"soc.json:3:23: error: clocks.core: found the text "100 Mhz"; expected an integer from 1 to 1000000000000 (Hz), or text such as "100 MHz"; did you mean '100 MHz'?"#
    ),
    ConfigMistake(
      #""100 MHz""#, #""fast""#,
      #"soc.json:3:23: error: clocks.core: found the text "fast"; expected an integer from 1 to 1000000000000 (Hz), or text such as "100 MHz""#
    ),
    ConfigMistake(
      #""100 MHz""#, "0",
      #"soc.json:3:23: error: clocks.core: found 0; expected an integer from 1 to 1000000000000 (Hz), or text such as "100 MHz""#
    ),
    ConfigMistake(
      #""100 MHz""#, #""1.00000007 Hz""#,
      #"soc.json:3:23: error: clocks.core: found the text "1.00000007 Hz"; expected an integer from 1 to 1000000000000 (Hz), or text such as "100 MHz""#
    ),
    ConfigMistake(
      "10000000 }", "999999999989 }",
      "soc.json:3:60: error: clocks.slow.frequency_hz: 999999999989 per second has no common base tick with the rates before it (their least common multiple is 100000000 Hz); expected rates whose least common multiple is at most 10^15 Hz"
    ),
    ConfigMistake(
      "10000000 }", #""10 MHz", "phase": 3 }"#,
      "soc.json:3:70: error: clocks.slow.phase: unknown key; expected frequency_hz"),
    ConfigMistake(
      #""clock": "core" },"#, #""clock": "cor" },"#,
      "soc.json:10:45: error: crossbar.clock: no clock is named 'cor'; did you mean 'core'?"),
    ConfigMistake(
      #""width_bits": 128"#, #""width_bits": 100"#,
      "soc.json:10:31: error: crossbar.width_bits: found 100; expected a power of two from 32 to 8192 (bits)"
    ),
    ConfigMistake(
      #""width_bits": 128"#, #""width_bits": 32"#,
      "soc.json:10:31: error: crossbar.width_bits: 32 bits are narrower than 'dma_in1' (64 bits), 'dma_in2' (64 bits), 'dma_out' (64 bits); expected at least 64"
    ),
    ConfigMistake(
      #""width_bits": 128"#, #""width_bits": 128, "arbitration": "random""#,
      #"soc.json:10:51: error: crossbar.arbitration: found the text "random"; expected one of "round_robin", "fixed_priority""#
    ),
    ConfigMistake(
      #""width_bits": 128"#,
      #""width_bits": 128, "arbitration": "fixed_priority", "priority": ["dma_in3"]"#,
      "soc.json:10:82: error: crossbar.priority[0]: no DMA is named 'dma_in3'; did you mean 'dma_in1'?"
    ),
    ConfigMistake(
      #""width_bits": 128"#, #""width_bits": 128, "priority": ["dma_in1"]"#,
      "soc.json:10:48: warning: crossbar.priority: has no effect with arbitration round_robin; expected fixed_priority"
    ),
  ]
}
