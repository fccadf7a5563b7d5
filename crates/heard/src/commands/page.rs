//! What `heard artist`, `heard album` and `heard track` have in common: who is meant, and all about it.

mod document;
mod sheet;

use std::path::Path;

use heard_history::archive::Covers;
use heard_history::facts::Picture;
use heard_history::home::Home;
use heard_history::stats::{Kind, LookedUp, Subject, Wanted, look_up, page};
use heard_history::store::cover_of_album;

use super::{asking, question};
use crate::args::About;
use crate::config::Config;
use crate::exit::{Code, Failure, quoted};
use crate::print::{Printer, Style, harmless, several, warn};

/// How many are told where several may be meant, or nobody has the name.
const CANDIDATES: usize = 10;

pub(super) fn run(wanted: &Wanted<'_>, about: &About, config: &Config, printer: Printer) -> Result<(), Failure> {
    if about.tag.is_some() {
        let problem = "a page is about all plays of one name, whatever their genres: --tag has no part in it";
        return Err(Failure::new(Code::Usage, problem).hint("heard listens --artist NAME --tag GENRE"));
    }
    let asked = question::open(config, printer)?;
    let filter = question::filter(config, &about.period, &about.names(), &about.counting, None);
    let found = look_up(&asked.columns, wanted, &filter, &config.zone, asked.now, CANDIDATES)?;
    let subject = match &found {
        LookedUp::Named(subject) => subject,
        LookedUp::InPart(subject) => {
            printer.say(&format!("{:?} is taken for {}", wanted.name, named(subject)));
            subject
        }
        LookedUp::Several { rows, total } => return Err(ambiguous(wanted, rows, *total)),
        LookedUp::Unknown(near) => return unknown(wanted, near, printer),
    };
    let page = page(&asked.columns, subject, &filter, &config.zone, asked.now, about.limit)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    if page.amount.plays == 0 {
        printer.say(&format!("No plays of {} count here.", named(subject)));
    }
    let cover = cover(subject, config)?;
    match printer.style {
        Style::Json => printer.json(&document::document(subject, &page, filter.period, cover.as_ref())),
        Style::Csv => printer.csv(&MONTHS_HEADER, &document::months(&page)),
        Style::Table if page.amount.plays == 0 => Ok(()),
        Style::Table => {
            printer.say(&format!("{}, {}", named(subject), filter.period));
            sheet::print(subject, &page, filter.period, cover.as_ref(), printer)
        }
    }
}

/// The cover that is kept of an album, as long as its file is there.
fn cover(subject: &Subject, config: &Config) -> Result<Option<Picture>, Failure> {
    let (Kind::Albums, Some(title)) = (subject.kind, &subject.title) else { return Ok(None) };
    let Some(home) = Home::existing(&config.home) else { return Ok(None) };
    let shelf = Covers::of(&home);
    // Most homes have none, and need not open their database for that.
    if !shelf.is_there() {
        return Ok(None);
    }
    Ok(cover_of_album(&home.database(), &subject.artist, title)?.filter(|picture| shelf.has(picture)))
}

/// The columns of `--csv`.
const MONTHS_HEADER: [&str; 3] = ["month", "plays", "ms_played"];

/// The word for one of them, which is also the command's.
fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Artists => "artist",
        Kind::Albums => "album",
        Kind::Tracks => "track",
    }
}

/// Its name for a sentence, which is one line whatever the name is.
fn named(subject: &Subject) -> String {
    let by = |title: &String| format!("{title} by {}", subject.artist);
    harmless(&subject.title.as_ref().map_or_else(|| subject.artist.clone(), by))
}

/// What can be pasted into a shell to ask for exactly this one. A name that begins with a dash is no option.
fn command(subject: &Subject) -> String {
    let noun = noun(subject.kind);
    let quoted = |name: &str| quoted(Path::new(name));
    let Some(title) = &subject.title else {
        let dashes = if subject.artist.starts_with('-') { "-- " } else { "" };
        return format!("heard {noun} {dashes}{}", quoted(&subject.artist));
    };
    let dashes = if title.starts_with('-') { "-- " } else { "" };
    format!("heard {noun} --artist={} {dashes}{}", quoted(&subject.artist), quoted(title))
}

/// Lists those that may be meant, each as the command that asks for it, and refuses.
fn ambiguous(wanted: &Wanted<'_>, rows: &[(Subject, u64)], total: usize) -> Failure {
    for (subject, plays) in rows {
        warn(&harmless(&format!("{}  # {}", command(subject), several(*plays, "play"))));
    }
    let noun = noun(wanted.kind);
    let failure = Failure::new(Code::BadInput, format!("{:?} may mean {}", wanted.name, several(total as u64, noun)));
    match rows.first() {
        Some((most_heard, _)) => failure.hint(command(most_heard)),
        None => failure,
    }
}

/// A name that nobody has is no failure; what is near to it is told.
fn unknown(wanted: &Wanted<'_>, near: &[Subject], printer: Printer) -> Result<(), Failure> {
    let of = wanted.artist.map(|artist| format!(" of {artist:?}")).unwrap_or_default();
    let part = if wanted.kind == Kind::Artists { "name" } else { "title" };
    let perhaps = if near.is_empty() { "" } else { "; perhaps:" };
    let noun = noun(wanted.kind);
    printer.say(&format!("There is no {noun}{of} with {:?} in its {part}{perhaps}", wanted.name));
    near.iter().for_each(|subject| printer.say(&harmless(&command(subject))));
    match printer.style {
        Style::Json => printer.json(&()),
        Style::Csv => printer.csv(&MONTHS_HEADER, &[]),
        Style::Table => Ok(()),
    }
}
