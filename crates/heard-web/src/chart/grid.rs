use super::{
    BarRow, Size, Svg, Theme,
    canvas::Area,
    face::Weight,
    frame::{Frame, Heading, NOTHING, named},
    legible,
    measure::part,
    text::{Anchor, Line},
};

/// A ranking as tiles of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// What is ranked, as "Top albums".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// From the first rank on, row by row.
    pub tiles: Vec<BarRow>,
    /// What they are a part of; may be empty.
    pub footer: String,
}

/// Rows told in words in the description.
const TOLD: usize = 9;

/// Draws a tile for each rank: rank and value above, the name in up to two lines, what it belongs to, and at the foot
/// a bar from zero.
pub fn grid(grid: &Grid, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&grid.title, &grid.subtitle, &grid.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let tiles: Vec<Tile> = grid.tiles.iter().enumerate().map(Tile::new).collect();
    let mut told: Vec<String> = tiles.iter().take(TOLD).map(|tile| tile.words.clone()).collect();
    if tiles.is_empty() {
        frame.note(NOTHING);
        told.push(NOTHING.to_owned());
    } else {
        draw(&mut frame, &tiles, &heading.footer);
        told.extend((tiles.len() > TOLD).then(|| format!("And {} more", tiles.len() - TOLD)));
    }
    let description = heading.description(told);
    frame.finish(&heading.footer, heading.spoken("Ranking"), &description)
}

struct Tile {
    rank: String,
    name: String,
    detail: String,
    value: u64,
    value_text: String,
    words: String,
}

impl Tile {
    fn new((index, row): (usize, &BarRow)) -> Self {
        let (name, value_text) = (named(&row.label), legible(&row.value_text));
        let detail = row.detail.as_deref().map(legible).unwrap_or_default();
        let of = if detail.is_empty() { String::new() } else { format!(" – {detail}") };
        let words = format!("{}. {name}{of}: {value_text}", index + 1);
        Self { rank: (index + 1).to_string(), name, detail, value: row.value, value_text, words }
    }
}

fn draw(frame: &mut Frame, tiles: &[Tile], footer: &str) {
    let unit = frame.unit;
    let gap = 10.0 * unit;
    let across = ((frame.inner() + gap) / (180.0 * unit)).floor().clamp(1.0, 8.0);
    let width = (frame.inner() - gap * (across - 1.0)) / across;
    let height = 118.0 * unit;
    let shown = shown(frame, tiles.len(), across as usize, height + gap, footer);
    let most = tiles.iter().map(|tile| tile.value).max().unwrap_or(0);
    for row in tiles[..shown].chunks(across as usize) {
        for (column, tile) in row.iter().enumerate() {
            let x = frame.left + (width + gap) * column as f64;
            draw_tile(frame, tile, Area { x, y: frame.y, width, height }, most);
        }
        frame.y += height + gap;
    }
    if shown < tiles.len() {
        frame.note(&format!("… and {} more", tiles.len() - shown));
    }
}

/// How many tiles there is room for, in whole rows.
fn shown(frame: &Frame, count: usize, across: usize, row: f64, footer: &str) -> usize {
    let Some(room) = frame.room(footer) else {
        return count;
    };
    let fit = |room: f64| ((room / row).max(0.0) as usize * across).min(count);
    if fit(room) == count { count } else { fit(room - frame.note_height()) }
}

fn draw_tile(frame: &mut Frame, tile: &Tile, area: Area, most: u64) {
    let (unit, palette) = (frame.unit, frame.palette);
    let inset = 12.0 * unit;
    let (left, right, room) = (area.x + inset, area.x + area.width - inset, area.width - 2.0 * inset);
    let [small, large] = [frame.style(12.0, Weight::Regular), frame.style(15.0, Weight::Semibold)];
    frame.canvas.begin_group(&tile.words);
    frame.canvas.rectangle(area, 5.0 * unit, palette.tile);
    let top = area.y + 22.0 * unit;
    let rank = Line::fit(&tile.rank, small, room * 0.4);
    frame.canvas.text(left, top, Anchor::Start, &rank, palette.quiet);
    frame.label((right, top), Anchor::End, &tile.value_text, small, room - rank.width() - inset, palette.ink);
    let names = Line::wrap(&tile.name, large, room, 2);
    let mut y = area.y + 46.0 * unit;
    for line in &names {
        frame.canvas.text(left, y, Anchor::Start, line, palette.ink);
        y += 20.0 * unit;
    }
    frame.label((left, y + unit), Anchor::Start, &tile.detail, small, room, palette.quiet);
    let bar = Area { x: left, y: area.y + area.height - 13.0 * unit, width: room, height: 4.0 * unit };
    frame.canvas.rectangle(bar, 2.0 * unit, palette.rule);
    if tile.value > 0 {
        let width = (room * part(tile.value, most)).max(1.5 * unit);
        frame.canvas.rectangle(Area { width, ..bar }, 2.0 * unit, palette.bar);
    }
    frame.canvas.end_group();
}
