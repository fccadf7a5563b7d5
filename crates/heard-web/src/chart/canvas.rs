use std::{
    collections::BTreeSet,
    fmt::{self, Write as _},
    ops::Range,
};

use super::{
    legible::is_joiner,
    palette::{Colour, Palette},
    path::Path,
    text::{Anchor, Line, Run},
};

/// A finished picture: one `<svg>` element, well-formed, without scripts, links
/// or outside files, to be written to a file or put into a page as it is.
///
/// Equal input makes equal bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Svg {
    document: String,
    width: u32,
    height: u32,
    held: Vec<Held>,
}

/// A run of text that says in the document how wide it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    /// Where in the document it says so.
    place: Range<usize>,
    /// The run, when no embedded outlines draw it.
    run: Option<HeldRun>,
}

#[derive(Clone, Debug, PartialEq)]
struct HeldRun {
    text: String,
    rtl: bool,
    font_size: f64,
    x: f64,
    width: f64,
}

impl Svg {
    /// The document.
    pub fn as_str(&self) -> &str {
        &self.document
    }

    /// The document, given away.
    pub fn into_string(self) -> String {
        self.document
    }

    /// CSS pixels across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// CSS pixels down.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The characters in it that no embedded outlines draw.
    pub(crate) fn beyond(&self) -> BTreeSet<char> {
        let runs = self.held.iter().filter_map(|held| held.run.as_ref());
        runs.flat_map(|run| run.text.chars()).filter(|&c| !c.is_whitespace() && !is_joiner(c)).collect()
    }

    /// The document for a painter that has the embedded faces, and for the rest
    /// faces in which a text is as many em wide as `advance` says, given the text
    /// and whether it runs to the left.
    ///
    /// A run is narrowed where it would be wider than its room. The painter is
    /// not left to do it: it takes letters of several glyphs for narrower than
    /// they are.
    pub(crate) fn for_painting(&self, advance: impl Fn(&str, bool) -> f64) -> String {
        let mut document = String::with_capacity(self.document.len());
        let mut done = 0;
        for held in &self.held {
            document.push_str(&self.document[done..held.place.start]);
            done = held.place.end;
            let Some(run) = &held.run else { continue };
            let natural = advance(&run.text, run.rtl) * run.font_size;
            if natural > run.width {
                let narrower = run.width / natural;
                let shift = Number(run.x * (1.0 - narrower));
                let matrix = format!(r#" transform="matrix({narrower:.5} 0 0 1 {shift} 0)""#);
                document.push_str(&matrix);
            }
        }
        document.push_str(&self.document[done..]);
        document
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)
    }
}

/// A rectangle on the picture, in CSS pixels from its upper left corner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The only place that writes SVG. Everything from outside passes [`Escaped`],
/// every number [`Number`]; nothing else reaches the document.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    body: String,
    held: Vec<Held>,
}

