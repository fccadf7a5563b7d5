use super::{
    Size, Svg, Theme,
    canvas::Area,
    face::Weight,
    frame::{Frame, Heading, NAMELESS, NOTHING},
    legible,
    text::{Anchor, Line, Type},
};

/// A ranking as a picture: what is counted, from the most to the least.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RankedBars {
    /// What is ranked, as "Top artists".
    pub title: String,
    /// Whose and when, as "2024"; may be empty.
    pub subtitle: String,
    /// From the first rank on. The order is kept and the ranks are 1, 2, 3 …
    pub rows: Vec<BarRow>,
    /// What the rows are a part of, as "9,120 plays"; may be empty.
    pub footer: String,
}

/// One row of a [`RankedBars`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BarRow {
    /// The name, as it was reported.
    pub label: String,
    /// A second name that the first belongs to, as the artist of a track.
    pub detail: Option<String>,
    /// How long the bar is; the unit is the caller's, and the same in all rows.
    pub value: u64,
    /// The value as it is to be read, as "1,204" or "3 h 20 min".
    pub value_text: String,
}

/// Below this width, in CSS pixels, a bar stands under its name.
const NARROW: u32 = 640;
/// What adding and rounding may take from a width that was measured to fit.
const HAIR: f64 = 0.01;
/// Rows told in words in the description.
const TOLD: usize = 5;

/// Draws a ranking as horizontal bars that begin at zero, the longest as wide as
/// the picture allows, with rank, names and value as text.
///
/// Names are shortened to the room they have and shown in full where a pointer
/// rests. Without rows the picture says so.
pub fn ranked_bars(bars: &RankedBars, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&bars.title, &bars.subtitle, &bars.footer);
    let rows: Vec<Row> = bars.rows.iter().enumerate().map(Row::new).collect();
    let mut frame = Frame::new(size, theme);
    let columns = Columns::new(&frame, &rows, size.width() < NARROW);
    frame.head(&heading.title, &heading.subtitle);
    let shown = shown(&frame, &columns, &rows, &heading.footer);
    let longest = rows.iter().map(|row| row.value).max().unwrap_or(0);
    for row in &rows[..shown] {
        columns.draw(&mut frame, row, longest);
    }
    if rows.is_empty() {
        frame.note(NOTHING);
    } else if shown < rows.len() {
        frame.note(&format!("… and {} more", rows.len() - shown));
    }
    let description = describe(&rows, &heading);
    frame.finish(&heading.footer, heading.spoken("Ranking"), &description)
}

/// How many of `rows` there is room for.
fn shown(frame: &Frame, columns: &Columns, rows: &[Row], footer: &str) -> usize {
    let Some(room) = frame.room(footer) else {
        return rows.len();
    };
    let fit = |room: f64| {
        let mut used = 0.0;
        rows.iter()
            .take_while(|row| {
                used += columns.form(row).height * frame.unit;
                used <= room
            })
            .count()
    };
    match fit(room) {
        all if all == rows.len() => all,
        _ => fit(room - frame.note_height()),
    }
}

/// What the picture says, for those who do not see it.
fn describe(rows: &[Row], heading: &Heading) -> String {
    let mut told: Vec<String> = rows.iter().take(TOLD).map(Row::in_words).collect();
    if rows.is_empty() {
        told.push(NOTHING.to_owned());
    } else if rows.len() > TOLD {
        told.push(format!("And {} more", rows.len() - TOLD));
    }
    heading.description(told)
}

/// A row with everything in it fit to be shown.
struct Row {
    rank: String,
    label: String,
    detail: Option<String>,
    value: u64,
    value_text: String,
}

impl Row {
    fn new((index, row): (usize, &BarRow)) -> Self {
        let detail = row.detail.as_deref().map(legible);
        Self {
            rank: (index + 1).to_string(),
            label: legible(&row.label),
            detail: detail.filter(|detail| !detail.is_empty()),
            value: row.value,
            value_text: legible(&row.value_text),
        }
    }

    fn name(&self) -> &str {
        if self.label.is_empty() { NAMELESS } else { &self.label }
    }

    /// The second name; empty where there is none.
    fn detail(&self) -> &str {
        self.detail.as_deref().unwrap_or_default()
    }

    fn in_words(&self) -> String {
        let detail = self.detail.as_ref().map(|detail| format!(" – {detail}"));
        format!("{}. {}{}: {}", self.rank, self.name(), detail.unwrap_or_default(), self.value_text)
    }
}

/// Where the columns stand, in CSS pixels from the left edge.
struct Columns {
    /// Right end of the ranks.
    rank: f64,
    /// Left end of the names.
    label: f64,
    label_room: f64,
    /// Left end of the bars: zero.
    zero: f64,
    bar_room: f64,
    value_room: f64,
    large: Type,
    figures: Type,
    small: Type,
    stacked: bool,
    detailed: bool,
}

