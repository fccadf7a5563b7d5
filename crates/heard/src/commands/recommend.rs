//! `heard recommend`: what to hear next, with its reasons; and what was said of suggestions.

mod document;
mod feedback;
mod playlist;
mod words;

use heard_history::recommend::{Question, Recommendations, Why, recommend};
use heard_history::stats::{Filter, Kind, Period};
use heard_history::store::Knowledge;

use super::asking;
use super::question::{self, Asked};
use super::ranked::kind;
use crate::args::{NameArgs, Recommend, WhyArg};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, harmless};

pub(crate) fn run(args: Recommend, config: &Config, printer: Printer) -> Result<(), Failure> {
    if args.dismiss.is_some() || args.like.is_some() {
        return feedback::keep(args, config, printer);
    }
    let target = args.output.as_deref().map(|path| playlist::Target::of(path, kind(args.what))).transpose()?;
    let asked = question::open_with_genres(&NameArgs::default(), config, printer)?;
    let filter = question::filter(config, &args.period, &NameArgs::default(), &args.counting, None);
    let question = asked_for(&args, config);
    let knowledge = Knowledge::read(&config.home.join("heard.db"), &config.listener)?;
    let found = recommend(&asked.columns, &knowledge, &question, &filter, &config.zone, asked.now)?;
    asking::say_as_of(found.as_of, printer);
    say_what_is_missing(&found, &question, (&asked, &filter), printer)?;
    match target {
        Some(target) => target.write(&found, asked.now, printer),
        None => show(&found, question.kind, printer),
    }
}

fn asked_for(args: &Recommend, config: &Config) -> Question {
    let why = |why: &WhyArg| match why {
        WhyArg::Unheard => Why::Unheard,
        WhyArg::Forgotten => Why::Forgotten,
        WhyArg::OneTrack => Why::OneTrack,
        WhyArg::Overdue => Why::Overdue,
    };
    let mut weights = config.recommend;
    weights.novelty = args.novelty.unwrap_or(weights.novelty);
    Question { kind: kind(args.what), whys: args.kinds.iter().map(why).collect(), limit: args.limit, weights }
}

fn show(found: &Recommendations, kind: Kind, printer: Printer) -> Result<(), Failure> {
    match printer.style {
        Style::Json => printer.json(&document::Document::new(found, kind)),
        Style::Csv => {
            let (header, rows) = document::table(found, kind);
            printer.csv(&header, &rows)
        }
        Style::Table => {
            let width = found.rows.len().to_string().len().max(2);
            let text = |(rank, row): (usize, &_)| {
                let words = words::sentence(row);
                format!("{rank:>width$}  {}\n{:width$}    {}\n", harmless(&words::called(row)), "", harmless(&words))
            };
            printer.data(&(1..).zip(&found.rows).map(text).collect::<String>())
        }
    }
}

/// Says why there may be fewer suggestions than were wanted, and what helps.
fn say_what_is_missing(
    found: &Recommendations,
    question: &Question,
    (asked, filter): (&Asked, &Filter),
    printer: Printer,
) -> Result<(), Failure> {
    if found.artists_heard == 0 {
        return asking::say_nothing_found(asked, filter, printer);
    }
    let wants = |why| question.whys.is_empty() || question.whys.contains(&why);
    if wants(Why::Unheard) && !found.has_similar {
        printer.say(
            "Nothing unheard can be suggested: no service told yet what is like your artists. heard enrich --only similar \
             asks for it.",
        );
    }
    if question.whys == [Why::OneTrack] && question.kind != Kind::Albums {
        printer.say("Only albums are known by one track: heard recommend albums --kind one-track");
    } else if found.rows.is_empty() && question.limit > 0 && found.has_similar {
        let more = if filter.period == Period::Everything { "" } else { ", or leave the period out" };
        printer.say(&format!("Nothing is suggested; try all kinds, without --kind{more}."));
    }
    Ok(())
}
