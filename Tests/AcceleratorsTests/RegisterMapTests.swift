import Fabric
import Testing

/// What is generated from a register map.
struct RegisterMapTests {
  static let map = RegisterMap(
    device: "Timer", windowBytes: 256,
    [
      RegisterDescriptor("COUNT", at: 8, bytes: 8, access: .readOnly, reset: nil, "Ticks."),
      RegisterDescriptor(
        "CTRL", at: 0, "Control.",
        fields: [
          RegisterField("ENABLE", bit: 0, "Run."),
          RegisterField(
            "MODE", bits: 4...6, access: .readOnly, "How.", values: [.init("FAST", 2, "At once.")]),
        ]),
      RegisterDescriptor("COMPARE", at: 0x20, count: 3, reset: 0xFF, "Alarms."),
    ])

  @Test("Registers are found by name and by offset")
  func lookup() throws {
    #expect(Self.map.registers.map(\.name) == ["CTRL", "COUNT", "COMPARE"])
    #expect(Self.map.registerCount == 5)
    #expect(Self.map.register(named: "COUNT")?.offset == 8)
    let found = try #require(Self.map.register(at: 0x28))
    #expect(found.descriptor.name == "COMPARE")
    #expect(found.index == 2)
    #expect(Self.map.register(at: 4) == nil)
    #expect(Self.map.register(at: 0x2C) == nil)
    #expect(Self.map.register(at: 0x22) == nil)
    #expect(Self.map.register(named: "CTRL")?.field(named: "MODE")?.mask == 0x70)
  }

  @Test("The C header has offsets, masks, shifts and named values")
  func header() {
    #expect(
      Self.map.cHeader(prefix: "TIMER") == """
        /* Registers of Timer. Generated from the device's register map. */
        #ifndef TIMER_REGISTERS_H
        #define TIMER_REGISTERS_H

        #define TIMER_WINDOW_BYTES 0x100u

        /* rw: Control. */
        #define TIMER_CTRL 0x000u
        #define TIMER_CTRL_ENABLE 0x1u /* Run. */
        #define TIMER_CTRL_MODE 0x70u /* How. */
        #define TIMER_CTRL_MODE_SHIFT 4
        #define TIMER_CTRL_MODE_FAST 2u /* At once. */

        /* ro: Ticks. */
        #define TIMER_COUNT 0x008u

        /* rw: Alarms. */
        #define TIMER_COMPARE(i) (0x020u + 4u * (i))
        #define TIMER_COMPARE_COUNT 3u

        #endif

        """)
  }

  @Test("The table has a row per register and per field")
  func table() {
    #expect(
      Self.map.markdownTable() == """
        | Offset | Register | Bits | Access | Reset | Meaning |
        |---|---|---|---|---|---|
        | 0x000 | `CTRL` | 31:0 | rw | 0x0 | Control. |
        | | `.ENABLE` | 0 | rw | | Run. |
        | | `.MODE` | 6:4 | ro | | How. 2 `FAST`: At once. |
        | 0x008 | `COUNT` | 63:0 | ro | – | Ticks. |
        | 0x020 + 4·i | `COMPARE[3]` | 31:0 | rw | 0xff | Alarms. |

        """)
  }
}
