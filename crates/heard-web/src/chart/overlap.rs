//! What is painted, measured: no name runs into another, into a bar or out of
//! the picture, whatever the name.

use proptest::{collection::vec, prelude::*, sample::select};
use resvg::tiny_skia::{Path as Outline, PathSegment, Point};
use resvg::usvg::{Group, Node, Paint, Path, Rect, TextChunk};

use super::{png::tree, *};

#[path = "../../tests/it/gallery.rs"]
mod gallery;
use crate::chart;

/// The outlines of a painted picture, in CSS pixels.
#[derive(Default)]
struct Ink {
    /// Each with its outlines and the size of its letters.
    texts: Vec<(String, Rect, f32)>,
    shapes: Vec<Shape>,
}

/// How far letters reach beyond their own width, in parts of their size.
const REACH: f32 = 0.09;

/// What is drawn that is no text.
struct Shape {
    bounds: Rect,
    /// The straight pieces of its outline.
    pieces: Vec<(Point, Point)>,
    filled: bool,
    /// Half as thick as its line.
    reach: f32,
}

impl Shape {
    /// `None` for what text may stand on.
    fn of(path: &Path) -> Option<Self> {
        let grounds = [Theme::Light, Theme::Dark].map(Theme::palette).map(|p| [p.ground, p.tile]);
        let fill = path.fill().map(|fill| match fill.paint() {
            Paint::Color(colour) => palette::Colour(colour.red, colour.green, colour.blue),
            other => panic!("{other:?}"),
        });
        if fill.is_some_and(|fill| grounds.as_flattened().contains(&fill)) {
            return None;
        }
        let outline = path.data().clone().transform(path.abs_transform()).expect("finite");
        let reach = path.stroke().map_or(0.0, |stroke| stroke.width().get() / 2.0);
        Some(Self { bounds: path.abs_stroke_bounding_box(), pieces: pieces(&outline), filled: fill.is_some(), reach })
    }

    fn meets(&self, text: &Rect, slack: f32) -> bool {
        if !meet(text, &self.bounds, slack) {
            return false;
        }
        let shrink = slack - self.reach;
        let (left, right) = (text.left() + shrink, text.right() - shrink);
        let (top, bottom) = (text.top() + shrink, text.bottom() - shrink);
        let crossed = self.pieces.iter().any(|piece| crosses(*piece, (left, right), (top, bottom)));
        let middle = Point::from_xy(f32::midpoint(left, right), f32::midpoint(top, bottom));
        crossed || self.filled && self.holds(middle)
    }

    /// Whether a ray to the right leaves the outline.
    fn holds(&self, point: Point) -> bool {
        let hit = |(a, b): &&(Point, Point)| {
            (a.y > point.y) != (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x
        };
        self.pieces.iter().filter(hit).count() % 2 == 1
    }
}

/// An outline as straight pieces, curves in sixteen.
fn pieces(outline: &Outline) -> Vec<(Point, Point)> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (Point::zero(), Point::zero());
    for segment in outline.segments() {
        let curve: Vec<Point> = match segment {
            PathSegment::MoveTo(to) => {
                (start, at) = (to, to);
                continue;
            }
            PathSegment::LineTo(to) => vec![at, to],
            PathSegment::QuadTo(a, to) => vec![at, a, to],
            PathSegment::CubicTo(a, b, to) => vec![at, a, b, to],
            PathSegment::Close => vec![at, start],
        };
        let steps: u8 = if curve.len() == 2 { 1 } else { 16 };
        for step in 1..=steps {
            let to = on_curve(&curve, f32::from(step) / f32::from(steps));
            pieces.push((at, to));
            at = to;
        }
    }
    pieces
}

/// The point of a Bézier curve, by De Casteljau's halving.
fn on_curve(points: &[Point], part: f32) -> Point {
    let between = |a: f32, b: f32| a + (b - a) * part;
    let mut points = points.to_vec();
    while points.len() > 1 {
        let halved = |pair: &[Point]| Point::from_xy(between(pair[0].x, pair[1].x), between(pair[0].y, pair[1].y));
        points = points.windows(2).map(halved).collect();
    }
    points[0]
}

/// Whether a straight piece has a part in a rectangle (Liang and Barsky).
fn crosses((a, b): (Point, Point), (left, right): (f32, f32), (top, bottom): (f32, f32)) -> bool {
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    for (step, room) in
        [(a.x - b.x, a.x - left), (b.x - a.x, right - a.x), (a.y - b.y, a.y - top), (b.y - a.y, bottom - a.y)]
    {
        if step == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if step < 0.0 {
            from = from.max(room / step);
        } else {
            to = to.min(room / step);
        }
    }
    from < to
}

impl Ink {
    fn of(svg: &Svg) -> Self {
        Self::painted(svg, &Fonts::embedded())
    }

