internal import Telemetry

/// What both arrays are built of and count, declared once.
struct ArrayCounters: BitwiseCopyable {
  let macs: Counter
  let skewWrites: Counter
  let in1Beats: Counter
  let in2Beats: Counter
  let issues: Counter
  private let folds: Counter
  private let jobRows: Counter
  private let jobColumns: Counter
  private let jobDepth: Counter
  private let rows: Counter
  private let elements: Counter
  private let biasAdds: Counter
  private let reluCompares: Counter
  private let requantised: Counter
  /// Integer arrays: elements scaled by factors of their own. fp32 arrays have the other two.
  private let channelScaled: Counter?
  private let sloped: Counter?
  private let clamped: Counter?

  /// Declares the common components and counters.
  ///
  /// - Parameter operandRegisters: operand registers per processing element that a MAC writes.
  init(
    configuration: SystolicArrayConfiguration, dataflow: ArrayDataflow, registerCount: Int,
    site: ModuleSite
  ) {
    let operandBits = Double(8 * configuration.dataType.operandBytes)
    let accumulatorBits = Double(8 * configuration.dataType.accumulatorBytes)
    let rows = UInt64(configuration.rows)
    let columns = UInt64(configuration.columns)
    let isFloat = configuration.dataType == .fp32
    let isOutputStationary = dataflow == .outputStationary
    func registers(_ name: String, bits: Double, quantity: UInt64) {
      site.component(name, class: "register", attributes: ["width_bits": bits], quantity: quantity)
    }

    site.component("pe", class: "mac.\(configuration.dataType.rawValue)", quantity: rows * columns)
    registers(
      "operand_register", bits: operandBits,
      quantity: (isOutputStationary ? 2 : 1) * rows * columns)
    registers(
      "skew_register", bits: operandBits,
      quantity: rows * (rows - 1) / 2 + columns * (columns - 1) / 2)
    site.component("step_counter", class: "counter", attributes: ["width_bits": 32])
    site.component(
      "registers", class: "register_file_port", attributes: ["registers": Double(registerCount)])
    registers("post_register", bits: accumulatorBits, quantity: columns)
    registers("output_register", bits: isFloat ? 32 : accumulatorBits, quantity: columns)
    let adder: (String, [String: Double]) =
      isFloat ? ("adder.fp32", [:]) : ("adder", ["width_bits": accumulatorBits])
    site.component("bias_adder", class: adder.0, attributes: adder.1, quantity: columns)
    site.component(
      "relu_comparator", class: "comparator", attributes: ["width_bits": accumulatorBits],
      quantity: columns)
    if !isFloat {
      site.component(
        "scale_multiplier", class: "multiplier", attributes: ["width_bits": accumulatorBits],
        quantity: columns)
      site.component(
        "scale_shifter", class: "shifter", attributes: ["width_bits": 32 + accumulatorBits],
        quantity: columns)
      site.component(
        "zero_point_adder", class: "adder", attributes: ["width_bits": 32], quantity: columns)
      site.component(
        "clamp_comparator", class: "comparator", attributes: ["width_bits": 32],
        quantity: 2 * columns)
      // A factor of 31 and a shift of 6 bits beside each accumulator in the first register.
      registers("scale_register", bits: 37, quantity: columns)
    } else {
      site.component("slope_multiplier", class: "multiplier.fp32", quantity: columns)
      site.component(
        "clamp_comparator", class: "comparator", attributes: ["width_bits": 32],
        quantity: 2 * columns)
    }

    macs = site.counter(
      "macs", unit: "MAC", "Multiply-accumulates of used elements: M·N·K per job.",
      action: (component: "pe", action: "mac"))
    site.alsoCharges(
      "macs", as: "operand_register_writes", component: "operand_register", action: "write",
      scale: isOutputStationary ? 2 : 1)
    skewWrites = site.counter(
      "skew_register_writes", unit: "write",
      "Writes of the triangles of registers that delay row r by r and column c by c cycles.",
      action: (component: "skew_register", action: "write"))
    issues = site.counter(
      isOutputStationary ? "steps" : "vectors", unit: isOutputStationary ? "step" : "vector",
      isOutputStationary
        ? "Steps: one beat of in1 and one of in2 each." : "Input vectors: one beat of in1 each.",
      action: (component: "step_counter", action: "count"))
    in1Beats = site.counter("in1_beats", unit: "beat", "Beats taken from in1.")
    in2Beats = site.counter("in2_beats", unit: "beat", "Beats taken from in2.")
    folds = site.counter(
      "folds", unit: "fold", "Tiles begun, every pass over one counted: other tools' jobs.")
    jobRows = site.counter("job_rows", unit: "row", "Sum of M over all folds begun.")
    jobColumns = site.counter("job_columns", unit: "column", "Sum of N over all folds begun.")
    jobDepth = site.counter("job_depth", unit: "step", "Sum of K over all folds begun.")
    self.rows = site.counter("result_rows", unit: "row", "Rows sent to post-processing.")
    elements = site.counter(
      "result_elements", unit: "element", "Elements sent through post-processing.",
      action: (component: "post_register", action: "write"))
    site.alsoCharges(
      "result_elements", as: "output_register_writes", component: "output_register",
      action: "write")
    biasAdds = site.counter(
      "bias_additions", unit: "addition", "Biases added.",
      action: (component: "bias_adder", action: "add"))
    reluCompares = site.counter(
      "relu_comparisons", unit: "comparison", "Elements compared with zero.",
      action: (component: "relu_comparator", action: "compare"))
    requantised = site.counter(
      "requantised_elements", unit: "element", "Elements scaled, rounded and clamped.",
      action: isFloat ? nil : (component: "scale_multiplier", action: "multiply"))
    if !isFloat {
      site.alsoCharges(
        "requantised_elements", as: "scale_shifts", component: "scale_shifter", action: "shift")
      site.alsoCharges(
        "requantised_elements", as: "zero_point_additions", component: "zero_point_adder",
        action: "add")
      site.alsoCharges(
        "requantised_elements", as: "clamp_comparisons", component: "clamp_comparator",
        action: "compare", scale: 2)
      channelScaled = site.counter(
        "scale_register_writes", unit: "element",
        "Elements scaled by factor and shift of their row or column.",
        action: (component: "scale_register", action: "write"))
      (sloped, clamped) = (nil, nil)
    } else {
      channelScaled = nil
      sloped = site.counter(
        "slope_multiplications", unit: "element", "Elements of rows with LEAKY.",
        action: (component: "slope_multiplier", action: "multiply"))
      clamped = site.counter(
        "clamp_comparisons", unit: "element", "Elements of rows with CLAMP.",
        action: (component: "clamp_comparator", action: "compare"), scale: 2)
    }
  }

  /// A job, or a part of one, takes its first operand.
  func open(_ job: ArrayJob) {
    folds.add()
    jobRows.add(UInt64(job.rows))
    jobColumns.add(UInt64(job.columns))
    jobDepth.add(UInt64(job.depth))
  }

  /// A row of `count` elements goes through post-processing.
  @inline(__always)
  func finishRow(_ count: Int, _ post: PostProcessing) {
    let count = UInt64(truncatingIfNeeded: count)
    rows.add()
    elements.add(count)
    if post.addsBias { biasAdds.add(count) }
    if post.rectifies || post.leaks { reluCompares.add(count) }
    if post.requantises {
      requantised.add(count)
      if post.hasChannelScales { channelScaled?.add(count) }
    }
    if post.leaks { sloped?.add(count) }
    if post.clamps { clamped?.add(count) }
  }
}

/// Register writes that operands make on their way through a triangle of skew registers: 0 + 1 + …
/// + (count − 1).
@inline(__always)
func triangle(_ count: Int) -> Int {
  count &* (count &- 1) / 2
}
