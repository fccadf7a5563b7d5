//! A page for people.

use heard_history::facts::Picture;
use heard_history::stats::{
    Amount, Kind, Listen, Page, Period, Place, Ranked, Ranking, Reached, Subject, UnitOfTime, YearOnPage,
};

use super::super::listens::wall_clock;
use super::super::ranked::{named_cells, named_header};
use crate::exit::Failure;
use crate::plot::{blocks, sparkline};
use crate::print::{Printer, duration, grouped, several, share};

/// The initials of the months, over their sparkline.
const MONTHS: &str = "JFMAMJJASOND";

pub(super) fn print(
    subject: &Subject,
    page: &Page,
    period: Period,
    cover: Option<&Picture>,
    printer: Printer,
) -> Result<(), Failure> {
    let header = [super::noun(subject.kind), &period.to_string()];
    let mut rows = summary(subject, page, period);
    rows.extend(cover.map(|picture| vec!["cover".to_owned(), kept(picture)]));
    printer.table(&header, &rows, &[])?;
    print_years(page, printer)?;
    let lists = [(Kind::Tracks, "Tracks", &page.tracks), (Kind::Albums, "Albums", &page.albums)];
    for (kind, title, found) in lists {
        if let Some(found) = found {
            print_list(kind, title, found, page, subject, printer)?;
        }
    }
    Ok(())
}

/// That it is kept, and its size. Where it lies is longer than a line, and for programs.
fn kept(picture: &Picture) -> String {
    let size = picture.size.map(|(width, height)| format!(", {width} × {height}")).unwrap_or_default();
    format!("kept{size}")
}

fn summary(subject: &Subject, page: &Page, period: Period) -> Vec<Vec<String>> {
    let mut rows: Vec<(&str, String)> = Vec::new();
    rows.extend(subject.title.as_ref().map(|title| ("title", title.clone())));
    rows.push((if subject.title.is_some() { "artist" } else { "name" }, subject.artist.clone()));
    if let Some((first, last)) = &page.ends {
        rows.push(("first listen", told(first, subject.kind)));
        rows.push(("last listen", told(last, subject.kind)));
    }
    rows.push(("plays", of_all(page)));
    if page.amount.ms_played > 0 {
        rows.push(("time played", duration(page.amount.ms_played)));
    }
    rows.push(("rank", ranks(page, period)));
    rows.push(("days with plays", grouped(page.days)));
    rows.extend(page.streak.as_ref().map(|streak| {
        let so_far = if streak.is_current { ", so far" } else { "" };
        let days = several(streak.days, "day");
        ("longest streak", format!("{days}, {} to {}{so_far}", streak.first_day, streak.last_day))
    }));
    rows.extend(["milestones"].into_iter().chain(std::iter::repeat("")).zip(milestones(page)));
    rows.push(("hours", format!("00 {} 23", sparkline(&page.clock.hours().map(|hour| hour.plays)))));
    rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect()
}

/// The moment, and what of the names is not the page's own.
fn told(listen: &Listen, kind: Kind) -> String {
    let mut text = wall_clock(listen);
    if kind != Kind::Tracks {
        text.extend([", ", &listen.track]);
    }
    if let Some(album) = listen.album.as_deref().filter(|_| kind != Kind::Albums) {
        text.extend([", ", album]);
    }
    text
}

fn of_all(page: &Page) -> String {
    let percent = share(page.amount.plays, page.total_plays) * 100.0;
    format!("{} of {} ({percent:.1} %)", grouped(page.amount.plays), grouped(page.total_plays))
}

fn ranks(page: &Page, period: Period) -> String {
    let rank = |place: Option<Place>| {
        place.map_or_else(|| "–".to_owned(), |it| format!("{} of {}", grouped(it.rank as u64), grouped(it.of as u64)))
    };
    match period {
        Period::Everything => rank(page.place),
        _ => {
            format!("{}; of all time {}, {}", rank(page.place), rank(page.ever.place), several(page.ever.plays, "play"))
        }
    }
}

