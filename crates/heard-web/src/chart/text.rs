use std::borrow::Cow;

use unicode_bidi::BidiInfo;
use unicode_normalization::UnicodeNormalization as _;
use unicode_script::{Script, UnicodeScript as _};
use unicode_segmentation::UnicodeSegmentation as _;

use super::face::{Face, Weight};

/// Which point of a line stays where it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// As SVG calls it; `None` for what is meant without a word.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Self::Start => None,
            Self::Middle => Some("middle"),
            Self::End => Some("end"),
        }
    }
}

/// How large and how strong a text is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    /// The font size in CSS pixels.
    pub(crate) size: f64,
    pub(crate) weight: Weight,
}

/// A piece of a line that one face draws in one direction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) face: Face,
    pub(crate) rtl: bool,
    /// CSS pixels from the left end of the line.
    pub(crate) x: f64,
    /// CSS pixels across.
    pub(crate) width: f64,
}

impl Run {
    /// Whether there is nothing to draw.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// One line of text, broken into runs from left to right and measured with the
/// faces that draw them.
///
/// Painters change the face of a whole run when one character is missing, so a
/// run never holds a character that its face lacks.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    runs: Vec<Run>,
    font_size: f64,
    tight: bool,
}

/// Above this part of its room a line is held to its width wherever it is shown.
const ROOMY: f64 = 0.85;

/// No sign of these faces is narrower, in parts of the font size.
const NARROWEST: f64 = 0.125;

impl Line {
    /// The whole text, as wide as it is. `text` is [`legible`](super::legible).
    pub(crate) fn new(text: &str, style: Type) -> Self {
        let mut x = 0.0;
        let runs = split(&drawable(text), style.weight)
            .into_iter()
            .map(|(text, face, rtl)| {
                let width = face.advance(&text, rtl) * style.size;
                let left = x;
                x += width;
                Run { text, face, rtl, x: left, width }
            })
            .collect();
        Self { runs, font_size: style.size, tight: false }
    }

    /// As much of the text as `room` CSS pixels hold, whole signs only, with an
    /// ellipsis for the rest. Never wider than `room`.
    pub(crate) fn fit(text: &str, style: Type, room: f64) -> Self {
        let most = (room / (style.size * NARROWEST)).ceil().max(0.0) as usize;
        let ends: Vec<usize> =
            text.grapheme_indices(true).take(most + 1).map(|(start, sign)| start + sign.len()).collect();
        let mut line =
            if ends.len() > most { None } else { Some(Self::new(text, style)).filter(|line| line.width() <= room) }
                .unwrap_or_else(|| shorten(text, &ends, style, room));
        line.tight |= line.width() > room * ROOMY;
        line
    }

    /// The text in at most `most` lines, broken between words, each as [`fit`](Self::fit) makes it.
    pub(crate) fn wrap(text: &str, style: Type, room: f64, most: usize) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut rest = text;
        while !rest.is_empty() && lines.len() < most {
            let end = if lines.len() + 1 == most { rest.len() } else { breaking(rest, style, room) };
            lines.push(Self::fit(rest[..end].trim_end(), style, room));
            rest = rest[end..].trim_start();
        }
        lines
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// CSS pixels across.
    pub(crate) fn width(&self) -> f64 {
        self.runs.last().map_or(0.0, |run| run.x + run.width)
    }

    pub(crate) fn font_size(&self) -> f64 {
        self.font_size
    }

    /// Whether a wider face than the one measured could run out of the room.
    pub(crate) fn is_tight(&self) -> bool {
        self.tight
    }
}

/// Where the first line of `text` ends when it is broken between words; a word that is too long is not broken.
fn breaking(text: &str, style: Type, room: f64) -> usize {
    let most = (room / (style.size * NARROWEST)).ceil().max(0.0) as usize;
    let gaps = text.match_indices(' ').map(|(at, _)| at).chain([text.len()]);
    // No line holds more signs than `most`, and a sign has at least a byte.
    let fits = |end: &usize| *end <= most.saturating_mul(8) && Line::new(&text[..*end], style).width() <= room;
    let first = text.find(' ').unwrap_or(text.len());
    gaps.take_while(fits).last().unwrap_or(first)
}

