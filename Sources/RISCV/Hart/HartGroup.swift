/// Harts that share memory: a store of one ends the reservations of the others.
///
/// Pages that were ever reserved are marked in all harts, so that ordinary stores elsewhere cost
/// nothing more.
public final class HartGroup {
  private var members: [Unmanaged<Hart>] = []

  /// An empty group.
  public init() {}

  /// Adds a hart. It must live as long as any hart of the group runs: the group does not keep it.
  public func add(_ hart: Hart) {
    members.append(Unmanaged.passUnretained(hart))
    hart.peers = self
  }

  /// Makes the other harts look out for stores to what `hart` has reserved.
  func watchReservation(of hart: Hart, at address: UInt64, bytes: Int) {
    for member in members {
      let other = member.takeUnretainedValue()
      if other !== hart { other.markPage(of: address) }
    }
  }

  /// Ends the reservations of the other harts that a store of `hart` touches.
  func stored(by hart: Hart, at address: UInt64, bytes: Int) {
    for member in members {
      let other = member.takeUnretainedValue()
      guard other !== hart, let reservation = other.state.pointee.reservation,
        address < reservation.address &+ UInt64(reservation.bytes),
        reservation.address < address &+ UInt64(bytes)
      else { continue }
      other.state.pointee.reservation = nil
    }
  }
}
