import Exploration

/// Results of studies that look like real ones, computed from formulas.
enum SampleExploration {
  /// 6 × 6 × 6 designs of an array and its bus; the bus must not be wider than a row.
  static func lenet() -> ExplorationResult {
    let sizes = [2, 4, 8, 16, 32, 64]
    var designs: [ReportedDesign] = []
    for x in sizes {
      for y in sizes {
        for bus in sizes {
          let compute = 416_520.0 / Double(x * y) + 2900 * Double(64 / x) / 8
          let transfer = 61_706.0 / Double(min(bus, x)) + 900
          let cycles = (max(compute, transfer) + 0.3 * min(compute, transfer) + 5200).rounded()
          let seconds = cycles / 100e6
          let area = 5891 + 194.5 * Double(x * y) + 310 * Double(bus)
          let dram = 61_706.0 * 32 * 2.4 + Double(bus) * cycles * 0.9
          let energy = 416_520 * 0.9 + dram + area * cycles * 1.1e-3 / 10
          designs.append(
            design(
              [.integer(x), .integer(y), .integer(bus)], cycles: cycles, seconds: seconds,
              energy: energy, dram: dram, area: area, model: "cycles",
              isFeasible: bus <= x && seconds < 1.2e-3))
        }
      }
    }
    let parameters = ["XDIM", "YDIM", "BUS"].map {
      ExplorationResult.ParameterInfo(name: $0, values: sizes.map { .integer($0) })
    }
    return finished(
      name: "lenet5-dimension-bus", title: "LeNet-5: array dimension and width of the memory bus",
      parameters: parameters, objectives: [.latency, .energy, .area],
      constraints: ["BUS <= XDIM", "latency_ms < 1.2"], model: "cycles",
      errorBar: "exact: the simulator’s cycles", designs: designs, space: 216)
  }

  /// Designs of five parameters, one of them text, of which `count` are kept from a larger space.
  static func resnet(_ count: Int = 20_000) -> ExplorationResult {
    let dims = [8, 16, 32, 64]
    let pads = (1...40).map { $0 * 128 }
    let accumulators = (1...25).map { $0 * 64 }
    let buses = [64, 128, 256, 512]
    let flows = ["output stationary", "weight stationary"]
    let parameters: [ExplorationResult.ParameterInfo] = [
      .init(name: "DIM", values: dims.map { .integer($0) }),
      .init(name: "PAD", values: pads.map { .text("\($0) KiB") }),
      .init(name: "ACC", values: accumulators.map { .text("\($0) KiB") }),
      .init(name: "BUS", values: buses.map { .integer($0) }),
      .init(name: "FLOW", values: flows.map { .text($0) }),
    ]
    let space = dims.count * pads.count * accumulators.count * buses.count * flows.count
    var designs: [ReportedDesign] = []
    designs.reserveCapacity(count)
    for number in 0..<count {
      var place = number * space / count
      func digit(_ base: Int) -> Int {
        defer { place /= base }
        return place % base
      }
      let flow = digit(2)
      let bus = buses[digit(4)]
      let accumulator = accumulators[digit(25)]
      let pad = pads[digit(40)]
      let dim = dims[digit(4)]
      let lanes = Double(dim * dim)
      let compute = 3.664e9 / lanes * (1 + Double(dim) / 90) * (flow == 0 ? 1.06 : 1)
      let reuse = 1 + Double(pad) / 900 + Double(accumulator) / 2200
      let traffic = (21.78e6 + 48e6 / reuse) / (Double(bus) / 8)
      let cycles = (max(compute, traffic) + 0.2 * min(compute, traffic)).rounded()
      let seconds = cycles / 700e6
      let area = lanes * 1100 + Double(pad) * 2600 + Double(accumulator) * 3900 + Double(bus) * 320
      let dram = traffic * Double(bus) * 5
      let energy = 3.664e9 * 1.1 + dram + area * cycles * 1.2e-6
      designs.append(
        design(
          [
            .integer(dim), .text("\(pad) KiB"), .text("\(accumulator) KiB"), .integer(bus),
            .text(flows[flow]),
          ], cycles: cycles, seconds: seconds, energy: energy, dram: dram, area: area,
          model: number.isMultiple(of: 7) ? "soc" : "roofline",
          isFeasible: seconds <= 1 / 30.0 && area <= 8e6))
    }
    return finished(
      name: "resnet34-30fps", title: "ResNet-34 at 700 MHz and at least 30 frames per second",
      parameters: parameters, objectives: [.energy, .area, .fps],
      constraints: ["fps >= 30", "area_mm2 <= 8"], model: "roofline",
      errorBar: "cycles within 12 % (mean), 41 % (worst)", designs: designs, space: 1_003_200)
  }

