//! What a rule says, in one plain sentence.

use heard_history::listen::UNDATED;
use heard_history::rules::{Name, Report, Rule};
use heard_history::store::{KeptRule, Store, StoreError};

use crate::print::{by_number, moment};

/// What a kept rule says.
pub(super) fn of_kept(store: &Store, kept: &KeptRule) -> Result<String, StoreError> {
    match &kept.rule {
        Some(rule) => of_rule(store, rule),
        None => Ok("something that only a newer heard understands".to_owned()),
    }
}

fn of_rule(store: &Store, rule: &Rule) -> Result<String, StoreError> {
    Ok(match rule {
        Rule::ShowAs { from, to } => {
            let are = by_number(from.len() as u64, "is", "are");
            format!("{} {are} shown as {}", names(from), quoted(to.title().unwrap_or(to.artist())))
        }
        Rule::Split { artist, into } => {
            format!("plays of {} count for {}", quoted(artist), listed(into, "and"))
        }
        Rule::SplitAt { separators, except } => {
            let kept = if except.is_empty() { String::new() } else { format!(", except {}", listed(except, "and")) };
            format!("plays of names with {} in them count for each part{kept}", listed(separators, "or"))
        }
        Rule::Genres { artist, genres } => format!("the genres of {} are {}", quoted(artist), listed(genres, "and")),
        Rule::Hide { name: hidden } => format!("{} is left out", name(hidden)),
        Rule::Dismiss { name: dismissed } => format!("{} is not suggested", name(dismissed)),
        Rule::Like { name: liked } => format!("{} is liked", name(liked)),
        Rule::HidePlay { play } => format!("{} is left out", told(store, *play)?),
        Rule::SamePlay { one, other } => {
            format!("{} and {} are one play", told(store, *one)?, told(store, *other)?)
        }
        Rule::OwnPlay { play } => format!("{} is a play of its own", told(store, *play)?),
    })
}

/// A name with its kind: `the album "Post" of "Björk"`.
pub(super) fn name(name: &Name) -> String {
    match name.title() {
        None => format!("the artist {}", quoted(name.artist())),
        Some(title) => format!("the {} {} of {}", name.kind(), quoted(title), quoted(name.artist())),
    }
}

fn names(names: &[Name]) -> String {
    match names {
        [one] => name(one),
        several => {
            let texts: Vec<String> =
                several.iter().map(|name| name.title().unwrap_or(name.artist()).to_owned()).collect();
            let kind = several.first().map_or("name", Name::kind);
            format!("the {kind}s {}", listed(&texts, "and"))
        }
    }
}

/// A play as one of its reports tells of it.
fn told(store: &Store, report: Report) -> Result<String, StoreError> {
    let Some(play) = store.told(report)? else {
        return Ok(format!("row {} of envelope {}", report.row, report.seq));
    };
    let when = if play.played_at == UNDATED { "undated".to_owned() } else { moment(play.played_at) };
    Ok(format!("{} by {} ({when}, {})", quoted(&play.track), quoted(&play.artist), play.source))
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn listed(texts: &[String], word: &str) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    match texts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {word} {last}", before.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_they_are_spoken() {
        let list = |texts: &[&str]| listed(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), "and");
        assert_eq!(list(&["a"]), r#""a""#);
        assert_eq!(list(&["a", "b"]), r#""a" and "b""#);
        assert_eq!(list(&["a", "b", "c"]), r#""a", "b" and "c""#);
        assert_eq!(list(&[]), "");
    }
}
