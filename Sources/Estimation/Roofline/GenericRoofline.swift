/// The generic roofline of an array of processing elements behind a bus: equations 4.1 to 4.3 of the
/// FLECSim dissertation (KIT 2024; first published at RAPIDO 2023).
///
/// 1. `macs_scale` = l · m · n · η · δ, the work with the padding of partly filled tiles;
/// 2. `N_bw` = ⌈col / bw_peak⌉ · row and `data_scale` = N_bw · bw_peak · α, the bytes with the
///    padding of partly filled bus words;
/// 3. cycles = macs_scale / min(macs_scale / data_scale · bw_peak, comp_peak).
///
/// **Trap.** δ = ⌈m/a⌉ · a / m already is a/m where a dimension m is smaller than the array's a, so
/// that multiplying a dimension by both η and δ counts its padding twice. A dimension takes η when it
/// is smaller and δ when it is larger; both mean "rounded up to a multiple of the array". That is what
/// is computed here, in integers.
public enum GenericRoofline {
  /// Temporal fragmentation δ = ⌈extent / side⌉ · side / extent of a dimension larger than the array.
  public static func temporalFragmentation(of extent: Int, on side: Int) -> Double {
    Double(extent.padded(to: side)) / Double(extent)
  }

  /// Spatial fragmentation η = side / extent of a dimension smaller than the array.
  public static func spatialFragmentation(of extent: Int, on side: Int) -> Double {
    Double(side) / Double(extent)
  }

  /// The one factor of a dimension: η below the array's side, δ from there on.
  public static func fragmentation(of extent: Int, on side: Int) -> Double {
    extent < side
      ? spatialFragmentation(of: extent, on: side) : temporalFragmentation(of: extent, on: side)
  }

  /// `N_bw`: bus words of a block of `rows` rows of `rowBytes` bytes; every row begins a new word.
  @inline(__always)
  public static func busWords(rows: Int, rowBytes: Int, busBytes: Int) -> Int {
    rowBytes.tiles(of: busBytes) * rows
  }

  /// Passes over a square array of `side`: Π ⌈dimension / side⌉ over all three dimensions, for all
  /// products.
  public static func passes(_ product: MatrixProduct, side: Int) -> Int {
    product.rows.tiles(of: side) * product.depth.tiles(of: side) * product.columns.tiles(of: side)
      * product.count
  }

  /// `macs_scale` of equation 4.1.
  public static func paddedMACs(
    _ product: MatrixProduct, on design: ArrayDesign,
    padding: RooflineOptions.Padding = .arrayDimensions
  ) -> Int {
    let (l, m, n) = (product.rows, product.depth, product.columns)
    let (onRows, onColumns, inTime) =
      switch design.stationary {
      case .output: (l, n, m)
      case .weights: (m, n, l)
      case .input: (m, l, n)
      }
    let time = padding == .arrayDimensions ? inTime : inTime.padded(to: design.rows)
    return onRows.padded(to: design.rows) * onColumns.padded(to: design.columns) * time
      * product.count
  }

  /// Bus words of a layer, Σ `N_bw` over the blocks it moves.
  public static func busWords(
    _ layer: LayerShape, on design: ArrayDesign, reuse: RooflineOptions.Reuse = .once
  ) -> Int {
    switch reuse {
    case .once: wordsOnce(layer, design)
    case .perPass: wordsPerPass(layer, design)
    case .none: 4 * layer.macs * design.elementBytes.tiles(of: design.busBytes)
    }
  }

  /// One layer on one design.
  ///
  /// Transfer takes `N_bw` · α cycles on the bus and data_scale / memoryBytes cycles in main memory,
  /// whichever is longer; cycles are rounded up.
  public static func evaluate(
    _ layer: LayerShape, on design: ArrayDesign, options: RooflineOptions = RooflineOptions()
  ) -> LayerCycles {
    let product = layer.product
    let macs = paddedMACs(product, on: design, padding: options.padding)
    let words = Double(busWords(layer, on: design, reuse: options.reuse)) * options.busOverhead
    let bytes = words * Double(design.busBytes)
    let compute = Int((Double(macs) / design.peakMACs).rounded(.up))
    let transfer = Int(max(words, bytes / design.memoryBytes).rounded(.up))
    return LayerCycles(
      compute: compute, transfer: transfer, total: max(compute, transfer),
      actions: LayerActions(
        product, on: design, paddedMACs: macs, bytesMoved: Int(bytes.rounded(.up))))
  }

  /// Cycles of layers one after the other: their sum, as layers are independent in this model.
  public static func cycles(
    of layers: [LayerShape], on design: ArrayDesign, options: RooflineOptions = RooflineOptions()
  ) -> Int {
    var sum = 0
    for layer in layers { sum += evaluate(layer, on: design, options: options).total }
    return sum
  }

  /// Cycles of layers one after the other, for each of `designs`.
  public static func cycles(
    of layers: [LayerShape], onEach designs: [ArrayDesign],
    options: RooflineOptions = RooflineOptions()
  ) -> [Int] {
    designs.map { cycles(of: layers, on: $0, options: options) }
  }

  // MARK: Blocks

  /// Input pixels as rows of channels, B as rows of output channels, the result as rows of channels:
  /// each once. The im2col matrix is formed beside the array and does not cross the bus.
  private static func wordsOnce(_ layer: LayerShape, _ design: ArrayDesign) -> Int {
    let (bus, element) = (design.busBytes, design.elementBytes)
    return busWords(
      rows: layer.images * layer.inputHeight * layer.inputWidth,
      rowBytes: layer.inputChannels * element, busBytes: bus)
      + busWords(
        rows: layer.window * layer.groups, rowBytes: layer.groupOutputs * element, busBytes: bus)
      + busWords(
        rows: layer.images * layer.writtenPixels,
        rowBytes: layer.outputChannels * design.resultBytes, busBytes: bus)
  }

  /// Tiles of the im2col matrix and of B whenever a pass needs them; the result once.
  private static func wordsPerPass(_ layer: LayerShape, _ design: ArrayDesign) -> Int {
    let product = layer.product
    let (l, m, n) = (product.rows, product.depth, product.columns)
    let (rows, columns) = (design.rows, design.columns)
    let a: Int
    let b: Int
    switch design.stationary {
    case .output:
      a = words(l, cut: m, by: m, design) * n.tiles(of: columns)
      b = words(m, cut: n, by: columns, design) * l.tiles(of: rows)
    case .weights:
      a = words(l, cut: m, by: rows, design) * n.tiles(of: columns)
      b = words(m, cut: n, by: columns, design) * design.fillings(of: l)
    case .input:
      a = words(l, cut: m, by: rows, design) * design.fillings(of: n)
      b = words(m, cut: n, by: n, design) * l.tiles(of: columns)
    }
    let result = busWords(
      rows: layer.images * layer.writtenPixels,
      rowBytes: layer.outputChannels * design.resultBytes, busBytes: design.busBytes)
    return (a + b) * product.count + result
  }

  /// Bus words of `height` rows whose `extent` elements are cut into tiles of `side`.
  @inline(__always)
  private static func words(
    _ height: Int, cut extent: Int, by side: Int, _ design: ArrayDesign
  ) -> Int {
    let (whole, rest) = extent.quotientAndRemainder(dividingBy: side)
    let full = (side * design.elementBytes).tiles(of: design.busBytes)
    return height * (whole * full + (rest * design.elementBytes).tiles(of: design.busBytes))
  }
}
