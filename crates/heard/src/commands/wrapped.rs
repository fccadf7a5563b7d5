//! `heard wrapped`: a year in review, as text, as a card and as a page.

mod document;

use heard_history::stats::{Filter, Kind, Period, Ranking, Wrapped as Found, wrapped, year_to_review};
use heard_web::chart::{ChartError, Size, share_card};
use heard_web::pages::{Fact, facts, wrapped_card, wrapped_page};

use super::asking;
use super::picture_file::{Ending, Target, failure, theme};
use super::question::{self, Asked};
use super::{milestones, top};
use crate::args::{PeriodArgs, Wrapped};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style};

/// What may be written.
const ENDINGS: [Ending; 3] = [Ending::Html, Ending::Svg, Ending::Png];

/// Pixels across a story.
const WIDTH: u32 = 1080;

/// Pixels of a PNG per inch that make one of the card's own.
const DPI: u32 = 96;

pub(crate) fn run(args: &Wrapped, config: &Config, printer: Printer) -> Result<(), Failure> {
    let target = args.output.as_deref().map(|path| Target::of(path, &ENDINGS)).transpose()?;
    let (asked, filter) = open(args, config, printer)?;
    let found = wrapped(&asked.columns, question::by(args.by), &filter, &config.zone, asked.now)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    if found.numbers.plays == 0 {
        asking::say_nothing_found(&asked, &filter, printer)?;
        if target.is_some() {
            printer.say("No file is written of nothing.");
            return Ok(());
        }
    }
    if let Some(target) = target {
        let bytes = bytes(&found, &target, args, config).map_err(|error| failure(&error))?;
        return target.write(&bytes, printer);
    }
    match printer.style {
        Style::Json => printer.json(&document::of(&found)),
        Style::Csv => print_csv(&found, printer),
        Style::Table if found.numbers.plays == 0 => Ok(()),
        Style::Table => print_text(&found, config, printer),
    }
}

/// The columns, and the filter with its year.
fn open(args: &Wrapped, config: &Config, printer: Printer) -> Result<(Asked, Filter), Failure> {
    let asked = question::open_for(&args.names, config, printer)?;
    let filter = question::filter(config, &PeriodArgs::default(), &args.names, &args.counting, None);
    let year = match args.year {
        Some(year) => year,
        None => year_to_review(&asked.columns, &filter, &config.zone, asked.now)?,
    };
    Ok((asked, Filter { period: Period::Year(year), ..filter }))
}

fn bytes(found: &Found, target: &Target<'_>, args: &Wrapped, config: &Config) -> Result<Vec<u8>, ChartError> {
    if target.ending == Ending::Html {
        return wrapped_page(found, &config.listener, config.week_start.offset()).map(String::into_bytes);
    }
    let card = wrapped_card(found, &config.listener);
    target.bytes(share_card(&card, &Size::new(WIDTH, None)?, theme(args.theme)), DPI, &args.font)
}

fn print_text(found: &Found, config: &Config, printer: Printer) -> Result<(), Failure> {
    printer.say(&format!("{} in music, {}", found.period, config.listener));
    let row = |fact: Fact| vec![fact.label.to_owned(), fact.value, fact.detail];
    printer.table(&[&found.period.to_string(), "", ""], &facts(found).into_iter().map(row).collect::<Vec<_>>(), &[])?;
    for (kind, ranking) in rankings(found) {
        if !ranking.rows.is_empty() {
            printer.data(&format!("\nTop {}\n", kind.name()))?;
            top::print_table(ranking, kind, found.by, printer)?;
        }
    }
    if !found.milestones.is_empty() {
        printer.data("\nMilestones\n")?;
        let rows: Vec<_> = found.milestones.iter().map(milestones::table_row).collect();
        printer.table(&["day", "milestone", "track"], &rows, &[])?;
    }
    Ok(())
}

fn rankings(found: &Found) -> [(Kind, &Ranking); 3] {
    [(Kind::Artists, &found.artists), (Kind::Albums, &found.albums), (Kind::Tracks, &found.tracks)]
}

/// The single numbers, by the names that `--json` gives them.
fn print_csv(found: &Found, printer: Printer) -> Result<(), Failure> {
    let numbers = &found.numbers;
    let rows = [
        ("plays", numbers.plays),
        ("ms_played", numbers.ms_played),
        ("days_with_plays", numbers.days_heard),
        ("artists", numbers.artists as u64),
        ("albums", numbers.albums as u64),
        ("tracks", numbers.tracks as u64),
        ("new_artists", found.new_artists as u64),
        ("plays_before", found.before.as_ref().map_or(0, |before| before.numbers.plays)),
        ("ms_played_before", found.before.as_ref().map_or(0, |before| before.numbers.ms_played)),
    ];
    let rows = rows.map(|(name, number)| vec![name.to_owned(), number.to_string()]);
    printer.csv(&["name", "value"], &rows)
}
