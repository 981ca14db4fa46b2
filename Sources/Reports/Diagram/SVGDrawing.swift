import Foundation

/// Collects the elements of an SVG picture.
struct SVGDrawing {
  enum TextStyle: String {
    case title, caption, name, detail, faint, address, interrupt, label
  }

  enum Line: String {
    case bus, registers, stream
  }

  private static let inks: [Line: (colour: String, width: Double)] = [
    .bus: ("#334155", 2), .registers: ("#94a3b8", 1.4), .stream: ("#8b3fd1", 3.2),
  ]

  private let head: String
  private var elements: [String] = []

  init(width: Double, height: Double, title: String) {
    let (width, height) = (Self.number(width), Self.number(height))
    head = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img">
      <title>\(Self.escaped(title))</title>
      <style>
      text { font-family: "Inter", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", \
      sans-serif; fill: #1e293b; }
      .title { font-size: 22px; font-weight: 600; }
      .caption { font-size: 9px; font-weight: 600; letter-spacing: 0.8px; }
      .name { font-size: 15px; font-weight: 600; }
      .detail { font-size: 12px; }
      .faint { font-size: 12px; fill: #64748b; }
      .address { font-size: 11px; font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; }
      .interrupt { font-size: 12px; fill: #b45309; }
      .label { font-size: 12px; fill: #334155; }
      </style>
      <rect width="100%" height="100%" fill="#ffffff"/>
      """
  }

  var document: String {
    ([head] + elements + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  mutating func rectangle(_ box: BlockLayout.Box, fill: String, stroke: String) {
    elements.append(
      "<rect x=\"\(Self.number(box.x))\" y=\"\(Self.number(box.y))\" "
        + "width=\"\(Self.number(box.width))\" height=\"\(Self.number(box.height))\" rx=\"8\" "
        + "fill=\"\(fill)\" stroke=\"\(stroke)\" stroke-width=\"1.4\"/>")
  }

  mutating func text(
    _ text: String, x: Double, y: Double, style: TextStyle, fill: String? = nil,
    anchor: String? = nil
  ) {
    guard !text.isEmpty else { return }
    var attributes = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" class=\"\(style.rawValue)\""
    if let fill { attributes += " style=\"fill: \(fill)\"" }
    if let anchor { attributes += " text-anchor=\"\(anchor)\"" }
    elements.append("<text \(attributes)>\(Self.escaped(text))</text>")
  }

  /// A line through the points with a head at its end. The head is drawn, not a marker: some
  /// programs that show SVG know no markers.
  mutating func arrow(_ points: [(x: Double, y: Double)], _ line: Line) {
    guard points.count > 1, let ink = Self.inks[line] else { return }
    let (tail, tip) = (points[points.count - 2], points[points.count - 1])
    let length = max(hypot(tip.x - tail.x, tip.y - tail.y), 1e-9)
    let (dx, dy) = ((tip.x - tail.x) / length, (tip.y - tail.y) / length)
    let size = 5 + 1.6 * ink.width
    let neck = (x: tip.x - dx * size, y: tip.y - dy * size)
    let half = size * 0.52
    let shaft = points.dropLast() + [neck]
    elements.append(
      "<polyline points=\"\(shaft.map { Self.pair($0.x, $0.y) }.joined(separator: " "))\" "
        + "fill=\"none\" stroke=\"\(ink.colour)\" stroke-width=\"\(Self.number(ink.width))\"/>")
    let wings = [
      Self.pair(tip.x, tip.y), Self.pair(neck.x - dy * half, neck.y + dx * half),
      Self.pair(neck.x + dy * half, neck.y - dx * half),
    ]
    elements.append(
      "<polygon points=\"\(wings.joined(separator: " "))\" fill=\"\(ink.colour)\"/>")
  }

  /// The sign for an interrupt, left of text whose base line is at `y`.
  mutating func bolt(x: Double, y: Double) {
    let points: [(Double, Double)] = [
      (4.5, -10), (0, -4), (3, -4), (1.5, 1), (7, -6), (4, -6), (6, -10),
    ]
    let text = points.map { Self.pair(x + $0.0, y + $0.1) }.joined(separator: " ")
    elements.append("<polygon points=\"\(text)\" fill=\"#d97706\"/>")
  }

  private static func pair(_ x: Double, _ y: Double) -> String { "\(number(x)),\(number(y))" }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func escaped(_ text: String) -> String {
    Reports.TextStyle.printable(text)
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
