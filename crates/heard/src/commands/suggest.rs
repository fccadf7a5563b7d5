//! `heard rules suggest`: names that look like one, each with the command that makes them one.

use std::path::Path;

use heard_history::rules::Name;
use heard_history::stats::{Alike, alike};
use serde::Serialize;

use super::question;
use crate::config::Config;
use crate::exit::{Failure, quoted};
use crate::print::{Printer, Style, grouped, harmless};

#[derive(Serialize)]
struct Plays<'a> {
    name: &'a str,
    plays: u64,
}

/// Names that look like one, and the commands that make them one.
#[derive(Serialize)]
pub(super) struct Suggestion<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    artist: Option<&'a str>,
    names: Vec<Plays<'a>>,
    commands: Vec<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    total: usize,
    suggestions: Vec<Suggestion<'a>>,
}

pub(super) fn show(config: &Config, printer: Printer, limit: usize) -> Result<(), Failure> {
    let asked = question::open(config, printer)?;
    let mut found = alike(&asked.columns, &config.listener)?;
    let total = found.len();
    found.truncate(limit);
    let suggestions: Vec<Suggestion<'_>> = found.iter().filter_map(suggestion).collect();
    match printer.style {
        Style::Json => printer.json(&Document { total, suggestions }),
        Style::Csv => {
            let header = ["kind", "artist", "from", "from_plays", "to", "to_plays", "command"];
            printer.csv(&header, &suggestions.iter().flat_map(cells).collect::<Vec<_>>())
        }
        Style::Table => {
            let shown = grouped(suggestions.len() as u64);
            printer.say(&format!("{} groups of names look like one each; {shown} shown", grouped(total as u64)));
            printer.data(&suggestions.iter().map(text).collect::<String>())
        }
    }
}

pub(super) fn suggestion(alike: &Alike) -> Option<Suggestion<'_>> {
    let ((to, _), others) = alike.names.split_first()?;
    Some(Suggestion {
        kind: to.kind(),
        artist: to.title().map(|_| to.artist()),
        names: alike.names.iter().map(|(name, plays)| Plays { name: text_of(name), plays: *plays }).collect(),
        commands: others.iter().map(|(from, _)| command(from, to)).collect(),
    })
}

fn text_of(name: &Name) -> &str {
    name.title().unwrap_or(name.artist())
}

/// What can be pasted into a shell. A name that begins with a dash is no option.
fn command(from: &Name, to: &Name) -> String {
    let artist = from.title().map(|_| from.artist());
    let names: Vec<&str> = artist.into_iter().chain([text_of(from), text_of(to)]).collect();
    let dashes = if names.iter().any(|name| name.starts_with('-')) { " --" } else { "" };
    let names: Vec<String> = names.into_iter().map(|name| quoted(Path::new(name))).collect();
    format!("heard alias {}{dashes} {}", from.kind(), names.join(" "))
}

fn cells<'a>(suggestion: &'a Suggestion<'_>) -> impl Iterator<Item = Vec<String>> + 'a {
    let to = suggestion.names.first();
    suggestion.names.iter().skip(1).zip(&suggestion.commands).map(move |(from, command)| {
        vec![
            suggestion.kind.to_owned(),
            suggestion.artist.unwrap_or_default().to_owned(),
            from.name.to_owned(),
            from.plays.to_string(),
            to.map(|to| to.name.to_owned()).unwrap_or_default(),
            to.map(|to| to.plays.to_string()).unwrap_or_default(),
            command.clone(),
        ]
    })
}

/// The names on one line, and each command on a line of its own, so that it can be pasted whole.
fn text(suggestion: &Suggestion<'_>) -> String {
    let commands: String = suggestion.commands.iter().map(|command| format!("  {}\n", harmless(command))).collect();
    format!("{}\n{commands}", harmless(&suggestion.in_words()))
}

impl Suggestion<'_> {
    /// The names with their plays, and whose they are.
    pub(super) fn in_words(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|it| format!("{} ({})", it.name, grouped(it.plays))).collect();
        let of = self.artist.map(|artist| format!(" of {artist}")).unwrap_or_default();
        format!("{}{of}: {}", self.kind, names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_pasted() {
        let artist = |artist: &str| Name::Artist { artist: artist.to_owned() };
        let track = |title: &str| Name::Track { artist: "O'Neve".to_owned(), title: title.to_owned() };
        assert_eq!(command(&artist("a $(b) `c`"), &artist("A")), "heard alias artist 'a $(b) `c`' 'A'");
        assert_eq!(command(&artist("-ii-"), &artist("II")), "heard alias artist -- '-ii-' 'II'");
        assert_eq!(command(&track("x"), &track("X!")), r"heard alias track 'O'\''Neve' 'x' 'X!'");
    }
}
