/// A study's result as one HTML file that needs no network and no other file.
///
/// The page is `page.html` with the style sheet, the script and the data put in. The scripts
/// in `Resources` are concatenated into one function in the order of `scripts`.
public enum ExplorationPage {
  /// The page.
  ///
  /// - Parameters:
  ///   - result: the study's result.
  ///   - version: of the tool, as the page states it.
  ///   - overrides: what `--set` takes to run a design, texts `path=value`, in the same order
  ///     for all designs; nil takes the parameters by their names.
  public static func html(
    _ result: ExplorationResult, version: String = "",
    overrides: ((ReportedDesign) -> [String])? = nil
  ) -> String {
    let data = PageData(
      result: result, version: version,
      overrides: overrides ?? { design in
        zip(result.parameters, design.values).map { "\($0.name)=\($1)" }
      })
    var page = ""
    let parts = text(PackageResources.page_html).split(
      separator: "@@", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      guard !index.isMultiple(of: 2) else {
        page += part
        continue
      }
      switch part {
      case "TITLE": page += escaped(result.name)
      case "STYLE": page += text(PackageResources.page_css)
      case "DATA": page += data.json()
      case "SCRIPT": page += script
      default: page += "@@\(part)@@"
      }
    }
    return page
  }

  /// One strict function of all scripts, so that nothing of them is global.
  private static var script: String {
    let scripts = [
      PackageResources.dom_js, PackageResources.format_js, PackageResources.data_js,
      PackageResources.expression_js, PackageResources.state_js, PackageResources.colour_js,
      PackageResources.axis_js, PackageResources.widgets_js, PackageResources.slider_js,
      PackageResources.scatter_js, PackageResources.parallel_js, PackageResources.heatmap_js,
      PackageResources.filters_js, PackageResources.table_js, PackageResources.pins_js,
      PackageResources.summary_js, PackageResources.main_js,
    ]
    return "(() => {\n\"use strict\";\n" + scripts.map(text).joined(separator: "\n") + "})();\n"
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// By scalars: a combining mark after a bracket would hide it from a comparison of characters.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
