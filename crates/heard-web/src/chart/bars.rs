use super::{
    Size, Svg, Theme,
    canvas::{Area, Canvas},
    face::Weight,
    legible,
    palette::Palette,
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

/// Stands where a name has nothing to show.
const NAMELESS: &str = "(no name)";
const NOTHING: &str = "Nothing was counted here.";

/// Below this width, in CSS pixels, a bar stands under its name.
const NARROW: f64 = 640.0;
/// What adding and rounding may take from a width that was measured to fit.
const HAIR: f64 = 0.01;
/// Rows told in words in the description.
const TOLD: usize = 5;

/// Draws a ranking as horizontal bars that begin at zero, longest bar as wide as
/// the picture allows, with rank, names and value as text.
///
/// Names are shortened to the room they have and shown in full where a pointer
/// rests. Without rows the picture says so.
pub fn ranked_bars(bars: &RankedBars, size: &Size, theme: Theme) -> Svg {
    let palette = theme.palette();
    let rows: Vec<Row> = bars.rows.iter().enumerate().map(Row::new).collect();
    let mut sheet = Sheet {
        canvas: Canvas::default(),
        grid: Grid::new(size, &rows),
        palette,
        y: 0.0,
    };
    sheet.head(&legible(&bars.title), &legible(&bars.subtitle));
    let footer = legible(&bars.footer);
    let shown = sheet.shown(size, &rows, !footer.is_empty());
    let longest = rows.iter().map(|row| row.value).max().unwrap_or(0);
    for row in &rows[..shown] {
        sheet.row(row, longest);
    }
    if rows.is_empty() {
        sheet.note(NOTHING);
    } else if shown < rows.len() {
        sheet.note(&format!("… and {} more", rows.len() - shown));
    }
    let height = sheet.foot(&footer, size);
    let title = match legible(&bars.title) {
        title if title.is_empty() => "Ranking".to_owned(),
        title => title,
    };
    let description = describe(&rows, &legible(&bars.subtitle), &footer);
    sheet
        .canvas
        .finish((size.width(), height), &palette, &title, &description)
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
        Self {
            rank: (index + 1).to_string(),
            label: legible(&row.label),
            detail: row.detail.as_deref().map(legible).filter(|detail| !detail.is_empty()),
            value: row.value,
            value_text: legible(&row.value_text),
        }
    }

    fn name(&self) -> &str {
        if self.label.is_empty() {
            NAMELESS
        } else {
            &self.label
        }
    }

    fn in_words(&self) -> String {
        let detail = self.detail.iter().map(|detail| format!(" – {detail}"));
        let detail: String = detail.collect();
        format!("{}. {}{detail}: {}", self.rank, self.name(), self.value_text)
    }
}

/// What the picture says, for those who do not see it.
fn describe(rows: &[Row], subtitle: &str, footer: &str) -> String {
    let mut told: Vec<String> = [subtitle, footer]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect();
    told.extend(rows.iter().take(TOLD).map(Row::in_words));
    if rows.is_empty() {
        told.push(NOTHING.to_owned());
    } else if rows.len() > TOLD {
        told.push(format!("And {} more", rows.len() - TOLD));
    }
    told.join(". ")
}

/// Where the columns stand, in CSS pixels. All lengths grow with the picture.
struct Grid {
    /// What one pixel of a picture 1000 pixels wide is here.
    unit: f64,
    left: f64,
    right: f64,
    /// Right end of the ranks.
    rank: f64,
    /// Left end of the names.
    label: f64,
    label_room: f64,
    /// Left end of the bars: zero.
    zero: f64,
    bar_room: f64,
    value_room: f64,
    stacked: bool,
    detailed: bool,
}

impl Grid {
    fn new(size: &Size, rows: &[Row]) -> Self {
        let width = f64::from(size.width());
        let by_height = size.height().map_or(f64::INFINITY, |height| f64::from(height) / 220.0);
        let unit = (width / 1000.0).max(0.85).min(by_height);
        let margin = (40.0 * unit).min(width * 0.06);
        let (left, right) = (margin, width - margin);
        let inner = right - left;
        let mut grid = Self {
            unit,
            left,
            right,
            rank: 0.0,
            label: 0.0,
            label_room: 0.0,
            zero: 0.0,
            bar_room: 0.0,
            value_room: 0.0,
            stacked: width < NARROW,
            detailed: rows.iter().any(|row| row.detail.is_some()),
        };
        let widest = |line: &dyn Fn(&Row) -> f64, most: f64| {
            rows.iter().map(line).fold(0.0, f64::max).min(most)
        };
        let most = if grid.stacked { 0.45 } else { 0.25 };
        grid.value_room = widest(&|row| grid.value(&row.value_text, inner).width(), inner * most);
        let rank_room = widest(&|row| Line::new(&row.rank, grid.small()).width(), inner * 0.2);
        grid.rank = left + rank_room;
        grid.label = grid.rank + 12.0 * unit;
        let gap = 16.0 * unit;
        if grid.stacked {
            grid.label_room = right - grid.value_room - gap - grid.label;
            grid.zero = grid.label;
            grid.bar_room = right - grid.zero;
        } else {
            let name = |row: &Row| {
                let label = Line::fit(row.name(), grid.large(), inner).width();
                let detail = row.detail.as_deref().unwrap_or_default();
                label.max(Line::fit(detail, grid.small(), inner).width())
            };
            grid.label_room = widest(&name, inner * 0.36);
            grid.zero = grid.label + grid.label_room + gap;
            grid.bar_room = right - grid.value_room - gap - grid.zero;
        }
        grid
    }

