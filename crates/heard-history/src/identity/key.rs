//! Which spellings are one name, and which names are none.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::rules::Name;

/// What spellings of one name have in common: they may differ in case, in composed and decomposed letters, in outer and
/// exotic white space, and in marks that nobody sees (zero-width, bidirectional). Accents and punctuation tell names
/// apart, and so do compatibility forms.
#[must_use]
pub fn key(name: &str) -> String {
    if name.is_ascii() { ascii_key(name) } else { unicode_key(name) }
}

/// What spellings of one artist, album or track have in common: its kind and the [`key`] of each of its names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameKey {
    kind: &'static str,
    artist: String,
    title: String,
}

impl NameKey {
    /// Of a name.
    #[must_use]
    pub fn of(name: &Name) -> Self {
        Self { kind: name.kind(), artist: key(name.artist()), title: name.title().map(key).unwrap_or_default() }
    }

    /// Of the artist of a name; of an artist, its own.
    #[must_use]
    pub fn of_artist(name: &Name) -> Self {
        Self { kind: "artist", artist: key(name.artist()), title: String::new() }
    }
}

fn ascii_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for word in name.split_ascii_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    key.make_ascii_lowercase();
    key
}

fn unicode_key(name: &str) -> String {
    let folded: String = name.nfc().filter(|c| !is_unseen(*c)).flat_map(fold_case).nfc().collect();
    let mut key = String::with_capacity(folded.len());
    for word in folded.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    // A name of nothing but marks is still a name of its own.
    if key.is_empty() { name.to_owned() } else { key }
}

/// Full case folding: by way of the upper case, so that ß is ss and every sigma one. The dotless ı stays what it is.
fn fold_case(c: char) -> impl Iterator<Item = char> {
    let kept = (c == 'ı').then_some(c);
    let folded = (c != 'ı').then(|| c.to_uppercase().flat_map(char::to_lowercase));
    kept.into_iter().chain(folded.into_iter().flatten())
}

/// Zero-width marks, bidirectional marks, soft hyphens and byte-order marks. The joiner of emoji stays: it makes another
/// picture.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Keys of what players write where they know no name. Bare words that are also names (Null, None, Unknown) are names.
const PLACEHOLDERS: [&str; 25] = [
    "unknown artist",
    "unknown album",
    "unknown track",
    "unknown title",
    "<unknown>",
    "[unknown]",
    "(unknown)",
    "<unknown artist>",
    "<unknown album>",
    "[unknown artist]",
    "[unknown album]",
    "(unknown artist)",
    "(unknown album)",
    "<untagged>",
    "[untagged]",
    "<no artist>",
    "[no artist]",
    "<no album>",
    "unbekannter künstler",
    "unbekanntes album",
    "artiste inconnu",
    "artista desconocido",
    "artista sconosciuto",
    "неизвестный исполнитель",
    "不明なアーティスト",
];

/// Whether a name only says that there is none.
#[must_use]
pub fn is_placeholder(name: &str) -> bool {
    // The longest of them has 45 bytes; white space around it may be more.
    name.len() <= 80 && may_be_placeholder(name) && PLACEHOLDERS.contains(&key(name).as_str())
}

/// Tells nearly all names apart by their first letter, so that few keys are made.
fn may_be_placeholder(name: &str) -> bool {
    let first = name.trim_ascii_start().as_bytes().first();
    !name.is_ascii() || first.is_some_and(|first| b"ua<[(".contains(&first.to_ascii_lowercase()))
}

/// The parts of a name between separators, without the white space around them; the name itself where it holds none.
#[must_use]
pub fn split_at(name: &str, separators: &[String]) -> Vec<String> {
    split_around(name, separators, |_| false)
}

