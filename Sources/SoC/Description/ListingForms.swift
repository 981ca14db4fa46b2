/// Forms of the original's listings that differ from ours.
struct ListingForms {
  let collector: DiagnosticCollector

  /// The root in our form.
  func normalised(_ root: JSONNode) -> JSONNode {
    withWholeAddresses(withOwnedSubmodules(root))
  }

  /// Listing 4.3 prints a memory at 0xB000000 and a file in it at 0xB0000000: a memory's address
  /// with one hexadecimal digit too few is completed, if a file starts at the completed address
  /// and that is outside the memory as printed.
  private func withWholeAddresses(_ root: JSONNode) -> JSONNode {
    guard let section = root["memories"], let memories = section.members,
      let files = root["files"]?.members
    else { return root }
    let completed = memories.map { memory in
      guard let address = memory.node["module_address"], let printed = address.integer,
        printed >= 0x100_0000, printed < 0x1000_0000,
        let length = memory.node["length"]?.integer, length < printed * 15,
        let file = files.first(where: { file in
          file.node["memory"]?.text == memory.key && file.node["address"]?.integer == printed * 16
        })
      else { return memory }
      collector.warning(
        at: address.position, address.path,
        "found \(UInt64(printed).hexadecimal), a digit short of where \(file.node.path) starts; "
          + "taken as \(UInt64(printed * 16).hexadecimal)")
      let whole = JSONNode(
        value: .int64(Int64(printed * 16)), position: address.position, path: address.path)
      return JSONMember(
        key: memory.key, keyPosition: memory.keyPosition,
        node: memory.node.replacing("module_address", with: whole))
    }
    return root.replacing("memories", with: section.replacingMembers(completed))
  }

  /// In Listing 4.2 `submodules` stands beside the accelerator instance instead of inside it: it
  /// is moved into the only accelerator there is.
  private func withOwnedSubmodules(_ root: JSONNode) -> JSONNode {
    guard let section = root["accelerators"], let members = section.members,
      let stray = members.first(where: { $0.key == "submodules" }),
      stray.node.members != nil, stray.node["accelerator"] == nil
    else { return root }
    let instances = members.filter { $0.key != "submodules" }
    guard instances.count == 1, let owner = instances.first, let inner = owner.node.members,
      owner.node["submodules"] == nil
    else {
      collector.error(
        at: stray.keyPosition, stray.node.path,
        "stands beside \(instances.count) accelerators, so it is not clear whose it is",
        expected: "submodules inside an accelerator")
      return root.replacing("accelerators", with: section.replacingMembers(instances))
    }
    collector.warning(
      at: stray.keyPosition, stray.node.path,
      "stands beside the accelerator; taken as \(owner.node.path).submodules")
    let moved = JSONMember(
      key: stray.key, keyPosition: stray.keyPosition,
      node: stray.node.relocated(to: owner.node.path(of: "submodules")))
    let extended = JSONMember(
      key: owner.key, keyPosition: owner.keyPosition,
      node: owner.node.replacingMembers(inner + [moved]))
    return root.replacing("accelerators", with: section.replacingMembers([extended]))
  }
}

extension JSONNode {
  /// The same object with other members.
  func replacingMembers(_ members: [JSONMember]) -> JSONNode {
    JSONNode(value: .object(members), position: position, path: path)
  }

  /// The same object with another value for a key it has.
  func replacing(_ key: String, with node: JSONNode) -> JSONNode {
    replacingMembers(
      (members ?? []).map {
        $0.key == key ? JSONMember(key: key, keyPosition: $0.keyPosition, node: node) : $0
      })
  }

  /// The same value under another path.
  func relocated(to path: String) -> JSONNode {
    switch value {
    case .object(let members):
      let moved = members.map { member in
        JSONMember(
          key: member.key, keyPosition: member.keyPosition,
          node: member.node.relocated(to: "\(path).\(member.key)"))
      }
      return JSONNode(value: .object(moved), position: position, path: path)
    case .array(let elements):
      let moved = elements.enumerated().map { $1.relocated(to: "\(path)[\($0)]") }
      return JSONNode(value: .array(moved), position: position, path: path)
    default:
      return JSONNode(value: value, position: position, path: path)
    }
  }
}
