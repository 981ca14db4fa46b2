import Foundation

/// A small study: 24 variants of a system whose firmware moves bytes, two of them invalid.
enum ExploreStudy {
  /// The text of the study.
  ///
  /// - Parameters:
  ///   - search: the value of `search`.
  ///   - more: further members.
  static func text(search: String = #""exhaustive""#, more: String = "") -> String {
    """
    {
      "name": "copies",
      "soc": "\(Tool.config("dma-copy"))",
      "parameters": {
        "DELAY": { "path": "memories.dram.read_delay", "values": [5, 20, 40] },
        "BANKS": { "path": "memories.sram.banks", "values": [1, 2, 3, 4] },
        "BITS": { "values": [64, 128] },
      },
      "derive": { "crossbar.width_bits": "BITS", "dmas.dma.port_size": "BITS" },
      "objectives": ["latency_ms", "area_mm2"],
      "search": \(search),
      \(more)
    }
    """
  }
}