/// As many on a line as a narrow terminal holds.
fn milestones(page: &Page) -> Vec<String> {
    let day = |listen: &Listen| wall_clock(listen).chars().take(10).collect::<String>();
    let each = |it: &Reached| format!("{}th {}", grouped(it.number), day(&it.listen));
    let line = |some: &[Reached]| some.iter().map(each).collect::<Vec<_>>().join(", ");
    page.milestones.chunks(3).map(line).collect()
}

/// A row for each year: its months as a sparkline, all of them in one scale.
fn print_years(page: &Page, printer: Printer) -> Result<(), Failure> {
    let timed = page.amount.ms_played > 0;
    let most = page.years.iter().map(|it| it.amount.plays).max().unwrap_or_default();
    let mut header = vec!["year", "plays", "time", "rank", MONTHS, ""];
    header.retain(|name| timed || *name != "time");
    let sparklines = sparklines(&page.months);
    // What stands beside the bars, with the time and without.
    let width = printer.columns.saturating_sub(if timed { 50 } else { 40 }).clamp(4, 60);
    let row = |(it, months): (&YearOnPage, &String)| {
        let mut cells = vec![it.year.to_string(), grouped(it.amount.plays)];
        cells.extend(timed.then(|| duration(it.amount.ms_played)));
        cells.push(it.rank.map_or_else(|| "–".to_owned(), |rank| grouped(rank as u64)));
        cells.extend([months.clone(), blocks(it.amount.plays, most, width)]);
        cells
    };
    let rows: Vec<Vec<String>> = page.years.iter().zip(&sparklines).map(row).collect();
    printer.data("\n")?;
    printer.table(&header, &rows, if timed { &[1, 2, 3] } else { &[1, 2] })
}

/// For each year a sign for each of its months; those before the first and behind the last play are blank.
fn sparklines(months: &[(UnitOfTime, Amount)]) -> Vec<String> {
    let signs = sparkline(&months.iter().map(|(_, amount)| amount.plays).collect::<Vec<_>>());
    let mut lines: Vec<(i16, String)> = Vec::new();
    for ((month, _), sign) in months.iter().zip(signs.chars()) {
        let day = month.first_day();
        if lines.last().is_none_or(|(year, _)| *year != day.year()) {
            lines.push((day.year(), " ".repeat(usize::from(day.month().saturating_sub(1)))));
        }
        lines.iter_mut().last().into_iter().for_each(|(_, line)| line.push(sign));
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

fn print_list(
    kind: Kind,
    title: &str,
    found: &Ranking,
    page: &Page,
    subject: &Subject,
    printer: Printer,
) -> Result<(), Failure> {
    if found.rows.is_empty() {
        return Ok(());
    }
    let without = page.plays_without_album;
    let without = if kind == Kind::Albums && without > 0 {
        format!("; {} without an album", several(without, "play"))
    } else {
        String::new()
    };
    let (shown, total) = (grouped(found.rows.len() as u64), grouped(found.distinct as u64));
    printer.data(&format!("\n{title} ({shown} of {total}{without})\n"))?;
    let timed = page.amount.ms_played > 0;
    // A split name's plays are those of another artist, too.
    let alone = found.rows.iter().all(|row| row.artist == subject.artist);
    let mut header = vec!["#"];
    header.extend(named_header(kind).iter().skip(usize::from(alone)));
    header.push("plays");
    header.extend(timed.then_some("time"));
    let row = |row: &Ranked| {
        let mut cells = vec![row.rank.to_string()];
        cells.extend(named_cells(&row.artist, row.title.as_deref()).into_iter().skip(usize::from(alone)));
        cells.push(grouped(row.plays));
        cells.extend(timed.then(|| duration(row.ms_played)));
        cells
    };
    let last = header.len() - 1;
    let numbers = if timed { vec![0, last - 1, last] } else { vec![0, last] };
    printer.table(&header, &found.rows.iter().map(row).collect::<Vec<_>>(), &numbers)
}
