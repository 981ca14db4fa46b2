import Exploration
import Foundation
import Testing

/// What can be told of the page without a browser.
@Suite("Exploration page as text")
struct PageTextTests {
  /// The parts of the data that are compared. `JSONDecoder` reads all digits of numbers.
  private struct PageData: Decodable {
    struct Designs: Decodable {
      var parameters: [Parameter]
      var metrics: [[Double]]
      var front: [Int]
      var weightedBest: Int?
    }
    struct Parameter: Decodable {
      var values: [ParameterValue]
      var rows: [Int]
    }
    var name: String
    var title: String
    var version: String
    var designs: Designs
  }

  /// The JSON between the tags of the element with the data.
  private func data(of page: String) throws -> PageData {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    return try JSONDecoder().decode(
      PageData.self, from: Data(page[start.upperBound..<end.lowerBound].utf8))
  }

  @Test("The data hold every value of every design")
  func dataAreComplete() throws {
    let result = SampleExploration.resnet(500)
    let data = try data(of: ExplorationPage.html(result))
    for metric in Metric.allCases {
      let isEqual =
        data.designs.metrics[metric.index] == result.designs.map { $0.metrics[metric.index] }
      #expect(isEqual, "\(metric)")
    }
    #expect(data.designs.parameters.count == 5)
    for (index, parameter) in data.designs.parameters.enumerated() {
      let isEqual =
        parameter.rows.map { parameter.values[$0] } == result.designs.map { $0.values[index] }
      #expect(isEqual, "\(result.parameters[index].name)")
    }
    let front = result.designs.indices.filter { result.designs[$0].isOnFront }
    #expect(data.designs.front == front)
    #expect(data.designs.weightedBest == result.weightedBest)
    #expect(data.version.isEmpty)
  }

  @Test(
    "Nothing of a study can end the element that holds its data",
    arguments: HostilePageTests.attacks)
  func dataAreEscaped(_ attack: String) throws {
    var result = SampleExploration.lenet()
    result.name = attack
    result.title = attack + "<\u{301}/script>"
    result.parameters[0].name = attack
    let page = ExplorationPage.html(result, version: attack)
    let harmless = ExplorationPage.html(SampleExploration.lenet())
    let data = try data(of: page)
    #expect(data.name == attack)
    #expect(data.title == result.title)
    for tag in ["<script", "</script", "<img", "<!--", "</title", "</style", "<svg"] {
      let count = { (text: String) in text.components(separatedBy: tag).count }
      #expect(count(page) == count(harmless), "\(tag)")
    }
  }

  @Test("The page refers to nothing outside itself")
  func isSelfContained() {
    let page = ExplorationPage.html(SampleExploration.lenet())
    let outside = page.replacing("http://www.w3.org/2000/svg", with: "")
    for text in ["http:", "https:", "src=", "@import", "url(", "@@"] {
      #expect(!outside.contains(text), "\(text)")
    }
    #expect(page.contains("default-src 'none'"))
  }
}
