/// A DMA is as wide as the accelerator port it serves (rounded up to a power of two), and no
/// wider than the crossbar.
///
/// When several DMAs disagree with one accelerator, or are wider than the crossbar, the mistake is
/// taken to be there and reported once.
struct DMAPortSizeRule: ValidationRule {
  private struct Mismatch {
    let dma: DMADescription
    let port: AcceleratorPort
  }

  func check(_ context: RuleContext) {
    let soc = context.description
    var mismatches: [String: [Mismatch]] = [:]
    var wide: [DMADescription] = []
    for dma in soc.dmas where dma.origin.isSound("port_size") {
      if let (accelerator, port) = soc.servedPort(of: dma), accelerator.hasSoundWidths,
        port.portSize != dma.portSize
      {
        mismatches[accelerator.name, default: []].append(Mismatch(dma: dma, port: port))
      } else if dma.portSize > soc.crossbar.widthBits {
        wide.append(dma)
      }
    }
    for accelerator in soc.accelerators {
      report(mismatches[accelerator.name] ?? [], accelerator, context.collector)
    }
    if soc.crossbar.origin.isSound("width_bits") {
      report(tooWide: wide, soc.crossbar, context.collector)
    }
  }

  private func report(
    _ mismatches: [Mismatch], _ accelerator: AcceleratorDescription,
    _ collector: DiagnosticCollector
  ) {
    guard let first = mismatches.first else { return }
    if mismatches.count == 1 {
      let rounded =
        first.port.portSize == first.port.widthBits ? "" : " (rounded up to a power of two)"
      collector.error(
        at: first.dma.origin.position(of: "port_size"), first.dma.origin.path(of: "port_size"),
        "found \(first.dma.portSize), but port '\(first.port.name)' of '\(accelerator.name)' is "
          + "\(first.port.widthBits) bits wide",
        expected: "\(first.port.portSize)\(rounded)")
      return
    }
    let list = mismatches.map { mismatch in
      "'\(mismatch.port.name)' needs port_size \(mismatch.port.portSize), but "
        + "'\(mismatch.dma.name)' has \(mismatch.dma.portSize) "
        + "(line \(mismatch.dma.origin.position(of: "port_size").line))"
    }
    collector.error(
      at: accelerator.origin.position(of: "fixed_args"), accelerator.origin.path(of: "fixed_args"),
      "its ports do not fit their DMAs: \(list.joined(separator: ", "))",
      expected: "arguments and port sizes that agree")
  }

  private func report(
    tooWide dmas: [DMADescription], _ crossbar: CrossbarDescription,
    _ collector: DiagnosticCollector
  ) {
    guard let first = dmas.first else { return }
    if dmas.count == 1 {
      collector.error(
        at: first.origin.position(of: "port_size"), first.origin.path(of: "port_size"),
        "\(first.portSize) bits are wider than the crossbar (\(crossbar.widthBits) bits)",
        expected: "at most \(crossbar.widthBits), or a wider crossbar.width_bits")
      return
    }
    let names = dmas.map { "'\($0.name)' (\($0.portSize) bits)" }.joined(separator: ", ")
    collector.error(
      at: crossbar.origin.position(of: "width_bits"), crossbar.origin.path(of: "width_bits"),
      "\(crossbar.widthBits) bits are narrower than \(names)",
      expected: "at least \(dmas.map(\.portSize).max() ?? 0)")
  }
}
