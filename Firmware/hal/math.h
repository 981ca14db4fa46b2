/* Functions of binary32 numbers. Where nothing else is said the error is below two units in the
 * last place; overflow gives infinity, underflow subnormal numbers or zero. */
#ifndef MATH_H
#define MATH_H

/* Exact: correctly rounded. */
float sqrtf(float x);
/* Exact: a * b + c with one rounding. */
float fmaf(float a, float b, float c);
/* Exact: to integers downwards, upwards, to nearest even, towards zero. */
float floorf(float x);
float ceilf(float x);
float rintf(float x);
float truncf(float x);
/* Exact: the remainder with the sign of x. */
float fmodf(float x, float y);

float expf(float x);
float expm1f(float x);
float logf(float x);
float log1pf(float x);
float tanhf(float x);
float erff(float x);

/* Integer powers up to 64 and halves by products; otherwise the relative error is 2^-23 times
 * |y ln x|. */
float powf(float x, float y);

/* For |x| up to 8192. */
float sinf(float x);
float cosf(float x);

#endif
