//! What every question needs: columns that match the store, and a filter from what was typed.

use heard_api::Clock;
use heard_history::columns::{self, Columns, Genres, MadeOf};
use heard_history::genres::{Genre, Vocabulary};
use heard_history::home::Home;
use heard_history::ingest;
use heard_history::stats::{By, Counting, Filter, Period, nearest};
use heard_history::store::{Kept, kept_in};
use heard_history::verify;

use crate::args::{ByArg, CountingArgs, NameArgs, PeriodArgs};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, by_number, several};

/// Columns to ask, and the moment at which they are asked.
pub(crate) struct Asked {
    pub(crate) columns: Columns,
    pub(crate) now: i64,
}

/// Opens the columns. Where they are older than the store, or the store is missing and the archive is not, they are
/// made anew first.
pub(crate) fn open(config: &Config, printer: Printer) -> Result<Asked, Failure> {
    open_with(false, config, printer)
}

/// The same for a question about these names; where it is about a genre, genres are of the newest tags, too.
pub(crate) fn open_for(names: &NameArgs, config: &Config, printer: Printer) -> Result<Asked, Failure> {
    names.tag.as_deref().map(genre).transpose()?;
    open_with(names.tag.is_some(), config, printer)
}

/// The same for a question about genres.
pub(crate) fn open_with_genres(names: &NameArgs, config: &Config, printer: Printer) -> Result<Asked, Failure> {
    names.tag.as_deref().map(genre).transpose()?;
    open_with(true, config, printer)
}

/// The genre that somebody means, as the vocabulary has it.
pub(crate) fn genre(text: &str) -> Result<Genre, Failure> {
    let own = Vocabulary::own();
    own.find(text).ok_or_else(|| {
        let near = nearest(own.iter().map(|genre| own.name_of(genre)), text, 3);
        let near = near.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        let hint = if near.is_empty() {
            "heard top tags -n 1000 lists those that were heard".to_owned()
        } else {
            format!("genres like it: {near}")
        };
        Failure::new(Code::Usage, format!("{text:?} is no genre that heard knows")).hint(hint)
    })
}

fn open_with(genres: bool, config: &Config, printer: Printer) -> Result<Asked, Failure> {
    let home = Home::existing(&config.home).ok_or_else(|| nothing_yet(config))?;
    let now = Clock::system().now();
    let kept = match verify::kept_at_seal(&home) {
        None => kept_in(&home.database())?,
        sealed => sealed,
    };
    if let Some(kept) = &kept
        && let Ok(columns) = Columns::open(&home.columns())
        && *columns.generation() == kept.generation
        // Hours and days are kept in a zone; another one moves them all.
        && kept.zone.as_deref().is_none_or(|zone| zone == config.zone.name())
        && (!genres || has_fresh_genres(&home, kept))
    {
        return Ok(Asked { columns, now });
    }
    if kept.is_none() && !home.archive().exists() {
        return Err(nothing_yet(config));
    }
    let lock = home.lock()?;
    verify::unseal(&home, &lock)?;
    if kept.is_none() {
        printer.say("making heard.db anew from the archive");
        ingest::rebuild(&home, &lock, &config.zone, |_| {})?;
    }
    let (store, _) = ingest::open(&home, &lock, &config.zone)?;
    columns::refresh(&home, &lock, &store)?;
    verify::seal(&home, &lock, store)?;
    Ok(Asked { columns: Columns::open(&home.columns())?, now })
}

/// Whether the genres of plays are of everything that is known and decided; where nothing is, there are none.
fn has_fresh_genres(home: &Home, kept: &Kept) -> bool {
    let made_of = Genres::made_of_file(&home.genres());
    made_of.map_or(!kept.has_genres, |made_of| made_of == MadeOf::now(&kept.generation, kept.enriched))
}

pub(super) fn nothing_yet(config: &Config) -> Failure {
    Failure::new(Code::BadInput, format!("there is no history in {} yet", config.home.display())).hint(
        "heard sync --user NAME downloads one; heard import PATH takes in files; heard demo shows what comes of it",
    )
}

/// A filter from what was typed.
pub(crate) fn filter(
    config: &Config,
    period: &PeriodArgs,
    names: &NameArgs,
    counting: &CountingArgs,
    text: Option<&str>,
) -> Filter {
    let seconds = counting.min_played.unwrap_or(config.min_played);
    Filter {
        period: period_of(period),
        counting: Counting {
            min_played_ms: i32::try_from(u64::from(seconds) * 1000).unwrap_or(i32::MAX),
            undated: counting.undated,
            implausible: counting.implausible,
            placeholders: counting.placeholders,
        },
        listener: Some(config.listener.clone()),
        artist: names.artist.clone(),
        album: names.album.clone(),
        track: names.track.clone(),
        text: text.map(str::to_owned),
        source: names.source.clone(),
        tag: names.tag.clone(),
        recent: counting.recent,
    }
}

fn period_of(args: &PeriodArgs) -> Period {
    match args {
        PeriodArgs { year: Some(year), .. } => Period::Year(*year),
        PeriodArgs { month: Some(month), .. } => Period::Month(*month),
        PeriodArgs { last: Some(last), .. } => Period::Last(*last),
        PeriodArgs { from: None, to: None, .. } => Period::Everything,
        PeriodArgs { from, to, .. } => Period::Between { from: *from, to: *to },
    }
}

pub(crate) fn by(arg: ByArg) -> By {
    match arg {
        ByArg::Plays => By::Plays,
        ByArg::Time => By::Time,
    }
}

/// Says what an answer leaves out, so that no number surprises.
pub(crate) fn say_what_is_left_out(asked: &Asked, filter: &Filter, printer: Printer) {
    let undated = (asked.columns.rows() - asked.columns.dated()) as u64;
    if undated > 0 && !filter.counting.undated && filter.period == Period::Everything {
        let plays = several(undated, "play");
        let (are, them) = (by_number(undated, "is", "are"), by_number(undated, "it", "them"));
        printer.say(&format!("{plays} without a moment {are} not counted; --undated counts {them}"));
    }
}
