import Energy
import Telemetry
import Testing

private typealias F = EnergyFixtures

@Suite("Prices of components")
struct PriceTests {
  private func price(
    _ table: EnergyTable, _ component: ComponentRecord, hertz: UInt64 = 200_000_000,
    node: Double? = nil
  ) throws -> ComponentPrice {
    try table.price(of: component, hertz: hertz, node: node).get()
  }

  @Test("Every shipped table prices every action of every component class, with area and leakage")
  func coverage() throws {
    for name in F.shippedNames {
      let table = try F.shipped(name)
      #expect(table.name == name)
      for componentClass in ComponentClass.all {
        let component = F.example(of: componentClass)
        #expect(Set(component.attributes.keys) == Set(componentClass.attributes))
        let actions = componentClass.actions.map {
          ActionReference(component: "c", action: $0, scale: 1)
        }
        #expect(table.missing(for: [component], actions: actions) == [])
        let found = try price(table, component)
        #expect(Set(found.actions.keys) == Set(componentClass.actions))
        for action in componentClass.actions {
          #expect((found.actions[action]?.value ?? 0) > 0, "\(name) \(componentClass.name)")
        }
        if componentClass.name == "dram" {
          #expect(found.area.value == 0 && found.leakage.value == 0)
          #expect(found.note?.contains("off-chip") == true)
        } else {
          #expect(found.area.value > 0 && found.leakage.value > 0)
        }
        #expect(found.warnings == [])
      }
    }
  }

  @Test(
    "A 16-bit MAC of Aladdin at 5 ns is the tutorial's 2.20035 pJ and 1239.5 square micrometres")
  func tutorialMAC() throws {
    let table = try F.shipped("aladdin-45nm")
    let multiplier = try price(table, F.component("multiplier", ["width_bits": 16]))
    let adder = try price(table, F.component("adder", ["width_bits": 16]))
    let energy =
      try #require(multiplier.actions["multiply"]).value + #require(adder.actions["add"]).value
    #expect(abs(energy - 2.20035) < 1e-5)
    #expect(multiplier.area.value + adder.area.value == 1239.5)
  }

  @Test("An int8 MAC is an 8-bit multiplier and a 32-bit adder")
  func int8MAC() throws {
    let aladdin = try price(try F.shipped("aladdin-45nm"), F.component("mac.int8"))
    #expect(F.near(try #require(aladdin.actions["mac"]).value, 8.63 / 16 + 0.0857))
    #expect(F.near(aladdin.area.value, 4600.0 / 16 + 179))
    #expect(F.near(aladdin.leakage.value, (0.24 / 16 + 0.0119) / 5))
    let horowitz = try price(try F.shipped("horowitz-45nm"), F.component("mac.int8"))
    #expect(F.near(try #require(horowitz.actions["mac"]).value, 0.2 + 0.1))
    #expect(F.near(horowitz.area.value, 282 + 137))
  }

