internal import Foundation

/// The exponentials of QLinearSoftmax, scaled so that sums stay far below the greatest binary32; the last belongs to the
/// greatest byte of a row (as the reference's `QLinearTable.exponentials`).
enum QuantisedExponentials {
  static func values(scale: Float, side: Int) -> [Float] {
    // The logarithm is a binary32 one, the rest binary64.
    let room = Double(log(Float.greatestFiniteMagnitude / Float(side)))
    let shift = max(0, room - 5) / Double(scale)
    return (0..<256).map { index in
      Float(exp((Double(index) - 255 + shift) * Double(scale)))
    }
  }
}
