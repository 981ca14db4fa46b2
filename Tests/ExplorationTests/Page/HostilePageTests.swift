import Exploration
import Foundation
import Testing

/// Pages of studies that are large, empty, odd or made to do harm.
@Suite("Odd exploration pages", .enabled(if: Browser.isInstalled, "Chromium is not installed"))
struct HostilePageTests {
  static let attacks = [
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=\"window.hacked=1\">",
    "\"><svg onload=window.hacked=1>",
    "'); window.hacked=1; ('",
    "</title></style><script nonce=page>window.hacked=1</script>",
    "<!--<script>", "]]>\u{2028}\u{2029}\\\"\u{0}\u{7}", "@@DATA@@ ${window.hacked=1} {{x}}",
  ]

  private func hostile(_ attack: String) -> ExplorationResult {
    var result = SampleExploration.lenet()
    result.name = attack
    result.title = attack
    result.model = attack
    result.errorBar = attack
    result.table = attack
    result.constraints = [attack]
    result.parameters[0].name = attack
    result.parameters[1].values[0] = .text(attack)
    for index in result.designs.indices {
      result.designs[index].model = attack
      if result.designs[index].values[1] == .integer(2) {
        result.designs[index].values[1] = .text(attack)
      }
    }
    result.rejections[0].reason = attack
    result.stages[0].model = attack
    result.comparisons[0] = .init(
      what: attack, theirs: attack, ours: attack, agrees: true, remark: attack)
    for index in result.sensitivity.indices where result.sensitivity[index].parameter == "XDIM" {
      result.sensitivity[index].parameter = attack
    }
    return result
  }

  @Test("Text of a study stays text", arguments: attacks)
  func injection(_ attack: String) throws {
    let result = hostile(attack)
    let found = try Browser.drive(
      result,
      [
        .click(215), .hover(0), .value("window.hacked === undefined"),
        .value("document.querySelectorAll('img, iframe, object').length"),
        .value("document.scripts.length"), .value("document.querySelector('h1').textContent"),
        .value("document.querySelector('#tip').textContent"),
        .value("document.querySelector('#comparison tbody td').textContent"),
        .value("document.getElementById('scatter-plot').dataset.points"),
      ], overrides: { _ in ["\(attack)=\(attack)"] })
    #expect(found.errors.isEmpty)
    #expect(found.flag(0) == true)
    #expect(found.number(1) == 0)
    #expect(found.number(2) == 2)
    #expect(found.text(3) == attack)
    #expect(found.text(4).contains(attack))
    #expect(found.text(5) == attack)
    #expect(found.text(6) == "216")
  }

  @Test("Hostile text in the address stays text")
  func injectionByAddress() throws {
    let attack = "%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E"
    let found = try Browser.drive(
      SampleExploration.lenet(), at: "q=\(attack)&x=\(attack)&pin=\(attack)&f.\(attack)=1..2",
      [
        .value("window.hacked === undefined"), .value("document.querySelectorAll('img').length"),
        .value("document.getElementById('query-error').textContent"),
      ])
    #expect(found.errors.isEmpty)
    #expect(found.flag(0) == true)
    #expect(found.number(1) == 0)
    #expect(found.text(2) == "“=” is not understood")
  }

  @Test("Large studies are drawn in full", arguments: [20_000, 50_000])
  func large(_ count: Int) throws {
    let result = SampleExploration.resnet(count)
    let best = try #require(result.designs.firstIndex { $0.optimumOf.contains(.area) })
    let found = try Browser.drive(
      result,
      [
        .value("document.getElementById('scatter-plot').dataset.points"), .hover(best),
        .value("document.getElementById('tip').dataset.design"),
        .enter("#query", "PAD < 1048576 && FLOW == 'weight stationary'"),
        .value("explorationPage.visible().length"),
        .value("document.getElementById('visible-count').textContent.replace(/\\s/g, '')"),
        .value("Number(document.getElementById('parallel-plot').dataset.lines)"),
      ])
    #expect(found.errors.isEmpty)
    #expect(found.text(0) == "\(count)")
    #expect(found.text(1) == "\(best)")
    let kept = result.designs.count { design in
      guard case .text(let pad) = design.values[1] else { return false }
      return (Int(pad.dropLast(4)) ?? 0) < 1024 && design.values[4] == .text("weight stationary")
    }
    #expect(kept > 1000)
    #expect(found.number(2) == Double(kept))
    #expect(found.text(3) == "\(kept)")
    #expect(found.number(4) < 5000)
  }

  @Test("A window of 400 pixels needs no sideways scrolling", arguments: [400, 720])
  func narrow(_ width: Int) throws {
    let found = try Browser.drive(
      SampleExploration.lenet(), at: "pin=0,215",
      [
        .size(width, 800), .value("document.documentElement.scrollWidth"),
        .value(
          """
          (() => {
            const box = document.getElementById('scatter-plot').getBoundingClientRect();
            return explorationPage.visible().every((id) => {
              const { x, y } = explorationPage.pointOf(id);
              return x > box.left && x < box.right && y > box.top && y < box.bottom;
            });
          })()
          """),
      ])
    #expect(found.errors.isEmpty)
    #expect(found.number(0) <= Double(width))
    #expect(found.flag(1) == true)
  }

  @Test("The dark scheme has its own colours")
  func dark() throws {
    let ground = Browser.Step.value("getComputedStyle(document.documentElement).backgroundColor")
    let found = try Browser.drive(
      SampleExploration.lenet(), [.dark(false), ground, .dark(true), ground])
    #expect(found.errors.isEmpty)
    #expect(found.text(0) == "rgb(245, 246, 248)")
    #expect(found.text(1) == "rgb(19, 22, 27)")
  }

  @Test("Studies with next to nothing in them have a page, too")
  func sparse() throws {
    var empty = SampleExploration.lenet()
    empty.designs = []
    empty.stages = []
    empty.rejections = []
    empty.sensitivity = []
    empty.comparisons = []
    var single = SampleExploration.lenet()
    single.parameters = [.init(name: "XDIM", values: [.integer(2), .integer(64)])]
    single.objectives = [single.objectives[0]]
    single.designs = [single.designs[0], single.designs[215]]
    for index in single.designs.indices { single.designs[index].values.removeLast(2) }
    var bare = single
    bare.parameters = []
    for index in bare.designs.indices {
      bare.designs[index].values = []
      bare.designs[index].metrics = Metric.allCases.map { $0 == .cycles ? 0 : .nan }
    }
    for (result, points) in [(empty, 0), (single, 2), (bare, 0)] {
      let found = try Browser.drive(
        result,
        [
          .value("Number(document.getElementById('scatter-plot').dataset.points)"),
          .press("button[data-class=best]"), .value("document.querySelector('h1').textContent"),
        ])
      #expect(found.errors.isEmpty)
      #expect(found.number(0) == Double(points))
      #expect(found.text(1) == "lenet5-dimension-bus")
    }
  }
}
