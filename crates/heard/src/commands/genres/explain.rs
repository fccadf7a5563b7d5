//! `heard genres --explain`: where the genres of one artist come from.

use heard_history::genres::{Meaning, Vocabulary};
use heard_history::home::Home;
use heard_history::identity::key;
use heard_history::rules::Rule;
use heard_history::stats::{Kind, LookedUp, Subject, TopGenres, Wanted, genres_of, look_up};
use heard_history::store::{TaggedAnswer, tags_of_artist};
use serde::Serialize;

use super::super::question;
use super::coverage::{CoverageValue, say_coverage};
use super::name;
use crate::args::Genres;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, harmless, moment, percent, two_decimals};

#[derive(Serialize)]
struct TagValue<'a> {
    tag: &'a str,
    weight: Option<i64>,
    genre: Option<&'static str>,
    /// Why it is none.
    why: Option<&'static str>,
}

#[derive(Serialize)]
struct AnswerValue<'a> {
    kind: &'a str,
    artist: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    service: &'a str,
    method: &'a str,
    told_at: i64,
    told_time: String,
    counts: bool,
    tags: Vec<TagValue<'a>>,
}

#[derive(Serialize)]
struct GenreValue {
    genre: &'static str,
    plays: f64,
    share: f64,
}

#[derive(Serialize)]
struct Document<'a> {
    artist: &'a str,
    decided: Option<Vec<String>>,
    genres: Vec<GenreValue>,
    coverage: CoverageValue,
    answers: Vec<AnswerValue<'a>>,
}

pub(super) fn run(artist: &str, args: &Genres, config: &Config, printer: Printer) -> Result<(), Failure> {
    let asked = question::open_with_genres(&args.asking.names, config, printer)?;
    let filter = question::filter(config, &args.asking.period, &args.asking.names, &args.asking.counting, None);
    let wanted = Wanted { kind: Kind::Artists, name: artist, artist: None };
    let subject = match look_up(&asked.columns, &wanted, &filter, &config.zone, asked.now, 3)? {
        LookedUp::Named(subject) | LookedUp::InPart(subject) => subject,
        LookedUp::Several { rows, .. } => return Err(unclear(artist, rows.iter().map(|(subject, _)| subject))),
        LookedUp::Unknown(near) => return Err(unclear(artist, near.iter())),
    };
    let found = genres_of(&asked.columns, &subject, &filter, &config.zone, asked.now)?;
    let database = Home::existing(&config.home).ok_or_else(|| question::nothing_yet(config))?.database();
    let answers = tags_of_artist(&database, &config.listener, &subject.artist)?;
    let rules = heard_history::store::rules_in(&database, &config.listener)?;
    let decided = rules.iter().rev().filter(|kept| kept.holds()).find_map(|kept| match &kept.rule {
        Some(Rule::Genres { artist, genres }) if key(artist) == key(&subject.artist) => Some(genres.clone()),
        _ => None,
    });
    let document = Document {
        artist: &subject.artist,
        decided,
        genres: genre_values(&found),
        coverage: CoverageValue::of(&found.coverage),
        answers: answers.iter().map(answer_value).collect(),
    };
    match printer.style {
        Style::Json => printer.json(&document),
        Style::Csv => print_csv(&document, printer),
        Style::Table => print_table(&document, &found, printer),
    }
}

fn unclear<'s>(artist: &str, near: impl Iterator<Item = &'s Subject>) -> Failure {
    let near: Vec<String> = near.map(|subject| format!("{:?}", harmless(&subject.artist))).collect();
    let failure = Failure::new(Code::BadInput, format!("{artist:?} names no single artist of this history"));
    if near.is_empty() {
        failure.hint("heard top artists -n 1000 lists names")
    } else {
        failure.hint(format!("names like it: {}", near.join(", ")))
    }
}

