internal import Accelerators
internal import SimKernel

/// The published tables that we hold; see `accelerator-simulators` in the project's references for
/// how each number was obtained.
public enum PublishedTables {
  /// Every table, its numbers computed now.
  public static var all: [PublishedTable] { [scalesim, scalesimVerilog, stonne] }

  /// The tables' names.
  public static let names = ["scalesim", "scalesim-verilog", "stonne"]

  // MARK: SCALE-Sim

  /// A layer as SCALE-Sim's topology files describe it, without padding.
  private struct Layer {
    let name: String
    let side: Int
    let kernel: Int
    let channels: Int
    let filters: Int
    let stride: Int

    var shape: JobShape {
      let output = (side - kernel + stride + stride - 1) / stride
      return JobShape(
        rows: output * output, columns: filters, depth: kernel * kernel * channels)
    }
  }

  private static func layers(
    _ rows: [(String, Int, Int, Int, Int, Int)]
  ) -> [Layer] {
    rows.map {
      Layer(name: $0.0, side: $0.1, kernel: $0.2, channels: $0.3, filters: $0.4, stride: $0.5)
    }
  }

  private static let alexNet = layers([
    ("conv1", 224, 11, 3, 96, 4), ("conv2", 27, 5, 96, 256, 1), ("conv3", 13, 3, 256, 384, 1),
    ("conv4", 13, 3, 384, 384, 1), ("conv5", 13, 3, 384, 256, 1),
  ])

  private static let resNet18 = layers([
    ("Conv1", 224, 7, 3, 64, 2), ("Conv2", 56, 3, 64, 64, 1), ("Conv3_1a", 56, 3, 64, 128, 2),
    ("Conv3_1b", 28, 3, 128, 128, 1), ("Conv3_s", 56, 1, 64, 128, 2),
    ("Conv4_1a", 28, 3, 128, 256, 2), ("Conv4_1b", 14, 3, 256, 256, 1),
    ("Conv4_s", 28, 1, 128, 256, 2), ("Conv5_1a", 14, 3, 256, 512, 2),
    ("Conv5_1b", 7, 3, 512, 512, 1), ("Conv5_s", 14, 1, 256, 512, 2),
    ("FC", 1, 1, 512, 1000, 1),
  ])

  private static func count(
    _ convention: ArrayConvention, _ dataflow: ArrayDataflow, _ shape: JobShape, rows: Int,
    columns: Int
  ) -> Int? {
    convention.cycles(
      dataflow: dataflow, rows: rows, columns: columns,
      jobs: shape.jobs(dataflow: dataflow, arrayRows: rows, arrayColumns: columns))
  }

  private static func title(_ dataflow: ArrayDataflow) -> String {
    dataflow == .outputStationary ? "OS" : "WS"
  }

  /// Totals that SCALE-Sim prints, or that its code computes, without stalls.
  static var scalesim: PublishedTable {
    var rows: [PublishedTable.Row] = []
    let gemm = JobShape(rows: 256, columns: 128, depth: 256)
    for (dataflow, printed) in [
      (ArrayDataflow.outputStationary, 10175), (.weightStationary, 11199),
    ] {
      rows.append(
        PublishedTable.Row(
          title: "GEMM 256x128x256, \(title(dataflow)) 32x32, printed", published: printed,
          ours: ArrayConvention.scalesimPrinted(
            dataflow: dataflow, rows: 32, columns: 32, layer: gemm)))
    }
    let alexNetPrinted = [121124, 334831, 113567, 168863, 112575]
    for (layer, printed) in zip(alexNet, alexNetPrinted) {
      rows.append(
        PublishedTable.Row(
          title: "AlexNet \(layer.name), OS 32x32, printed", published: printed,
          ours: ArrayConvention.scalesimPrinted(
            dataflow: .outputStationary, rows: 32, columns: 32, layer: layer.shape)))
    }
    let totals: [(side: Int, os: Int, ws: Int)] = [
      (8, 13_112_036, 13_890_456), (16, 3_333_588, 3_823_830), (32, 850_965, 1_136_244),
      (64, 238_680, 382_984), (128, 67_572, 139_906), (256, 36_732, 73_752),
    ]
    for (side, os, ws) in totals {
      for (dataflow, total) in [(ArrayDataflow.outputStationary, os), (.weightStationary, ws)] {
        rows.append(
          PublishedTable.Row(
            title: "AlexNet, \(title(dataflow)) \(side)x\(side)", published: total,
            ours: alexNet.compactMap {
              count(.scalesim, dataflow, $0.shape, rows: side, columns: side)
            }.reduce(0, +)))
      }
    }
    let resNet: [(os: Int, ws: Int)] = [
      (158422, 121940), (117392, 108360), (63800, 63216), (106832, 110880), (13608, 7480),
      (67984, 83520), (94640, 137088), (12160, 10208), (75712, 164736), (74720, 274176),
      (10176, 20224), (18368, 48640),
    ]
    for (layer, (os, ws)) in zip(resNet18, resNet) {
      for (dataflow, total) in [(ArrayDataflow.outputStationary, os), (.weightStationary, ws)] {
        rows.append(
          PublishedTable.Row(
            title: "ResNet-18 \(layer.name), \(title(dataflow)) 32x32", published: total,
            ours: count(.scalesim, dataflow, layer.shape, rows: 32, columns: 32)))
      }
    }
    return PublishedTable(
      name: "scalesim", kinds: ["OSArray", "WSArray"],
      reference: "SCALE-Sim: its printed totals and its code's formula",
      method: "by SCALE-Sim's convention from the shapes of our jobs", rows: rows)
  }