    fn type_of(&self, size: f64, weight: Weight) -> Type {
        Type {
            size: size * self.unit,
            weight,
        }
    }

    fn large(&self) -> Type {
        self.type_of(15.5, Weight::Regular)
    }

    fn small(&self) -> Type {
        self.type_of(12.5, Weight::Regular)
    }

    fn value(&self, text: &str, room: f64) -> Line {
        Line::fit(text, self.type_of(14.0, Weight::Regular), room)
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
        Self {
            height,
            name,
            middle,
            bar,
        }
    }
}

/// A picture in the making, filled from above.
struct Sheet {
    canvas: Canvas,
    grid: Grid,
    palette: Palette,
    /// Where the next thing begins, in CSS pixels from above.
    y: f64,
}

impl Sheet {
    fn head(&mut self, title: &str, subtitle: &str) {
        let unit = self.grid.unit;
        self.y = self.grid.left.max(22.0 * unit);
        if !title.is_empty() {
            self.y += 24.0 * unit;
            let style = self.grid.type_of(26.0, Weight::Semibold);
            self.line(title, style, self.palette.ink);
        }
        if !subtitle.is_empty() {
            self.y += 26.0 * unit;
            let style = self.grid.type_of(14.5, Weight::Regular);
            self.line(subtitle, style, self.palette.quiet);
        }
        self.y += 24.0 * unit;
    }

    /// How many of `rows` there is room for.
    fn shown(&self, size: &Size, rows: &[Row], footer: bool) -> usize {
        let Some(height) = size.height() else {
            return rows.len();
        };
        let room = f64::from(height) - self.y - self.foot_height(footer);
        let fit = |room: f64| {
            let mut used = 0.0;
            rows.iter()
                .take_while(|row| {
                    used += self.grid.form(row).height * self.grid.unit;
                    used <= room
                })
                .count()
        };
        match fit(room) {
            all if all == rows.len() => all,
            _ => fit(room - self.note_height()),
        }
    }

    fn row(&mut self, row: &Row, longest: u64) {
        let (unit, palette, top) = (self.grid.unit, self.palette, self.y);
        let form = self.grid.form(row);
        let stacked = self.grid.stacked;
        // Beside a bar, its middle is the middle of figures too.
        let rank = if stacked { form.name } else { form.middle + 4.6 };
        let value = if stacked { form.name } else { form.middle + 5.1 };
        self.canvas.begin_group(&row.in_words());
        let line = Line::new(&row.rank, self.grid.small());
        let y = top + rank * unit;
        self.canvas.text(self.grid.rank, y, Anchor::End, &line, palette.quiet);
        self.names(row, top + form.name * unit);
        let line = self.grid.value(&row.value_text, self.grid.value_room + HAIR);
        let y = top + value * unit;
        self.canvas.text(self.grid.right, y, Anchor::End, &line, palette.ink);
        self.bar(row, longest, top + (form.middle - form.bar / 2.0) * unit, form.bar * unit);
        self.canvas.end_group();
        self.y += form.height * unit;
    }

    fn names(&mut self, row: &Row, y: f64) {
        let fill = if row.label.is_empty() {
            self.palette.quiet
        } else {
            self.palette.ink
        };
        let room = self.grid.label_room + HAIR;
        let line = Line::fit(row.name(), self.grid.large(), room);
        self.canvas.text(self.grid.label, y, Anchor::Start, &line, fill);
        if let Some(detail) = &row.detail {
            let line = Line::fit(detail, self.grid.small(), room);
            let y = y + 18.0 * self.grid.unit;
            self.canvas.text(self.grid.label, y, Anchor::Start, &line, self.palette.quiet);
        }
    }

    fn bar(&mut self, row: &Row, longest: u64, y: f64, height: f64) {
        let lane = Area {
            x: self.grid.zero,
            y,
            width: self.grid.bar_room,
            height,
        };
        let radius = 3.0 * self.grid.unit;
        self.canvas.rectangle(lane, radius, self.palette.lane);
        if row.value > 0 {
            let part = row.value as f64 / longest.max(1) as f64;
            // What was counted is seen, be it one in a million.
            let width = (lane.width * part).max(1.5 * self.grid.unit);
            let bar = Area { width, ..lane };
            self.canvas.rectangle(bar, radius, self.palette.bar);
        }
    }

    /// A sentence in the place of rows.
    fn note(&mut self, text: &str) {
        let top = self.y;
        self.y += 20.0 * self.grid.unit;
        self.line(text, self.grid.type_of(14.0, Weight::Regular), self.palette.quiet);
        self.y = top + self.note_height();
    }

    fn note_height(&self) -> f64 {
        30.0 * self.grid.unit
    }

    fn foot_height(&self, footer: bool) -> f64 {
        let text = if footer { 30.0 * self.grid.unit } else { 0.0 };
        text + self.grid.left.max(18.0 * self.grid.unit)
    }

    /// Writes the last line and tells how high the picture is.
    fn foot(&mut self, footer: &str, size: &Size) -> u32 {
        let end = self.y + self.foot_height(!footer.is_empty());
        let height = size.height().unwrap_or(end.ceil() as u32);
        if !footer.is_empty() {
            // At the lower edge, also where the rows leave room above it.
            self.y = f64::from(height) - self.foot_height(false) - 4.0 * self.grid.unit;
            self.line(footer, self.grid.small(), self.palette.quiet);
        }
        height
    }

    /// A line across the whole picture, its baseline where the cursor is.
    fn line(&mut self, text: &str, style: Type, fill: super::palette::Colour) {
        let line = Line::fit(text, style, self.grid.right - self.grid.left);
        self.canvas.text(self.grid.left, self.y, Anchor::Start, &line, fill);
    }
}
