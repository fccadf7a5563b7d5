//! `heard taste`: a profile of what somebody likes.

use heard_history::genres::Vocabulary;
use heard_history::home::Home;
use heard_history::stats::{GenreUnit, KnownElsewhere, LOYAL_TO, RankedGenre, Taste, Unit, taste};
use heard_history::store::known_in;
use serde::Serialize;

use super::genres::coverage::{CoverageValue, say_coverage};
use super::ranked::week_start;
use super::{asking, question};
use crate::args;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, by_number, percent, several, share, two_decimals};

/// Entries into rotation that are told, the latest first.
const ENTERED: usize = 10;

const NOT_KNOWN: &str = "not known";

#[derive(Serialize)]
struct GenreValue {
    genre: &'static str,
    plays: f64,
    share: f64,
}

#[derive(Serialize)]
struct WeekValue {
    at: String,
    coverage: CoverageValue,
    entropy: f64,
    genres: Vec<GenreValue>,
}

#[derive(Serialize)]
struct EnteredValue {
    at: String,
    genre: &'static str,
}

#[derive(Serialize)]
struct EraValue {
    decade: i64,
    plays: u64,
    share: f64,
}

#[derive(Serialize)]
struct MainstreamValue {
    plays: u64,
    median_listeners: u64,
    share_well_known: f64,
    share_little_known: f64,
}

#[derive(Serialize)]
struct NoveltyValue {
    artists: usize,
    plays: u64,
    share: f64,
}

#[derive(Serialize)]
struct LoyaltyValue {
    artists: usize,
    plays: u64,
    share: f64,
}

#[derive(Serialize)]
struct Document {
    period: String,
    plays: u64,
    artists: usize,
    coverage: CoverageValue,
    genres: Vec<GenreValue>,
    eras: Vec<EraValue>,
    mainstream: MainstreamValue,
    novelty: Option<NoveltyValue>,
    loyalty: LoyaltyValue,
    entered: Vec<EnteredValue>,
    weeks: Vec<WeekValue>,
}

pub(crate) fn run(args: &args::Taste, config: &Config, printer: Printer) -> Result<(), Failure> {
    let asked = question::open_with_genres(&args.asking.names, config, printer)?;
    let filter = question::filter(config, &args.asking.period, &args.asking.names, &args.asking.counting, None);
    asking::say_what_has_no_place(&asked, &filter, printer);
    let database = Home::existing(&config.home).ok_or_else(|| question::nothing_yet(config))?.database();
    let known = known_in(&database)?;
    let known = KnownElsewhere { listeners: Some(&known.listeners), years: Some(&known.years) };
    let week = Unit::Week(week_start(args.week_start, config));
    let found = taste(&asked.columns, week, &known, &filter, &config.zone, asked.now)?;
    let mut document = document(&found, filter.period.to_string(), args.limit);
    if printer.style != Style::Table {
        document.weeks = found.genres.units.iter().map(week_value).collect();
    }
    match printer.style {
        Style::Json => printer.json(&document),
        Style::Csv => {
            let row = |week: &WeekValue| {
                let (at, genres) = (week.at.clone(), week.genres.iter());
                genres
                    .map(move |it| vec![at.clone(), it.genre.to_owned(), it.plays.to_string(), it.share.to_string()])
                    .collect::<Vec<_>>()
            };
            printer.csv(&["week", "genre", "plays", "share"], &document.weeks.iter().flat_map(row).collect::<Vec<_>>())
        }
        Style::Table => {
            if found.plays == 0 {
                asking::say_nothing_found(&asked, &filter, printer)?;
                return Ok(());
            }
            printer.say(&format!(
                "Taste, {}: {} of {}",
                filter.period,
                several(found.plays, "play"),
                several(found.artists as u64, "artist")
            ));
            say_coverage(&found.genres.coverage, printer);
            printer.data(&text(&document, &found))
        }
    }
}

