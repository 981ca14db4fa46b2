import Foundation
import Peripherals
import SoC
import Testing

/// Builds and runs firmware on a simulated system.
struct FirmwareRun {
  let end: RunEnd
  let cycles: UInt64
  let output: String
  let verifications: [FileVerification]

  /// One folder for all runs: files in it are named after their content, and most are the same.
  private static let buildFolder =
    FileManager.default.temporaryDirectory.path + "/flecsim-firmware-tests-" + NSUserName()

  init(_ description: SoCDescription) throws {
    let builder = FirmwareBuilder(
      description: description, halFolder: FirmwareFixture.hal, buildFolder: Self.buildFolder)
    let program = try Program(path: builder.build())
    let system = try SystemBuilder(description, program: program).build()
    end = system.run(limits: RunLimits(cycles: 20_000_000))
    cycles = system.cycles
    output = String(decoding: system.console.output, as: UTF8.self)
    verifications = try system.verifyFiles()
  }

  /// Runs an example of the folder `Configs`.
  init(example: String, overrides: [String] = []) throws {
    let file = "\(FirmwareFixture.project)/Configs/\(example)"
    let loaded = try SoCDescription.load(
      file, overrides: overrides, options: LoadOptions(requiresCPU: true))
    #expect(loaded.warnings.isEmpty)
    try self.init(loaded.description)
  }

