//! The face of last resort: GNU Unifont, which has a glyph for every character
//! of the Basic Multilingual Plane, as a font of the glyphs one picture needs.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use write_fonts::{
    FontBuilder,
    read::tables::glyf::CurvePoint,
    tables::{
        cmap::Cmap,
        glyf::{Contour, GlyfLocaBuilder, SimpleGlyph},
        head::Head,
        hhea::Hhea,
        hmtx::{Hmtx, LongMetric},
        maxp::Maxp,
    },
    types::{FWord, GlyphId, UfWord},
};

use super::{
    ChartError,
    strokes::{self, DESCENT, ROWS},
};

/// Font units of one pixel of the bitmaps.
const PIXEL: u16 = 64;

/// The width of a character in em; `None` where Unifont has no glyph for it.
/// Marks have none: they stand on the letter before them.
pub(crate) fn advance(c: char) -> Option<f64> {
    columns(c).map(|columns| f64::from(columns) / f64::from(ROWS))
}

/// Writes a TrueType font with the glyphs for `chars` and for what a shaper
/// makes of them. Characters without a glyph are left out.
pub(crate) fn font(chars: &BTreeSet<char>) -> Result<Vec<u8>, ChartError> {
    let drawn: Vec<char> = shaped(chars).into_iter().filter(|&c| unifont::get_glyph(c).is_some()).collect();
    build(&drawn).map_err(ChartError::LastResort)
}

/// `chars` and the parts into which shapers take letters apart, with the circle
/// that bears a mark without a letter.
fn shaped(chars: &BTreeSet<char>) -> BTreeSet<char> {
    let parts = chars.iter().copied().nfkd();
    chars.iter().copied().chain(parts).chain([' ', '◌']).collect()
}

fn build(chars: &[char]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let mut glyphs = GlyfLocaBuilder::new();
    let mut metrics = vec![LongMetric::new(PIXEL * ROWS / 2, 0)];
    let mut mappings = Vec::with_capacity(chars.len());
    glyphs.add_glyph(&SimpleGlyph::default())?;
    for &c in chars {
        let glyph = outline(c);
        metrics.push(LongMetric::new(columns(c).unwrap_or(0) * PIXEL, glyph.bbox.x_min));
        glyphs.add_glyph(&glyph)?;
        mappings.push((c, GlyphId::new(u32::try_from(metrics.len() - 1)?)));
    }
    let count = u16::try_from(metrics.len())?;
    let (glyf, loca, format) = glyphs.build();
    let head = Head { units_per_em: PIXEL * ROWS, index_to_loc_format: format as i16, ..Head::default() };
    let hhea = Hhea {
        ascender: FWord::new(((ROWS - DESCENT) * PIXEL).cast_signed()),
        descender: FWord::new(-(DESCENT * PIXEL).cast_signed()),
        advance_width_max: UfWord::new(PIXEL * ROWS),
        number_of_h_metrics: count,
        ..Hhea::default()
    };
    let mut font = FontBuilder::new();
    font.add_table(&head)?
        .add_table(&hhea)?
        .add_table(&Maxp::new(count))?
        .add_table(&Hmtx::new(metrics, Vec::new()))?
        .add_table(&Cmap::from_mappings(mappings)?)?
        .add_table(&glyf)?
        .add_table(&loca)?;
    Ok(font.build())
}

/// Pixels to the next character.
fn columns(c: char) -> Option<u16> {
    let width = u16::try_from(unifont::get_glyph(c)?.get_width()).ok()?;
    Some(if is_mark(c) { 0 } else { width })
}

/// Whether the glyph is drawn over the one before it.
fn is_mark(c: char) -> bool {
    c.general_category() == GeneralCategory::NonspacingMark
}

fn outline(c: char) -> SimpleGlyph {
    let Some(bitmap) = unifont::get_glyph(c) else {
        return SimpleGlyph::default();
    };
    let back = if is_mark(c) { bitmap.get_width() } else { 0 };
    let unit = f64::from(PIXEL);
    let contours = strokes::bars(bitmap)
        .into_iter()
        .map(|bar| {
            let corners = bar.map(|(x, y)| {
                let x = (x - back as f64) * unit;
                CurvePoint::on_curve(x.round() as i16, (y * unit).round() as i16)
            });
            Contour::from(corners.to_vec())
        })
        .collect();
    let mut glyph = SimpleGlyph { contours, ..SimpleGlyph::default() };
    glyph.recompute_bounding_box();
    glyph
}

#[cfg(test)]
mod tests {
    use skrifa::{FontRef, MetadataProvider as _, instance::Size};

    use super::*;

    #[test]
    fn the_font_has_a_glyph_with_an_outline_for_every_character() {
        let chars: BTreeSet<char> = "宇多田ヒカル뷁방탄บำ漢".chars().collect();
        let bytes = font(&chars).expect("builds");
        let font = FontRef::new(&bytes).expect("opens");
        let widths = font.glyph_metrics(Size::unscaled(), skrifa::instance::LocationRef::default());
        for &c in &chars {
            let glyph = font.charmap().map(c).expect("a glyph");
            let bounds = widths.bounds(glyph).expect("an outline");
            assert!(bounds.x_max > bounds.x_min && bounds.y_max > bounds.y_min, "{c}");
            let em = widths.advance_width(glyph).expect("a width") / 1024.0;
            assert!((f64::from(em) - advance(c).expect("a width")).abs() < 1e-6, "{c}");
        }
        // What the Thai shaper makes of SARA AM.
        assert!(font.charmap().map('\u{e4d}').is_some());
    }

    #[test]
    fn marks_stand_over_the_letter_before_them() {
        let chars = BTreeSet::from(['\u{e35}']);
        let bytes = font(&chars).expect("builds");
        let font = FontRef::new(&bytes).expect("opens");
        let widths = font.glyph_metrics(Size::unscaled(), skrifa::instance::LocationRef::default());
        let glyph = font.charmap().map('\u{e35}').expect("a glyph");
        assert_eq!(widths.advance_width(glyph), Some(0.0));
        assert!(widths.bounds(glyph).expect("an outline").x_max <= 0.0 + f32::from(PIXEL));
    }

    #[test]
    fn characters_beyond_the_plane_are_left_out_and_break_nothing() {
        let bytes = font(&BTreeSet::from(['𠮷', '\u{10ffff}'])).expect("builds");
        let font = FontRef::new(&bytes).expect("opens");
        assert!(font.charmap().map('𠮷').is_none());
        assert_eq!(advance('𠮷'), None);
    }
}
