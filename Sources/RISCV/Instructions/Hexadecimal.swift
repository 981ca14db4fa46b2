/// `value` in lower-case hexadecimal with prefix, padded with zeros to `digits`.
func hexadecimal(_ value: some BinaryInteger, digits: Int = 0) -> String {
  let text = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
}
