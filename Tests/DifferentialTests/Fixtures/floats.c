// Numerical methods in both precisions, conversions, flags and rounding modes.
#include "support.h"

enum { N = 10, POINTS = 32 };

static double sine(double x) {
  double term = x, sum = x;
  for (int n = 1; n < 14; n++) {
    term *= -x * x / ((2 * n) * (2 * n + 1));
    sum += term;
  }
  return sum;
}

// Solves a random system by elimination with pivots; answers the largest residual.
static double solve(void) {
  static double a[N][N + 1], copy[N][N + 1], x[N];
  uint32_t seed = 99;
  for (int i = 0; i < N; i++)
    for (int j = 0; j <= N; j++) copy[i][j] = a[i][j] = ((int)(next_random(&seed) % 2001) - 1000) / 64.0;
  for (int k = 0; k < N; k++) {
    int pivot = k;
    for (int i = k; i < N; i++)
      if (__builtin_fabs(a[i][k]) > __builtin_fabs(a[pivot][k])) pivot = i;
    for (int j = 0; j <= N; j++) {
      double t = a[k][j];
      a[k][j] = a[pivot][j];
      a[pivot][j] = t;
    }
    for (int i = k + 1; i < N; i++) {
      double factor = a[i][k] / a[k][k];
      for (int j = k; j <= N; j++) a[i][j] -= factor * a[k][j];
    }
  }
  for (int i = N - 1; i >= 0; i--) {
    double sum = a[i][N];
    for (int j = i + 1; j < N; j++) sum -= a[i][j] * x[j];
    x[i] = sum / a[i][i];
    print_double("solution", x[i]);
  }
  double worst = 0;
  for (int i = 0; i < N; i++) {
    double sum = -copy[i][N];
    for (int j = 0; j < N; j++) sum = fused(copy[i][j], x[j], sum);
    if (__builtin_fabs(sum) > worst) worst = __builtin_fabs(sum);
  }
  return worst;
}

static float re[POINTS], im[POINTS];

static void transform(int count, int step, float *r, float *i) {
  if (count == 1) return;
  transform(count / 2, step * 2, r, i);
  transform(count / 2, step * 2, r + step, i + step);
  float er[POINTS], ei[POINTS];
  for (int k = 0; k < count / 2; k++) {
    double angle = -6.283185307179586 * k / count;
    float c = (float)sine(angle + 1.5707963267948966), s = (float)sine(angle);
    float or = r[(2 * k + 1) * step], oi = i[(2 * k + 1) * step];
    float tr = c * or - s * oi, ti = c * oi + s * or;
    er[k] = r[2 * k * step] + tr;
    ei[k] = i[2 * k * step] + ti;
    er[k + count / 2] = r[2 * k * step] - tr;
    ei[k + count / 2] = i[2 * k * step] - ti;
  }
  for (int k = 0; k < count; k++) {
    r[k * step] = er[k];
    i[k * step] = ei[k];
  }
}

static unsigned mandelbrot(void) {
  unsigned sum = 0;
  for (int row = 0; row < 10; row++)
    for (int column = 0; column < 14; column++) {
      float x = 0, y = 0, cx = column / 5.0f - 2, cy = row / 4.5f - 1.1f;
      int n = 0;
      while (n < 40 && x * x + y * y < 4) {
        float next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
        n++;
      }
      sum = sum * 33 + n;
    }
  return sum;
}

static volatile double doubles[] = {0.0, -0.0, 1.0, -1.5, 1e308, -1e308, 5e-324, 2.2250738585072014e-308,
                                    2147483647.5, -2147483648.9, 4294967295.5, 1e10, 0.1, 1.0 / 3};
static volatile float floats[] = {0.0f, -0.0f, 1e-45f, 3.4028235e38f, 0.1f, -16777217.0f, 1.17549435e-38f};

void program(void) {
  print_double("residual", solve());
  for (int k = 0; k < POINTS; k++) {
    re[k] = (float)sine(k * 0.7) + k % 3;
    im[k] = k & 4 ? 0.25f : -1;
  }
  transform(POINTS, 1, re, im);
  for (int k = 0; k < POINTS; k++) {
    print_float("re", re[k]);
    print_float("im", im[k]);
  }
  print_unsigned("mandelbrot", mandelbrot());
  double guess = 1;
  for (int k = 0; k < 8; k++) guess = 0.5 * (guess + 2 / guess);
  print_double("newton", guess);
  print_double("root", square_root(2.0) - guess);
  take_flags();
  for (unsigned mode = 0; mode < 5; mode++) {
    set_rounding(mode);
    for (unsigned i = 0; i < sizeof doubles / sizeof *doubles; i++) {
      double a = doubles[i], b = doubles[(i + 3) % (sizeof doubles / sizeof *doubles)];
      print_double("sum", a + b);
      print_double("product", a * b);
      print_double("quotient", a / b);
      print_double("root", square_root(a));
      print_float("narrow", (float)a);
      long word;
      __asm__ volatile("fcvt.w.d %0, %1" : "=r"(word) : "f"(a));
      print_unsigned("word", (uint64_t)(int64_t)word);
      __asm__ volatile("fcvt.wu.d %0, %1" : "=r"(word) : "f"(a));
      print_unsigned("unsigned word", (uint64_t)(int64_t)word);
      print_unsigned("flags", take_flags());
    }
    for (unsigned i = 0; i < sizeof floats / sizeof *floats; i++) {
      float a = floats[i], b = floats[(i + 2) % (sizeof floats / sizeof *floats)];
      print_float("sum", a + b);
      print_float("product", a * b);
      print_float("fused", fused_single(a, b, a));
      print_double("wide", a);
      print_unsigned("flags", take_flags());
    }
  }
  set_rounding(0);
}
