internal import Fabric
internal import Telemetry

/// What a vector unit is built of and counts.
struct VectorCounters: BitwiseCopyable {
  private let inBeats: Counter
  private let sideBeats: Counter
  private let outBeats: Counter
  private let outBytes: Counter
  private let operandElements: Counter
  private let resultElements: Counter
  private let products: Counter
  private let integerProducts: Counter
  private let conversions: Counter
  private let comparisons: Counter
  private let lookups: Counter
  private let poolUpdates: Counter
  private let lineReads: Counter
  private let lineWrites: Counter
  private let isFloat: Bool

  init(configuration: VectorUnitConfiguration, site: ModuleSite) {
    isFloat = configuration.dataType == .fp32
    let lanes = UInt64(configuration.lanes)
    let bits = Double(8 * configuration.dataType.bytes)
    Self.declareLanes(configuration, site)
    let banks = Self.declareLineBuffer(configuration, site)

    inBeats = site.counter("in_beats", unit: "beat", "Beats taken from in.")
    sideBeats = site.counter("side_beats", unit: "beat", "Beats taken from side.")
    outBeats = site.counter("out_beats", unit: "beat", "Beats sent on out.")
    outBytes = site.counter("out_bytes", unit: "B", "Valid bytes sent on out.")
    site.component(
      "operand_register", class: "register", attributes: ["width_bits": bits], quantity: 2 * lanes)
    operandElements = site.counter(
      "operand_elements", unit: "element", "Elements taken as operand a or b.",
      action: (component: "operand_register", action: "write"))
    site.component(
      "result_register", class: "register", attributes: ["width_bits": bits], quantity: lanes)
    resultElements = site.counter(
      "result_elements", unit: "element", "Elements sent.",
      action: (component: "result_register", action: "write"))
    products = site.counter(
      "fma_operations", unit: "operation",
      "binary32 multiplications, additions or both fused in one.",
      action: (component: "fma", action: "mac"))
    integerProducts = site.counter(
      "integer_products", unit: "multiplication", "Products of int8 operands.",
      action: isFloat ? nil : (component: "integer_multiplier", action: "multiply"))
    conversions = site.counter(
      "conversions", unit: "conversion", "Conversions between integers and binary32.",
      action: isFloat ? nil : (component: "converter", action: "shift"))
    comparisons = site.counter(
      "clamp_comparisons", unit: "comparison", "Elements compared with a bound.",
      action: (component: "clamp_comparator", action: "compare"))
    lookups = site.counter(
      "table_lookups", unit: "lookup", "Bytes replaced by their entry of the table.",
      action: isFloat ? nil : (component: "table", action: "access"))
    poolUpdates = site.counter(
      "pool_updates", unit: "update", "Running maxima and sums that took an element.",
      action: (component: "pool_unit", action: "add"))
    site.alsoCharges(
      "pool_updates", as: "pool_register_writes", component: "pool_register", action: "write")
    lineReads = site.counter(
      "line_buffer_reads", unit: "access",
      "Pixels of running results that came back from the line buffer.",
      action: (component: "line_buffer", action: "read"), scale: banks)
    lineWrites = site.counter(
      "line_buffer_writes", unit: "access",
      "Pixels of running results that went to the line buffer.",
      action: (component: "line_buffer", action: "write"), scale: banks)
  }

  /// Arithmetic, clamping and table of every lane.
  private static func declareLanes(_ configuration: VectorUnitConfiguration, _ site: ModuleSite) {
    let lanes = UInt64(configuration.lanes)
    let isFloat = configuration.dataType == .fp32
    let bits = Double(8 * configuration.dataType.bytes)
    let updates = UInt64(VectorUnitConfiguration.updatesPerCycle)
    site.component("fma", class: "mac.fp32", quantity: 3 * lanes)
    site.component(
      "clamp_comparator", class: "comparator", attributes: ["width_bits": bits],
      quantity: 2 * lanes)
    if isFloat {
      site.component("pool_unit", class: "adder.fp32", quantity: updates * lanes)
    } else {
      site.component(
        "integer_multiplier", class: "multiplier", attributes: ["width_bits": 9], quantity: lanes)
      site.component(
        "converter", class: "shifter", attributes: ["width_bits": 32], quantity: 4 * lanes)
      site.component(
        "table", class: "register_file_port",
        attributes: ["registers": Double(VectorRegister.tableWords)], quantity: lanes)
      site.component(
        "pool_unit", class: "adder", attributes: ["width_bits": 32], quantity: updates * lanes)
    }
    site.component(
      "pool_register", class: "register", attributes: ["width_bits": 32],
      quantity: updates * lanes)
    site.component(
      "registers", class: "register_file_port",
      attributes: [
        "registers": Double(
          VectorUnitRegisterMap.map.registerCount - VectorRegister.tableWords)
      ])
  }

  /// The line buffer, cut into banks as wide as the memories of the energy tables; returns how many
  /// there are.
  private static func declareLineBuffer(
    _ configuration: VectorUnitConfiguration, _ site: ModuleSite
  ) -> Double {
    let needed = 32 * configuration.lanes
    var width = 32
    while width < min(needed, 1024) { width *= 2 }
    let banks = (needed + width - 1) / width
    let bytes = max(512, max(64, configuration.lineBufferPixels) * width / 8)
    site.component(
      "line_buffer", class: "sram",
      attributes: [
        "bytes": Double(bytes), "width_bits": Double(width), "rw_ports": 1, "banks": 1,
      ], quantity: UInt64(banks))
    return Double(banks)
  }

  /// A source beat of `bytes` valid bytes is worked on.
  @inline(__always)
  func take(_ job: UnsafePointer<VectorJob>, bytes: Int) {
    let count = UInt64(truncatingIfNeeded: isFloat ? bytes &>> 2 : bytes)
    operandElements.add(count)
    if job.pointee.takesSide { sideBeats.add() } else { inBeats.add() }
    if !job.pointee.isPlain { work(job, count) }
  }

  @inline(never)
  private func work(_ job: UnsafePointer<VectorJob>, _ count: UInt64) {
    if job.pointee.binary != .none {
      sideBeats.add()
      operandElements.add(count)
    }
    switch (job.pointee.binary, isFloat) {
    case (.none, _): break
    case (.add, false):
      products.add(2 &* count)
      conversions.add(3 &* count)
    case (.multiply, false):
      integerProducts.add(count)
      products.add(count)
      conversions.add(2 &* count)
    case (_, true): products.add(count)
    }
    if job.pointee.isLeaky { products.add(count) }
    if job.pointee.clamps { comparisons.add(2 &* count) }
    if job.pointee.usesTable { lookups.add(count) }
  }

  /// The pool updated running results and moved pixels of them from and to the line buffer.
  @inline(__always)
  func pooled(updates: Int, reads: Int, writes: Int) {
    poolUpdates.add(UInt64(truncatingIfNeeded: updates))
    lineReads.add(UInt64(truncatingIfNeeded: reads))
    lineWrites.add(UInt64(truncatingIfNeeded: writes))
  }

  /// An average of `bytes` bytes of elements was scaled.
  @inline(__always)
  func scaled(bytes: Int) {
    let count = UInt64(truncatingIfNeeded: isFloat ? bytes &>> 2 : bytes)
    products.add(count)
    if !isFloat { conversions.add(2 &* count) }
  }

  /// A beat was sent.
  @inline(__always)
  func sent(bytes: Int) {
    outBeats.add()
    outBytes.add(UInt64(truncatingIfNeeded: bytes))
    resultElements.add(UInt64(truncatingIfNeeded: isFloat ? bytes &>> 2 : bytes))
  }
}
