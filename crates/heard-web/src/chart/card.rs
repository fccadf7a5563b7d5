use super::{
    Measure, Size, Svg, Theme,
    canvas::{Area, Canvas},
    clock::dial,
    face::Weight,
    frame::{Heading, NOTHING, named},
    legible,
    measure::total,
    palette::{Colour, Palette},
    text::{Anchor, Line, Type},
};

/// A period on one card, in the shape that stories have on phones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShareCard {
    /// What it is of, as "2024 in music".
    pub title: String,
    /// Whose; may be empty.
    pub subtitle: String,
    /// The one number, as it is to be read.
    pub number: String,
    /// What the number counts, as "plays".
    pub number_label: String,
    /// Up to three further numbers and what they count, as ("312", "artists").
    pub numbers: Vec<(String, String)>,
    /// Up to two lists of up to five names.
    pub lists: Vec<CardList>,
    /// The amount of each hour of the day; without any, no clock is drawn.
    pub hours: [u64; 24],
    /// What the hours' amounts are.
    pub measure: Measure,
    /// The last line; may be empty.
    pub footer: String,
}

/// One list of a [`ShareCard`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardList {
    /// What is listed, as "Top artists".
    pub title: String,
    /// Names as they were reported, with what they belong to, where it is to be said.
    pub rows: Vec<(String, Option<String>)>,
}

/// The card's own lengths: 1080 by 1920, as stories are shown.
const WIDTH: f64 = 1080.0;
const HEIGHT: f64 = 1920.0;
const MARGIN: f64 = 90.0;
const LISTED: usize = 5;

/// Draws a card with a large number, lists of names and a small clock. Without a height it is as high as a story of
/// that width; with one, it is as large as fits, in the middle.
pub fn share_card(card: &ShareCard, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&card.title, &card.subtitle, &card.footer);
    let width = f64::from(size.width());
    let height = size.height().unwrap_or((width * HEIGHT / WIDTH).round() as u32);
    let scale = (width / WIDTH).min(f64::from(height) / HEIGHT);
    let mut sheet = Sheet {
        canvas: Canvas::default(),
        palette: theme.palette(),
        scale,
        x: (width - WIDTH * scale) / 2.0,
        y: (f64::from(height) - HEIGHT * scale) / 2.0,
    };
    draw(&mut sheet, card, &heading);
    let description = heading.description(told(card));
    let (canvas, palette) = (sheet.canvas, sheet.palette);
    canvas.finish((size.width(), height), &palette, heading.spoken("Share card"), &description)
}

fn is_empty(card: &ShareCard) -> bool {
    card.number.is_empty() && card.numbers.is_empty() && card.lists.iter().all(|list| list.rows.is_empty())
}

fn told(card: &ShareCard) -> Vec<String> {
    if is_empty(card) {
        return vec![NOTHING.to_owned()];
    }
    let number = |number: &str, label: &str| format!("{} {}", legible(number), legible(label));
    let mut told = vec![number(&card.number, &card.number_label)];
    told.extend(card.numbers.iter().take(3).map(|(text, label)| number(text, label)));
    for list in card.lists.iter().take(2) {
        let names: Vec<String> = list.rows.iter().take(LISTED).map(|row| full_name(row).0).collect();
        told.push(format!("{}: {}", legible(&list.title), names.join(", ")));
    }
    let most = card.hours.iter().enumerate().rev().max_by_key(|(_, value)| **value).filter(|(_, value)| **value > 0);
    told.extend(most.map(|(hour, value)| format!("Most at {hour:02}:00: {}", card.measure.text(*value))));
    told
}

/// A row's names in one, and apart.
fn full_name((name, detail): &(String, Option<String>)) -> (String, String, String) {
    let (name, detail) = (named(name), detail.as_deref().map(legible).unwrap_or_default());
    let full = if detail.is_empty() { name.clone() } else { format!("{name} – {detail}") };
    (full, name, detail)
}

/// A place on the card, in the card's own lengths.
type Place = (f64, f64);

/// The card on the picture.
struct Sheet {
    canvas: Canvas,
    palette: Palette,
    scale: f64,
    x: f64,
    y: f64,
}

impl Sheet {
    fn at(&self, (x, y): Place) -> (f64, f64) {
        (self.x + x * self.scale, self.y + y * self.scale)
    }

    /// A line of at most `room` of the card's lengths, smaller where it needs more, by no more than half.
    fn text(&mut self, at: Place, anchor: Anchor, text: &str, (size, weight): (f64, Weight), room: f64, fill: Colour) {
        let full = Type { size: size * self.scale, weight };
        let room = room * self.scale;
        let natural = Line::fit(text, Type { size: full.size / 2.0, weight }, room).width() * 2.0;
        let size = if natural > room { full.size * (room / natural).max(0.5) * 0.999 } else { full.size };
        self.exact(at, anchor, text, Type { size, weight }, room, fill);
    }