/// Ornamental letters that no face has, such as those of mathematics, as the
/// plain letters they stand for.
fn drawable(text: &str) -> Cow<'_, str> {
    // The face of last resort has every character before these.
    let rare = |c: char| c > '\u{ffff}' && Face::lacks(c);
    if !text.contains(rare) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if rare(c) {
            plain.extend(c.nfkc());
        } else {
            plain.push(c);
        }
    }
    Cow::Owned(plain)
}

/// The longest beginning of `text`, cut at one of `ends`, that fits with an ellipsis.
fn shorten(text: &str, ends: &[usize], style: Type, room: f64) -> Line {
    let cut = |signs: usize| {
        let end = signs.checked_sub(1).map_or(0, |last| ends[last]);
        Line::new(&format!("{}…", text[..end].trim_end()), style)
    };
    let (mut fits, mut over) = (0, ends.len() + 1);
    while over - fits > 1 {
        let middle = fits.midpoint(over);
        if cut(middle).width() <= room {
            fits = middle;
        } else {
            over = middle;
        }
    }
    let mut line = cut(fits);
    if line.width() > room {
        line.runs.clear();
    }
    line.tight = true;
    line
}

/// Breaks `text` into runs in the order in which they stand from left to right.
fn split(text: &str, weight: Weight) -> Vec<(String, Face, bool)> {
    // The first strong letter decides the direction of the whole.
    let bidi = BidiInfo::new(text, None);
    let Some(paragraph) = bidi.paragraphs.first() else {
        return Vec::new();
    };
    let (levels, directed) = bidi.visual_runs(paragraph, paragraph.range.clone());
    let mut runs = Vec::new();
    for range in directed {
        let rtl = levels[range.start].is_rtl();
        let mut faced = by_face(&text[range], weight);
        if rtl {
            faced.reverse();
        }
        runs.extend(faced.into_iter().map(|(text, face)| (text, face, rtl)));
    }
    runs
}

/// Breaks a text of one direction where another face has to draw, and in the
/// face of last resort where another script begins: a font of the system that
/// is taken in its place seldom has several.
fn by_face(text: &str, weight: Weight) -> Vec<(String, Face)> {
    let mut runs: Vec<(String, Face)> = Vec::new();
    let mut last = Script::Common;
    // What stands before the first letter goes with it, as the other bracket does.
    let letter = text.graphemes(true).find(|sign| script(sign) != Script::Common);
    let first = letter.map(|sign| Face::of(sign, weight));
    for sign in text.graphemes(true) {
        let (face, script) = match runs.last().map(|&(_, face)| face).or(first) {
            Some(face) if stays(face, sign) => (face, Script::Common),
            _ => (Face::of(sign, weight), script(sign)),
        };
        let common = script == Script::Common || last == Script::Common;
        let same_script = !face.is_last_resort() || common || script == last;
        match runs.last_mut() {
            Some((run, current)) if *current == face && same_script => run.push_str(sign),
            _ => {
                runs.push((sign.to_owned(), face));
                last = Script::Common;
            }
        }
        if script != Script::Common {
            last = script;
        }
    }
    runs
}

/// Whether a sign that belongs to no script is left to the face before it.
fn stays(face: Face, sign: &str) -> bool {
    let blank = sign.trim().is_empty();
    match face {
        // Their other signs are of another cut, and the blank of emoji is wide.
        Face::Emoji => false,
        Face::LastResort => blank,
        _ => {
            let neutral = script(sign) == Script::Common && !sign.contains('\u{fe0f}');
            neutral && !sign.contains(char::is_alphanumeric) && face.covers(sign)
        }
    }
}

