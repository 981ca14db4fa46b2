/// A format whose numbers the floating-point registers hold.
protocol RegisterFormat: BinaryFormat {
  /// The number in register `n`.
  static func read(_ n: Int, of hart: Hart) -> Bits
  /// Puts a number into register `n`.
  static func write(_ value: Bits, to n: Int, of hart: Hart)
}

extension Binary32: RegisterFormat {
  static func read(_ n: Int, of hart: Hart) -> UInt32 { hart.f32(n) }
  static func write(_ value: UInt32, to n: Int, of hart: Hart) { hart.setF32(n, value) }
}

extension Binary64: RegisterFormat {
  static func read(_ n: Int, of hart: Hart) -> UInt64 { hart.f64(n) }
  static func write(_ value: UInt64, to n: Int, of hart: Hart) { hart.setF64(n, value) }
}

/// What the F and D instructions have in common. The rounding mode is looked at before anything
/// is written: a reserved one makes the instruction illegal, whether its result needs rounding or
/// not. Flags are added after the result was written.
extension Hart {
  /// f[rd] = ±(f[rs1] × f[rs2]) ± f[rs3], rounded once.
  func multiplyAdd<F: RegisterFormat>(
    _ i: InstructionFields, _: F.Type, negatingProduct: Bool = false, negatingAddend: Bool = false
  ) throws(Interruption) {
    var flags = FloatFlags()
    let result = SoftFloat.fusedMultiplyAdd(
      F.read(i.rs1, of: self) ^ (negatingProduct ? F.signMask : 0), F.read(i.rs2, of: self),
      F.read(i.rs3, of: self) ^ (negatingAddend ? F.signMask : 0),
      as: F.self, rounding: try roundingMode(i.rm), flags: &flags)
    F.write(result, to: i.rd, of: self)
    accrue(flags)
  }

  /// f[rd] = f[rs1] op f[rs2], rounded.
  func arithmetic<F: RegisterFormat>(
    _ i: InstructionFields, _: F.Type,
    _ operation: (F.Bits, F.Bits, F.Type, RoundingMode, inout FloatFlags) -> F.Bits
  ) throws(Interruption) {
    var flags = FloatFlags()
    let result = operation(
      F.read(i.rs1, of: self), F.read(i.rs2, of: self), F.self, try roundingMode(i.rm), &flags)
    F.write(result, to: i.rd, of: self)
    accrue(flags)
  }

  /// f[rd] = √f[rs1], rounded.
  func squareRoot<F: RegisterFormat>(_ i: InstructionFields, _: F.Type) throws(Interruption) {
    var flags = FloatFlags()
    let result = SoftFloat.squareRoot(
      F.read(i.rs1, of: self), as: F.self, rounding: try roundingMode(i.rm), flags: &flags)
    F.write(result, to: i.rd, of: self)
    accrue(flags)
  }

  /// f[rd] = the smaller or larger one of f[rs1] and f[rs2].
  func select<F: RegisterFormat>(
    _ i: InstructionFields, _: F.Type,
    _ choice: (F.Bits, F.Bits, F.Type, inout FloatFlags) -> F.Bits
  ) {
    var flags = FloatFlags()
    F.write(
      choice(F.read(i.rs1, of: self), F.read(i.rs2, of: self), F.self, &flags), to: i.rd, of: self)
    accrue(flags)
  }

  /// x[rd] = f[rs1] relation f[rs2].
  func compare<F: RegisterFormat>(
    _ i: InstructionFields, _: F.Type,
    _ relation: (F.Bits, F.Bits, F.Type, inout FloatFlags) -> Bool
  ) {
    var flags = FloatFlags()
    let holds = relation(F.read(i.rs1, of: self), F.read(i.rs2, of: self), F.self, &flags)
    setX(i.rd, holds ? 1 : 0)
    accrue(flags)
  }

  /// f[rd] = the magnitude of f[rs1] with a sign made from both signs; no flags, NaN or not.
  func injectSign<F: RegisterFormat>(
    _ i: InstructionFields, _: F.Type, _ sign: (F.Bits, F.Bits) -> F.Bits
  ) {
    let (a, b) = (F.read(i.rs1, of: self), F.read(i.rs2, of: self))
    F.write(a & ~F.signMask | sign(a, b) & F.signMask, to: i.rd, of: self)
  }

  /// x[rd] = the class mask of f[rs1]; no flags.
  func classify<F: RegisterFormat>(_ i: InstructionFields, _: F.Type) {
    setX(i.rd, UInt64(SoftFloat.classify(F.read(i.rs1, of: self), as: F.self)))
  }

  /// x[rd] = f[rs1] rounded to an integer; words are sign-extended, unsigned ones too.
  func convertToInteger<F: RegisterFormat>(
    _ i: InstructionFields, _: F.Type, _ width: IntegerWidth, signed: Bool
  ) throws(Interruption) {
    var flags = FloatFlags()
    let result = SoftFloat.toInteger(
      F.read(i.rs1, of: self), as: F.self, width: width, signed: signed,
      rounding: try roundingMode(i.rm), flags: &flags)
    setX(i.rd, result)
    accrue(flags)
  }

  /// f[rd] = the integer x[rs1], rounded.
  func convertFromInteger<F: RegisterFormat>(
    _ i: InstructionFields, _: F.Type, _ width: IntegerWidth, signed: Bool
  ) throws(Interruption) {
    var flags = FloatFlags()
    let result = SoftFloat.fromInteger(
      x(i.rs1), width: width, signed: signed, as: F.self, rounding: try roundingMode(i.rm),
      flags: &flags)
    F.write(result, to: i.rd, of: self)
    accrue(flags)
  }

  /// f[rd] = f[rs1] in the other format, rounded.
  func convert<From: RegisterFormat, To: RegisterFormat>(
    _ i: InstructionFields, from: From.Type, to: To.Type
  ) throws(Interruption) {
    var flags = FloatFlags()
    let result = SoftFloat.convert(
      From.read(i.rs1, of: self), from: From.self, to: To.self, rounding: try roundingMode(i.rm),
      flags: &flags)
    To.write(result, to: i.rd, of: self)
    accrue(flags)
  }
}
