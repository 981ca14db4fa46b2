import Foundation
import Reports
import Testing

@Suite("Diagrams")
struct DiagramTests {
  struct Rectangle {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    func overlaps(_ other: Rectangle) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height
        && other.y < y + height
    }

    /// Whether a segment runs through the inside; touching the border is allowed.
    func isCrossed(_ a: (Double, Double), _ b: (Double, Double)) -> Bool {
      let margin = 0.5
      return min(a.0, b.0) < x + width - margin && max(a.0, b.0) > x + margin
        && min(a.1, b.1) < y + height - margin && max(a.1, b.1) > y + margin
    }
  }

  private func attribute(_ name: String, of line: Substring) throws -> Double {
    let start = try #require(line.firstRange(of: " \(name)=\"")).upperBound
    return try #require(Double(line[start...].prefix { $0 != "\"" }))
  }

  private func boxes(_ svg: String) throws -> [Rectangle] {
    try svg.split(separator: "\n").filter { $0.hasPrefix("<rect x=") }.map {
      Rectangle(
        x: try attribute("x", of: $0), y: try attribute("y", of: $0),
        width: try attribute("width", of: $0), height: try attribute("height", of: $0))
    }
  }

  private func lines(_ svg: String) -> [[(Double, Double)]] {
    svg.split(separator: "\n").filter { $0.hasPrefix("<polyline points=") }.map { line in
      line.dropFirst("<polyline points=\"".count).prefix { $0 != "\"" }.split(separator: " ")
        .compactMap { pair in
          let parts = pair.split(separator: ",").compactMap { Double($0) }
          return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
    }
  }

  static func system(
    processors: Int, accelerators: Int, memories: Int, peripherals: Int, loose: Int = 0
  ) -> SystemGraph {
    var nodes: [SystemGraph.Node] = []
    var edges: [SystemGraph.Edge] = []
    var address: UInt64 = 0x1000_0000
    func window(_ length: UInt64 = 0x1000) -> SystemGraph.AddressRange {
      defer { address += length }
      return SystemGraph.AddressRange(start: address, length: length)
    }
    for index in 0..<processors {
      nodes.append(
        .init(name: "cpu\(index)", kind: .processor, detail: ["RISCV32"], clock: "core 100 MHz"))
      edges.append(.init(from: "cpu\(index)", to: "crossbar", kind: .bus))
    }
    for index in 0..<accelerators {
      let array = "array\(index)"
      nodes.append(
        .init(name: array, kind: .accelerator, detail: ["OSArray 8 × 8"], addresses: window()))
      edges.append(.init(from: "crossbar", to: array, kind: .bus))
      for port in ["in1", "in2", "out"] {
        let dma = "dma_\(port)_\(index)"
        nodes.append(.init(name: dma, kind: .dma, detail: ["64 bit"], addresses: window()))
        edges.append(.init(from: dma, to: "crossbar", kind: .bus))
        edges.append(.init(from: "crossbar", to: dma, kind: .bus))
        edges.append(
          port == "out"
            ? .init(from: array, to: dma, label: port, kind: .stream)
            : .init(from: dma, to: array, label: port, kind: .stream))
        edges.append(.init(from: dma, to: "cpu0", label: "irq 1", kind: .interrupt))
      }
    }
    for index in 0..<loose {
      nodes.append(.init(name: "copy\(index)", kind: .dma, addresses: window()))
      edges.append(.init(from: "copy\(index)", to: "crossbar", kind: .bus))
      edges.append(.init(from: "crossbar", to: "copy\(index)", kind: .bus))
    }
    nodes.append(.init(name: "crossbar", kind: .crossbar, detail: ["128 bit"]))
    for index in 0..<memories {
      nodes.append(
        .init(
          name: "memory\(index)", kind: .memory, detail: ["SRAM"], addresses: window(0x1_0000)))
    }
    for index in 0..<peripherals {
      nodes.append(.init(name: "device\(index)", kind: .peripheral, addresses: window()))
    }
    for node in nodes where node.kind == .memory || node.kind == .peripheral {
      edges.append(.init(from: "crossbar", to: node.name, kind: .bus))
    }
    return SystemGraph(title: "system", nodes: nodes, edges: edges)
  }

  @Test(
    "boxes never overlap, stay in the picture, and no arrow runs through a box", arguments: 0..<60)
  func layout(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed))
    let graph = Self.system(
      processors: Int.random(in: 0...2, using: &generator),
      accelerators: Int.random(in: 0...2, using: &generator),
      memories: Int.random(in: 0...6, using: &generator),
      peripherals: Int.random(in: 0...9, using: &generator),
      loose: Int.random(in: 0...2, using: &generator))
    let svg = BlockDiagram(graph).svg
    let boxes = try boxes(svg)
    #expect(boxes.count == graph.nodes.count)
    let head = try #require(svg.split(separator: "\n").first)
    let (width, height) = (try attribute("width", of: head), try attribute("height", of: head))
    for (index, box) in boxes.enumerated() {
      #expect(box.x >= 0 && box.y >= 0)
      #expect(box.x + box.width <= width && box.y + box.height <= height)
      for other in boxes.dropFirst(index + 1) { #expect(!box.overlaps(other)) }
    }
    for line in lines(svg) {
      for (a, b) in zip(line, line.dropFirst()) {
        for box in boxes { #expect(!box.isCrossed(a, b)) }
      }
    }
  }

  @Test("the picture is the same every time and escapes what XML gives a meaning")
  func text() {
    var graph = Self.system(processors: 1, accelerators: 1, memories: 1, peripherals: 1)
    graph.title = "a<b> & \"c\"\u{1B}"
    graph.edges.append(.init(from: "nobody", to: "cpu0", kind: .bus))
    let svg = BlockDiagram(graph).svg
    #expect(svg == BlockDiagram(graph).svg)
    #expect(svg.contains("<title>a&lt;b&gt; &amp; &quot;c&quot;?</title>"))
    #expect(svg.hasPrefix("<svg xmlns="))
    #expect(svg.hasSuffix("</svg>\n"))
  }

  @Test("an empty system, one without crossbar and unusual arrows are drawn too")
  func unusual() throws {
    let empty = SystemGraph(title: "", nodes: [], edges: [])
    #expect(try boxes(BlockDiagram(empty).svg).isEmpty)
    #expect(SystemListing(empty).text() == "\n")
    #expect(AddressMapTable(empty).text() == "")
    let direct = SystemGraph(
      title: "direct",
      nodes: [
        .init(name: "cpu", kind: .processor), .init(name: "ram", kind: .memory),
        .init(name: "a", kind: .accelerator), .init(name: "b", kind: .accelerator),
      ],
      edges: [
        .init(from: "cpu", to: "ram", kind: .bus), .init(from: "a", to: "b", kind: .stream),
      ])
    let svg = BlockDiagram(direct).svg
    #expect(try boxes(svg).count == 4)
    #expect(lines(svg).count >= 2)
  }

  @Test("the address map is sorted and gives sizes in binary units")
  func addressMap() {
    let graph = SystemGraph(
      title: "t",
      nodes: [
        .init(
          name: "dram", kind: .memory, detail: ["DRAM", "64 bit"],
          addresses: .init(start: 0x8000_0000, length: 0x100_0000)),
        .init(
          name: "rom", kind: .memory, addresses: .init(start: 0, length: 1_000)),
        .init(
          name: "top", kind: .memory,
          addresses: .init(start: 0xFFFF_FFFF_FFFF_F000, length: 0x1000)),
      ], edges: [])
    #expect(
      AddressMapTable(graph).text(TextStyle(usesUnicode: false)) == """
        Address map
          first                  last                      size  module  kind
          0x0000_0000            0x0000_03e7            1_000 B  rom     memory
          0x8000_0000            0x80ff_ffff             16 MiB  dram    memory  DRAM, 64 bit
          0xffff_ffff_ffff_f000  0xffff_ffff_ffff_ffff    4 KiB  top     memory

        """)
  }

  @Test("the listing names modules, bus, streams and interrupts")
  func listing() {
    let graph = Self.system(processors: 1, accelerators: 1, memories: 1, peripherals: 1)
    #expect(
      SystemListing(graph).text() == """
        Modules
          module     kind         clock
          cpu0       processor    core 100 MHz  RISCV32
          dma_in1_0  dma                        64 bit
          dma_in2_0  dma                        64 bit
          dma_out_0  dma                        64 bit
          crossbar   crossbar                   128 bit
          memory0    memory                     SRAM
          device0    peripheral
          array0     accelerator                OSArray 8 × 8

        Address map
          first        last           size  module     kind
          0x1000_0000  0x1000_0fff   4 KiB  array0     accelerator  OSArray 8 × 8
          0x1000_1000  0x1000_1fff   4 KiB  dma_in1_0  dma          64 bit
          0x1000_2000  0x1000_2fff   4 KiB  dma_in2_0  dma          64 bit
          0x1000_3000  0x1000_3fff   4 KiB  dma_out_0  dma          64 bit
          0x1000_4000  0x1001_3fff  64 KiB  memory0    memory       SRAM
          0x1001_4000  0x1001_4fff   4 KiB  device0    peripheral

        Bus
          cpu0, dma_in1_0, dma_in2_0, dma_out_0 → crossbar
          crossbar → array0, dma_in1_0, dma_in2_0, dma_out_0, memory0, device0

        Streams
          dma_in1_0 ⇒ array0 (in1)
          dma_in2_0 ⇒ array0 (in2)
          array0 ⇒ dma_out_0 (out)

        Interrupts
          dma_in1_0 → cpu0 (irq 1)
          dma_in2_0 → cpu0 (irq 1)
          dma_out_0 → cpu0 (irq 1)

        """)
  }
}