  /// The smallest schedules with which SCALE-Sim's Verilog array gives right results, measured with
  /// Verilator; ours are simulated.
  static var scalesimVerilog: PublishedTable {
    var rows: [PublishedTable.Row] = []
    for (r, c, k, total) in [(4, 4, 4, 15), (4, 6, 5, 18), (8, 8, 8, 31), (8, 8, 64, 87)] {
      let run = TileBench(dataflow: .outputStationary, rows: r, columns: c)
        .run(JobShape(rows: r, columns: c, depth: k))
      rows.append(
        PublishedTable.Row(
          title: "OS \(r)x\(c), K=\(k)", published: total,
          // Until the last result is on the output wires: a cycle after its row has left.
          ours: run.map { Int($0.lastRow - $0.firstOperand) + 1 + 1 }))
    }
    for (r, c, m, total) in [(4, 4, 4, 19), (4, 6, 5, 22), (8, 8, 8, 39), (8, 8, 64, 95)] {
      let run = TileBench(dataflow: .weightStationary, rows: r, columns: c)
        .run(JobShape(rows: m, columns: c, depth: r))
      rows.append(
        PublishedTable.Row(
          title: "WS \(r)x\(c), M=\(m)", published: total,
          // Its elements have two registers on the way down: R cycles more; and a cycle to the wires.
          ours: run.map { Int($0.lastRow - $0.firstOperand) + r + 1 }))
    }
    return PublishedTable(
      name: "scalesim-verilog", kinds: ["OSArray", "WSArray"],
      reference: "the Verilog array shipped with SCALE-Sim, measured under Verilator",
      method:
        "simulated; +1 cycle to its output wires (OS), +R+1 for its second register per hop (WS)",
      rows: rows)
  }

  // MARK: STONNE

  /// Measured runs of STONNE's output-stationary mesh; where one fold is enough ours is simulated.
  public static var stonne: PublishedTable {
    let runs: [(side: Int, shape: JobShape, cycles: Int)] = [
      (4, JobShape(rows: 4, columns: 4, depth: 16), 27),
      (4, JobShape(rows: 4, columns: 4, depth: 32), 43),
      (8, JobShape(rows: 8, columns: 8, depth: 16), 35),
      (16, JobShape(rows: 16, columns: 16, depth: 16), 51),
      (16, JobShape(rows: 16, columns: 16, depth: 32), 67),
      (16, JobShape(rows: 32, columns: 32, depth: 32), 268),
      (16, JobShape(rows: 64, columns: 64, depth: 64), 1584),
      (16, JobShape(rows: 128, columns: 128, depth: 128), 10432),
      (32, JobShape(rows: 32, columns: 32, depth: 64), 131),
      (8, JobShape(rows: 5, columns: 7, depth: 13), 28),
      (4, JobShape(rows: 5, columns: 2, depth: 2), 18),
    ]
    return PublishedTable(
      name: "stonne", kinds: ["OSArray"],
      reference: "STONNE's mesh (TPU configuration), measured runs",
      method: "folds simulated one after the other, +5 cycles per fold for its networks",
      rows: runs.map { side, shape, cycles in
        let folds = shape.jobs(
          dataflow: .outputStationary, arrayRows: side, arrayColumns: side)
        let counts = folds.map { fold in
          TileBench(dataflow: .outputStationary, rows: side, columns: side).run(fold)
            .map { Int($0.firstRow - $0.firstOperand) + 5 }
        }
        return PublishedTable.Row(
          title: "\(side)x\(side), M\(shape.rows) N\(shape.columns) K\(shape.depth)",
          published: cycles,
          ours: counts.contains(nil) ? nil : counts.compactMap { $0 }.reduce(0, +))
      })
  }
}
