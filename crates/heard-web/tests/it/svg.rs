use heard_web::chart::{BarRow, RankedBars, Size, Svg, Theme, ranked_bars};
use roxmltree::{Document, Node};

use crate::sample::{hostile, ranking, row};

const WIDTHS: [u32; 4] = [200, 480, 1000, 2400];

fn draw(bars: &RankedBars, width: u32, height: Option<u32>) -> Svg {
    let size = Size::new(width, height).expect("within the limits");
    ranked_bars(bars, &size, Theme::Light)
}

pub(crate) fn named<'a>(document: &'a Document<'a>, name: &'a str) -> Vec<Node<'a, 'a>> {
    let is = move |node: &Node<'_, '_>| node.tag_name().name() == name;
    document.descendants().filter(is).collect()
}

/// Everything that is written on the picture.
pub(crate) fn words(document: &Document<'_>) -> String {
    let texts = named(document, "text");
    let texts: Vec<&str> = texts.iter().filter_map(Node::text).collect();
    texts.join("\n")
}

pub(crate) fn number(node: Node<'_, '_>, attribute: &str) -> f64 {
    let value = node.attribute(attribute).expect("an attribute");
    value.parse().expect("a number")
}

#[test]
fn hostile_names_stay_text() {
    let rows = hostile().into_iter().map(|name| BarRow {
        detail: Some(name.clone()),
        value_text: name.clone(),
        ..row(&name, 7)
    });
    let rows = ranking(rows.collect());
    let heads = hostile().into_iter().map(|name| RankedBars {
        title: name.clone(),
        subtitle: name.clone(),
        rows: Vec::new(),
        footer: name,
    });
    let all: Vec<RankedBars> = heads.chain([rows]).collect();
    for theme in [Theme::Light, Theme::Dark] {
        for width in WIDTHS {
            for bars in &all {
                let svg = ranked_bars(bars, &Size::new(width, None).expect("a size"), theme);
                inspect(&Document::parse(svg.as_str()).expect("well-formed"));
            }
        }
    }
}

/// Only the elements and attributes of our own, and no character that acts.
pub(crate) fn inspect(document: &Document<'_>) {
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let known = ["svg", "g", "title", "desc", "rect", "text", "path", "circle"];
        assert!(known.contains(&name), "<{name}>");
        for attribute in node.attributes() {
            let name = attribute.name();
            let known = [
                "xmlns",
                "width",
                "height",
                "viewBox",
                "role",
                "aria-labelledby",
                "direction",
                "space",
                "font-family",
                "font-weight",
                "font-size",
                "id",
                "x",
                "y",
                "rx",
                "cx",
                "cy",
                "r",
                "d",
                "fill",
                "stroke",
                "stroke-width",
                "stroke-linejoin",
                "stroke-dasharray",
                "text-anchor",
                "textLength",
                "lengthAdjust",
            ];
            assert!(known.contains(&name), "{name}=");
        }
    }
    for text in document.descendants().filter_map(|node| node.text()) {
        let acts = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}')
        };
        assert!(!text.contains(acts), "{text:?}");
    }
}

#[test]
fn those_who_do_not_see_it_are_told() {
    let rows = ["Low", "Can", "Neu!", "Faust", "Cluster", "Harmonia", "<La Düsseldorf>"];
    let mut rows: Vec<BarRow> = rows.iter().map(|name| row(name, 10)).collect();
    rows[0].detail = Some("Duluth".to_owned());
    let svg = draw(&ranking(rows), 1000, None);
    let document = Document::parse(svg.as_str()).expect("well-formed");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let labels = root.attribute("aria-labelledby").expect("labels");
    let told: Vec<&str> = labels
        .split(' ')
        .map(|id| {
            let is = |node: &Node<'_, '_>| node.attribute("id") == Some(id);
            let node = document.descendants().find(is).expect("the label");
            node.text().expect("words")
        })
        .collect();
    assert_eq!(
        told,
        [
            "Top artists",
            "2024. 9120 plays. 1. Low – Duluth: 10. 2. Can: 10. 3. Neu!: 10. 4. Faust: 10. \
             5. Cluster: 10. And 2 more",
        ]
    );
    let tip = "7. <La Düsseldorf>: 10";
    assert!(named(&document, "title").iter().any(|title| title.text() == Some(tip)));
}