/// Everything but the weeks, of which the text has none.
fn document(found: &Taste, period: String, limit: usize) -> Document {
    let part = |plays: u64| six(share(plays, found.plays));
    let whole = found.genres.coverage.with_genres();
    let known = found.mainstream.plays;
    let eras: u64 = found.eras.iter().map(|(_, plays)| plays).sum();
    let era =
        |(decade, plays): &(i64, u64)| EraValue { decade: *decade, plays: *plays, share: six(share(*plays, eras)) };
    let name = |genre| Vocabulary::own().name_of(genre);
    Document {
        period,
        plays: found.plays,
        artists: found.artists,
        coverage: CoverageValue::of(&found.genres.coverage),
        genres: found.genres.rows.iter().take(limit).map(|row| genre_value(row, whole)).collect(),
        eras: found.eras.iter().map(era).collect(),
        mainstream: MainstreamValue {
            plays: known,
            median_listeners: found.mainstream.median_listeners,
            share_well_known: six(share(found.mainstream.well_known, known)),
            share_little_known: six(share(found.mainstream.little_known, known)),
        },
        novelty: found.novelty.map(|new| NoveltyValue {
            artists: new.artists,
            plays: new.plays,
            share: part(new.plays),
        }),
        loyalty: LoyaltyValue {
            artists: LOYAL_TO.min(found.artists),
            plays: found.loyal_plays,
            share: part(found.loyal_plays),
        },
        entered: found
            .entered
            .iter()
            .map(|(at, genre)| EnteredValue { at: at.to_string(), genre: name(*genre) })
            .collect(),
        weeks: Vec::new(),
    }
}

fn week_value(week: &GenreUnit) -> WeekValue {
    WeekValue {
        at: week.unit.to_string(),
        coverage: CoverageValue::of(&week.coverage),
        entropy: six(week.entropy),
        genres: week.genres.iter().map(|row| genre_value(row, week.coverage.with_genres())).collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "plays are fewer than 2^52")]
fn genre_value(row: &RankedGenre, whole: u64) -> GenreValue {
    let share = six(row.plays / whole.max(1) as f64);
    GenreValue { genre: Vocabulary::own().name_of(row.genre), plays: two_decimals(row.plays), share }
}

fn six(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// A line for each trait; what is not known is said to be so.
fn text(document: &Document, found: &Taste) -> String {
    let genres: Vec<String> = document.genres.iter().map(|it| format!("{} {}", it.genre, percent(it.share))).collect();
    let loyalty = &document.loyalty;
    let artists = loyalty.artists as u64;
    let (artists, have) = (several(artists, "most heard artist"), by_number(artists, "has", "have"));
    let loyalty = format!("the {artists} {have} {} of plays", percent(loyalty.share));
    let entered: Vec<String> =
        document.entered.iter().take(ENTERED).map(|it| format!("{} in {}", it.genre, it.at)).collect();
    [
        ("genres", listed(&genres)),
        ("variety", variety(found)),
        ("eras", eras(document)),
        ("known to others", known_to_others(document)),
        ("new", novelty(document)),
        ("loyal", loyalty),
        ("entered rotation", listed(&entered)),
    ]
    .into_iter()
    .map(|(what, says)| format!("{what:<17} {says}\n"))
    .collect()
}

fn listed(texts: &[String]) -> String {
    if texts.is_empty() { NOT_KNOWN.to_owned() } else { texts.join(", ") }
}

fn variety(found: &Taste) -> String {
    let weeks = found.genres.units.iter().filter(|week| week.coverage.with_genres() > 0);
    let (count, sum) = weeks.fold((0.0, 0.0), |(count, sum), week| (count + 1.0, sum + week.entropy));
    if count > 0.0 {
        format!("{:.2} bits of genres in a week, on the average", sum / count)
    } else {
        NOT_KNOWN.to_owned()
    }
}

fn eras(document: &Document) -> String {
    let eras = document.eras.iter().map(|it| format!("{}s {}", it.decade, percent(it.share)));
    let decades = listed(&eras.collect::<Vec<_>>());
    match document.eras.iter().map(|it| it.plays).sum::<u64>() {
        0 => decades,
        plays => format!("{decades} (of {} of albums of known years)", several(plays, "play")),
    }
}

fn known_to_others(document: &Document) -> String {
    let mainstream = &document.mainstream;
    if mainstream.plays == 0 {
        return NOT_KNOWN.to_owned();
    }
    format!(
        "half of the plays are of artists with {} or more; {} with a million or more, {} with fewer than ten \
         thousand ({} of plays known)",
        several(mainstream.median_listeners, "listener"),
        percent(mainstream.share_well_known),
        percent(mainstream.share_little_known),
        percent(share(mainstream.plays, document.plays)),
    )
}

fn novelty(document: &Document) -> String {
    let Some(new) = &document.novelty else { return format!("{NOT_KNOWN} without a period (--last 12month)") };
    format!("{} heard for the first time, {} of plays", several(new.artists as u64, "artist"), percent(new.share))
}
