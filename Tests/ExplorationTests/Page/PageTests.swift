import Exploration
import Foundation
import Testing

/// The page as people use it, in a real browser. What is expected is computed here from the result.
@Suite("Exploration page", .enabled(if: Browser.isInstalled, "Chromium is not installed"))
struct PageTests {
  let result = SampleExploration.lenet()

  private func designs(below limit: Double, in metric: Metric) -> [Int] {
    result.designs.indices.filter { result.designs[$0].metrics[metric.index] <= limit }
  }

  /// Position of the design with the given values.
  private func design(_ x: Int, _ y: Int, _ bus: Int) throws -> Int {
    try #require(
      result.designs.firstIndex { $0.values == [.integer(x), .integer(y), .integer(bus)] })
  }

  @Test("All designs are drawn, nothing is loaded, nothing goes wrong")
  func drawsAll() throws {
    let found = try Browser.drive(
      result,
      [
        .value("document.getElementById('scatter-plot').dataset.points"),
        .value("document.title"), .value("document.body.innerText"),
        .value("performance.getEntriesByType('resource').length"),
        .value("document.getElementById('parallel-plot').dataset.lines"),
        // Colour of the canvas under the fastest design.
        .value(
          """
          (() => {
            const canvas = document.querySelector('#scatter-plot canvas');
            const box = canvas.getBoundingClientRect();
            const point = explorationPage.pointOf(215);
            const at = [Math.round(point.x - box.left), Math.round(point.y - box.top)];
            return [...canvas.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3);
          })()
          """),
      ])
    #expect(found.errors.isEmpty)
    #expect(found.text(0) == "216")
    #expect(found.text(1) == "lenet5-dimension-bus – design space")
    let body = found.text(2)
    for text in [
      "tool 1.2.3", "exact: the simulator’s cycles", "aladdin-45nm:1f0c", "theirs",
      "6669 µm²", "the network does not fit into memory act", "BUS <= XDIM", "2 min 54 s",
    ] {
      #expect(body.contains(text), "\(text)")
    }
    #expect(found.number(3) == 0)
    #expect(found.text(4) == "216")
    // Vermilion #d55e00 at most a little mixed with the ground.
    let colour = found.integers(5)
    #expect(colour.count == 3 && colour[0] > 200 && colour[1] < 150 && colour[2] < 60)
  }

  @Test("Stages, reasons and comparisons are listed as they are in the result")
  func summaries() throws {
    let rows = { (place: String) in
      Browser.Step.value(
        "[...document.querySelectorAll('\(place) tbody tr')].map((row) => [...row.cells]"
          + ".map((cell) => cell.textContent.replace(/\\s/g, '')).join('|'))")
    }
    let found = try Browser.drive(result, [rows("#search-body"), rows("#comparison-body")])
    #expect(found.errors.isEmpty)
    #expect(
      found.texts(0) == [
        "roofline|216|1200|108|14|0|216|41.7s", "cycles|216|0|216|0|2|216|2min12s",
        "90||BUS<=XDIM", "14||thenetworkdoesnotfitintomemoryact",
      ])
    #expect(
      found.texts(1) == [
        "fastestdesign|64×64,2.88s|64×64,0.124ms|✓sametrend|theirruntimecountsthesimulator’shost",
        "lowestenergy|4×4,128-bitbus,0.64mJ|8×8,256-bitbus|✗differs|",
        "smallestarea|6669µm²|7289µm²|–|–",
      ])
  }

  @Test("Hovering shows the design under the mouse with all numbers and units")
  func hoverShowsDesign() throws {
    let designs = [
      try design(64, 64, 64), try design(8, 2, 2), try design(4, 2, 2), try design(2, 2, 64),
    ]
    let found = try Browser.drive(
      result,
      designs.flatMap { design in
        [
          .hover(design), .value("document.getElementById('tip').dataset.design"),
          .value("document.getElementById('tip').hidden"),
          .value(
            "[...document.querySelectorAll('#tip tr')].map((row) => [...row.cells]"
              + ".map((cell) => cell.textContent.replace(/\\s/g, ' ')).join('='))"),
          .value("document.querySelector('#tip .class').textContent"),
        ]
      })
    #expect(found.errors.isEmpty)
    for (index, number) in designs.enumerated() {
      let design = result.designs[number]
      #expect(found.text(4 * index) == "\(number)")
      #expect(found.flag(4 * index + 1) == false)
      let rows = found.texts(4 * index + 2)
      for (parameter, value) in zip(result.parameters, design.values) {
        #expect(rows.contains("\(parameter.name)=\(value)"))
      }
      for metric in Metric.allCases {
        let row = rows.first { $0.hasPrefix("\(metric.title)=") } ?? ""
        #expect(row.hasSuffix(" \(metric.unit)"), "\(row)")
        let text = row.dropFirst(metric.title.count + 1).dropLast(metric.unit.count + 1)
        let shown = Double(text.replacing(" ", with: "")) ?? .nan
        let value = design.metrics[metric.index]
        #expect(abs(shown - value) <= 0.000_6 * value, "\(metric) \(row) \(value)")
      }
      #expect(rows.contains("model=cycles"))
    }
    #expect(found.text(3) == "best · least latency")
    #expect(found.text(15) == "rejected · misses BUS <= XDIM, latency_ms < 1.2")
  }

  @Test("Clicks and keys pin designs, which are compared with the first")
  func pinning() throws {
    let (fast, small) = (try design(64, 64, 64), try design(4, 2, 2))
    let found = try Browser.drive(
      result,
      [
        .click(fast), .click(small),
        .value(
          "[...document.querySelectorAll('#pins thead th')].map((cell) => cell.dataset.design)"),
        .value(
          "[...document.querySelectorAll('#pins tbody tr')]"
            + ".map((row) => row.textContent.replace(/\\s/g, ' '))"
        ),
        .value("location.hash"), .click(fast), .value("location.hash"),
        .value("document.getElementById('scatter-plot').focus()"), .keys(["ArrowRight"]),
        .value("document.getElementById('live').textContent"), .keys(["Enter"]),
        .value("location.hash"), .value("document.getElementById('tip').dataset.design"),
        .keys(["Escape"]), .value("document.getElementById('tip').hidden"),
      ])
    #expect(found.errors.isEmpty)
    #expect(found.texts(0) == ["\(fast)", "\(small)"])
    let ratio =
      result.designs[small].metrics[Metric.latency.index]
      / result.designs[fast].metrics[Metric.latency.index]
    let latency = found.texts(1).first { $0.hasPrefix("latency") } ?? ""
    #expect(latency.contains("×\(String(format: "%.1f", ratio))"), "\(latency)")
    #expect(found.text(2) == "#pin=\(fast)%2C\(small)")
    #expect(found.text(3) == "#pin=\(small)")
    let chosen = found.text(7)
    #expect(found.text(6) == "#pin=\(small)%2C\(chosen)")
    let named = try #require(Int(chosen).map { result.designs[$0].values })
    #expect(found.text(5).hasPrefix("XDIM \(named[0]) · YDIM \(named[1]) · BUS \(named[2]); "))
    #expect(found.flag(8) == true)
  }

  @Test("A finger's first tap shows a design, the second pins it")
  func tapping() throws {
    let fast = try design(64, 64, 64)
    let shown = Browser.Step.value(
      "document.getElementById('tip').hidden ? '' : document.getElementById('tip').dataset.design")
    let found = try Browser.drive(
      result,
      [.tap(fast), shown, .value("location.hash"), .tap(fast), shown, .value("location.hash")])
    #expect(found.errors.isEmpty)
    #expect(found.text(0) == "\(fast)")
    #expect(found.text(1).isEmpty)
    #expect(found.text(2) == "\(fast)")
    #expect(found.text(3) == "#pin=\(fast)")
  }

  @Test("Filters keep exactly the designs that pass them, and say how many")
  func filtering() throws {
    let visible = Browser.Step.value("explorationPage.visible()")
    let shown = Browser.Step.value("document.getElementById('visible-count').textContent")
    let found = try Browser.drive(
      result,
      [
        .enter("input[data-key=latency_ms][data-field='1']", "0.25"), visible, shown,
        .press("button[data-key=XDIM][data-index='5']"), visible, shown,
        .press("button[data-class=rejected]"), visible,
        .value("document.getElementById('scatter-plot').dataset.points"),
        .value("document.querySelectorAll('#designs tbody tr').length"),
        .enter("#query", "area_mm2 * 10 < 0.3 && !(BUS == 2 || YDIM >= min(64, 8))"), visible,
        .enter("#query", "aera < 3"), visible,
        .value("document.getElementById('query-error').textContent"),
        .press("#filters .buttons button"), visible, .value("location.hash"),
        .value(
          """
          (() => {
            const slider = document.querySelector('.sliders input[data-key=area_mm2][data-end="1"]');
            slider.value = 500;
            slider.dispatchEvent(new Event('input'));
          })()
          """),
        visible,
        .value("document.querySelector('input[data-key=area_mm2][data-field=\"1\"]').value"),
      ])
    #expect(found.errors.isEmpty)
    func keeps(_ test: (ReportedDesign) -> Bool) -> [Int] {
      result.designs.indices.filter { test(result.designs[$0]) }
    }
    func isFast(_ design: ReportedDesign) -> Bool { design.metrics[Metric.latency.index] <= 0.25 }
    let fast = keeps(isFast)
    #expect(fast.count > 20 && fast.count < 200)
    #expect(found.integers(0) == fast)
    #expect(found.text(1) == "\(fast.count)")
    let narrow = keeps { isFast($0) && $0.values[0] != .integer(64) }
    #expect(found.integers(2) == narrow)
    #expect(found.text(3) == "\(narrow.count)")
    let good = narrow.filter { result.designs[$0].classification != .rejected }
    #expect(found.integers(4) == good)
    #expect(found.text(5) == "\(good.count)")
    #expect(found.number(6) == Double(min(good.count, 25)))
    let typed = good.filter {
      let design = result.designs[$0]
      let (y, bus) = (design.values[1].number ?? 0, design.values[2].number ?? 0)
      return design.metrics[Metric.area.index] * 10 < 0.3 && !(bus == 2 || y >= 8)
    }
    #expect(!typed.isEmpty && typed.count < good.count)
    #expect(found.integers(7) == typed)
    // What is not understood filters nothing and says so.
    #expect(found.integers(8) == good)
    #expect(found.text(9) == "“aera” is no parameter or metric")
    #expect(found.integers(10).count == 216)
    #expect(found.text(11) == "#" || found.text(11).isEmpty)
    let limit = try #require(Double(found.text(14)))
    #expect(found.integers(13) == designs(below: limit, in: .area))
    #expect(found.integers(13).count < 216)
  }

  @Test("A heat map's cells are what the designs say", arguments: ["min", "mean", "max"])
  func heatMap(_ statistic: String) throws {
    let found = try Browser.drive(
      result, at: "hm=energy_mJ&hs=\(statistic)&hx=BUS&hy=XDIM&q=latency_ms+%3C+0.5",
      [
        .value(
          """
          [...document.querySelectorAll('#heatmap-plot .cell')].map((cell) => [
            cell.dataset.column, cell.dataset.row, cell.dataset.value, cell.dataset.count,
          ].join(' '))
          """)
      ])
    #expect(found.errors.isEmpty)
    var cells: [[Int]: [Double]] = [:]
    for design in result.designs where design.metrics[Metric.latency.index] < 0.5 {
      let place = [2, 0].map { column in
        result.parameters[column].values.firstIndex(of: design.values[column]) ?? -1
      }
      cells[place, default: []].append(design.metrics[Metric.energy.index])
    }
    #expect(cells.count > 20)
    #expect(found.texts(0).count == cells.count)
    for text in found.texts(0) {
      let fields = text.split(separator: " ").compactMap { Double($0) }
      try #require(fields.count == 4)
      let values = try #require(cells[[Int(fields[0]), Int(fields[1])]])
      let expected: Double =
        switch statistic {
        case "min": values.min() ?? .nan
        case "max": values.max() ?? .nan
        default: values.reduce(0, +) / Double(values.count)
        }
      #expect(abs(fields[2] - expected) <= 1e-12 * expected)
      #expect(Int(fields[3]) == values.count)
    }
  }

  @Test("The front of the shown pair is that of the feasible designs")
  func pairFront() throws {
    let (area, speed) = (Metric.area.index, Metric.fps.index)
    var result = result
    // As fast as the fastest, but larger: not on the front.
    let fastest = try design(64, 64, 64)
    let copy = try design(64, 64, 32)
    result.designs[copy].metrics = result.designs[fastest].metrics
    result.designs[copy].metrics[area] *= 1.1
    let found = try Browser.drive(
      result, at: "x=area_mm2&y=fps",
      [.value("document.getElementById('scatter-plot').dataset.front")])
    let feasible = result.designs.indices.filter { result.designs[$0].classification != .rejected }
    let front = feasible.filter { index in
      let own = result.designs[index].metrics
      return !feasible.contains { other in
        let its = result.designs[other].metrics
        return its[area] <= own[area] && its[speed] >= own[speed]
          && (its[area] < own[area] || its[speed] > own[speed])
      }
    }
    #expect(found.errors.isEmpty)
    #expect(front.count > 4 && front.contains(fastest) && !front.contains(copy))
    #expect(Set(found.text(0).split(separator: ",").compactMap { Int($0) }) == Set(front))
  }

  @Test("The address restores the view")
  func address() throws {
    let view = Browser.Step.value(
      """
      JSON.stringify([
        [...document.querySelectorAll('#scatter-controls select, #heatmap-controls select')]
          .map((menu) => menu.value),
        [...document.querySelectorAll('#scatter-controls input')].map((box) => box.checked),
        explorationPage.visible(), document.querySelector('#pins thead').textContent,
        [...document.querySelectorAll('#designs tbody tr')].map((row) => row.dataset.design),
      ])
      """)
    let first = try Browser.drive(
      result,
      [
        .press("#scatter-controls > button"), .press("button[data-class=feasible]"),
        .press("button[data-key=YDIM][data-index='0']"),
        .enter("input[data-key=energy_mJ][data-field='0']", "0.0053"),
        .enter("#query", "fps > 900 || BUS == 2"), .press("button[data-sort=area_mm2]"),
        .press("button[data-sort=area_mm2]"), .click(215),
        .press("#scatter-controls .check:last-child input"), .value("location.hash"), view,
      ])
    #expect(first.errors.isEmpty)
    let address = String(first.text(0).dropFirst())
    let second = try Browser.drive(
      result, at: address, [view, .value("location.hash"), .value("location.hash = ''"), view])
    #expect(second.errors.isEmpty)
    #expect(second.text(0) == first.text(1))
    #expect(second.text(1) == first.text(0))
    #expect(second.text(3) != first.text(1))
    #expect(address.contains("x=energy_mJ") && address.contains("desc=1"))
  }

  @Test("Nonsense in the address leaves a whole page")
  func wrongAddress() throws {
    let address =
      "x=nothing&y=__proto__&color=%3Cimg%3E&f.latency_ms=a..b&v.XDIM=99,-1,x&pin=9999,-1,z"
      + "&hs=sum&hx=fps&hm=XDIM&sort=constructor"
    let found = try Browser.drive(
      result, at: address,
      [
        .value("explorationPage.visible().length"),
        .value("document.querySelectorAll('#heatmap-plot .cell').length"),
        .value("document.getElementById('pins').hidden"),
      ])
    #expect(found.errors.isEmpty)
    #expect(found.number(0) == 216)
    #expect(found.number(1) == 36)
    #expect(found.flag(2) == true)
  }

  @Test("Dragging along an axis filters everywhere")
  func brushing() throws {
    let axis = { (key: String) in
      """
      (() => {
        document.getElementById('parallel-plot').scrollIntoView({block: 'center'});
        const box = document.querySelector('[data-key="\(key)"] .handle').getBoundingClientRect();
        return [box.left + box.width / 2, box.top, box.bottom];
      })()
      """
    }
    // The window has a fixed size, so a first look tells where the axes are.
    let first = try Browser.drive(result, [.value(axis("XDIM")), .value(axis("latency_ms"))])
    let places = try [0, 1].map { try #require(first.values[$0] as? [Double]) }
    func middle(_ place: [Double]) -> Double { (place[1] + place[2]) / 2 }
    let found = try Browser.drive(
      result,
      [
        .value(axis("XDIM")),
        .drag([places[0][0], places[0][1] + 2, places[0][0], middle(places[0]) - 5]),
        .value("explorationPage.visible()"),
        .drag([places[1][0], places[1][2] - 2, places[1][0], middle(places[1])]),
        .value("explorationPage.visible()"),
        .value("document.querySelector('input[data-key=latency_ms][data-field=\"1\"]').value"),
        .drag([places[0][0], middle(places[0]), places[0][0], middle(places[0])]),
        .value("location.hash"),
      ])
    #expect(found.errors.isEmpty)
    let wide = result.designs.indices.filter { (result.designs[$0].values[0].number ?? 0) >= 16 }
    #expect(found.integers(1) == wide)
    let limit = try #require(Double(found.text(3)))
    #expect(found.integers(2) == wide.filter { result.designs[$0].metrics[1] <= limit })
    #expect(!found.text(4).contains("v.XDIM") && found.text(4).contains("f.latency_ms"))
  }

  @Test("The saved CSV has the shown designs as the tool's own CSV has them")
  func download() throws {
    let found = try Browser.drive(
      result, at: "hide=rejected&sort=cycles",
      [
        .save("#download"), .press("#designs tbody .copy"),
        .value("document.querySelector('#designs tbody .copy').textContent"),
      ])
    #expect(found.errors.isEmpty)
    #expect(found.text(1) == "copied")
    let file = found.texts(0)
    try #require(file.count == 2)
    #expect(file[0] == "lenet5-dimension-bus.csv")
    let own = ExplorationCSV.text(result).split(separator: "\r\n").map(String.init)
    let theirs = file[1].split(separator: "\r\n").map(String.init)
    #expect(theirs.first == own.first)
    func row(_ text: String) -> [String] {
      text.split(separator: ",", omittingEmptySubsequences: false).map { field in
        Double(field).map { "\($0)" } ?? String(field)
      }
    }
    let expected = Set(own.dropFirst().map(row).filter { !$0.contains("rejected") })
    #expect(expected.count == 125)
    #expect(Set(theirs.dropFirst().map(row)) == expected)
    let cycles = theirs.dropFirst().compactMap { Double(row($0)[3]) }
    #expect(cycles == cycles.sorted())
  }

  @Test("What to set is offered as the command line takes it")
  func overrides() throws {
    let found = try Browser.drive(
      result,
      [.value("document.querySelector('#designs tbody .copy').title")],
      overrides: { design in
        ["clocks.core=700 MHz", "a.x=\(design.values[0])", "odd=it's $HOME"]
      })
    #expect(found.text(0) == "--set 'clocks.core=700 MHz' --set a.x=64 --set 'odd=it'\\''s $HOME'")
  }
}
