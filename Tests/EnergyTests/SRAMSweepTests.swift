import Energy
import Testing

private typealias F = EnergyFixtures

@Suite("SRAM sweep")
struct SRAMSweepTests {
  private let lstp = SRAMSweep.Series(
    nodeNanometres: 45, readWritePorts: 1, readPorts: 0, writePorts: 0, cell: "itrs-lstp")

  @Test("The CACTI check row comes back exactly")
  func checkRow() throws {
    let sweep = try F.sweep()
    var series = lstp
    series.readWritePorts = 2
    let macro = try #require(sweep.macro(series, bytes: 4096, widthBits: 32))
    #expect(macro.readPicojoules == 4.81962)
    #expect(macro.writePicojoules == 4.49433)
    #expect(macro.leakageMilliwatts == 0.000908444)
    #expect(macro.accessNanoseconds == 0.939296)
    #expect(macro.cycleNanoseconds == 0.831694)
    #expect(macro.areaSquareMicrometres == 29133.4)
    #expect(macro.warnings == [])
  }

  @Test("Every swept point is exact and every point between lies between its neighbours")
  func interpolation() throws {
    let sweep = try F.sweep()
    let sizes = (9...23).map { Double(1 << $0) }
    let widths = (3...10).map { Double(1 << $0) }
    func values(_ macro: SRAMSweep.Macro) -> [Double] {
      [
        macro.readPicojoules, macro.writePicojoules, macro.leakageMilliwatts,
        macro.accessNanoseconds, macro.cycleNanoseconds, macro.areaSquareMicrometres,
      ]
    }
    for (bytes, nextBytes) in zip(sizes, sizes.dropFirst()) {
      for (width, nextWidth) in zip(widths, widths.dropFirst()) where bytes >= 8 * nextWidth {
        var corners: [[Double]] = []
        for (cornerBytes, cornerWidth) in [
          (bytes, width), (bytes, nextWidth), (nextBytes, width), (nextBytes, nextWidth),
        ] {
          let corner = try #require(sweep.macro(lstp, bytes: cornerBytes, widthBits: cornerWidth))
          #expect(corner.warnings == [])
          corners.append(values(corner))
        }
        for share in [0.3, 0.5, 0.9] {
          let inside = try #require(
            sweep.macro(
              lstp, bytes: bytes + share * (nextBytes - bytes),
              widthBits: width + (1 - share) * (nextWidth - width)))
          #expect(inside.warnings == [])
          for (index, value) in values(inside).enumerated() {
            let column = corners.map { $0[index] }
            let low = try #require(column.min())
            let high = try #require(column.max())
            #expect(value >= low * (1 - 1e-12) && value <= high * (1 + 1e-12))
          }
        }
      }
    }
  }

  @Test("Half way in the logarithm of the size is the geometric mean")
  func geometricMean() throws {
    let sweep = try F.sweep()
    let low = try #require(sweep.macro(lstp, bytes: 4096, widthBits: 32))
    let high = try #require(sweep.macro(lstp, bytes: 16384, widthBits: 32))
    let middle = try #require(sweep.macro(lstp, bytes: 8192, widthBits: 32))
    #expect(low.areaSquareMicrometres == 13180.6 && middle.areaSquareMicrometres == 25650)
    let quarter = try #require(
      sweep.macro(lstp, bytes: 8192 * 2.0.squareRoot(), widthBits: 32))
    let expected = (middle.readPicojoules * high.readPicojoules).squareRoot()
    #expect(F.near(quarter.readPicojoules, expected))
  }

  @Test("Memories outside the sweep are flagged")
  func outside() throws {
    let sweep = try F.sweep()
    let tiny = try #require(sweep.macro(lstp, bytes: 100, widthBits: 32))
    let smallest = try #require(sweep.macro(lstp, bytes: 512, widthBits: 32))
    #expect(tiny.readPicojoules == smallest.readPicojoules)
    #expect(tiny.warnings.first?.contains("smaller than the sweep") == true)
    let shallow = try #require(sweep.macro(lstp, bytes: 512, widthBits: 256))
    #expect(shallow.warnings.first?.contains("priced as 2048 B") == true)
    let huge = try #require(sweep.macro(lstp, bytes: 16_777_216, widthBits: 64))
    let largest = try #require(sweep.macro(lstp, bytes: 8_388_608, widthBits: 64))
    #expect(huge.areaSquareMicrometres > largest.areaSquareMicrometres)
    #expect(huge.warnings.first?.contains("extrapolated") == true)
    let wide = try #require(sweep.macro(lstp, bytes: 1_048_576, widthBits: 2048))
    let half = try #require(sweep.macro(lstp, bytes: 524_288, widthBits: 1024))
    #expect(wide.readPicojoules == 2 * half.readPicojoules)
    #expect(wide.accessNanoseconds == half.accessNanoseconds)
    #expect(wide.warnings.first?.contains("2 macros side by side") == true)
    let narrow = try #require(sweep.macro(lstp, bytes: 4096, widthBits: 1))
    #expect(narrow.warnings.first?.contains("narrower") == true)
    var absent = lstp
    absent.readWritePorts = 3
    #expect(sweep.macro(absent, bytes: 4096, widthBits: 32) == nil)
  }

  @Test("A broken sweep is refused with the line")
  func broken() throws {
    let header =
      "size_bytes,width_bits,node_nm,rw_ports,read_ports,write_ports,cell,read_pJ,write_pJ,"
      + "leakage_mW,access_ns,cycle_ns,area_um2"
    let row = "512,8,22,1,0,0,itrs-lstp,0.17,0.14,0.0003,0.37,0.29,453"
    _ = try SRAMSweep(csv: "\(header)\r\n\(row)\r\n", file: "s.csv")
    for (text, line) in [
      ("size,width\n", 1), ("\(header)\n", 1), ("\(header)\n\(row)\n512,8\n", 3),
      ("\(header)\n\(row)\n\(row)\n", 3),
      ("\(header)\n512,8,22,1,0,0,itrs-lstp,-0.17,0.14,0.0003,0.37,0.29,453\n", 2),
      ("\(header)\n512,8,22,1,0,0,itrs-lstp,nan,0.14,0.0003,0.37,0.29,453\n", 2), ("", 1),
    ] {
      let refusal = try #require(throws: EnergyTableRefusal.self) {
        _ = try SRAMSweep(csv: text, file: "s.csv")
      }
      #expect(refusal.problems.first?.line == line)
      #expect(refusal.description.hasPrefix("s.csv:\(line): "))
    }
  }
}

