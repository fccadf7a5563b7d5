use super::{
    Measure, Size, Svg, Theme,
    canvas::Canvas,
    face::Weight,
    frame::{Frame, Heading, NOTHING},
    measure::{part, total},
    palette::Palette,
    path::{Path, Point, around},
    text::{Anchor, Line, Type},
};

/// The hours of the day as a dial of 24 hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// What is counted, as "Plays by hour".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// The amount of each hour, from midnight on.
    pub hours: [u64; 24],
    /// What the amounts are.
    pub measure: Measure,
    /// What they are a part of; may be empty.
    pub footer: String,
}

/// Draws 24 bars around a centre, midnight above, clockwise, each from zero at the inner rim, the longest to the outer
/// rim; hours and amounts stand around them, as many as there is room for.
pub fn circular_clock(clock: &Clock, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&clock.title, &clock.subtitle, &clock.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let sum = total(clock.hours);
    if sum == 0 {
        frame.note(NOTHING);
    } else {
        draw(&mut frame, clock, &heading.footer, sum);
    }
    let description = heading.description(told(clock, sum));
    frame.finish(&heading.footer, heading.spoken("Clock"), &description)
}

fn told(clock: &Clock, sum: u64) -> Vec<String> {
    if sum == 0 {
        return vec![NOTHING.to_owned()];
    }
    (0..24).map(|hour| in_words(hour, clock.hours[hour], clock.measure)).collect()
}

fn in_words(hour: usize, value: u64, measure: Measure) -> String {
    format!("{hour:02}:00: {}", measure.text(value))
}

fn draw(frame: &mut Frame, clock: &Clock, footer: &str, sum: u64) {
    let unit = frame.unit;
    let stage = frame.stage(frame.inner().min(700.0 * unit), footer);
    let half = stage.width.min(stage.height) / 2.0;
    if half < 45.0 * unit {
        return frame.too_small();
    }
    let centre = (stage.x + stage.width / 2.0, stage.y + stage.height / 2.0);
    let labels = Labels::choose(frame, clock, half);
    let outer = half - labels.band;
    let (palette, canvas) = (frame.palette, &mut frame.canvas);
    dial(canvas, &palette, (centre, outer), &clock.hours, clock.measure);
    labels.draw(frame, centre, outer);
    let inner = outer * HOLE;
    let style = Type { size: inner * 0.34, weight: Weight::Semibold };
    if style.size >= 11.0 * unit {
        let text = clock.measure.text(sum);
        let y = centre.1 + style.size * 0.36;
        frame.label((centre.0, y), Anchor::Middle, &text, style, inner * 1.7, frame.palette.ink);
    }
    frame.y += stage.height;
}

/// The inner rim's part of the outer rim.
const HOLE: f64 = 0.34;

/// The bars alone: a lane and a bar for each hour.
pub(super) fn dial(
    canvas: &mut Canvas,
    palette: &Palette,
    (centre, outer): (Point, f64),
    hours: &[u64; 24],
    measure: Measure,
) {
    let most = hours.iter().copied().max().unwrap_or(0);
    let inner = outer * HOLE;
    for (hour, value) in hours.iter().enumerate() {
        let angles = ((hour as f64 + 0.06) / 24.0, (hour as f64 + 0.94) / 24.0);
        canvas.begin_group(&in_words(hour, *value, measure));
        canvas.shape(&Path::sector(centre, (inner, outer), angles), palette.lane);
        if *value > 0 {
            let length = ((outer - inner) * part(*value, most)).max(outer * 0.008);
            canvas.shape(&Path::sector(centre, (inner, inner + length), angles), palette.bar);
        }
        canvas.end_group();
    }
}

/// What stands around the dial: every so many hours a name, perhaps with its amount.
struct Labels {
    entries: Vec<Label>,
    /// CSS pixels from the outer rim to what is around the picture.
    band: f64,
    gap: f64,
}

struct Label {
    /// The middle of the hour, in turns.
    turns: f64,
    hour: Line,
    amount: Option<Line>,
    width: f64,
    height: f64,
}

impl Labels {
    /// As much as stands around a dial without touching, `half` CSS pixels from its centre to the edge.
    fn choose(frame: &Frame, clock: &Clock, half: f64) -> Self {
        let kinds = [(1, true), (1, false), (2, false), (3, false), (6, false)];
        let mut all = kinds.into_iter().map(|(step, amounts)| Self::new(frame, clock, step, amounts));
        let fits = |labels: &Self| labels.band < half * 0.3 && labels.stand_apart(half - labels.band);
        all.find(fits).unwrap_or(Self { entries: Vec::new(), band: 0.0, gap: 0.0 })
    }

    fn new(frame: &Frame, clock: &Clock, step: usize, amounts: bool) -> Self {
        let unit = frame.unit;
        let strong = frame.style(13.5, Weight::Semibold);
        let plain = frame.style(12.0, Weight::Regular);
        let label = |hour: usize| {
            let name = Line::new(&format!("{hour:02}"), strong);
            let amount = amounts.then(|| Line::new(&clock.measure.text(clock.hours[hour]), plain));
            let width = amount.as_ref().map_or(0.0, Line::width).max(name.width());
            let height = if amounts { 30.0 } else { 14.0 } * unit;
            Label { turns: (hour as f64 + 0.5) / 24.0, hour: name, amount, width, height }
        };
        let entries: Vec<Label> = (0..24).step_by(step).map(label).collect();
        let gap = 8.0 * unit;
        let reach = entries.iter().map(|entry| entry.width.max(entry.height)).fold(0.0, f64::max);
        Self { entries, band: reach + gap, gap }
    }

    /// Where each stands, by its middle: just outside the rim.
    fn middles(&self, centre: Point, outer: f64) -> Vec<Point> {
        let middle = |entry: &Label| {
            let (x, y) = around((0.0, 0.0), 1.0, entry.turns);
            let reach = x.abs() * entry.width / 2.0 + y.abs() * entry.height / 2.0;
            around(centre, outer + self.gap + reach, entry.turns)
        };
        self.entries.iter().map(middle).collect()
    }

    fn stand_apart(&self, outer: f64) -> bool {
        let middles = self.middles((0.0, 0.0), outer);
        let next = |at: usize| (at + 1) % middles.len();
        (0..middles.len()).all(|at| {
            let (one, other) = (&self.entries[at], &self.entries[next(at)]);
            let (a, b) = (middles[at], middles[next(at)]);
            let across = (a.0 - b.0).abs() - f64::midpoint(one.width, other.width);
            let down = (a.1 - b.1).abs() - f64::midpoint(one.height, other.height);
            across.max(down) >= self.gap * 0.6
        })
    }

    fn draw(&self, frame: &mut Frame, centre: Point, outer: f64) {
        let (unit, palette) = (frame.unit, frame.palette);
        for (entry, (x, y)) in self.entries.iter().zip(self.middles(centre, outer)) {
            let top = y - entry.height / 2.0;
            frame.canvas.text(x, top + 12.0 * unit, Anchor::Middle, &entry.hour, palette.ink);
            if let Some(amount) = &entry.amount {
                frame.canvas.text(x, top + 27.0 * unit, Anchor::Middle, amount, palette.quiet);
            }
        }
        frame.canvas.end_line();
    }
}
