import Foundation
import Mapping
import Networks
import Reference
import TestSupport
import Testing

@Suite("The runtime on the core")
struct CoreRuntimeTests {
  private func network(_ function: Operator) throws -> TypedNetwork {
    try Network(
      name: "case", inputs: [Declaration("x", TensorType(.float32, [2, 3]))], outputs: ["y"],
      nodes: [Node("node", function, ["x"], ["y"])]
    ).typed()
  }

  @Test("What is no plan ends with a message and exit code 1")
  func noPlan() throws {
    var mapped = try CoreHost.plan(network(.unary(.exponential)))
    let x = Tensor([2, 3], [Float](repeating: 1, count: 6))
    #expect(try CoreHost.shared().execute(mapped, ["x": x]).ending.code == 0)
    mapped.plan.bytes[4] = 2
    let (ending, _) = try CoreHost.shared().execute(mapped, ["x": x])
    #expect(ending.code == 1)
    #expect(ending.output.hasPrefix("error: no plan of version 1"))
  }

  @Test("Operators without a kernel are named, with what there is")
  func unsupported() throws {
    let network = try network(.localResponseNormalization(size: 3, alpha: 1, beta: 1, bias: 1))
    let error = #expect(throws: NetworkError.self) { try CoreHost.plan(network) }
    #expect(error?.message == "cannot run on the core: there is no kernel for LRN")
    #expect(error?.place == "node 'node' (LRN)")
    #expect(error?.suggestion?.contains("convolutions") == true)
  }