impl Canvas {
    /// A filled rectangle with rounded corners; nothing when it has no area.
    pub(crate) fn rectangle(&mut self, area: Area, radius: f64, fill: Colour) {
        if area.width <= 0.0 || area.height <= 0.0 {
            return;
        }
        let radius = radius.min(area.width / 2.0).min(area.height / 2.0);
        self.write(format_args!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{fill}"/>"#,
            Number(area.x),
            Number(area.y),
            Number(area.width),
            Number(area.height),
            Number(radius),
        ));
    }

    /// A filled outline.
    pub(crate) fn shape(&mut self, path: &Path, fill: Colour) {
        self.write(format_args!(r#"<path d="{path}" fill="{fill}"/>"#));
    }

    /// A line as thick as `width`, broken into dashes where `dashed`.
    pub(crate) fn stroke(&mut self, path: &Path, width: f64, dashed: bool, colour: Colour) {
        let thick = Number(width);
        self.write(format_args!(
            r#"<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}" stroke-linejoin="round""#
        ));
        if dashed {
            self.write(format_args!(r#" stroke-dasharray="{} {}""#, Number(width * 2.5), Number(width * 1.8)));
        }
        self.body.push_str("/>");
    }

    /// A filled circle; nothing when it has no area.
    pub(crate) fn circle(&mut self, (x, y): (f64, f64), radius: f64, fill: Colour) {
        if radius > 0.0 {
            let (x, y, radius) = (Number(x), Number(y), Number(radius));
            self.write(format_args!(r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"/>"#));
        }
    }

    /// One line of text with its baseline at `y`, beginning, ending or with its middle at `x`.
    ///
    /// Every run is a `<text>` of its own: a paragraph for the bidirectional
    /// algorithm, so that no name turns its neighbours around.
    pub(crate) fn text(&mut self, x: f64, y: f64, anchor: Anchor, line: &Line, fill: Colour) {
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - line.width() / 2.0,
            Anchor::End => x - line.width(),
        };
        for run in line.runs().iter().filter(|run| !run.is_blank()) {
            // Where another machine has other faces, the side that must line up stays true.
            let alone = line.runs().len() == 1 && !line.is_tight();
            let (anchor, x) = if alone { (anchor, x) } else { (Anchor::Start, left + run.x) };
            self.run(x, y, anchor, run, line, fill);
        }
    }

    fn run(&mut self, x: f64, y: f64, anchor: Anchor, run: &Run, line: &Line, fill: Colour) {
        self.write(format_args!(
            r#"<text x="{}" y="{}" font-size="{}" fill="{fill}""#,
            Number(x),
            Number(y),
            Number(line.font_size()),
        ));
        if let Some(families) = run.face.families() {
            self.write(format_args!(r#" font-family="{families}""#));
        }
        if run.face.is_semibold() {
            self.write(format_args!(r#" font-weight="600""#));
        }
        if let Some(word) = anchor.word() {
            self.write(format_args!(r#" text-anchor="{word}""#));
        }
        if line.is_tight() || run.face.is_last_resort() {
            let left = match anchor {
                Anchor::Start => x,
                Anchor::Middle => x - run.width / 2.0,
                Anchor::End => x - run.width,
            };
            self.hold(left, run, line.font_size());
        }
        let mark = if run.rtl { "\u{200f}" } else { "" };
        self.write(format_args!(">{mark}{}{mark}</text>", Escaped(&run.text)));
    }

    /// Holds the run begun last to its width: the faces of who reads the
    /// document may be wider than those measured here.
    fn hold(&mut self, x: f64, run: &Run, font_size: f64) {
        let start = self.body.len();
        if run.width >= 1.0 {
            self.write(format_args!(r#" textLength="{}" lengthAdjust="spacingAndGlyphs""#, Number(run.width)));
        }
        self.held.push(Held {
            place: start..self.body.len(),
            run: run.face.is_last_resort().then(|| HeldRun {
                text: run.text.clone(),
                rtl: run.rtl,
                font_size,
                x,
                width: run.width,
            }),
        });
    }

    /// Sets what follows off from what stands before, for those who read the
    /// document as text.
    pub(crate) fn end_line(&mut self) {
        self.body.push('\n');
    }

    /// Begins a group that shows `name` in full where a pointer rests on it.
    pub(crate) fn begin_group(&mut self, name: &str) {
        self.write(format_args!("<g><title>{}</title>", Escaped(name)));
    }

    /// Ends the group begun last.
    pub(crate) fn end_group(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// The document, with `title` and `description` for those who do not see it.
    pub(crate) fn finish(self, (width, height): (u32, u32), palette: &Palette, title: &str, description: &str) -> Svg {
        // Several pictures may stand on one page, and ids are shared there.
        let id = fingerprint(&[title, description, &self.body]);
        let head = format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" "#,
                r#"viewBox="0 0 {w} {h}" role="img" aria-labelledby="t{id:x} d{id:x}" "#,
                r#"direction="ltr" xml:space="preserve" font-family="{families}">"#,
                "\n",
                r#"<title id="t{id:x}">{title}</title>"#,
                "\n",
                r#"<desc id="d{id:x}">{description}</desc>"#,
                "\n",
                r#"<rect width="{w}" height="{h}" fill="{ground}"/>"#,
                "\n"
            ),
            w = width,
            h = height,
            id = id,
            families = super::face::DEFAULT_FAMILIES,
            title = Escaped(title),
            description = Escaped(description),
            ground = palette.ground,
        );
        let moved = |held: Held| Held { place: held.place.start + head.len()..held.place.end + head.len(), ..held };
        Svg {
            document: format!("{head}{}</svg>\n", self.body),
            width,
            height,
            held: self.held.into_iter().map(moved).collect(),
        }
    }

    fn write(&mut self, piece: fmt::Arguments<'_>) {
        self.body.write_fmt(piece).expect("a String takes every text");
    }
}

/// FNV-1a over the parts: the same picture has the same ids on every machine.
fn fingerprint(parts: &[&str]) -> u64 {
    parts
        .iter()
        .flat_map(|part| part.bytes().chain([0]))
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A number with at most two decimals and none to spare.
pub(crate) struct Number(pub(crate) f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.2}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

/// Text that is text and nothing else, in an element or in an attribute.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // XML has no way to write these.
                '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER)?,
                _ if c.is_control() => f.write_char(char::REPLACEMENT_CHARACTER)?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::palette::Theme, *};

    #[test]
    fn numbers_are_short_and_never_minus_zero() {
        let cases =
            [(0.0, "0"), (-0.001, "0"), (12.0, "12"), (100.0, "100"), (0.5, "0.5"), (1.2345, "1.23"), (-3.999, "-4")];
        for (number, text) in cases {
            assert_eq!(Number(number).to_string(), text);
        }
    }

    #[test]
    fn equal_pictures_have_equal_ids_and_others_others() {
        assert_eq!(fingerprint(&["a", "b"]), fingerprint(&["a", "b"]));
        assert_ne!(fingerprint(&["a", "b"]), fingerprint(&["ab", ""]));
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was_and_adds_no_element(
            title in any::<String>(),
            description in any::<String>(),
        ) {
            let palette = Theme::Light.palette();
            let svg = Canvas::default().finish((200, 100), &palette, &title, &description);
            let document = roxmltree::Document::parse(svg.as_str()).expect("well-formed");
            prop_assert_eq!(document.descendants().filter(roxmltree::Node::is_element).count(), 4);
            let text_of = |name| {
                document
                    .descendants()
                    .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
                    .and_then(|node| node.text())
                    .unwrap_or_default()
            };
            let kept = |text: &str| -> String {
                text.chars()
                    .map(|c| match c {
                        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
                        _ if c.is_control() => '\u{fffd}',
                        _ => c,
                    })
                    .collect()
            };
            prop_assert_eq!(text_of("title"), kept(&title));
            prop_assert_eq!(text_of("desc"), kept(&description));
        }
    }
}
