import Exploration
import Foundation
import TestSupport

/// Headless Chromium with a page in it, driven by `drive.py`.
///
/// Tests that need it are skipped where Chromium or Python is missing; `Scripts/test` installs them.
enum Browser {
  static let chromium =
    ["chromium", "chromium-browser", "google-chrome"].lazy.compactMap(ChildProcess.find).first
  static let python = ChildProcess.find("python3")
  static var isInstalled: Bool { chromium != nil && python != nil }

  /// A thing to do with the page; `drive.py` says what each means.
  enum Step {
    case open(String)
    case size(Int, Int)
    case dark(Bool)
    case value(String)
    case hover(Int)
    case click(Int)
    case tap(Int)
    case press(String)
    case save(String)
    case drag([Double])
    case keys([String])
    case enter(String, String)

    var object: [String: Any] {
      switch self {
      case .open(let address): ["open": address]
      case .size(let width, let height): ["size": [width, height]]
      case .dark(let isDark): ["dark": isDark]
      case .value(let expression): ["value": expression]
      case .hover(let design): ["hover": design]
      case .click(let design): ["click": design]
      case .tap(let design): ["tap": design]
      case .press(let selector): ["press": selector]
      case .save(let selector): ["save": selector]
      case .drag(let points): ["drag": points]
      case .keys(let names): ["keys": names]
      case .enter(let selector, let text): ["enter": [selector, text]]
      }
    }
  }

  /// What the steps `value` and `save` gave, in order, and what went wrong in the page.
  struct Findings {
    let values: [Any]
    let errors: [String]

    func text(_ index: Int) -> String { values[index] as? String ?? "no text" }
    func number(_ index: Int) -> Double { (values[index] as? NSNumber)?.doubleValue ?? .nan }
    func integers(_ index: Int) -> [Int] {
      (values[index] as? [NSNumber])?.map(\.intValue) ?? []
    }
    func texts(_ index: Int) -> [String] { values[index] as? [String] ?? [] }
    func flag(_ index: Int) -> Bool? { (values[index] as? NSNumber)?.boolValue }
  }

  /// Holds for one browser at a time: each takes hundreds of megabytes.
  private static let gate = NSLock()

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Opens the page of a result in a window of 1280 × 900 and takes the steps.
  static func drive(
    _ result: ExplorationResult, at address: String = "", _ steps: [Step],
    overrides: ((ReportedDesign) -> [String])? = nil
  ) throws -> Findings {
    guard let chromium, let python else { throw Failure(description: "Chromium is missing") }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "page.html")
    let script = folder.appending(path: "steps.json")
    let html = ExplorationPage.html(result, version: "tool 1.2.3", overrides: overrides)
    try Data(html.utf8).write(to: page)
    let all = [Step.size(1280, 900), .open(address)] + steps
    try JSONSerialization.data(withJSONObject: all.map(\.object)).write(to: script)
    gate.lock()
    defer { gate.unlock() }
    let driver = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "drive.py")
    let ending = try ChildProcess.run(
      python, [driver.path, chromium, page.path, script.path], timeout: 300)
    let answer = try? JSONSerialization.jsonObject(with: Data(ending.output.utf8))
    guard ending.code == 0, let answer = answer as? [String: Any],
      let values = answer["values"] as? [Any], let errors = answer["errors"] as? [String]
    else { throw Failure(description: "exit code \(ending.code): \(ending.errors)") }
    return Findings(values: values, errors: errors)
  }
}
