//! Bitmap glyphs redrawn as strokes.
//!
//! Squares would look like squares. The lines of GNU Unifont are one pixel
//! wide, so a glyph is drawn as bars through the middles of its pixels:
//! neighbours in a row, in a column or corner to corner are joined.

use unifont::Glyph;

/// Rows of a bitmap; the lowest [`DESCENT`] are below the baseline.
pub(crate) const ROWS: u16 = 16;
pub(crate) const DESCENT: u16 = 2;

/// Half the width of a stroke, in pixels. Two strokes with one empty pixel
/// between them stay apart, and a filled block has no holes.
const HALF: f64 = 0.62;

/// A corner, in pixels right of the glyph's left edge and above its baseline.
pub(crate) type Corner = (f64, f64);

/// The bars of a glyph, each with its corners clockwise, so that where they
/// overlap they stay filled.
pub(crate) fn bars(glyph: &Glyph) -> Vec<[Corner; 4]> {
    let bitmap = Bitmap(glyph);
    let straight = [(1, 0), (0, 1)].map(|step| bitmap.lines(step, |_, _| true));
    let slanted = [(1, 1), (-1, 1)].map(|(dx, dy)| {
        // Where a straight way leads from corner to corner, no other is drawn.
        bitmap.lines((dx, dy), |x, y| !bitmap.has(x + dx, y) && !bitmap.has(x, y + dy))
    });
    let mut bars: Vec<_> = straight.into_iter().chain(slanted).flatten().map(|(from, to)| bar(from, to)).collect();
    bars.extend(bitmap.dots().map(|dot| bar(dot, dot)));
    bars
}

/// A pixel, counted from the upper left.
type Pixel = (i32, i32);

struct Bitmap<'a>(&'a Glyph);

impl Bitmap<'_> {
    fn has(&self, x: i32, y: i32) -> bool {
        let pixel = (usize::try_from(x), usize::try_from(y));
        matches!(pixel, (Ok(x), Ok(y)) if self.0.get_pixel(x, y))
    }

    fn pixels(&self) -> impl Iterator<Item = Pixel> + '_ {
        let columns = i32::try_from(self.0.get_width()).unwrap_or(0);
        (0..i32::from(ROWS)).flat_map(move |y| (0..columns).map(move |x| (x, y))).filter(|&(x, y)| self.has(x, y))
    }

    /// The longest lines of two pixels and more in the direction of `step`,
    /// taking only the steps that `open` allows.
    fn lines(&self, step: (i32, i32), open: impl Fn(i32, i32) -> bool) -> Vec<(Pixel, Pixel)> {
        let joined = |(x, y): Pixel| self.has(x, y) && self.has(x + step.0, y + step.1) && open(x, y);
        let after = |(x, y): Pixel| (x + step.0, y + step.1);
        let before = |(x, y): Pixel| (x - step.0, y - step.1);
        self.pixels()
            .filter(|&pixel| joined(pixel) && !joined(before(pixel)))
            .map(|start| {
                let mut end = after(start);
                while joined(end) {
                    end = after(end);
                }
                (start, end)
            })
            .collect()
    }

    /// Pixels that touch no other.
    fn dots(&self) -> impl Iterator<Item = Pixel> + '_ {
        self.pixels().filter(|&(x, y)| {
            let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)));
            around.filter(|&step| step != (0, 0)).all(|(dx, dy)| !self.has(x + dx, y + dy))
        })
    }
}

/// The bar between the middles of two pixels, with square ends.
fn bar(from: Pixel, to: Pixel) -> [Corner; 4] {
    let middle = |(x, y): Pixel| {
        let baseline = f64::from(ROWS - DESCENT);
        (f64::from(x) + 0.5, baseline - f64::from(y) - 0.5)
    };
    let ((x0, y0), (x1, y1)) = (middle(from), middle(to));
    let length = (x1 - x0).hypot(y1 - y0);
    let (along_x, along_y) =
        if length > 0.0 { ((x1 - x0) / length * HALF, (y1 - y0) / length * HALF) } else { (HALF, 0.0) };
    // Left of the way, seen along it.
    let (aside_x, aside_y) = (-along_y, along_x);
    [
        (x0 - along_x + aside_x, y0 - along_y + aside_y),
        (x1 + along_x + aside_x, y1 + along_y + aside_y),
        (x1 + along_x - aside_x, y1 + along_y - aside_y),
        (x0 - along_x - aside_x, y0 - along_y - aside_y),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(rows: &[&str]) -> Glyph {
        let mut bits = [0; 16];
        for (bits, row) in bits.iter_mut().zip(rows) {
            let pixels = row.bytes().enumerate().filter(|&(_, pixel)| pixel == b'#');
            *bits = pixels.map(|(x, _)| 0x80_u8 >> x).sum();
        }
        Glyph::Halfwidth(bits)
    }

    #[test]
    fn a_cross_is_two_bars() {
        assert_eq!(bars(&glyph(&[" # ", "###", " # "])).len(), 2);
    }

    #[test]
    fn a_slant_is_one_bar_and_a_step_is_two() {
        assert_eq!(bars(&glyph(&["#  ", " # ", "  #"])).len(), 1);
        assert_eq!(bars(&glyph(&["## ", " ##"])).len(), 3);
        assert_eq!(bars(&glyph(&["#", "#"])).len(), 1);
    }

    #[test]
    fn a_dot_is_a_square_in_its_pixel() {
        let bars = bars(&glyph(&["", " #"]));
        let [bar] = bars.as_slice() else {
            panic!("{bars:?}");
        };
        let middle = |pick: fn(&Corner) -> f64| bar.iter().map(pick).sum::<f64>() / 4.0;
        assert!((middle(|c| c.0) - 1.5).abs() < 1e-9);
        assert!((middle(|c| c.1) - 12.5).abs() < 1e-9);
    }

    #[test]
    fn all_bars_turn_the_same_way() {
        for (_, glyph) in unifont::enumerate_glyphs().step_by(97) {
            for bar in bars(glyph) {
                let area: f64 = (0..4)
                    .map(|i| {
                        let ((x0, y0), (x1, y1)) = (bar[i], bar[(i + 1) % 4]);
                        x0 * y1 - x1 * y0
                    })
                    .sum();
                assert!(area < -1e-6, "clockwise and not empty: {bar:?}");
            }
        }
    }
}