  @Test("Arithmetic without floating-point instructions is exact, functions nearly")
  func arithmetic() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "check.c")
    try Data(Self.check.utf8).write(to: source)
    let program = folder.appending(path: "check").path
    // __riscv_mul chooses between the two ways of dividing.
    for flags in [["-D__riscv_mul"], []] {
      try CoreHost.compile(
        flags + [
          "-std=gnu17", "-O1", "-w", "-ffp-contract=off", "-fno-builtin",
          "-I\(CoreHost.firmware.path)/hal", source.path, "-o", program, "-lm",
        ])
      let ending = try ChildProcess.run(program, [])
      #expect(ending.code == 0, "\(ending.output)")
    }
  }

  /// Compares softfloat.c and math.c with the host's arithmetic on random patterns, many of them near ties, powers of two
  /// and subnormal numbers.
  private static let check = """
    #include "softfloat.c"
    #undef NAN
    #define fmaf own_fmaf
    #define sqrtf own_sqrtf
    #define floorf own_floorf
    #define ceilf own_ceilf
    #define truncf own_truncf
    #define rintf own_rintf
    #define fmodf own_fmodf
    #define expf own_expf
    #define expm1f own_expm1f
    #define logf own_logf
    #define log1pf own_log1pf
    #define tanhf own_tanhf
    #define erff own_erff
    #define powf own_powf
    #define sinf own_sinf
    #define cosf own_cosf
    #define jammed own_jammed
    #define infinity own_infinity
    #include "math.c"
    #undef fmaf
    #undef sqrtf
    #undef floorf
    #undef ceilf
    #undef truncf
    #undef rintf
    #undef fmodf
    #include <stdio.h>
    float fmaf(float, float, float), sqrtf(float), floorf(float), ceilf(float), truncf(float);
    float rintf(float), fmodf(float, float);
    double exp(double), expm1(double), log(double), log1p(double), tanh(double), erf(double);
    double sin(double), cos(double), pow(double, double);

    static uint64_t state = 88172645463325252ull;
    static uint32_t next(void) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      return (uint32_t)(state >> 16);
    }
    static uint32_t number(void) {
      uint32_t r = next();
      switch (next() % 8) {
        case 0: return r;
        case 1: return (r & 0x807FFFFF) | (120 + next() % 16) << 23;
        case 2: return r & 0x807FFFFF;
        case 3: return (r & 0x80000000) | 0x7F800000;
        case 4: return (r & 0x80000007) | 0x3F800000;
        case 5: return (r & 0x807FFF00) | (100 + next() % 50) << 23;
        case 6: return r & 0x80000000;
        default: return (r & 0x807FFFFF) | (126 + next() % 3) << 23;
      }
    }
    static int failures;
    static void same(const char *name, uint32_t a, uint32_t b, uint32_t c, uint32_t got, uint32_t want) {
      if ((got & 0x7FFFFFFF) > 0x7F800000 && (want & 0x7FFFFFFF) > 0x7F800000) return;
      if (got != want && failures++ < 20) printf("%s %08x %08x %08x: %08x, not %08x\\n", name, a, b, c, got, want);
    }
    #define F float_of
    #define B bits_of
    #define NEAR(OWN, LOW, HIGH, WANT)                                              \\
      for (int index = 0; index < 100000; index += 1) {                             \\
        float x = (LOW) + (float)((double)(HIGH - (LOW)) * next() / 4294967296.0);  \\
        double want = WANT, error = ((double)OWN - want) / (want * 0x1p-23);        \\
        if (!(error < 2 && error > -2) && failures++ < 20) printf(#OWN " at %g: %g\\n", x, error); \\
      }
    int main(void) {
      for (long round = 0; round < 1000000; round += 1) {
        uint32_t a = number(), b = number(), c = number();
        volatile float x = F(a), y = F(b), z = F(c);
        same("add", a, b, 0, __addsf3(a, b), B(x + y));
        same("subtract", a, b, 0, __subsf3(a, b), B(x - y));
        same("multiply", a, b, 0, __mulsf3(a, b), B(x * y));
        same("divide", a, b, 0, __divsf3(a, b), B(x / y));
        same("less", a, b, 0, __ltsf2(a, b) < 0, x < y);
        same("less or equal", a, b, 0, __lesf2(a, b) <= 0, x <= y);
        same("greater", a, b, 0, __gtsf2(a, b) > 0, x > y);
        same("greater or equal", a, b, 0, __gesf2(a, b) >= 0, x >= y);
        same("equal", a, b, 0, __eqsf2(a, b) == 0, x == y);
        same("unordered", a, b, 0, __unordsf2(a, b) != 0, x != x || y != y);
        if (x > -2e9f && x < 2e9f) same("to int", a, 0, 0, __fixsfsi(a), (int32_t)x);
        if (x > -9e18f && x < 9e18f) same("to long", a, 0, 0, __fixsfdi(a) == (int64_t)x, 1);
        uint64_t wide = ((uint64_t)a << 32 | b) >> (c & 63);
        same("of int", a, 0, 0, __floatsisf(a), B((float)(int32_t)a));
        same("of unsigned", a, 0, 0, __floatunsisf(a), B((float)a));
        same("of long", a, b, c, __floatdisf(wide), B((float)(int64_t)wide));
        same("of unsigned long", a, b, c, __floatundisf(wide), B((float)wide));
        same("fma", a, b, c, B(own_fmaf(x, y, z)), B(fmaf(x, y, z)));
        same("sqrt", a, 0, 0, B(own_sqrtf(x)), B(sqrtf(x)));
        same("floor", a, 0, 0, B(own_floorf(x)), B(floorf(x)));
        same("ceil", a, 0, 0, B(own_ceilf(x)), B(ceilf(x)));
        same("trunc", a, 0, 0, B(own_truncf(x)), B(truncf(x)));
        same("rint", a, 0, 0, B(own_rintf(x)), B(rintf(x)));
        if (round % 16 == 0) same("fmod", a, b, 0, B(own_fmodf(x, y)), B(fmodf(x, y)));
      }
      NEAR(own_expf(x), -87.0f, 88.0f, exp(x))
      NEAR(own_expm1f(x), -2.0f, 80.0f, expm1(x))
      NEAR(own_expm1f(x), -0.01f, 0.01f, expm1(x))
      NEAR(own_logf(x), 1e-6f, 10.0f, log(x))
      NEAR(own_log1pf(x), -0.5f, 3.0f, log1p(x))
      NEAR(own_tanhf(x), -10.0f, 10.0f, tanh(x))
      NEAR(own_tanhf(x), -1.0f, 1.0f, tanh(x))
      NEAR(own_erff(x), -4.0f, 4.0f, erf(x))
      NEAR(own_sinf(x), -3.0f, 3.0f, sin(x))
      NEAR(own_cosf(x), -1.5f, 1.5f, cos(x))
      NEAR(own_powf(x, 3.0f), 0.1f, 9.0f, pow(x, 3))
      NEAR(own_powf(x, 0.5f), 0.1f, 9.0f, pow(x, 0.5))
      if (failures > 0) printf("%d differences\\n", failures);
      return failures != 0;
    }
    """
}