  /// Runs the statements `body` of a `main`.
  init(
    main body: String, arguments: String = "[]", before: String = "", type: String = "RISCV32",
    firmware: String = #"{ "sources": ["main.c"] }"#
  ) throws {
    let fixture = try FirmwareFixture()
    try fixture.write(
      """
      #include "hal.h"
      \(before)
      int main(int argc, char **argv) {
        (void)argc;
        (void)argv;
        \(body)
        return 0;
      }

      """, to: "main.c")
    try self.init(
      fixture.description(firmware + #", "cpu_firmware_args": \#(arguments)"#, type: type))
  }
}

@Suite("Firmware on the simulated system")
struct FirmwareRunTests {
  @Test("hello prints, takes timer interrupts and ends with code 0")
  func hello() throws {
    let run = try FirmwareRun(example: "hello.json")
    #expect(run.end.exitCode == 0)
    #expect(run.output.contains("argument 2: Bob\ntimer interrupt 1\ntimer interrupt 2\n"))
    #expect(run.output.contains("10000000000000 / 7 = 1428571428571, hexadecimal 000009184e72a000"))
  }

  @Test(
    "hello does the same on every instruction set, compiled for it",
    arguments: [
      "RISCV64", "rv32i", "rv32imac", "rv32imafc", "rv32gc_zba_zbb_zbs", "rv64i", "rv64imac",
      "rv64imafc", "rv64gcb_zicond",
    ])
  func instructionSets(type: String) throws {
    let run = try FirmwareRun(example: "hello.json", overrides: ["cpu.cpu_type=\(type)"])
    #expect(run.end.reason == "firmware exited with code 0 through tohost", "\(run.output)")
    #expect(run.output == (try FirmwareRun(example: "hello.json").output))
  }

  @Test("Interrupt handlers keep floating-point registers", arguments: ["rv32gc", "rv64gc"])
  func floatingPoint(type: String) throws {
    let run = try FirmwareRun(
      main: """
        volatile double sum = 0;
        uint64_t end = timer_now() + 2000;
        timer_at(timer_now() + 200, spoil, NULL);
        interrupts_enable();
        double one = 1;
        while (timer_now() < end) {
          double many = 0;
          for (int i = 0; i < 100; i += 1) many += one;
          if (many != 100) return 1;
          sum += many;
        }
        print("%d times, %d\\n", calls, sum > 1000);
        """,
      before: """
        static int calls;
        static volatile double noise = 3;
        static void spoil(void *context) {
          (void)context;
          noise = noise * 1.5 + noise;
          calls += 1;
          if (calls < 5) timer_at(timer_now() + 200, spoil, NULL);
        }
        """, type: type)
    #expect(run.end.firmwareCode == 0, "\(run.output)")
    #expect(run.output == "5 times, 1\n")
  }

  @Test("the DMA copies as the core does, whatever the pattern")
  func dmaCopy() throws {
    let run = try FirmwareRun(example: "dma-copy.json")
    #expect(run.end.exitCode == 0, "\(run.output)")
    #expect(run.output.contains("bad address                  ok"))
    #expect(run.output.hasSuffix(" 0 wrong\n"))
  }

  @Test(
    "a tiled product is right on both arrays, in C and in Swift, also when nothing fits the tiles",
    arguments: ["gemm-os.json", "gemm-ws.json", "gemm-swift.json"],
    [[9, 10, 17], [3, 2, 1], [8, 16, 24]])
  func gemm(example: String, shape: [Int]) throws {
    let run = try FirmwareRun(
      example: example,
      overrides: zip("MNK", shape).map { "cpu.cpu_firmware.defines.GEMM_\($0)=\($1)" })
    #expect(run.end.exitCode == 0, "\(run.output)")
    #expect(run.output.contains(" 0 of \(shape[0] * shape[1]) elements wrong"))
  }

  @Test(
    "every layer of LeNet-5 equals the reference bit by bit",
    arguments: ["lenet5.json", "lenet5-ws.json"])
  func lenet(example: String) throws {
    let run = try FirmwareRun(example: example)
    #expect(run.end.exitCode == 0, "\(run.output)")
    #expect(run.verifications.count == 7)
    for verification in run.verifications { #expect(verification.isEqual, "\(verification)") }
    #expect(run.output.contains("image  0: 8, labelled 8"))
  }

  @Test("wrong arguments of LeNet-5 are refused")
  func lenetArguments() throws {
    for arguments in [#"["99","2"]"#, #"["x"]"#, #"["0","0"]"#, #"["0","1","2"]"#] {
      let run = try FirmwareRun(
        example: "lenet5.json", overrides: ["cpu.cpu_firmware_args=\(arguments)"])
      #expect(run.end.exitCode == 1)
      #expect(run.output.contains("[FIRST, COUNT]"))
    }
  }

  @Test(
    "an exception nobody handles is explained and ends with 128 and its cause",
    arguments: [
      ("mmio_read(0x70000000);", 5, "(load access fault)", "mtval 0x70000000"),
      ("mmio_write8(HAL_CLINT_BASE, 1);", 7, "(store access fault)", "mtval 0x02000000"),
      ("__asm__ volatile(\"ebreak\");", 3, "(breakpoint)", "at pc 0x8"),
      ("__asm__ volatile(\".word 0\");", 2, "(illegal instruction)", "at pc 0x8"),
      ("__asm__ volatile(\"li sp, 0\\n sw zero, 0(sp)\");", 7, "(store access fault)", "mtval 0x0"),
    ])
  func exceptions(body: String, cause: Int, name: String, detail: String) throws {
    let run = try FirmwareRun(main: body)
    #expect(run.end.exitCode == Int32(128 + cause))
    #expect(run.output.hasPrefix("unhandled exception \(cause) \(name) at pc 0x8"))
    #expect(run.output.contains(detail))
  }

  @Test("the value of main is the exit code, modulo 256")
  func exitCodes() throws {
    #expect(try FirmwareRun(main: "return 42;").end.exitCode == 42)
    #expect(try FirmwareRun(main: "exit(300);").end.exitCode == 44)
  }

  @Test("print knows widths, padding, bases and 64-bit numbers")
  func formats() throws {
    let run = try FirmwareRun(
      main: """
        print("[%5d][%-5d][%05d][%x][%08X][%c][%3s][%*d][%%][%p]", -42, -42, -42, 48879u, 48879u,
              'z', "a", 4, 3, (void *)0x80000010);
        print("[%lld][%llu][%ld]", -1234567890123456789ll, ~0ull, -2147483647l - 1);
        print("[%lld][%lld][%llu]", -7ll / (long long)(argc + 1), -7ll % (long long)(argc + 1),
              ~0ull / 5000000000ull);
        """)
    #expect(
      run.output
        == "[  -42][-42  ][-0042][beef][0000BEEF][z][  a][   3][%][0x80000010]"
        + "[-1234567890123456789][18446744073709551615][-2147483648][-3][-1][3689348814]")
  }

  @Test("arguments arrive in order, up to the space there is")
  func arguments() throws {
    let body = #"for (int i = 1; i < argc; i += 1) print("<%s>", argv[i]);"#
    let run = try FirmwareRun(main: body, arguments: #"["one", "", "two words"]"#)
    #expect(run.output == "<one><><two words>")
  }

  @Test("a sleep lasts as long as asked, and no wake-up is lost")
  func sleeping() throws {
    let run = try FirmwareRun(
      main: """
        for (uint64_t ticks = 0; ticks < 40; ticks += 1) {
          uint64_t start = timer_now();
          timer_sleep(ticks);
          uint64_t slept = timer_now() - start;
          if (slept < ticks || slept > ticks + 20) return 1;
        }
        """)
    #expect(run.end.exitCode == 0)
  }
}
