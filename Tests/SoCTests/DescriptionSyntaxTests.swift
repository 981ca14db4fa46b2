import SoC
import Testing

struct SyntaxMistake: Sendable, CustomTestStringConvertible {
  let text: String
  let message: String

  init(_ text: String, _ message: String) {
    self.text = text
    self.message = message
  }

  var testDescription: String { message }
}

@Suite("Relaxed JSON")
struct DescriptionSyntaxTests {
  @Test("Each syntax mistake gives exactly one message at its place", arguments: mistakes)
  func reportsOnce(_ mistake: SyntaxMistake) {
    #expect(messages(mistake.text) == [mistake.message])
  }

  static let mistakes: [SyntaxMistake] = [
    SyntaxMistake(
      "",
      "t:1:1: error: the file is empty; expected an object in braces"),
    SyntaxMistake(
      "   # nothing\n",
      "t:1:1: error: the file is empty; expected an object in braces"),
    SyntaxMistake(
      "{",
      "t:1:1: error: '{' is never closed: the file ends at 1:2; expected '}'"),
    SyntaxMistake(
      "{\n  \"a\": {\n    \"b\": 1\n}\n",
      "t:2:8: error: '{' is never closed: the file ends at 5:1; expected a closing bracket"),
    SyntaxMistake(
      "{\n  \"a\": {\n    \"b\": 1\n  ,\n  \"c\": {\n  }\n}\n",
      "t:2:8: error: '{' is never closed: the file ends at 8:1; expected a closing bracket"),
    SyntaxMistake(
      "{\n  \"a\": {\n    \"b\": { \"c\": 1 } },\n  },\n  \"d\": 2\n}\n",
      "t:3:21: error: '}' is one too many: with it the outermost bracket is closed at 4:3"),
    SyntaxMistake(
      "{\n  \"a\": [1, 2\n}",
      "t:3:1: error: a: '}' cannot close the bracket opened at 2:8; expected ']'"),
    SyntaxMistake(
      "{\"a\": {]}",
      "t:1:8: error: a: ']' cannot close the bracket opened at 1:7; expected '}'"),
    SyntaxMistake(
      "{}}",
      "t:1:3: error: '}' closes nothing: every bracket before it is closed already"),
    SyntaxMistake(
      "{} x",
      "t:1:4: error: unexpected 'x' after the end of the document"),
    SyntaxMistake(
      "{\n  \"a\": 1\n  \"b\": 2\n}",
      "t:2:9: error: ',' is missing here, before the next key at 3:3"),
    SyntaxMistake(
      "[1 2]",
      "t:1:3: error: ',' is missing here, before the next element at 1:4"),
    SyntaxMistake(
      "{\"a\" 1}",
      "t:1:2: error: a: ':' is missing after the key"),
    SyntaxMistake(
      "{\"a\":}",
      "t:1:6: error: a: a value is missing before '}'"),
    SyntaxMistake(
      "{\"a\"}",
      "t:1:2: error: a: the key has no value"),
    SyntaxMistake(
      "{\"a\": 1,, \"b\": 2}",
      "t:1:9: error: a ',' without a value before it"),
    SyntaxMistake(
      "{,}",
      "t:1:2: error: a ',' without a value before it"),
    SyntaxMistake(
      "[1,,2]",
      "t:1:4: error: a ',' without a value before it"),
    SyntaxMistake(
      "{a: 1}",
      "t:1:2: error: the key is not in double quotes; expected \"a\""),
    SyntaxMistake(
      "{'a': 1}",
      "t:1:2: error: the key is not in double quotes; expected \"a\""),
    SyntaxMistake(
      "{\"a\": 'x'}",
      "t:1:7: error: a: text in single quotes; expected double quotes"),
    SyntaxMistake(
      "{\"a\": True}",
      "t:1:7: error: a: unknown word 'True'; did you mean 'true'?"),
    SyntaxMistake(
      "{\"a\": yes}",
      "t:1:7: error: a: unknown word 'yes'; expected a value; text needs double quotes"),
    SyntaxMistake(
      "{\"a\": NaN}",
      "t:1:7: error: a: unknown word 'NaN'; expected a value; text needs double quotes"),
    SyntaxMistake(
      "{\"a\": \"text\n}",
      "t:1:7: error: a: the text is not closed on its line; expected '\"'"),
    SyntaxMistake(
      "{\"a\": \"text",
      "t:1:7: error: a: the text is not closed on its line; expected '\"'"),
    SyntaxMistake(
      "{\"a: 1}",
      "t:1:2: error: the text is not closed on its line; expected '\"'"),
    SyntaxMistake(
      "{\"a\": \"x\ty\"}",
      "t:1:9: error: a: a control character (U+0009) in text; expected \\t"),
    SyntaxMistake(
      "{\"a\": \"C:\\dir\"}",
      "t:1:10: error: a: unknown escape '\\d' in text; expected \\\\ for a backslash, or one of \\\" \\/ \\b \\f \\n \\r \\t \\u"
    ),
    SyntaxMistake(
      "{\"a\": \"\\u12\"}",
      "t:1:8: error: a: '\\u' without four hexadecimal digits"),
    SyntaxMistake(
      "{\"a\": \"\\ud800\"}",
      "t:1:8: error: a: '\\uD800' is half of a surrogate pair"),
    SyntaxMistake(
      "{\"a\\u0000\": 1}",
      "t:1:2: error: U+0000 in a key"),
    SyntaxMistake(
      "/* x",
      "t:1:1: error: the comment is never closed; expected '*/'"),
    SyntaxMistake(
      "{\"a\": 1 /* x }",
      "t:1:9: error: the comment is never closed; expected '*/'"),
    SyntaxMistake(
      "{\"a\": 1, \"a\": 2}",
      "t:1:10: error: a: the key is given twice, first at 1:2"),
    SyntaxMistake(
      "{\"a\": 1, \"\\u0061\": 2}",
      "t:1:10: error: a: the key is given twice, first at 1:2"),
    SyntaxMistake(
      "{\"a\": 1e999}",
      "t:1:7: error: a: the number 1e999 is out of range; expected a number of magnitude 5e-324 to 1.797e308"
    ),
    SyntaxMistake(
      "{\"a\": 1e-999}",
      "t:1:7: error: a: the number 1e-999 is out of range; expected a number of magnitude 5e-324 to 1.797e308"
    ),
    SyntaxMistake(
      "{\"a\": 18446744073709551616}",
      "t:1:7: error: a: the number 18446744073709551616 is out of range; expected an integer from -9223372036854775808 to 18446744073709551615"
    ),
    SyntaxMistake(
      "{\"a\": -9223372036854775809}",
      "t:1:7: error: a: the number -9223372036854775809 is out of range; expected an integer from -9223372036854775808 to 18446744073709551615"
    ),
    SyntaxMistake(
      "{\"a\": 0x1FFFFFFFFFFFFFFFF}",
      "t:1:7: error: a: the number 0x1FFFFFFFFFFFFFFFF is out of range; expected an integer from -9223372036854775808 to 18446744073709551615"
    ),
    SyntaxMistake(
      "{\"a\": 0xG1}",
      "t:1:7: error: a: '0xG1' is no number; expected hexadecimal digits after 0x"),
    SyntaxMistake(
      "{\"a\": 0x}",
      "t:1:7: error: a: '0x' is no number; expected hexadecimal digits after 0x"),
    SyntaxMistake(
      "{\"a\": 01}",
      "t:1:7: error: a: '01' is no number; expected no leading zero; hexadecimal starts with 0x"),
    SyntaxMistake(
      "{\"a\": .5}",
      "t:1:7: error: a: '.5' is no number; expected a digit first"),
    SyntaxMistake(
      "{\"a\": 5.}",
      "t:1:7: error: a: '5.' is no number; expected a digit after the point"),
    SyntaxMistake(
      "{\"a\": +5}",
      "t:1:7: error: a: '+5' is no number; expected a digit first"),
    SyntaxMistake(
      "{\"a\": 1e}",
      "t:1:7: error: a: '1e' is no number; expected a digit in the exponent"),
    SyntaxMistake(
      "{\"a\": 100MHz}",
      "t:1:7: error: a: '100MHz' is no number; expected a plain number, or text in quotes"),
    SyntaxMistake(
      "{\"a\": 1_000}",
      "t:1:7: error: a: '1_000' is no number; expected a plain number, or text in quotes"),
    SyntaxMistake(
      "{\"a\": -}",
      "t:1:7: error: a: '-' is no number"),
    SyntaxMistake(
      "{\"a\": @}",
      "t:1:7: error: a: unexpected '@'; expected a value"),
    SyntaxMistake(
      "{\"a\": 1; \"b\": 2}",
      "t:1:8: error: unexpected ';'; expected ',' or '}'"),
    SyntaxMistake(
      "{: 1}",
      "t:1:2: error: a key is missing before ':'; expected a key in double quotes"),
    SyntaxMistake(
      "[1: 2]",
      "t:1:3: error: unexpected ':' in an array; expected ',' or ']'"),
    SyntaxMistake(
      "{\"a\" = 1}",
      "t:1:2: error: a: ':' is missing after the key"),
    SyntaxMistake(
      "{1: 2}",
      "t:1:2: error: the key is not in double quotes; expected \"1\""),
    SyntaxMistake(
      "{\"a\":: 1}",
      "t:1:6: error: a: a value is missing before ':'"),
    SyntaxMistake(
      "\u{0}",
      "t:1:1: error: unexpected 'U+0000'; expected a value"),
    SyntaxMistake(
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
      "t:1:65: error: [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested too deeply; expected at most 64 levels"
    ),
  ]