/// The script of a sign; those that Chinese and Japanese mix count as one.
fn script(sign: &str) -> Script {
    match sign.chars().next().map_or(Script::Common, |c| c.script()) {
        Script::Inherited | Script::Unknown => Script::Common,
        Script::Hiragana | Script::Katakana | Script::Bopomofo => Script::Han,
        script => script,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::legible, *};

    const STYLE: Type = Type { size: 16.0, weight: Weight::Regular };

    fn runs(text: &str) -> Vec<(String, Face, bool)> {
        split(text, Weight::Regular)
    }

    fn run(text: &str, face: Face, rtl: bool) -> (String, Face, bool) {
        (text.to_owned(), face, rtl)
    }

    #[test]
    fn one_face_makes_one_run() {
        assert_eq!(runs("Sigur Rós (live)"), [run("Sigur Rós (live)", Face::Inter, false)]);
        assert_eq!(runs("فيروز! 1"), [run("1", Face::Inter, false), run("فيروز! ", Face::Arabic, true)]);
        assert_eq!(runs(""), []);
    }

    #[test]
    fn scripts_of_the_last_resort_stand_apart() {
        assert_eq!(
            runs("椎名林檎 サカナ방탄 x"),
            [
                run("椎名林檎 サカナ", Face::LastResort, false),
                run("방탄 ", Face::LastResort, false),
                run("x", Face::Inter, false),
            ]
        );
    }

    #[test]
    fn a_name_from_right_to_left_is_turned_as_a_whole() {
        assert_eq!(
            runs("עידן (Live) רייכל!"),
            [run(") רייכל!", Face::DejaVu, true), run("Live", Face::Inter, false), run("עידן (", Face::DejaVu, true),]
        );
    }

    #[test]
    fn a_long_name_is_cut_between_signs() {
        let family = "👨\u{200d}👩\u{200d}👧".repeat(40);
        let line = Line::fit(&family, STYLE, 100.0);
        let text: String = line.runs().iter().map(|run| run.text.as_str()).collect();
        assert!(text.ends_with('…') && line.is_tight());
        assert!(text.trim_end_matches('…').graphemes(true).all(|sign| sign.chars().count() == 5), "{text}");
        assert_eq!(Line::fit("abc", STYLE, 0.0).width(), 0.0);
        assert_eq!(Line::fit("abc", STYLE, 5.0).runs().len(), 0);
    }

    #[test]
    fn ornamental_letters_become_plain_ones_where_no_face_has_them() {
        assert_eq!(drawable("𝖒𝖊𝖙𝖆𝖑 𝕏 🎸 Ａ"), "metal 𝕏 🎸 Ａ");
        assert_eq!(drawable("𠮷"), "𠮷");
    }

    #[test]
    fn a_short_name_is_left_alone() {
        let line = Line::fit("Low", STYLE, 100.0);
        assert_eq!(line.runs().len(), 1);
        assert_eq!(line.runs()[0].text, "Low");
        assert!(!line.is_tight());
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_room_and_no_sign_lacks_a_face(
            name in any::<String>(),
            room in 0.0..600.0_f64,
        ) {
            let line = Line::fit(&legible(&name), STYLE, room);
            prop_assert!(line.width() <= room + 1e-9);
            let mut x = 0.0;
            for run in line.runs() {
                prop_assert!((run.x - x).abs() < 1e-9, "runs touch and do not overlap");
                x = run.x + run.width;
                prop_assert!(run.text.graphemes(true).all(|sign| run.face.covers(sign)));
            }
        }

        #[test]
        fn all_signs_are_in_the_runs(name in any::<String>()) {
            let name = legible(&name);
            let mut before: Vec<char> = name.chars().collect();
            let mut after: Vec<char> = runs(&name).iter().flat_map(|(run, ..)| run.chars()).collect();
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
        }
    }
}
