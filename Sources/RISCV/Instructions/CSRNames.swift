/// The name of CSR `number` as Spike prints it, `unknown_5c0` for a number without a register.
///
/// Covers the registers of the ratified specifications, also those no hart of this library has.
public func csrName(_ number: UInt16) -> String {
  CSRNames.table[Int(number & 0xfff)]
}

/// The names of all CSR numbers.
private enum CSRNames {
  /// By number, 4096 entries.
  static let table: [String] = {
    var names = (0..<4096).map { "unknown_" + hexadecimal($0, digits: 3).dropFirst(2) }
    for (first, list) in runs {
      for (offset, name) in list.split(separator: " ").enumerated() where name != "-" {
        names[first + offset] = String(name)
      }
    }
    for (first, indices, prefix, suffix) in series {
      for index in indices {
        names[first + index - indices.lowerBound] = prefix + "\(index)" + suffix
      }
    }
    return names
  }()

  /// Names of consecutive numbers from a first one on; `-` stands for a gap.
  private static let runs: [(Int, String)] = [
    // Unprivileged.
    (0x001, "fflags frm fcsr"), (0x008, "vstart vxsat vxrm"), (0x00f, "vcsr"), (0x011, "ssp"),
    (0x015, "seed"), (0x017, "jvt"), (0xc00, "cycle time instret"), (0xc20, "vl vtype vlenb"),
    (0xc80, "cycleh timeh instreth"),
    // Supervisor mode.
    (0x100, "sstatus - sedeleg sideleg sie stvec scounteren"), (0x10a, "senvcfg"),
    (0x120, "scountinhibit"), (0x140, "sscratch sepc scause stval sip"),
    (0x14d, "stimecmp sctrctl sctrstatus siselect sireg sireg2 sireg3 - sireg4 sireg5 sireg6"),
    (0x15c, "stopei stimecmph - sctrdepth"), (0x180, "satp srmcfg"), (0x114, "sieh"),
    (0x154, "siph"), (0x5a8, "scontext"), (0xda0, "scountovf"), (0xdb0, "stopi"),
    // Hypervisor and its guests.
    (0x200, "vsstatus - - - vsie vstvec"), (0x214, "vsieh"),
    (0x240, "vsscratch vsepc vscause vstval vsip"), (0x24d, "vstimecmp vsctrctl"),
    (0x250, "vsiselect vsireg vsireg2 vsireg3 vsiph vsireg4 vsireg5 vsireg6"),
    (0x25c, "vstopei vstimecmph"), (0x280, "vsatp"),
    (0x600, "hstatus - hedeleg hideleg hie htimedelta hcounteren hgeie hvien hvictl henvcfg"),
    (0x612, "hedelegh hidelegh - htimedeltah - - hvienh - henvcfgh"),
    (0x643, "htval hip hvip hviprio1 hviprio2 - - htinst"), (0x655, "hviph hviprio1h hviprio2h"),
    (0x680, "hgatp"), (0x6a8, "hcontext"), (0xe12, "hgeip"), (0xeb0, "vstopi"),
    // Machine mode.
    (0x300, "mstatus misa medeleg mideleg mie mtvec mcounteren - mvien mvip menvcfg"),
    (0x310, "mstatush - medelegh midelegh mieh - - - mvienh mviph menvcfgh"),
    (0x320, "mcountinhibit mcyclecfg minstretcfg"),
    (0x340, "mscratch mepc mcause mtval mip"), (0x34a, "mtinst mtval2 - - mctrctl"),
    (0x350, "miselect mireg mireg2 mireg3 miph mireg4 mireg5 mireg6"), (0x35c, "mtopei"),
    (0x721, "mcyclecfgh minstretcfgh"), (0x740, "mnscratch mnepc mncause - mnstatus"),
    (0x747, "mseccfg"), (0x757, "mseccfgh"),
    (0x7a0, "tselect tdata1 tdata2 tdata3 tinfo tcontrol"), (0x7a8, "mcontext - mscontext"),
    (0x7b0, "dcsr dpc dscratch0 dscratch1"), (0xb00, "mcycle - minstret"),
    (0xb80, "mcycleh - minstreth"),
    (0xf11, "mvendorid marchid mimpid mhartid mconfigptr"), (0xfb0, "mtopi"),
  ]

  /// Numbered names: the first CSR, the indices, and what stands around the index.
  private static let series: [(Int, Range<Int>, String, String)] = [
    (0xc03, 3..<32, "hpmcounter", ""), (0xc83, 3..<32, "hpmcounter", "h"),
    (0xb03, 3..<32, "mhpmcounter", ""), (0xb83, 3..<32, "mhpmcounter", "h"),
    (0x323, 3..<32, "mhpmevent", ""), (0x723, 3..<32, "mhpmevent", "h"),
    (0x3a0, 0..<16, "pmpcfg", ""), (0x3b0, 0..<64, "pmpaddr", ""),
    (0x10c, 0..<4, "sstateen", ""), (0x60c, 0..<4, "hstateen", ""),
    (0x61c, 0..<4, "hstateen", "h"), (0x30c, 0..<4, "mstateen", ""),
    (0x31c, 0..<4, "mstateen", "h"),
  ]
}