/// The same, but several parts stay together with what stands between them where they are a name that is whole. The
/// longest such name counts.
#[must_use]
pub fn split_around(name: &str, separators: &[String], is_whole: impl Fn(&str) -> bool) -> Vec<String> {
    let ranges = ranges_between(name, separators);
    let text = |from: usize, to: usize| name.get(from..to).unwrap_or_default().trim();
    let mut parts = Vec::new();
    let mut rest = ranges.as_slice();
    while let [first, others @ ..] = rest {
        let together = (0..others.len()).rev().find(|last| is_whole(text(first.start, others[*last].end)));
        let taken = together.map_or(0, |last| last + 1);
        let end = together.map_or(first.end, |last| others[last].end);
        parts.push(text(first.start, end));
        rest = &others[taken..];
    }
    parts.into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn ranges_between(name: &str, separators: &[String]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = std::iter::once(0..name.len()).collect();
    for separator in separators.iter().filter(|separator| !separator.is_empty()) {
        let split = |range: Range<usize>| {
            let part = name.get(range.clone()).unwrap_or_default();
            let mut begin = range.start;
            let mut ranges: Vec<Range<usize>> = Vec::new();
            for (at, _) in part.match_indices(separator.as_str()) {
                ranges.push(begin..range.start + at);
                begin = range.start + at + separator.len();
            }
            ranges.push(begin..range.end);
            ranges
        };
        ranges = ranges.into_iter().flat_map(split).collect();
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        let same = [
            ("Mira Vale", "mira  vale "),
            ("Mira Vale", "\u{a0}Mira\u{3000}Vale"),
            ("Ødegård", "ØDEGÅRD"),
            ("Ka\u{308}lte", "Kälte"),
            ("Straße", "STRASSE"),
            ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
            ("Ab\u{200b}c", "abc"),
            ("\u{202a}Abc\u{202c}", "ABC"),
            ("\u{feff}Abc", "Abc"),
        ];
        for (one, other) in same {
            assert_eq!(key(one), key(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn other_names_have_other_keys() {
        let different =
            [("Björk", "Bjork"), ("AC/DC", "ACDC"), ("ı", "i"), ("\u{200b}", ""), ("👨‍👩‍👧", "👨👩👧"), ("①", "1")];
        for (one, other) in different {
            assert_ne!(key(one), key(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn keys_are_stable() {
        for name in ["İstanbul", "ǅ", "ﬀ", "Ά", "ς", "\u{345}a", "a\u{300}\u{316}", "  ", "ﾊﾟ", "Ⓐ"] {
            assert_eq!(key(&key(name)), key(name), "{name:?}");
        }
        assert_eq!(ascii_key(" A  b\tC "), unicode_key(" A  b\tC "));
    }

    #[test]
    fn placeholders_are_told_from_names() {
        for name in ["Unknown Artist", " unknown  artist", "<Untagged>", "[unknown]", "<Unknown>"] {
            assert!(is_placeholder(name), "{name}");
        }
        for name in ["Null", "None", "none", "Unknown", "Unknown Mortal Orchestra", "NA", "", "Various Artists"] {
            assert!(!is_placeholder(name), "{name}");
        }
    }

    #[test]
    fn every_placeholder_is_found_in_every_case() {
        for name in PLACEHOLDERS {
            assert!(is_placeholder(name) && is_placeholder(&format!(" {}\t", name.to_uppercase())), "{name}");
        }
    }

    #[test]
    fn names_fall_into_parts() {
        let separators = [", ", " & ", " feat. "].map(str::to_owned);
        let parts = |name: &str| split_around(name, &separators, |part| ["b, c", "c & d & e", "x & y"].contains(&part));
        for (name, into) in [
            ("a", &["a"][..]),
            ("a, b & d", &["a", "b", "d"]),
            ("b, c", &["b, c"]),
            ("a & b, c feat. d", &["a", "b, c", "d"]),
            ("b, c & d & e", &["b, c", "d", "e"]),
            ("z & c & d & e", &["z", "c & d & e"]),
            (", a, , b & ", &["a", "b"]),
            (" & ", &[]),
            ("", &[]),
            ("夜 & 夜明け,  x & y", &["夜", "夜明け", "x & y"]),
        ] {
            assert_eq!(parts(name), into, "{name:?}");
        }
        assert_eq!(split_at("b, c & d", &separators), ["b", "c", "d"]);
        assert_eq!(split_at("b, c", &[String::new()]), ["b, c"]);
    }
}
