#include "console.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "htif.h"
#include "mmio.h"
#include "soc.h"
#ifdef HAL_UART16550_BASE
#include "uart_registers.h"
#endif

void console_put(char character) {
#ifdef HAL_UART16550_BASE
  while ((mmio_read8(HAL_UART16550_BASE + UART_LSR) & UART_LSR_THRE) == 0) {
  }
  mmio_write8(HAL_UART16550_BASE + UART_DATA, (uint8_t)character);
#else
  htif_send(1, 1, (uint8_t)character);
#endif
}

int putchar(int character) {
  console_put((char)character);
  return (unsigned char)character;
}

void console_write(const char *text) {
  while (*text != 0) console_put(*text++);
}

struct field {
  bool is_left;
  bool is_zero_padded;
  int width;
};

static void pad(int count, char character) {
  while (count-- > 0) console_put(character);
}

static void put_text(const char *text, int length, struct field field) {
  if (!field.is_left) pad(field.width - length, ' ');
  for (int index = 0; index < length; index += 1) console_put(text[index]);
  if (field.is_left) pad(field.width - length, ' ');
}

static void put_number(
    uint64_t value, bool is_negative, unsigned base, bool is_upper, struct field field) {
  const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
  char text[21];
  int start = (int)sizeof text;
  /* 64-bit division is a loop in software: leave it as soon as the rest fits in a word. */
  while (value >> 32 != 0) {
    text[--start] = digits[value % base];
    value /= base;
  }
  uint32_t rest = (uint32_t)value;
  do {
    text[--start] = digits[rest % base];
    rest /= base;
  } while (rest != 0);
  int length = (int)sizeof text - start;
  if (field.is_zero_padded && !field.is_left) {
    if (is_negative) console_put('-');
    pad(field.width - length - is_negative, '0');
    field.width = 0;
  } else if (is_negative) {
    text[--start] = '-';
    length += 1;
  }
  put_text(text + start, length, field);
}

/* How many times `l` stands for 64 bits. */
enum { WIDE_LONGS = sizeof(long) == 8 ? 1 : 2 };

static uint64_t next_unsigned(va_list *arguments, int longs) {
  return longs >= WIDE_LONGS ? va_arg(*arguments, unsigned long long) : va_arg(*arguments, unsigned);
}

static int64_t next_signed(va_list *arguments, int longs) {
  return longs >= WIDE_LONGS ? va_arg(*arguments, long long) : va_arg(*arguments, int);
}

/* Prints one conversion; `format` points behind the percent sign. Returns where the text goes on.
 */
static const char *put_conversion(const char *format, va_list *arguments) {
  struct field field = {false, false, 0};
  for (;; format += 1) {
    if (*format == '-') {
      field.is_left = true;
    } else if (*format == '0') {
      field.is_zero_padded = true;
    } else {
      break;
    }
  }
  if (*format == '*') {
    field.width = va_arg(*arguments, int);
    format += 1;
  }
  while (*format >= '0' && *format <= '9') field.width = 10 * field.width + (*format++ - '0');
  int longs = 0;
  while (*format == 'l') {
    longs += 1;
    format += 1;
  }
  switch (*format) {
    case 'd':
    case 'i': {
      int64_t value = next_signed(arguments, longs);
      put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0, 10, false, field);
      break;
    }
    case 'u': put_number(next_unsigned(arguments, longs), false, 10, false, field); break;
    case 'x':
    case 'X': put_number(next_unsigned(arguments, longs), false, 16, *format == 'X', field); break;
    case 'p':
      console_write("0x");
      field.is_zero_padded = true;
      field.width = 2 * sizeof(void *);
      put_number((uintptr_t)va_arg(*arguments, void *), false, 16, false, field);
      break;
    case 'c': {
      char character = (char)va_arg(*arguments, int);
      put_text(&character, 1, field);
      break;
    }
    case 's': {
      const char *text = va_arg(*arguments, const char *);
      int length = 0;
      while (text[length] != 0) length += 1;
      put_text(text, length, field);
      break;
    }
    case 0: return format;
    default: console_put(*format); break;
  }
  return format + 1;
}

void print(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  while (*format != 0) {
    if (*format == '%') {
      format = put_conversion(format + 1, &arguments);
    } else {
      console_put(*format++);
    }
  }
  va_end(arguments);
}