  private static func design(
    _ values: [ParameterValue], cycles: Double, seconds: Double, energy: Double, dram: Double,
    area: Double, model: String, isFeasible: Bool
  ) -> ReportedDesign {
    let metrics = MetricValues(
      cycles: cycles, seconds: seconds, energy: energy, dramEnergy: dram, area: area)
    return ReportedDesign(
      values: values, metrics: metrics.numbers, model: model,
      classification: isFeasible ? .feasible : .rejected, isOnFront: false, optimumOf: [])
  }

  /// Marks front and optima, and adds what a study reports beside its designs.
  private static func finished(
    name: String, title: String, parameters: [ExplorationResult.ParameterInfo],
    objectives: [Metric], constraints: [String], model: String, errorBar: String,
    designs: [ReportedDesign], space: Double
  ) -> ExplorationResult {
    var designs = designs
    func score(_ design: ReportedDesign, _ metric: Metric) -> Double {
      (metric.isBetterLarger ? -1 : 1) * design.metrics[metric.index]
    }
    func isBetter(_ left: ReportedDesign, _ right: ReportedDesign) -> Bool {
      var isStrict = false
      for metric in objectives {
        let (a, b) = (score(left, metric), score(right, metric))
        if a > b { return false }
        if a < b { isStrict = true }
      }
      return isStrict
    }
    // In the order of the first objective only earlier designs can be better.
    let order = designs.indices.filter { designs[$0].classification == .feasible }.sorted {
      let (left, right) = (designs[$0], designs[$1])
      for metric in objectives where score(left, metric) != score(right, metric) {
        return score(left, metric) < score(right, metric)
      }
      return $0 < $1
    }
    var front: [Int] = []
    for index in order where !front.contains(where: { isBetter(designs[$0], designs[index]) }) {
      front.append(index)
      designs[index].isOnFront = true
      designs[index].classification = .best
    }
    for metric in objectives {
      let best = order.min { score(designs[$0], metric) < score(designs[$1], metric) }
      if let best { designs[best].optimumOf.append(metric) }
    }
    let spans = objectives.map { metric in
      let scores = order.map { score(designs[$0], metric) }
      return (scores.min() ?? 0, scores.max() ?? 1)
    }
    func sum(_ design: ReportedDesign) -> Double {
      zip(objectives, spans).reduce(0) { sum, objective in
        let (least, most) = objective.1
        let share = (score(design, objective.0) - least) / (most - least)
        return sum + (objective.0 == objectives[0] ? 2 : 1) * share
      }
    }
    let effects = objectives.flatMap { metric in
      parameters.indices.map { index in
        effect(of: parameters[index], at: index, on: metric, in: designs)
      }
    }
    let wanted = objectives.map { metric in
      ExplorationResult.ObjectiveInfo(
        metric: metric, isMaximised: metric.isBetterLarger,
        weight: metric == objectives[0] ? 2 : 1)
    }
    return ExplorationResult(
      name: name, title: title, parameters: parameters, objectives: wanted,
      constraints: constraints, model: model, errorBar: errorBar, table: "aladdin-45nm:1f0c",
      designs: designs, weightedBest: order.min { sum(designs[$0]) < sum(designs[$1]) },
      stages: [
        .init(
          model: "roofline", given: Int(space), stored: 1200, evaluated: Int(space) / 2,
          invalid: 14, failed: 0, kept: designs.count, seconds: 41.7),
        .init(
          model: model, given: designs.count, stored: 0, evaluated: designs.count, invalid: 0,
          failed: 2, kept: designs.count, seconds: 132.4),
      ],
      spaceSize: space,
      rejections: [
        .init(reason: "BUS <= XDIM", count: 90),
        .init(reason: "the network does not fit into memory act", count: 14),
      ],
      sensitivity: effects,
      comparisons: [
        .init(
          what: "fastest design", theirs: "64×64, 2.88 s", ours: "64×64, 0.124 ms", agrees: true,
          remark: "their run time counts the simulator’s host"),
        .init(
          what: "lowest energy", theirs: "4×4, 128-bit bus, 0.64 mJ", ours: "8×8, 256-bit bus",
          agrees: false, remark: ""),
        .init(
          what: "smallest area", theirs: "6669 µm²", ours: "7289 µm²", agrees: nil, remark: "–"),
      ])
  }

  private static func effect(
    of parameter: ExplorationResult.ParameterInfo, at index: Int, on metric: Metric,
    in designs: [ReportedDesign]
  ) -> ExplorationResult.Sensitivity {
    func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(values.count)
    }
    let all = designs.map { $0.metrics[metric.index] }
    let centre = mean(all)
    let variance = mean(all.map { ($0 - centre) * ($0 - centre) })
    let groups = Dictionary(grouping: designs, by: { $0.values[index] })
      .mapValues { group in group.map { $0.metrics[metric.index] } }
    var between = 0.0
    for group in groups.values {
      let difference = mean(group) - centre
      between += Double(group.count) * difference * difference
    }
    return .init(
      parameter: parameter.name, metric: metric,
      share: variance > 0 ? between / Double(designs.count) / variance : 0,
      means: parameter.values.map { value in groups[value].map(mean) })
  }
}
