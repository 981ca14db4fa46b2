import Foundation
import SoC
import Testing

@Suite("What is generated from the declarations")
struct DescriptionOutputTests {
  @Test("The effective configuration is strict JSON and loads to an equal description")
  func roundTrips() throws {
    let soc = try SampleSoC.load().description
    let text = soc.effectiveJSON()
    let again = try SampleSoC.load(text)
    #expect(again.description == soc)
    #expect(again.warnings.isEmpty)
    #expect(again.description.effectiveJSON() == text)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
  }

  @Test("The effective configuration keeps firmware built from source, tags and limits")
  func roundTripsRareKeys() throws {
    let firmware = """
      { "sources": ["main.c"], "defines": { "N": 1, "NAME": "x" }, "stack_bytes": "1 KiB",
        "heap_bytes": "2 KiB", "swift_flags": ["-O"] }
      """
    var text = SampleSoC.text.replacing("\"boot.elf\"", with: firmware)
    text = text.replacing(
      "\"energy\": {",
      with: """
        "simulation": { "wall_limit_s": 1.5, "cycle_limit": 7, "results": "out" },
          "peripherals": { "m": { "type": "Marker", "tags": { "1": "conv1" } } },
          "energy": { "node_nm": 22.5,
        """)
    let soc = try SampleSoC.load(text).description
    #expect(soc.peripherals[0].address == 0x1001_0000)
    #expect(try SampleSoC.load(soc.effectiveJSON()).description == soc)
  }

  @Test("The schema is deterministic JSON that names every key once with its help")
  func writesSchema() throws {
    let text = SoCSchema.json()
    #expect(text == SoCSchema.json())
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    let definitions = try #require(schema["$defs"] as? [String: Any])
    for (name, definition) in definitions {
      let definition = try #require(definition as? [String: Any])
      #expect(definition["additionalProperties"] as? Bool == false, "\(name)")
      let properties = try #require(definition["properties"] as? [String: [String: Any]])
      for (key, property) in properties where key != "$schema" {
        #expect((property["description"] as? String)?.isEmpty == false, "\(name).\(key)")
      }
    }
    let dma = try #require(definitions["DMA"] as? [String: Any])
    #expect(
      dma["required"] as? [String] == ["direction", "module_address", "port_size"])
  }

  @Test("Every reference of the schema has its definition")
  func resolvesReferences() throws {
    let text = SoCSchema.json()
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let definitions = try #require(schema["$defs"] as? [String: Any])
    for match in text.matches(of: #/"#\/\$defs\/([A-Za-z0-9_]+)"/#) {
      #expect(definitions[String(match.1)] != nil, "\(match.1)")
    }
  }

  @Test("The table of keys has one row per key of the schema")
  func writesKeyTable() {
    let table = SoCKeyTable.markdown()
    #expect(
      table.contains("| `port_size` | a power of two from 8 to 8192 (bits per cycle) | mandatory |")
    )
    #expect(table.contains("| `fixed_args`, `fixed args` |"))
    #expect(table.contains("### WSArray"))
  }

  @Test("The bare-metal system is valid and complete")
  func describesBareMetal() throws {
    let soc = SoCDescription.defaultBareMetal()
    let loaded = try SoCDescription.load(text: soc.effectiveJSON(), file: "bare-metal.json")
    #expect(loaded.description == soc)
    #expect(loaded.warnings.isEmpty)
    #expect(soc.peripherals.count == PeripheralCatalog.kinds.count)
    #expect(soc.memories[0].address == 0x8000_0000)
    #expect(soc.cpu?.quanta.global == 0)
  }
}
