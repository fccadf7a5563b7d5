use std::sync::LazyLock;

use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use skrifa::{MetadataProvider as _, raw::TableProvider as _};
use unicode_width::UnicodeWidthChar as _;

use super::{last_resort, legible::is_joiner};

/// What a reader without Inter sees instead: the faces of the systems, not far
/// from it in width.
pub(crate) const DEFAULT_FAMILIES: &str = "Inter, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// How strong the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Semibold,
}

/// The faces that are part of the program, in the order in which they are
/// asked for a character. Which one draws a text is decided here and written
/// into the document, so that a picture looks the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// Latin, Cyrillic, Greek, Vietnamese.
    Inter,
    InterSemibold,
    Arabic,
    Devanagari,
    Emoji,
    /// Hebrew, Armenian, Georgian, symbols.
    DejaVu,
    /// Everything else; see [`last_resort`]. Fonts of the reader or of
    /// the system go before it, and no outlines of it are embedded.
    LastResort,
}

/// A face with outlines, ready for questions.
pub(crate) struct Outlines<'a> {
    font: FontRef<'a>,
    shaping: ShaperData,
    units_per_em: f64,
}

impl<'a> Outlines<'a> {
    /// `None` for bytes that are no font.
    pub(crate) fn open(bytes: &'a [u8], index: u32) -> Option<Self> {
        let font = FontRef::from_index(bytes, index).ok()?;
        Some(Self { shaping: ShaperData::new(&font), units_per_em: f64::from(font.head().ok()?.units_per_em()), font })
    }

    fn embedded(bytes: &'a [u8]) -> Self {
        Self::open(bytes, 0).expect("the embedded fonts are whole; a test opens each")
    }

    fn has(&self, c: char) -> bool {
        self.font.charmap().map(c).is_some()
    }

    /// The width of `text` in em.
    pub(crate) fn advance(&self, text: &str, rtl: bool) -> f64 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        let shaper = self.shaping.shaper(&self.font).build();
        let glyphs = shaper.shape(buffer, ShapeOptions::new());
        let units: i64 = glyphs.glyph_positions().iter().map(|position| i64::from(position.x_advance)).sum();
        // A run is at most some hundred em wide: far below 2^53 units.
        units as f64 / self.units_per_em
    }
}

static INTER: LazyLock<Outlines<'static>> = LazyLock::new(|| Outlines::embedded(uzor_fonts::INTER_400));
static SEMIBOLD: LazyLock<Outlines<'static>> = LazyLock::new(|| Outlines::embedded(uzor_fonts::INTER_600));
static ARABIC: LazyLock<Outlines<'static>> = LazyLock::new(|| Outlines::embedded(uzor_fonts::NOTO_SANS_ARABIC));
static DEVANAGARI: LazyLock<Outlines<'static>> = LazyLock::new(|| Outlines::embedded(uzor_fonts::NOTO_SANS_DEVANAGARI));
static EMOJI: LazyLock<Outlines<'static>> = LazyLock::new(|| Outlines::embedded(uzor_fonts::NOTO_EMOJI));
static DEJAVU: LazyLock<Outlines<'static>> = LazyLock::new(|| Outlines::embedded(uzor_fonts::DEJAVU_SANS));

impl Face {
    /// The faces with embedded outlines.
    pub(crate) const EMBEDDED: [Self; 6] =
        [Self::Inter, Self::InterSemibold, Self::Arabic, Self::Devanagari, Self::Emoji, Self::DejaVu];

    /// The face that draws `cluster`, one sign as a reader counts signs.
    pub(crate) fn of(cluster: &str, weight: Weight) -> Self {
        let text = match weight {
            Weight::Regular => Self::Inter,
            Weight::Semibold => Self::InterSemibold,
        };
        // The selector U+FE0F asks for the picture where a letter-like sign exists too.
        let first = if cluster.contains('\u{fe0f}') { Self::Emoji } else { text };
        [first, text, Self::Arabic, Self::Devanagari, Self::Emoji, Self::DejaVu]
            .into_iter()
            .find(|face| face.covers(cluster))
            .unwrap_or(Self::LastResort)
    }

    /// Whether no face at all has a glyph for `c`.
    pub(crate) fn lacks(c: char) -> bool {
        let face = Self::of(c.encode_utf8(&mut [0; 4]), Weight::Regular);
        face.is_last_resort() && last_resort::advance(c).is_none()
    }

    /// Whether the face has a glyph for every sign in `cluster`.
    pub(crate) fn covers(self, cluster: &str) -> bool {
        let Some(outlines) = self.outlines() else {
            return true;
        };
        cluster.chars().all(|c| is_joiner(c) || outlines.has(c))
    }

    /// The width of `text` in em, shaped as it will be drawn.
    pub(crate) fn advance(self, text: &str, rtl: bool) -> f64 {
        match self.outlines() {
            Some(outlines) => outlines.advance(text, rtl),
            None => text.chars().map(last_resort_advance).sum(),
        }
    }

