//! `heard genres`: how much of each genre was heard, and how that changed.

pub(super) mod coverage;
mod document;
mod explain;

use heard_history::genres::{Genre, Vocabulary};
use heard_history::rules::{Name, Rule};
use heard_history::stats::{
    By, GenreUnit, GenresOverTime, RankedGenre, Transitions, Unit, genres_over_time, transitions,
};

use super::deciding::deciding;
use super::ranked::unit_of;
use super::{asking, question};
use crate::args::{Genres, GenresAction, Trying};
use crate::config::Config;
use crate::exit::Failure;
use crate::plot::sparkline;
use crate::print::{Printer, Style, grouped, percent, several, share};
use coverage::say_coverage;

/// Units that a table shows, the latest ones.
const LATEST: usize = 12;

/// Genres that are named of each unit.
const NAMED: usize = 3;

pub(crate) fn run(args: Genres, config: &Config, printer: Printer) -> Result<(), Failure> {
    match &args.explain {
        Some(artist) => explain::run(artist, &args, config, printer),
        None => match args.action {
            Some(GenresAction::Set { artist, genres, trying }) => set(artist, &genres, trying, config, printer),
            None => over_time(&args, config, printer),
        },
    }
}

fn set(artist: String, genres: &[String], trying: Trying, config: &Config, printer: Printer) -> Result<(), Failure> {
    let own = Vocabulary::own();
    // "trip hop, dub" is two of them.
    let texts = genres.iter().flat_map(|genres| genres.split(',')).map(str::trim).filter(|text| !text.is_empty());
    let found: Vec<Genre> = texts.map(question::genre).collect::<Result<_, _>>()?;
    let mut names: Vec<String> = found.into_iter().map(|genre| own.name_of(genre).to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    deciding(config, printer, |deciding| {
        deciding.must_bear(&Name::Artist { artist: artist.clone() })?;
        deciding.make(vec![Rule::Genres { artist, genres: names }], trying)
    })
}

fn over_time(args: &Genres, config: &Config, printer: Printer) -> Result<(), Failure> {
    let unit = unit_of(&args.unit, config);
    let asked = question::open_with_genres(&args.asking.names, config, printer)?;
    let filter = question::filter(config, &args.asking.period, &args.asking.names, &args.asking.counting, None);
    asking::say_what_has_no_place(&asked, &filter, printer);
    let by = question::by(args.by);
    let (columns, zone) = (&asked.columns, &config.zone);
    let found = genres_over_time(columns, (unit, by, args.main), &filter, zone, asked.now)?;
    let followed = args.transitions.then(|| transitions(columns, args.main, &filter, zone, asked.now, args.limit));
    let followed = followed.transpose()?;
    match printer.style {
        Style::Json => document::print((&found, followed.as_ref()), unit, args.limit, &filter, printer),
        Style::Csv => print_csv(&found, printer),
        Style::Table => {
            if found.coverage.plays == 0 {
                asking::say_nothing_found(&asked, &filter, printer)?;
            }
            printer.say(&format!("Genres of {}, {} by {}", filter.period, unit.name(), unit.name()));
            say_coverage(&found.coverage, printer);
            print_genres(&found, by, args.limit, printer)?;
            print_units(&found, unit, printer)?;
            followed.map_or(Ok(()), |followed| print_transitions(&followed, printer))
        }
    }
}

fn name(genre: Genre) -> &'static str {
    Vocabulary::own().name_of(genre)
}

/// A row for every genre of every unit.
fn print_csv(found: &GenresOverTime, printer: Printer) -> Result<(), Failure> {
    let row = |unit: &GenreUnit, row: &RankedGenre| {
        let (plays, share) = (format!("{:.2}", row.plays), format!("{:.6}", unit.share(row.genre)));
        vec![unit.unit.to_string(), name(row.genre).to_owned(), plays, row.ms_played.to_string(), share]
    };
    let row = &row;
    let rows: Vec<_> = found.units.iter().flat_map(|unit| unit.genres.iter().map(move |it| row(unit, it))).collect();
    printer.csv(&["at", "genre", "plays", "ms_played", "share"], &rows)
}

fn print_genres(found: &GenresOverTime, by: By, limit: usize, printer: Printer) -> Result<(), Failure> {
    let latest = &found.units[found.units.len().saturating_sub(LATEST)..];
    let all = found.rows.iter().map(|row| amount(row, by)).sum::<f64>();
    let row = |row: &RankedGenre| {
        let levels: Vec<u64> = latest.iter().map(|unit| level(unit.share(row.genre))).collect();
        let last = latest.last().map_or(0.0, |unit| unit.share(row.genre));
        let part = if all > 0.0 { amount(row, by) / all } else { 0.0 };
        vec![row.rank.to_string(), name(row.genre).to_owned(), percent(part), sparkline(&levels), percent(last)]
    };
    let rows: Vec<_> = found.rows.iter().take(limit).map(row).collect();
    printer.table(&["", "genre", "share", "", "last"], &rows, &[0, 2, 4])
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a life are fewer than 2^53")]
fn amount(row: &RankedGenre, by: By) -> f64 {
    match by {
        By::Plays => row.plays,
        By::Time => row.ms_played as f64,
    }
}

/// A share as a whole number of a sparkline.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share lies between 0 and 1")]
fn level(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 1e6).round() as u64
}

fn print_units(found: &GenresOverTime, unit: Unit, printer: Printer) -> Result<(), Failure> {
    let names = |genres: &[Genre]| genres.iter().map(|genre| name(*genre)).collect::<Vec<_>>().join(", ");
    let row = |it: &GenreUnit| {
        let most_heard: Vec<String> = it
            .genres
            .iter()
            .take(NAMED)
            .map(|row| format!("{} {}", name(row.genre), percent(it.share(row.genre))))
            .collect();
        let changed = [("new: ", &it.entered), ("back: ", &it.back), ("left: ", &it.left)];
        let changed: Vec<String> = changed
            .into_iter()
            .filter(|(_, genres)| !genres.is_empty())
            .map(|(word, genres)| format!("{word}{}", names(genres)))
            .collect();
        let known = percent(share(it.coverage.with_genres(), it.coverage.plays));
        let entropy = format!("{:.2}", it.entropy);
        vec![it.unit.to_string(), grouped(it.coverage.plays), known, entropy, most_heard.join(", "), changed.join("; ")]
    };
    let latest = &found.units[found.units.len().saturating_sub(LATEST)..];
    let header = [unit.name(), "plays", "known", "entropy", "most heard", "changed"];
    if !latest.is_empty() {
        printer.say(&format!("The last {}s", unit.name()));
    }
    printer.table(&header, &latest.iter().map(row).collect::<Vec<_>>(), &[1, 2, 3])
}

fn print_transitions(found: &Transitions, printer: Printer) -> Result<(), Failure> {
    let same = percent(share(found.same, found.total));
    printer.say(&format!("What followed what: {}; {same} of them the same genre", several(found.total, "time")));
    let row = |row: &heard_history::stats::Transition| {
        vec![name(row.from).to_owned(), name(row.to).to_owned(), grouped(row.times)]
    };
    printer.table(&["from", "to", "times"], &found.rows.iter().map(row).collect::<Vec<_>>(), &[2])
}
