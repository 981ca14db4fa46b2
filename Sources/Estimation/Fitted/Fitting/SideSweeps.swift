/// Sweeps that find the sides of an array: one extent of a product from 1 up, the others fixed.
struct SideSweeps {
  /// One extent's times so far, and what they showed.
  fileprivate struct Sweep {
    var values: [Double] = []
    var dimension: SpatialDimension?
  }

  private var rowSweep = Sweep()
  private var depthSweep = Sweep()
  private var columnSweep = Sweep()

  /// What the rows of the product showed.
  var rows: SpatialDimension? { rowSweep.dimension }
  /// What its depth showed.
  var depth: SpatialDimension? { depthSweep.dimension }
  /// What its columns showed.
  var columns: SpatialDimension? { columnSweep.dimension }

  /// Sweeps rows, depth and columns over ever longer ranges, then with larger bases, until as many of
  /// them show steps as the array is said to have sides.
  init(_ settings: FitSettings, machine: inout CountedMachine) throws {
    for base in settings.bases {
      for extent in StepwiseModel.Extent.allCases where self[extent].dimension == nil {
        self[extent].values = []
      }
      var limit = min(64, settings.longestSweep)
      while true {
        for extent in StepwiseModel.Extent.allCases where self[extent].dimension == nil {
          try self[extent].lengthen(extent, to: limit, base: base, settings, machine: &machine)
        }
        let found = StepwiseModel.Extent.allCases.count { self[$0].dimension != nil }
        if found >= settings.sideCount { return }
        guard limit < settings.longestSweep else { break }
        limit = min(2 * limit, settings.longestSweep)
      }
    }
  }

  private subscript(extent: StepwiseModel.Extent) -> Sweep {
    get {
      switch extent {
      case .rows: rowSweep
      case .depth: depthSweep
      case .columns: columnSweep
      }
    }
    set {
      switch extent {
      case .rows: rowSweep = newValue
      case .depth: depthSweep = newValue
      case .columns: columnSweep = newValue
      }
    }
  }
}

extension SideSweeps.Sweep {
  /// Measures up to `limit` and looks for a staircase.
  fileprivate mutating func lengthen(
    _ extent: StepwiseModel.Extent, to limit: Int, base: Int, _ settings: FitSettings,
    machine: inout CountedMachine
  ) throws {
    for x in values.count + 1...limit {
      let layer = LayerShape.product(
        rows: extent == .rows ? x : base, depth: extent == .depth ? x : base,
        columns: extent == .columns ? x : base)
      values.append(try machine.cycles(of: layer))
    }
    let isLongest = limit >= settings.longestSweep
    // What a layer costs whose extent may be padded: where odd extents are dearer than the next even
    // one, and those dearer than the next whole bus word, only the array's own steps are left.
    var padded = values
    for index in padded.indices.dropLast().reversed() {
      padded[index] = min(padded[index], padded[index + 1])
    }
    dimension =
      (StaircaseFit(values: values, largest: settings.largestSide, isLongest: isLongest)
      ?? StaircaseFit(values: padded, largest: settings.largestSide, isLongest: isLongest))?
      .dimension
  }
}