#[expect(clippy::cast_precision_loss, reason = "plays are fewer than 2^52")]
fn genre_values(found: &TopGenres) -> Vec<GenreValue> {
    let all = found.coverage.with_genres().max(1) as f64;
    let value = |row: &heard_history::stats::RankedGenre| GenreValue {
        genre: name(row.genre),
        plays: two_decimals(row.plays),
        share: (row.plays / all * 1e6).round() / 1e6,
    };
    found.rows.iter().map(value).collect()
}

fn answer_value(answer: &TaggedAnswer) -> AnswerValue<'_> {
    let names = [answer.artist.as_str(), answer.title.as_str()];
    let tag = |(tag, weight): &'_ (String, Option<i64>)| {
        let (genre, why) = match Vocabulary::own().meaning(tag, &names) {
            Meaning::Genre(genre) => (Some(name(genre)), None),
            Meaning::None(why) => (None, Some(why.name())),
        };
        (*weight, genre, why)
    };
    let tags = answer.tags.iter().map(|told| {
        let (weight, genre, why) = tag(told);
        TagValue { tag: &told.0, weight, genre, why }
    });
    AnswerValue {
        kind: &answer.kind,
        artist: &answer.artist,
        title: &answer.title,
        service: &answer.service,
        method: &answer.method,
        told_at: answer.told_at,
        told_time: moment(answer.told_at),
        counts: answer.counts,
        tags: tags.collect(),
    }
}

fn print_csv(document: &Document<'_>, printer: Printer) -> Result<(), Failure> {
    let rows = document.answers.iter().flat_map(|answer| {
        answer.tags.iter().map(|tag| {
            let weight = tag.weight.map(|weight| weight.to_string()).unwrap_or_default();
            let texts = [answer.kind, answer.title, answer.service, answer.method, &answer.told_time, tag.tag, &weight];
            let meant = [tag.genre.unwrap_or_default(), tag.why.unwrap_or_default()];
            texts.into_iter().chain(meant).map(str::to_owned).collect::<Vec<_>>()
        })
    });
    let header = ["kind", "title", "service", "method", "told_time", "tag", "weight", "genre", "why"];
    printer.csv(&header, &rows.collect::<Vec<_>>())
}

fn print_table(document: &Document<'_>, found: &TopGenres, printer: Printer) -> Result<(), Failure> {
    printer.say(&format!("The genres of {}", harmless(document.artist)));
    say_coverage(&found.coverage, printer);
    let row = |row: &GenreValue| vec![row.genre.to_owned(), percent(row.share), format!("{:.2}", row.plays)];
    let rows: Vec<_> = document.genres.iter().map(row).collect();
    printer.table(&["genre", "share", "plays"], &rows, &[1, 2])?;
    if let Some(genres) = &document.decided {
        printer.data(&format!("\nDecided by a rule, whatever tags say: {}\n", harmless(&genres.join(", "))))?;
    }
    if document.answers.is_empty() {
        printer.say("No service told a tag of it.");
    }
    for answer in &document.answers {
        let title = if answer.title.is_empty() { String::new() } else { format!(" {:?}", harmless(answer.title)) };
        let day: String = answer.told_time.chars().take(10).collect();
        let counts = if answer.counts { "" } else { " (does not count)" };
        let heading = format!("{}{title}: {} of {}, {day}{counts}", answer.kind, answer.method, answer.service);
        printer.data(&format!("\n{}\n", harmless(&heading)))?;
        let row = |tag: &TagValue<'_>| {
            let weight = tag.weight.map_or_else(|| "–".to_owned(), |weight| weight.to_string());
            let meant = tag.genre.map_or_else(|| format!("– ({})", tag.why.unwrap_or_default()), str::to_owned);
            vec![tag.tag.to_owned(), weight, meant]
        };
        printer.table(&["tag", "weight", "means"], &answer.tags.iter().map(row).collect::<Vec<_>>(), &[1])?;
    }
    Ok(())
}