  @Test("Mistakes on several lines are reported together, in order")
  func reportsAllInOrder() {
    let text = """
      {
        "a": 01,
        b: 2,
        "c": 1e999,
        "d": 3
        "e": 'x',
        "a": 1
      }
      """
    #expect(
      messages(text).map { $0.prefix(6) } == [
        "t:2:8:", "t:3:3:", "t:4:8:", "t:5:9:", "t:6:8:", "t:7:3:",
      ])
  }

  @Test("Comments, trailing commas, hexadecimal, byte order marks and CR LF are accepted")
  func acceptsDialect() throws {
    let text =
      "\u{FEFF}{ # one\r\n  \"a\": [0x10, -0x10, 1.5e3,], // two\r\n /* three\r\n */ \"b\": {},\r\n}\r\n"
    let root = try JSONDocument(text: text, file: "t").root
    let elements = try #require(root["a"]?.elements)
    #expect(elements.map { JSONLiteral($0) } == [.integer(16), .integer(-16), .number(1500)])
    #expect(elements[1].position == SourcePosition(file: "t", line: 2, column: 15))
    #expect(elements[1].path == "a[1]")
    #expect(root["b"]?.position == SourcePosition(file: "t", line: 4, column: 10))
    #expect(root.position == SourcePosition(file: "t", line: 1, column: 1))
  }

  @Test("Numbers keep 64 bits, text keeps escapes and other scripts")
  func keepsValues() throws {
    let text = """
      [9223372036854775807, 9223372036854775808, 0xFFFFFFFFFFFFFFFF, -9223372036854775808,
       "a\\u0041\\ud83d\\ude00\\n\\u0000é", true, null]
      """
    let elements = try #require(try JSONDocument(text: text, file: "t").root.elements)
    #expect(
      elements.map { JSONLiteral($0) } == [
        .integer(9_223_372_036_854_775_807), .integer(9_223_372_036_854_775_808),
        .integer(18_446_744_073_709_551_615), .integer(-9_223_372_036_854_775_808),
        .string("aA😀\n\u{0}é"), .bool(true), .null,
      ])
  }

  @Test("Columns count characters, a tab is one")
  func countsColumns() {
    #expect(
      messages("{\t\"é😀\": 01}") == [
        "t:1:9: error: é😀: '01' is no number; expected no leading zero; "
          + "hexadecimal starts with 0x"
      ])
  }

  @Test(
    "Text of two or four bytes per character is named as what it is",
    arguments: [
      ([0xFF, 0xFE, 0x7B, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x7B], "UTF-16"),
      ([0x7B, 0, 0x7D, 0], "UTF-16"), ([0, 0x7B, 0, 0x7D], "UTF-16"),
      ([0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0], "UTF-32"),
    ] as [([UInt8], String)])
  func namesForeignEncodings(bytes: [UInt8], encoding: String) {
    do throws(ConfigErrors) {
      _ = try JSONDocument(bytes: bytes, file: "t")
      Issue.record("accepted")
    } catch {
      #expect(error.description == "t:1:1: error: the file is \(encoding) text; expected UTF-8")
    }
  }

  @Test("A byte that is not UTF-8 is reported where it stands")
  func reportsInvalidUTF8() {
    let bytes = Array("{\n  \"é\": \"".utf8) + [0xFF] + Array("\"}".utf8)
    #expect(throws: ConfigErrors.self) { try JSONDocument(bytes: bytes, file: "t") }
    do throws(ConfigErrors) {
      _ = try JSONDocument(bytes: bytes, file: "t")
    } catch {
      #expect(error.description == "t:2:9: error: the byte 0xFF is not UTF-8 text")
    }
  }

  @Test("A file above the size limit is refused with its size")
  func refusesLargeFiles() {
    do throws(ConfigErrors) {
      _ = try JSONDocument(text: "[1, 2]", file: "t", limits: JSONLimits(bytes: 5))
      Issue.record("accepted")
    } catch {
      #expect(error.description == "t: error: the file has 6 bytes; expected at most 5 bytes")
    }
  }

  @Test("A long file on one line is read in linear time")
  func readsLongLines() throws {
    let text = "[" + String(repeating: "{\"a\":[1,2]},", count: 10_000) + "]"
    #expect(try JSONDocument(text: text, file: "t").root.elements?.count == 10_000)
  }

  private func messages(_ text: String) -> [String] {
    do throws(ConfigErrors) {
      _ = try JSONDocument(text: text, file: "t")
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }
}