@Suite("Scaling between nodes")
struct NodeScalingTests {
  @Test("45 to 32 nm and 45 to 65 nm give the published factors")
  func facts() throws {
    let scaling = try F.scaling()
    let down = try #require(scaling.energyFactor(from: 45, to: 32))
    #expect(abs(down.value - 0.659) < 5e-4 && !down.isInterpolated)
    // A stored Timeloop reference: a MAC of 0.315 pJ at 45 nm is 0.2077 pJ at 32 nm.
    #expect(abs(0.315 * down.value - 0.2077) < 5e-5)
    let up = try #require(scaling.energyFactor(from: 45, to: 65))
    #expect(abs(up.value - 1.24) < 5e-3)
    #expect(scaling.areaFactor(from: 45, to: 32)?.value == 0.46)
    #expect(scaling.areaFactor(from: 32, to: 45)?.value == 2.2)
    #expect(scaling.areaFactor(from: 90, to: 45)?.value == 1 / 2.8)
    #expect(scaling.areaFactor(from: 45, to: 45)?.value == 1)
  }

  @Test("A node between two listed ones is interpolated and says so; beyond them there is none")
  func interpolation() throws {
    let scaling = try F.scaling()
    let energy = try #require(scaling.energyFactor(from: 45, to: 28))
    let area = try #require(scaling.areaFactor(from: 45, to: 28))
    #expect(energy.isInterpolated && area.isInterpolated)
    let above = try #require(scaling.energyFactor(from: 45, to: 32)).value
    let below = try #require(scaling.energyFactor(from: 45, to: 20)).value
    #expect(energy.value < above && energy.value > below)
    #expect(area.value < 0.46 && area.value > 0.21)
    let back = try #require(scaling.energyFactor(from: 28, to: 45))
    #expect(F.near(back.value * energy.value, 1))
    #expect(scaling.energyFactor(from: 45, to: 5) == nil)
    #expect(scaling.areaFactor(from: 180, to: 45) == nil)
  }
}