    fn painted(svg: &Svg, fonts: &Fonts) -> Self {
        let mut ink = Self::default();
        let tree = tree(svg, fonts).expect("paints");
        ink.collect(tree.root());
        ink
    }

    fn collect(&mut self, group: &Group) {
        for node in group.children() {
            match node {
                Node::Group(group) => self.collect(group),
                Node::Path(path) => self.shapes.extend(Shape::of(path)),
                Node::Text(text) => {
                    let content = text.chunks().iter().map(TextChunk::text).collect();
                    let outlines = text.flattened().abs_bounding_box();
                    let sizes = text.chunks().iter().flat_map(TextChunk::spans).map(|span| span.font_size().get());
                    self.texts.push((content, outlines, sizes.fold(0.0, f32::max)));
                }
                Node::Image(_) => panic!("no picture has images"),
            }
        }
    }

    /// What is wrong with the picture, up to `slack` CSS pixels: letters reach a
    /// little beyond their own width.
    fn faults(&self, svg: &Svg, slack: f32) -> Vec<String> {
        let mut faults = Vec::new();
        let canvas = Rect::from_xywh(0.0, 0.0, svg.width() as f32, svg.height() as f32);
        let canvas = canvas.expect("a size");
        let leaves = |ink: &Rect| {
            ink.left() < canvas.left() - slack
                || ink.right() > canvas.right() + slack
                || ink.top() < canvas.top() - slack
                || ink.bottom() > canvas.bottom() + slack
        };
        for (i, (text, ink, size)) in self.texts.iter().enumerate() {
            if leaves(ink) {
                faults.push(format!("{text:?} leaves the picture: {ink:?}"));
            }
            for (other, at, other_size) in &self.texts[i + 1..] {
                // The larger the letters, the further they reach.
                if meet(ink, at, slack.max(size.min(*other_size) * REACH)) {
                    faults.push(format!("{text:?} {ink:?} runs into {other:?} {at:?}"));
                }
            }
            for shape in &self.shapes {
                if shape.meets(ink, slack) {
                    faults.push(format!("{text:?} {ink:?} runs into the shape {:?}", shape.bounds));
                }
            }
        }
        faults.extend(
            self.shapes
                .iter()
                .map(|shape| &shape.bounds)
                .filter(|bounds| leaves(bounds))
                .map(|bounds| format!("a shape leaves the picture: {bounds:?}")),
        );
        faults
    }
}

fn meet(one: &Rect, other: &Rect, slack: f32) -> bool {
    one.left() + slack < other.right()
        && other.left() + slack < one.right()
        && one.top() + slack < other.bottom()
        && other.top() + slack < one.bottom()
}

/// Pieces of names that have broken pictures and pages.
const PIECES: &[&str] = &[
    "a",
    "W",
    "iiii",
    " ",
    "fjord",
    "ÅÄÖ",
    "Ếự",
    "ÀĘ",
    "Ωμέγα",
    "Їжак",
    "ё",
    "東京",
    "ヒカル",
    "ぱみゅ",
    "龘",
    "방탄소년단",
    "뷁",
    "فيروز",
    "لالله",
    "(",
    ")",
    "123",
    "رييكل",
    "עידן",
    "שָׁלוֹם",
    "บอดี้",
    "กิ่ง",
    "ปู่",
    "लता",
    "स्त्री",
    "தமிழ்",
    "ລາວ",
    "მგზ",
    "Արամ",
    "𝖒𝖊𝖙",
    "𠮷",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦",
    "🏳\u{fe0f}\u{200d}🌈",
    "🇯🇵",
    "1\u{fe0f}\u{20e3}",
    "❤\u{fe0f}",
    "🫶🏽",
    "<script>",
    "</text>",
    "&amp;",
    "\"'",
    "]]>",
    "<!--",
    "\0",
    "\u{fffe}",
    "\u{ffff}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{200f}",
    "\u{feff}",
    "\u{200b}",
    "\u{2028}",
    "\t",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(select(PIECES), 0..8).prop_map(|pieces| pieces.concat()),
        2 => vec(select(PIECES), 20..60).prop_map(|pieces| pieces.concat()),
        1 => Just(String::new()),
        1 => Just("W".repeat(200)),
    ]
}

fn row() -> impl Strategy<Value = BarRow> {
    let value = prop_oneof![Just(0), Just(1), 2..5000_u64, Just(1_000_000_000_000)];
    (name(), proptest::option::of(name()), value).prop_map(|(label, detail, value)| BarRow {
        label,
        detail,
        value,
        value_text: value.to_string(),
    })
}

