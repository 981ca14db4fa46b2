import CJSONC

/// Parses strict JSON with json-c and joins the values with the positions of the outline.
struct JSONCTree {
  struct Refusal: Error {
    let reason: String
    /// Byte offset in the strict text.
    let offset: Int
  }

  /// Turns a byte offset of the original text into a position.
  let position: (Int) -> SourcePosition

  func read(
    _ strict: [UInt8], outline: ScannedNode, depth: Int
  ) -> Result<JSONNode, Refusal> {
    guard let tokener = json_tokener_new_ex(Int32(depth + 2)) else {
      return .failure(Refusal(reason: "out of memory", offset: 0))
    }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    // A number at the outermost level ends only at the terminating zero.
    let object = (strict + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        json_tokener_parse_ex(tokener, text.baseAddress, Int32(text.count))
      }
    }
    defer { json_object_put(object) }
    let status = json_tokener_get_error(tokener)
    guard status == json_tokener_success else {
      return .failure(
        Refusal(
          reason: String(cString: json_tokener_error_desc(status)),
          offset: Int(json_tokener_get_parse_end(tokener))))
    }
    return .success(node(object, outline, path: ""))
  }

  private func node(_ object: OpaquePointer?, _ outline: ScannedNode, path: String) -> JSONNode {
    JSONNode(
      value: value(object, outline, path: path), position: position(outline.offset), path: path)
  }

  private func value(
    _ object: OpaquePointer?, _ outline: ScannedNode, path: String
  ) -> JSONValue {
    switch outline.content {
    case .malformed:
      return .malformed
    case .array(let elements):
      return .array(
        elements.enumerated().map { index, element in
          node(json_object_array_get_idx(object, index), element, path: "\(path)[\(index)]")
        })
    case .object(let members):
      return .object(
        members.map { member in
          var value: OpaquePointer?
          _ = json_object_object_get_ex(object, member.key, &value)
          let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
          return JSONMember(
            key: member.key, keyPosition: position(member.offset),
            node: node(value, member.node, path: memberPath))
        })
    case .scalar:
      return scalar(object)
    }
  }

  private func scalar(_ object: OpaquePointer?) -> JSONValue {
    switch json_object_get_type(object) {
    case json_type_boolean:
      return .bool(json_object_get_boolean(object) != 0)
    case json_type_double:
      return .double(json_object_get_double(object))
    case json_type_int:
      let signed = json_object_get_int64(object)
      // json-c saturates: only the unsigned reading tells the two cases apart.
      let unsigned = json_object_get_uint64(object)
      return signed == .max && unsigned > UInt64(Int64.max) ? .uint64(unsigned) : .int64(signed)
    case json_type_string:
      let length = Int(json_object_get_string_len(object))
      guard let text = json_object_get_string(object) else { return .string("") }
      return text.withMemoryRebound(to: UInt8.self, capacity: length) { start in
        .string(String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self))
      }
    default:
      return .null
    }
  }
}
