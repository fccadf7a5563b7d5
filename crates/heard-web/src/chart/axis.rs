use super::{
    Measure,
    canvas::Area,
    face::Weight,
    frame::Frame,
    text::{Anchor, Line, Type},
};

/// Two axes: amounts from zero upwards, and units of time side by side.
pub(crate) struct Axes {
    /// What is between the axes.
    pub(crate) area: Area,
    /// The amount at the upper edge.
    top: f64,
    /// Amounts from zero to the upper edge, and as they are to be read.
    marks: Vec<(f64, String)>,
    style: Type,
}

/// What must be left between the axes, in units.
const LEAST: f64 = 44.0;

impl Axes {
    /// Axes within `stage` for amounts up to `most`; `None` where nothing could be read.
    pub(crate) fn new(frame: &Frame, stage: Area, measure: Measure, most: u64) -> Option<Self> {
        Self::marked(frame, stage, |intervals| {
            let marks = measure.marks(most, intervals);
            marks.into_iter().map(|mark| (mark as f64, measure.written(mark))).collect()
        })
    }

    /// Axes within `stage` for parts of 100; `None` where nothing could be read.
    pub(crate) fn of_parts(frame: &Frame, stage: Area) -> Option<Self> {
        Self::marked(frame, stage, |_| [0, 50, 100].map(|part| (f64::from(part), format!("{part}%"))).into())
    }

    fn marked(frame: &Frame, stage: Area, marks: impl Fn(usize) -> Vec<(f64, String)>) -> Option<Self> {
        let unit = frame.unit;
        let style = frame.style(12.0, Weight::Regular);
        let (above, below) = (20.0 * unit, 26.0 * unit);
        let height = stage.height - above - below;
        if height < LEAST * unit {
            return None;
        }
        let marks = marks(((height / (44.0 * unit)) as usize).clamp(1, 6));
        let widest = marks.iter().map(|(_, text)| Line::new(text, style).width()).fold(0.0, f64::max);
        let left = widest.min(stage.width * 0.3) + 10.0 * unit;
        let area = Area { x: stage.x + left, y: stage.y + above, width: stage.width - left, height };
        Some(Self { area, top: marks.last().map_or(1.0, |(mark, _)| *mark), marks, style })
    }

    /// Where an amount is, from above.
    pub(crate) fn y(&self, value: f64) -> f64 {
        self.area.y + self.area.height * (1.0 - value / self.top)
    }

    /// The foot of all amounts.
    pub(crate) fn zero(&self) -> f64 {
        self.area.y + self.area.height
    }

    /// The amounts as text, with lines across where `ruled`.
    pub(crate) fn draw_amounts(&self, frame: &mut Frame, ruled: bool) {
        let (unit, quiet, rule) = (frame.unit, frame.palette.quiet, frame.palette.rule);
        let right = self.area.x - 8.0 * unit;
        for (mark, text) in &self.marks {
            let y = self.y(*mark);
            if ruled || *mark <= 0.0 {
                let line = Area { y: y - 0.5 * unit, height: unit, ..self.area };
                frame.canvas.rectangle(line, 0.0, rule);
            }
            frame.label((right, y + 4.2 * unit), Anchor::End, text, self.style, right - frame.left + 0.01, quiet);
        }
        frame.canvas.end_line();
    }

    /// The units' names under their places, as many as can stand there.
    pub(crate) fn draw_units(&self, frame: &mut Frame, labels: &[String], place: impl Fn(usize) -> f64) {
        let y = self.zero() + 20.0 * frame.unit;
        row_of_labels(frame, y, self.style, labels, place);
    }
}

/// Every so many labels are written: steps that suit hours, months and years alike.
const STEPS: [usize; 12] = [1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600, 1200];

/// Writes as many of `labels` into one row as fit, evenly chosen, each with its middle at `place`.
pub(crate) fn row_of_labels(frame: &mut Frame, y: f64, style: Type, labels: &[String], place: impl Fn(usize) -> f64) {
    let gap = style.size;
    let lines: Vec<Line> = labels.iter().map(|label| Line::fit(label, style, frame.inner() * 0.3)).collect();
    let fits = |step: &usize| {
        let shown = (0..labels.len()).step_by(*step).map(|at| (at, at + step));
        shown.into_iter().filter(|(_, next)| *next < labels.len()).all(|(at, next)| {
            let room = place(next) - place(at);
            f64::midpoint(lines[at].width(), lines[next].width()) + gap <= room
        })
    };
    let step = STEPS.into_iter().find(fits).unwrap_or(labels.len().max(1));
    let (mut free, quiet) = (f64::NEG_INFINITY, frame.palette.quiet);
    for at in (0..labels.len()).step_by(step) {
        let half = lines[at].width() / 2.0;
        // The outermost may move inwards, but not into their neighbours.
        let middle = place(at).min(frame.right - half).max(frame.left + half);
        if middle - half >= free {
            frame.canvas.text(middle, y, Anchor::Middle, &lines[at], quiet);
            free = middle + half + gap / 2.0;
        }
    }
    frame.canvas.end_line();
}