impl Columns {
    fn new(frame: &Frame, rows: &[Row], stacked: bool) -> Self {
        let [large, figures, small] = [15.5, 14.0, 12.5].map(|size| frame.style(size, Weight::Regular));
        let inner = frame.inner();
        let widest = |text: &dyn Fn(&Row) -> (&str, Type), most: f64| {
            let widths = rows.iter().map(|row| {
                let (text, style) = text(row);
                Line::fit(text, style, most).width()
            });
            widths.fold(0.0, f64::max)
        };
        let most = if stacked { 0.45 } else { 0.25 };
        let value_room = widest(&|row| (&row.value_text, figures), inner * most);
        let rank = frame.left + widest(&|row| (&row.rank, small), inner * 0.2);
        let label = rank + 12.0 * frame.unit;
        let gap = 16.0 * frame.unit;
        let before_value = frame.right - value_room - gap;
        let (label_room, zero, end) = if stacked {
            (before_value - label, label, frame.right)
        } else {
            let name = widest(&|row| (row.name(), large), inner * 0.36);
            let room = name.max(widest(&|row| (row.detail(), small), inner * 0.36));
            (room, label + room + gap, before_value)
        };
        Self {
            rank,
            label,
            label_room,
            zero,
            bar_room: end - zero,
            value_room,
            large,
            figures,
            small,
            stacked,
            detailed: rows.iter().any(|row| row.detail.is_some()),
        }
    }

    /// The form of a row. Beside bars all rows are equally high.
    fn form(&self, row: &Row) -> Form {
        match (self.stacked, row.detail.is_some()) {
            (false, false) if !self.detailed => Form::new(34.0, 22.4, 17.0, 20.0),
            (false, false) => Form::new(50.0, 30.4, 25.0, 24.0),
            (false, true) => Form::new(50.0, 21.5, 25.0, 24.0),
            (true, false) => Form::new(50.0, 17.0, 31.0, 9.0),
            (true, true) => Form::new(70.0, 17.0, 50.0, 9.0),
        }
    }

    fn draw(&self, frame: &mut Frame, row: &Row, longest: u64) {
        let (unit, palette, top) = (frame.unit, frame.palette, frame.y);
        let form = self.form(row);
        // Beside a bar, its middle is the middle of figures too.
        let figures = |below_middle: f64| {
            let from_top = if self.stacked { form.name } else { form.middle + below_middle };
            top + from_top * unit
        };
        frame.canvas.begin_group(&row.in_words());
        let line = Line::new(&row.rank, self.small);
        frame.canvas.text(self.rank, figures(4.6), Anchor::End, &line, palette.quiet);
        self.names(frame, row, top + form.name * unit);
        // A part of the gap is theirs, should a reader's figures be wider.
        let line = Line::fit(&row.value_text, self.figures, self.value_room + 12.0 * unit);
        frame.canvas.text(frame.right, figures(5.1), Anchor::End, &line, palette.ink);
        let lane = Area {
            x: self.zero,
            y: top + (form.middle - form.bar / 2.0) * unit,
            width: self.bar_room,
            height: form.bar * unit,
        };
        bar(frame, lane, row.value, longest);
        frame.canvas.end_group();
        frame.y += form.height * unit;
    }

    fn names(&self, frame: &mut Frame, row: &Row, y: f64) {
        let fill = if row.label.is_empty() { frame.palette.quiet } else { frame.palette.ink };
        let room = self.label_room + HAIR;
        let line = Line::fit(row.name(), self.large, room);
        frame.canvas.text(self.label, y, Anchor::Start, &line, fill);
        let line = Line::fit(row.detail(), self.small, room);
        let y = y + 18.0 * frame.unit;
        frame.canvas.text(self.label, y, Anchor::Start, &line, frame.palette.quiet);
    }
}

fn bar(frame: &mut Frame, lane: Area, value: u64, longest: u64) {
    let radius = 3.0 * frame.unit;
    frame.canvas.rectangle(lane, radius, frame.palette.lane);
    if value > 0 {
        let part = value as f64 / longest.max(1) as f64;
        // What was counted is seen, be it one in a million.
        let width = (lane.width * part).max(1.5 * frame.unit);
        frame.canvas.rectangle(Area { width, ..lane }, radius, frame.palette.bar);
    }
}

/// A row's inner measures, in units from its upper edge.
struct Form {
    height: f64,
    /// The baseline of the name.
    name: f64,
    /// The middle of the bar.
    middle: f64,
    bar: f64,
}

impl Form {
    fn new(height: f64, name: f64, middle: f64, bar: f64) -> Self {
        Self { height, name, middle, bar }
    }
}