    /// The file, for a painter.
    pub(crate) fn bytes(self) -> Option<&'static [u8]> {
        Some(match self {
            Self::Inter => uzor_fonts::INTER_400,
            Self::InterSemibold => uzor_fonts::INTER_600,
            Self::Arabic => uzor_fonts::NOTO_SANS_ARABIC,
            Self::Devanagari => uzor_fonts::NOTO_SANS_DEVANAGARI,
            Self::Emoji => uzor_fonts::NOTO_EMOJI,
            Self::DejaVu => uzor_fonts::DEJAVU_SANS,
            Self::LastResort => return None,
        })
    }

    /// CSS families to write on a text of this face; `None` where the
    /// document's own ([`DEFAULT_FAMILIES`]) are meant. The first one is
    /// [`name`](Self::name).
    pub(crate) fn families(self) -> Option<&'static str> {
        match self {
            Self::Inter | Self::InterSemibold => None,
            Self::Arabic => Some("'Noto Sans Arabic', system-ui, sans-serif"),
            Self::Devanagari => Some("'Noto Sans Devanagari', system-ui, sans-serif"),
            Self::Emoji => Some("'Noto Emoji', 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif"),
            Self::DejaVu => Some("'DejaVu Sans', system-ui, sans-serif"),
            Self::LastResort => Some("sans-serif"),
        }
    }

    /// The name of the family, as the font itself bears it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Inter | Self::InterSemibold => "Inter",
            Self::Arabic => "Noto Sans Arabic",
            Self::Devanagari => "Noto Sans Devanagari",
            Self::Emoji => "Noto Emoji",
            Self::DejaVu => "DejaVu Sans",
            Self::LastResort => "sans-serif",
        }
    }

    pub(crate) fn is_semibold(self) -> bool {
        self == Self::InterSemibold
    }

    pub(crate) fn is_last_resort(self) -> bool {
        self == Self::LastResort
    }

    fn outlines(self) -> Option<&'static Outlines<'static>> {
        Some(match self {
            Self::Inter => &INTER,
            Self::InterSemibold => &SEMIBOLD,
            Self::Arabic => &ARABIC,
            Self::Devanagari => &DEVANAGARI,
            Self::Emoji => &EMOJI,
            Self::DejaVu => &DEJAVU,
            Self::LastResort => return None,
        })
    }
}

/// As in the face itself; what it lacks gets the room of a terminal's cells.
fn last_resort_advance(c: char) -> f64 {
    last_resort::advance(c).unwrap_or_else(|| c.width().unwrap_or(1) as f64 / 2.0)
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation as _;

    use super::*;

    #[test]
    fn every_embedded_font_opens_and_bears_the_name_written_in_documents() {
        for face in Face::EMBEDDED {
            let outlines = face.outlines().expect("embedded");
            let name = outlines
                .font
                .localized_strings(skrifa::string::StringId::FAMILY_NAME)
                .english_or_first()
                .expect("a name")
                .to_string();
            assert_eq!(face.name(), name, "{face:?}");
            let families = face.families().unwrap_or(DEFAULT_FAMILIES);
            let first = families.split(',').next().expect("one").trim_matches('\'');
            assert_eq!(first, name, "{face:?}");
        }
    }

    #[test]
    fn every_script_of_the_promise_has_glyphs() {
        let samples = [
            (Face::Inter, "Beyoncé Björk Łódź Dvořák Sơn Tùng Şebnem ‘’“”–— №"),
            (Face::Inter, "Кино Земфира Ёлка Їжак ДДТ"),
            (Face::Inter, "Βαγγέλης Παπαθανασίου Ώρα"),
            (Face::Arabic, "فيروز گوگوش محمد منیر پژمان"),
            (Face::DejaVu, "עידן רייכל שָׁלוֹם"),
            (Face::DejaVu, "მგზავრები Արամ"),
            (Face::Devanagari, "लता मंगेशकर"),
            (Face::Emoji, "🎸 🎵 👨\u{200d}👩\u{200d}👧 🏴 🪩 🫶🏽 🇯🇵 ❤\u{fe0f}"),
            (Face::LastResort, "宇多田ヒカル 椎名林檎 きゃりーぱみゅぱみゅ"),
            (Face::LastResort, "周杰伦 邓丽君 張學友 鄧麗君"),
            (Face::LastResort, "방탄소년단 아이유 뷁"),
            (Face::LastResort, "บอดี้สแลม กำ"),
        ];
        for (face, sample) in samples {
            for cluster in sample.graphemes(true).filter(|c| *c != " ") {
                let found = Face::of(cluster, Weight::Regular);
                if face != Face::DejaVu || !cluster.is_ascii() {
                    assert_eq!(found, face, "{cluster} of {sample}");
                }
                for c in cluster.chars().filter(|&c| !is_joiner(c)) {
                    match found.outlines() {
                        Some(outlines) => {
                            let glyph = outlines.font.charmap().map(c).expect("a glyph");
                            assert_ne!(glyph.to_u32(), 0, "{c} of {sample} is a box");
                        }
                        None => assert!(last_resort::advance(c).is_some(), "{c}"),
                    }
                }
            }
        }
    }

    #[test]
    fn widths_are_those_of_the_shaped_text() {
        let inter = |text| Face::Inter.advance(text, false);
        assert!(inter("AVAVAV") < 3.0 * (inter("A") + inter("V")), "kerned");
        assert!((inter("é") - inter("e")).abs() < 0.01);
        let joined = Face::Arabic.advance("محمد", true);
        let apart: f64 = "محمد".chars().map(|c| Face::Arabic.advance(c.encode_utf8(&mut [0; 4]), true)).sum();
        assert!((joined - apart).abs() > 0.05, "joined letters have other forms");
        let family = Face::Emoji.advance("👨\u{200d}👩\u{200d}👧", false);
        assert!(family < 2.0, "one sign, not three: {family}");
        assert!((Face::LastResort.advance("東京", false) - 2.0).abs() < 1e-9);
        assert!((Face::LastResort.advance("ที่", false) - 0.5).abs() < 1e-9);
    }
}