  @Test("The other compositions follow their formulas")
  func compositions() throws {
    let table = try F.shipped("aladdin-45nm")
    func energy(_ name: String, _ attributes: [String: Double], _ action: String) throws -> Double {
      try #require(try price(table, F.component(name, attributes)).actions[action]).value
    }
    #expect(F.near(try energy("mac.int16", [:], "mac"), 8.63 / 4 + 2 * 0.0857))
    #expect(F.near(try energy("mac.fp32", [:], "mac"), 24.4 + 7.928))
    #expect(F.near(try energy("register", ["width_bits": 24], "write"), 24 * 0.009))
    #expect(
      F.near(
        try energy("crossbar", ["width_bits": 128, "inputs": 3, "outputs": 6], "beat"),
        0.68215 * 3 * 6 / 4 * 4))
    #expect(F.near(try energy("byte_gather", ["width_bits": 64], "beat"), 0.68215 * 8 * 8 / 4 / 4))
    #expect(
      F.near(
        try energy("fifo", ["width_bits": 32, "depth": 16], "push"),
        32 * 0.009 + 0.029015 * 4 / 32))
    #expect(
      F.near(
        try energy("register_file_port", ["registers": 20], "access"),
        32 * 0.009 + 20 * 0.029015 * 5 / 32))
    #expect(try energy("hart", ["xlen": 32], "instruction") == 70)
  }

  @Test(
    "The row of the slowest circuit that meets the clock is used, and a faster clock is flagged")
  func rows() throws {
    let table = try F.shipped("aladdin-45nm")
    let adder = F.component("adder", ["width_bits": 32])
    func energy(_ hertz: UInt64) throws -> Double {
      try #require(try price(table, adder, hertz: hertz).actions["add"]).value
    }
    #expect(try energy(100_000) == 0.0853)  // 10 us: the 10 ns row
    #expect(try energy(100_000_000) == 0.0853)
    #expect(try energy(150_000_000) == 0.0857)  // 6.67 ns: the 6 ns row
    #expect(try energy(333_333_333) == 0.0859)  // 3 ns up to rounding of the frequency
    #expect(try energy(900_000_000) == 0.21)
    #expect(try energy(2_000_000_000) == 0.142)
    #expect(try price(table, adder, hertz: 2_000_000_000).warnings == [])
    let fast = try price(table, adder, hertz: 4_000_000_000)
    #expect(fast.actions["add"]?.value == 0.142)
    #expect(fast.warnings.contains { $0.contains("shorter than the fastest row") })
  }

  @Test("Horowitz's widths are exact where listed, between their neighbours otherwise")
  func widths() throws {
    let table = try F.shipped("horowitz-45nm")
    func adder(_ width: Double) throws -> Double {
      let component = F.component("adder", ["width_bits": width])
      return try #require(try price(table, component).actions["add"]).value
    }
    #expect(try adder(8) == 0.03)
    #expect(try adder(16) == 0.05)
    #expect(try adder(32) == 0.1)
    #expect(try adder(24) > 0.05 && adder(24) < 0.1)
    #expect(F.near(try adder(64), 0.2))
    #expect(F.near(try adder(4), 0.015))
  }

  @Test("The energy of DRAM is a parameter of the table and of each instance")
  func dram() throws {
    for (name, value) in [("aladdin-45nm", 8.0), ("horowitz-45nm", 20.0)] {
      let table = try F.shipped(name)
      let plain = F.component("dram", ["bytes": 16_777_216])
      #expect(try price(table, plain).actions["read_bit"]?.value == value)
      // Off-chip memory does not follow the logic process.
      #expect(try price(table, plain, node: 32).actions["read_bit"]?.value == value)
      let own = F.component("dram", ["bytes": 16_777_216, "pj_per_bit": 12.5])
      let found = try price(table, own)
      #expect(found.actions["write_bit"]?.value == 12.5)
      #expect(found.actions["write_bit"]?.citations == ["configuration"])
      let bad = F.component("dram", ["bytes": 16_777_216, "pj_per_bit": -1])
      #expect(table.missing(for: [bad]).first?.reason.contains("pj_per_bit") == true)
      #expect(table.entries["dram_ddr3.energy"]?.points.first?.value == 70)
      #expect(table.entries["dram_gddr5.energy"]?.points.first?.value == 14)
      #expect(table.entries["dram_hbm2.energy"]?.points.first?.value == 3.9)
    }
  }

  @Test("An SRAM's banks are priced one by one: energy of one, area and leakage of all")
  func banks() throws {
    let table = try F.shipped("aladdin-45nm")
    func sram(_ bytes: Double, _ banks: Double, ports: Double = 2) -> ComponentRecord {
      F.component(
        "sram", ["bytes": bytes, "width_bits": 32, "rw_ports": ports, "banks": banks])
    }
    let one = try price(table, sram(4096, 1))
    #expect(abs(try #require(one.actions["read"]).value - 4.8196) < 5e-5)
    #expect(abs(try #require(one.actions["write"]).value - 4.4943) < 5e-5)
    #expect(one.area.value == 29133.4)
    let four = try price(table, sram(16384, 4))
    #expect(four.actions == one.actions)
    #expect(four.area.value == 4 * one.area.value)
    #expect(four.leakage.value == 4 * one.leakage.value)
    let many = table.missing(for: [sram(4096, 1, ports: 3)])
    #expect(many.first?.reason.contains("it has 1, 2") == true)
  }

  @Test("An SRAM that cannot follow its clock is flagged")
  func slowMemory() throws {
    let table = try F.shipped("aladdin-45nm")
    let memory = F.component(
      "sram", ["bytes": 4096, "width_bits": 32, "rw_ports": 1, "banks": 1])
    #expect(try price(table, memory, hertz: 1_000_000_000).warnings == [])
    let fast = try price(table, memory, hertz: 2_000_000_000)
    #expect(fast.warnings.contains { $0.contains("0.7808 ns between accesses") })
  }

  @Test("Another node scales the entries and takes the sweep's own node where it has one")
  func nodes() throws {
    let table = try F.shipped("aladdin-45nm")
    let adder = try price(table, F.component("adder", ["width_bits": 32]), node: 32)
    #expect(abs(try #require(adder.actions["add"]).value / 0.0857 - 0.659) < 5e-4)
    #expect(F.near(adder.area.value, 179 * 0.46))
    #expect(adder.warnings.contains { $0.contains("45 to 32 nm") })
    let memory = F.component(
      "sram", ["bytes": 4096, "width_bits": 32, "rw_ports": 1, "banks": 1])
    #expect(try price(table, memory, node: 32).warnings == [])
    let small = try price(table, memory, node: 22)
    #expect(small.warnings == [])
    let smaller = try price(table, memory, node: 16)
    #expect(smaller.warnings.contains { $0.contains("SRAM scaled from 22 to 16 nm") })
    #expect(
      try #require(smaller.actions["read"]).value < #require(small.actions["read"]).value)
    let beyond = table.missing(for: [F.component("mac.int8")], node: 5)
    #expect(beyond.first?.reason.contains("7 to 130 nm") == true)
  }

  @Test("Absurd attributes end in a reason, not in a crash or an infinite price")
  func absurd() throws {
    let table = try F.shipped("aladdin-45nm")
    for value in [1e300, .infinity, .nan, -1, 0] {
      for componentClass in ComponentClass.all where !componentClass.attributes.isEmpty {
        var component = F.example(of: componentClass)
        for attribute in componentClass.attributes { component.attributes[attribute] = value }
        if case .success(let price) = table.price(of: component, hertz: 1) {
          #expect(price.area.value.isFinite && price.leakage.value.isFinite)
        }
      }
    }
    #expect(
      table.missing(for: [F.component("multiplier", ["width_bits": 1e300])]).first?.reason
        .contains("no finite price") == true)
  }

  @Test("What a table cannot price is listed with the reason, before any run")
  func missing() throws {
    let table = try F.shipped("aladdin-45nm")
    let components = [
      F.component("mac.int7", name: "pe"),
      F.component("register", name: "skew"),
      F.component("register", ["width_bits": .nan], name: "bad"),
      F.component("adder", ["width_bits": 8], name: "sum"),
    ]
    let actions = [
      ActionReference(component: "sum", action: "subtract", scale: 1),
      ActionReference(component: "sum", action: "add", scale: -1),
      ActionReference(component: "nobody", action: "add", scale: 1),
    ]
    let found = table.missing(for: components, actions: actions, module: "array")
    #expect(found.count == 6)
    #expect(found[0].description.hasPrefix("array.pe (mac.int7): table aladdin-45nm has no class"))
    #expect(found[1].reason == "the attribute 'width_bits' is missing")
    #expect(found[2].reason.contains("must be positive"))
    #expect(found[3].action == "subtract" && found[3].reason.contains("known are add"))
    #expect(found[4].reason.contains("scale"))
    #expect(found[5].reason.contains("no component 'nobody'"))
  }
}