fn bars() -> impl Strategy<Value = RankedBars> {
    (name(), name(), vec(row(), 0..12), name()).prop_map(|(title, subtitle, rows, footer)| RankedBars {
        title,
        subtitle,
        rows,
        footer,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn nothing_meets_and_nothing_leaves_the_picture(
        bars in bars(),
        width in select(&[200, 480, 639, 640, 1000, 2400][..]),
        height in proptest::option::of(120..900_u32),
    ) {
        let size = Size::new(width, height).expect("within the limits");
        let svg = ranked_bars(&bars, &size, Theme::Light);
        let slack = svg.width().max(850) as f32 / 1000.0 * 2.2;
        let faults = Ink::of(&svg).faults(&svg, slack);
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn in_no_form_anything_meets_or_leaves_the_picture(
        names in vec(name(), 1..8),
        values in vec(prop_oneof![Just(0), Just(1), 2..5000_u64, Just(90_000_000), Just(u64::MAX)], 1..40),
        width in select(&[200, 320, 480, 640, 1000, 2400][..]),
        height in proptest::option::of(120..1400_u32),
    ) {
        let size = Size::new(width, height).expect("within the limits");
        for (form, draw) in gallery::gallery(&names, &values) {
            let svg = draw(&size, Theme::Light);
            let slack = svg.width().max(850) as f32 / 1000.0 * 2.2;
            let faults = Ink::of(&svg).faults(&svg, slack);
            prop_assert!(faults.is_empty(), "{form}\n{}", faults.join("\n"));
        }
    }
}

#[test]
fn a_heap_of_marks_stays_in_its_row() {
    let heap: String =
        "Zalgo".chars().flat_map(|c| [c].into_iter().chain("\u{33f}\u{316}\u{301}".chars().cycle().take(60))).collect();
    let row =
        |label: &str| BarRow { label: label.to_owned(), value: 7, value_text: "7".to_owned(), ..BarRow::default() };
    let bars = RankedBars { rows: ["Low", &heap, "Low", &heap, "Low"].map(row).into(), ..RankedBars::default() };
    for width in [480, 1000, 2400] {
        let svg = ranked_bars(&bars, &Size::new(width, None).expect("a size"), Theme::Dark);
        let faults = Ink::of(&svg).faults(&svg, 1.0);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn a_font_wider_than_what_was_measured_is_held_to_its_room() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    std::io::Write::write_all(&mut file, uzor_fonts::NOTO_SANS_SYMBOLS2).expect("written");
    let fonts = Fonts::embedded().with_files(&[file.path().to_path_buf()]).expect("a font");
    let bars = RankedBars {
        rows: vec![BarRow {
            label: "\u{1f810}".repeat(100),
            value: 7,
            value_text: "7".to_owned(),
            ..BarRow::default()
        }],
        ..RankedBars::default()
    };
    for width in [480, 1000] {
        let svg = ranked_bars(&bars, &Size::new(width, None).expect("a size"), Theme::Light);
        // An em each, and half an em was measured.
        let free = svg.for_painting(|_, _| 0.0);
        let narrowed = svg.for_painting(|text, _| text.chars().count() as f64);
        assert!(!free.contains("matrix(") && narrowed.contains("matrix(0.5"));
        let faults = Ink::painted(&svg, &fonts).faults(&svg, 1.0);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn the_measure_sees_what_is_wrong() {
    let style = text::Type { size: 20.0, weight: face::Weight::Regular };
    let palette = Theme::Light.palette();
    let line = text::Line::new("Radiohead", style);
    let mut canvas = canvas::Canvas::default();
    for (x, y) in [(10.0, 50.0), (40.0, 55.0), (250.0, 90.0)] {
        canvas.text(x, y, text::Anchor::Start, &line, palette.ink);
    }
    let svg = canvas.finish((300, 100), &palette, "t", "d");
    let faults = Ink::of(&svg).faults(&svg, 1.0);
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn the_measure_sees_lines_and_rings_as_they_are() {
    let style = text::Type { size: 20.0, weight: face::Weight::Regular };
    let palette = Theme::Light.palette();
    let line = text::Line::new("Low", style);
    let draw = |at: (f64, f64)| {
        let mut canvas = canvas::Canvas::default();
        canvas.stroke(&path::Path::through([(10.0, 10.0), (290.0, 290.0)]), 4.0, false, palette.bar);
        canvas.shape(&path::Path::sector((200.0, 100.0), (50.0, 80.0), (0.0, 0.45)), palette.bar);
        canvas.text(at.0, at.1, text::Anchor::Middle, &line, palette.ink);
        let svg = canvas.finish((300, 300), &palette, "t", "d");
        Ink::of(&svg).faults(&svg, 1.0).len()
    };
    assert_eq!(draw((60.0, 250.0)), 0, "within the line's bounds, and far from it");
    assert_eq!(draw((150.0, 155.0)), 1, "on the line");
    assert_eq!(draw((220.0, 107.0)), 0, "in the hole of the ring");
    assert_eq!(draw((265.0, 107.0)), 1, "on the ring");
}
