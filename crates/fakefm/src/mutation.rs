//! Answers of another shape: what a service may do to its format without a word.

use std::fmt;

use serde_json::{Map, Value};

/// What happens to one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is gone.
    Remove,
    /// It is `null`.
    Null,
    /// A string becomes a number, a number a string, an object a list of one, a list an object.
    Retype,
    /// Its key gets another name.
    Rename,
    /// An unknown member appears beside it.
    Add,
    /// It is empty: `""`, `[]` or `{}`, as it was before.
    Empty,
}

const CHANGES: [Change; 6] = [Change::Remove, Change::Null, Change::Retype, Change::Rename, Change::Add, Change::Empty];

/// Members of a list and of a profile; `*` stands for rows.
const PLACES: &[&[&str]] = &[
    &["recenttracks"],
    &["recenttracks", "track"],
    &["recenttracks", "@attr"],
    &["recenttracks", "@attr", "user"],
    &["recenttracks", "@attr", "page"],
    &["recenttracks", "@attr", "perPage"],
    &["recenttracks", "@attr", "totalPages"],
    &["recenttracks", "@attr", "total"],
    &["recenttracks", "track", "*", "artist"],
    &["recenttracks", "track", "*", "artist", "#text"],
    &["recenttracks", "track", "*", "artist", "mbid"],
    &["recenttracks", "track", "*", "name"],
    &["recenttracks", "track", "*", "album"],
    &["recenttracks", "track", "*", "album", "#text"],
    &["recenttracks", "track", "*", "mbid"],
    &["recenttracks", "track", "*", "date"],
    &["recenttracks", "track", "*", "date", "uts"],
    &["recenttracks", "track", "*", "image"],
    &["recenttracks", "track", "*", "url"],
    &["user"],
    &["user", "playcount"],
    &["user", "registered"],
];

/// One change of one member, in the last row of a list or in every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mutation {
    place: &'static [&'static str],
    change: Change,
    every_row: bool,
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = if self.every_row { " of every row" } else { "" };
        write!(f, "{:?} {}{rows}", self.change, self.place.join("."))
    }
}

impl Mutation {
    /// Every change at every place.
    pub fn all() -> Vec<Self> {
        let at = |&place: &&'static [&'static str]| {
            let rows: &[bool] = if place.contains(&"*") { &[false, true] } else { &[false] };
            rows.iter().flat_map(move |&every_row| CHANGES.map(|change| Self { place, change, every_row }))
        };
        PLACES.iter().flat_map(at).collect()
    }

    /// The change of the member at `place`, its steps joined by dots and rows written `*`
    /// (`recenttracks.track.*.date.uts`), in the last row or in every one. `None` for a place that is not known.
    pub fn at(place: &str, change: Change, every_row: bool) -> Option<Self> {
        let place = PLACES.iter().find(|known| known.join(".") == place)?;
        Some(Self { place, change, every_row })
    }

    /// What is done to the member.
    pub fn change(&self) -> Change {
        self.change
    }

    /// Changes `answer`; false when it has no such member.
    pub(crate) fn apply(&self, answer: &mut Value) -> bool {
        self.descend(answer, self.place)
    }

    fn descend(&self, value: &mut Value, path: &[&str]) -> bool {
        match (path, value) {
            (["*", rest @ ..], Value::Array(rows)) => {
                let skip = if self.every_row { 0 } else { rows.len().saturating_sub(1) };
                rows.iter_mut().skip(skip).fold(false, |done, row| self.descend(row, rest) | done)
            }
            (["*", rest @ ..], single_row) => self.descend(single_row, rest),
            ([key], Value::Object(members)) => change(members, key, self.change),
            ([key, rest @ ..], Value::Object(members)) => {
                members.get_mut(*key).is_some_and(|member| self.descend(member, rest))
            }
            _ => false,
        }
    }
}

fn change(members: &mut Map<String, Value>, key: &str, change: Change) -> bool {
    let Some(value) = members.remove(key) else {
        return false;
    };
    let (key, value) = match change {
        Change::Remove => return true,
        Change::Null => (key.to_owned(), Value::Null),
        Change::Retype => (key.to_owned(), retyped(value)),
        Change::Rename => (format!("{key}_v2"), value),
        Change::Add => {
            members.insert(format!("{key}_more"), Value::from(vec!["new"]));
            (key.to_owned(), value)
        }
        Change::Empty => (key.to_owned(), emptied(&value)),
    };
    members.insert(key, value);
    true
}

fn retyped(value: Value) -> Value {
    match value {
        Value::String(text) => text.parse::<i64>().unwrap_or(0).into(),
        Value::Number(number) => number.to_string().into(),
        Value::Array(items) => {
            items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect::<Map<_, _>>().into()
        }
        object @ Value::Object(_) => vec![object].into(),
        Value::Null | Value::Bool(_) => Value::String(String::new()),
    }
}

fn emptied(value: &Value) -> Value {
    match value {
        Value::Array(_) => Value::Array(Vec::new()),
        Value::Object(_) => Value::Object(Map::new()),
        _ => Value::String(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Change, Mutation};

    fn list() -> Value {
        let row = |uts: &str| {
            json!({"artist": {"#text": "A", "mbid": ""}, "name": "T", "album": {"#text": ""}, "mbid": "", "url": "u",
                   "image": [{"size": "small"}], "date": {"uts": uts}})
        };
        let attr = json!({"user": "ann", "page": "1", "perPage": "2", "totalPages": "1", "total": "2"});
        json!({"recenttracks": {"track": [row("9"), row("5")], "@attr": attr}})
    }

    #[test]
    fn every_mutation_changes_what_it_names() {
        let all = Mutation::all();
        assert!(all.len() > 100, "{}", all.len());
        for mutation in all {
            let mut value = if mutation.place[0] == "user" {
                json!({"user": {"playcount": "3", "registered": {}}})
            } else {
                list()
            };
            let before = value.clone();
            assert!(mutation.apply(&mut value), "{mutation}");
            // What is empty already stays so.
            assert!(value != before || mutation.change == Change::Empty, "{mutation}");
        }
    }

    #[test]
    fn rows_are_changed_last_or_all() {
        let uts = |every_row, change| {
            let mut value = list();
            let mutation = Mutation::at("recenttracks.track.*.date.uts", change, every_row).unwrap();
            assert!(mutation.apply(&mut value));
            let rows = value["recenttracks"]["track"].as_array().unwrap().clone();
            rows.iter().map(|row| row["date"].get("uts").cloned()).collect::<Vec<_>>()
        };
        assert_eq!(uts(false, Change::Retype), [Some(json!("9")), Some(json!(5))]);
        assert_eq!(uts(true, Change::Remove), [None, None]);
        assert_eq!(uts(true, Change::Null), [Some(Value::Null), Some(Value::Null)]);
        assert!(Mutation::at("recenttracks.nowhere", Change::Null, true).is_none());
    }

    #[test]
    fn a_bare_row_and_an_empty_list_are_borne() {
        let mut bare = json!({"recenttracks": {"track": {"name": "T"}}});
        let mutation = Mutation::at("recenttracks.track.*.name", Change::Remove, false).unwrap();
        assert!(mutation.apply(&mut bare));
        assert_eq!(bare, json!({"recenttracks": {"track": {}}}));
        assert!(!mutation.apply(&mut json!({"recenttracks": {"track": []}})));
        assert!(!mutation.apply(&mut json!({"error": 6})));
    }
}
