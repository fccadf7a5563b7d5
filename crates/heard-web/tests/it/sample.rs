use heard_web::chart::{BarRow, RankedBars};

pub(crate) fn row(label: &str, value: u64) -> BarRow {
    BarRow { label: label.to_owned(), detail: None, value, value_text: value.to_string() }
}

pub(crate) fn ranking(rows: Vec<BarRow>) -> RankedBars {
    RankedBars { title: "Top artists".to_owned(), subtitle: "2024".to_owned(), rows, footer: "9120 plays".to_owned() }
}

/// Names that break out of documents, turn lines around or say nothing.
pub(crate) fn hostile() -> Vec<String> {
    let heap = format!("Z{}", "\u{33f}\u{316}".repeat(40));
    let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦".repeat(30);
    [
        "",
        "   ",
        "    leading spaces",
        "\0",
        "a\u{fffe}b\u{ffff}c",
        "\u{1b}]52;c;aGk=\u{7}\u{9b}31m",
        "\u{202e}desrever\u{2066}",
        "<script>alert(1)</script>",
        "</text></svg><svg onload=\"alert(1)\">",
        "\" onmouseover=\"alert(1)",
        "' xlink:href='javascript:alert(1)",
        "]]><!-- &lt;&#0; -->",
        "&unknown;",
        "宇多田ヒカル 椎名林檎",
        "방탄소년단",
        "عمرو دياب (Amr Diab)",
        "עידן רייכל!",
        "𠮷 \u{10ffff} \u{e000}",
        heap.as_str(),
        family.as_str(),
        "W".repeat(200).as_str(),
        "long ".repeat(2000).as_str(),
    ]
    .map(str::to_owned)
    .into()
}
