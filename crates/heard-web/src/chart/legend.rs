use super::{
    canvas::Area,
    face::Weight,
    frame::Frame,
    palette::Colour,
    path::Path,
    text::{Anchor, Line, Type},
};

/// What stands before an entry, as it stands in the picture.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mark {
    /// An area of this colour.
    Patch(Colour),
    /// A line of this colour, perhaps in dashes.
    Stroke(Colour, bool),
}

/// What marks mean, in rows from left to right, no entry in two rows.
pub(crate) struct Legend {
    rows: Vec<Vec<(Mark, Line, f64)>>,
    row_height: f64,
}

/// Of a mark with the gap behind it, and between entries, in units.
const MARK: f64 = 26.0;
const GAP: f64 = 22.0;

impl Legend {
    /// Entries as wide as they are, none wider than what is inside the margins.
    pub(crate) fn new(frame: &Frame, entries: impl IntoIterator<Item = (Mark, String)>) -> Self {
        let (unit, style) = (frame.unit, style(frame));
        let mut rows: Vec<Vec<(Mark, Line, f64)>> = Vec::new();
        let mut end = f64::INFINITY;
        for (mark, text) in entries {
            let line = Line::fit(&text, style, frame.inner() - MARK * unit);
            let width = MARK * unit + line.width();
            if end + GAP * unit + width > frame.right {
                rows.push(Vec::new());
                end = frame.left - GAP * unit;
            }
            let x = end + GAP * unit;
            end = x + width;
            if let Some(row) = rows.last_mut() {
                row.push((mark, line, x));
            }
        }
        Self { rows, row_height: 24.0 * unit }
    }

    /// CSS pixels down.
    pub(crate) fn height(&self) -> f64 {
        self.rows.len() as f64 * self.row_height
    }

    /// Draws it from the cursor on, and moves the cursor below it.
    pub(crate) fn draw(&self, frame: &mut Frame) {
        let (unit, ink) = (frame.unit, frame.palette.ink);
        for row in &self.rows {
            let middle = frame.y + self.row_height / 2.0;
            for (mark, line, x) in row {
                draw_mark(frame, *mark, *x, middle);
                frame.canvas.text(x + MARK * unit, middle + 4.5 * unit, Anchor::Start, line, ink);
            }
            frame.canvas.end_line();
            frame.y += self.row_height;
        }
    }
}

fn style(frame: &Frame) -> Type {
    frame.style(13.0, Weight::Regular)
}

fn draw_mark(frame: &mut Frame, mark: Mark, x: f64, middle: f64) {
    let unit = frame.unit;
    match mark {
        Mark::Patch(colour) => {
            let side = 13.0 * unit;
            frame.canvas.rectangle(Area { x, y: middle - side / 2.0, width: side, height: side }, 2.5 * unit, colour);
        }
        Mark::Stroke(colour, dashed) => {
            let path = Path::through([(x, middle), (x + 18.0 * unit, middle)]);
            frame.canvas.stroke(&path, 3.0 * unit, dashed, colour);
        }
    }
}