#[test]
fn two_pictures_on_one_page_share_no_id() {
    let ids = |svg: &Svg| {
        let document = Document::parse(svg.as_str()).expect("well-formed");
        let ids = document.descendants().filter_map(|node| node.attribute("id"));
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    let one = draw(&ranking(vec![row("Low", 10)]), 1000, None);
    let other = draw(&ranking(vec![row("Low", 11)]), 1000, None);
    assert_eq!(ids(&one).len(), 2);
    assert!(ids(&one).iter().all(|id| !ids(&other).contains(id)));
}

#[test]
fn bars_begin_at_zero_and_are_as_long_as_their_values() {
    for width in WIDTHS {
        let values = [1000_u32, 750, 500, 250];
        let rows = values.iter().map(|&value| row("x", value.into())).collect();
        let svg = draw(&ranking(rows), width, None);
        let document = Document::parse(svg.as_str()).expect("well-formed");
        let rectangles = named(&document, "rect");
        // The ground, then a lane and a bar for each row.
        assert_eq!(rectangles.len(), 1 + 2 * values.len());
        let lanes = rectangles[1..].iter().step_by(2);
        let bars = rectangles[2..].iter().step_by(2);
        for ((lane, bar), value) in lanes.zip(bars).zip(values) {
            assert!((number(*lane, "x") - number(*bar, "x")).abs() < 1e-9);
            let part = number(*bar, "width") / number(*lane, "width");
            assert!((part - f64::from(value) / 1000.0).abs() < 0.002, "{width}: {part}");
        }
    }
}

#[test]
fn nothing_has_no_bar_and_one_in_a_billion_is_seen() {
    let rows = vec![row("a", 1_000_000_000_000), row("b", 1), row("c", 0)];
    let svg = draw(&ranking(rows), 1000, None);
    let document = Document::parse(svg.as_str()).expect("well-formed");
    assert_eq!(named(&document, "rect").len(), 1 + 2 + 2 + 1);
    for text in ["1000000000000", "1", "0"] {
        assert!(words(&document).lines().any(|word| word == text), "{text}");
    }
    let zeros = draw(&ranking(vec![row("a", 0), row("b", 0)]), 1000, None);
    let document = Document::parse(zeros.as_str()).expect("well-formed");
    assert_eq!(named(&document, "rect").len(), 1 + 2);
}

#[test]
fn a_picture_of_nothing_says_so() {
    for height in [None, Some(400)] {
        let svg = draw(&ranking(Vec::new()), 480, height);
        let document = Document::parse(svg.as_str()).expect("well-formed");
        assert!(words(&document).contains("Nothing was counted here."));
        let description = named(&document, "desc")[0].text().expect("words");
        assert!(description.contains("Nothing was counted here."));
    }
    let svg = draw(&RankedBars::default(), 480, None);
    let document = Document::parse(svg.as_str()).expect("well-formed");
    assert_eq!(named(&document, "title")[0].text(), Some("Ranking"));
    assert!(svg.height() > 0);
}

#[test]
fn all_rows_are_drawn_or_the_rest_is_counted() {
    let rows: Vec<BarRow> = (1..=1000).map(|n| row(&format!("Artist {n}"), 2000 - n)).collect();
    let bars = ranking(rows);
    let svg = draw(&bars, 1000, None);
    let document = Document::parse(svg.as_str()).expect("well-formed");
    assert_eq!(named(&document, "g").len(), 1000);
    assert!(words(&document).contains("Artist 1000"));
    for (width, height) in [(1200, 630), (480, 480), (200, 120), (8000, 120)] {
        let svg = draw(&bars, width, Some(height));
        assert_eq!((svg.width(), svg.height()), (width, height));
        let document = Document::parse(svg.as_str()).expect("well-formed");
        let drawn = named(&document, "g").len();
        let rest = format!("… and {} more", 1000 - drawn);
        assert!(words(&document).contains(&rest), "{width} × {height}: {drawn}");
    }
}

#[test]
fn a_name_without_a_name_is_named() {
    for label in ["", " \t ", "\u{200b}"] {
        let svg = draw(&ranking(vec![row(label, 5)]), 1000, None);
        let document = Document::parse(svg.as_str()).expect("well-formed");
        assert!(words(&document).contains("(no name)"));
    }
}

#[test]
fn a_small_picture_as_a_whole() {
    let mut rows = vec![row("Sigur Rós", 12), row("東京 <Live>", 5), row("فيروز", 0)];
    rows[1].detail = Some("椎名林檎 & co".to_owned());
    let svg = draw(&ranking(rows), 1000, None);
    assert_eq!(svg.as_str(), draw_again(&svg));
    insta::assert_snapshot!(svg.as_str());
}

/// The same document by the other ways to it.
fn draw_again(svg: &Svg) -> String {
    assert_eq!(svg.to_string(), svg.as_str());
    svg.clone().into_string()
}