    fn exact(&mut self, at: Place, anchor: Anchor, text: &str, style: Type, room: f64, fill: Colour) {
        let (x, y) = self.at(at);
        self.canvas.text(x, y, anchor, &Line::fit(text, style, room), fill);
        self.canvas.end_line();
    }

    /// A line in the size given, shortened to `room` of the card's lengths.
    fn line(&mut self, at: Place, text: &str, (size, weight): (f64, Weight), room: f64, fill: Colour) {
        let (style, room) = (Type { size: size * self.scale, weight }, room * self.scale);
        self.exact(at, Anchor::Start, text, style, room, fill);
    }
}

fn draw(sheet: &mut Sheet, card: &ShareCard, heading: &Heading) {
    let Palette { ink, quiet, bar, .. } = sheet.palette;
    let room = WIDTH - 2.0 * MARGIN;
    sheet.text((MARGIN, 190.0), Anchor::Start, &heading.title, (72.0, Weight::Semibold), room, ink);
    sheet.line((MARGIN, 256.0), &heading.subtitle, (36.0, Weight::Regular), room, quiet);
    if is_empty(card) {
        sheet.line((MARGIN, 420.0), NOTHING, (40.0, Weight::Regular), room, quiet);
    } else {
        let clock = total(card.hours) > 0;
        let room = if clock { 460.0 } else { room };
        sheet.text((MARGIN, 500.0), Anchor::Start, &legible(&card.number), (170.0, Weight::Semibold), room, bar);
        sheet.line((MARGIN, 584.0), &legible(&card.number_label), (40.0, Weight::Regular), room, quiet);
        if clock {
            small_clock(sheet, card);
        }
        numbers(sheet, card);
        for (list, top) in card.lists.iter().take(2).zip([890.0, 1370.0]) {
            names(sheet, list, top);
        }
    }
    sheet.line((MARGIN, 1850.0), &heading.footer, (28.0, Weight::Regular), room, quiet);
}

fn small_clock(sheet: &mut Sheet, card: &ShareCard) {
    let (centre, radius) = ((790.0, 462.0), 158.0);
    let (at, scale, quiet) = (sheet.at(centre), sheet.scale, sheet.palette.quiet);
    dial(&mut sheet.canvas, &sheet.palette, (at, radius * scale), &card.hours, card.measure);
    for (text, x, y) in [("0", 0.0, -172.0), ("6", 184.0, 9.0), ("12", 0.0, 194.0), ("18", -190.0, 9.0)] {
        let place = (centre.0 + x, centre.1 + y);
        sheet.text(place, Anchor::Middle, text, (26.0, Weight::Regular), 60.0, quiet);
    }
}

fn numbers(sheet: &mut Sheet, card: &ShareCard) {
    let Palette { ink, quiet, .. } = sheet.palette;
    let column = (WIDTH - 2.0 * MARGIN) / 3.0;
    for (index, (number, label)) in card.numbers.iter().take(3).enumerate() {
        let x = MARGIN + column * index as f64;
        let room = column - 24.0;
        sheet.text((x, 752.0), Anchor::Start, &legible(number), (58.0, Weight::Semibold), room, ink);
        sheet.line((x, 796.0), &legible(label), (30.0, Weight::Regular), room, quiet);
    }
}

fn names(sheet: &mut Sheet, list: &CardList, top: f64) {
    let Palette { ink, quiet, rule, .. } = sheet.palette;
    let room = WIDTH - 2.0 * MARGIN;
    let (x, y) = sheet.at((MARGIN, top - 46.0));
    let line = Area { x, y, width: room * sheet.scale, height: 2.0 * sheet.scale };
    sheet.canvas.rectangle(line, 0.0, rule);
    sheet.line((MARGIN, top), &legible(&list.title), (32.0, Weight::Semibold), room, quiet);
    for (index, row) in list.rows.iter().take(LISTED).enumerate() {
        let (full, name, detail) = full_name(row);
        let y = top + 72.0 + 72.0 * index as f64;
        sheet.canvas.begin_group(&format!("{}. {full}", index + 1));
        sheet.line((MARGIN, y), &(index + 1).to_string(), (36.0, Weight::Regular), 50.0, quiet);
        let x = MARGIN + 60.0;
        let room = room - 60.0;
        let wide = |text: &str, (size, weight): (f64, Weight), most: f64| {
            let style = Type { size: size * sheet.scale, weight };
            Line::fit(text, style, most * sheet.scale).width() / sheet.scale
        };
        // The name has all the room that the detail leaves, which asks for less than half of it.
        let beside = wide(&detail, (30.0, Weight::Regular), room * 0.38);
        let most = if detail.is_empty() { room } else { room - beside - 22.0 };
        let width = wide(&name, (44.0, Weight::Semibold), most);
        sheet.line((x, y), &name, (44.0, Weight::Semibold), most, ink);
        sheet.line((x + width + 22.0, y), &detail, (30.0, Weight::Regular), room - width - 22.0, quiet);
        sheet.canvas.end_group();
    }
}
