//! How alike two names are, when something else already says that they may be the same.

use super::folded;

/// Words that begin a remark about a recording rather than a title of its own.
const REMARKS: [&str; 22] = [
    "feat",
    "ft",
    "featuring",
    "with",
    "remaster",
    "remastered",
    "live",
    "version",
    "edit",
    "mix",
    "mono",
    "stereo",
    "bonus",
    "single",
    "album",
    "deluxe",
    "original",
    "radio",
    "acoustic",
    "explicit",
    "from",
    "anniversary",
];

/// A name in the forms that are compared, made once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    whole: String,
    bare: String,
}

impl Likeness {
    /// For a title: without remarks in brackets or behind a dash.
    #[must_use]
    pub fn of_title(title: &str) -> Self {
        Self { whole: folded(title), bare: folded(without_remarks(title)) }
    }

    /// For an artist: the first of several.
    #[must_use]
    pub fn of_artist(artist: &str) -> Self {
        let whole = folded(artist);
        let bare = folded(first_of(artist));
        let bare = bare.strip_prefix("the ").map(str::to_owned).unwrap_or(bare);
        Self { whole, bare }
    }

    /// From 0 (nothing in common) to 1 (the same).
    #[must_use]
    pub fn to(&self, other: &Self) -> f32 {
        if self.whole == other.whole {
            return 1.0;
        }
        if !self.bare.is_empty() && self.bare == other.bare {
            return 0.95;
        }
        let (shorter, longer) = if self.whole.len() < other.whole.len() {
            (&self.whole, &other.whole)
        } else {
            (&other.whole, &self.whole)
        };
        // One that is the beginning of the other, up to a word's end, lacks a remark or a guest.
        if shorter.len() >= 3 && longer.strip_prefix(shorter.as_str()).is_some_and(|rest| rest.starts_with(' ')) {
            return 0.9;
        }
        bigrams_in_common(&self.bare, &other.bare).max(bigrams_in_common(&self.whole, &other.whole))
    }
}

/// A title up to the first bracket or dash that begins a remark.
fn without_remarks(title: &str) -> &str {
    let mut end = title.len();
    for (at, c) in title.char_indices().skip(1) {
        let rest = &title[at + c.len_utf8()..];
        let opens = matches!(c, '(' | '[') || (matches!(c, '-' | '–' | '—') && rest.starts_with(' '));
        let guest = c == ' ' && ["feat.", "ft.", "feat ", "featuring "].iter().any(|word| starts_with(rest, word));
        if guest || (opens && is_remark(rest)) {
            end = at;
            break;
        }
    }
    &title[..end]
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
}

fn is_remark(text: &str) -> bool {
    let remark = text.split([')', ']']).next().unwrap_or_default();
    folded(remark).split(' ').any(|word| REMARKS.contains(&word))
}

/// The first artist of a list.
fn first_of(artist: &str) -> &str {
    const JOINTS: [&str; 9] = [" feat. ", " ft. ", " featuring ", " & ", ", ", "; ", " x ", " vs. ", " and "];
    let lower = artist.to_ascii_lowercase();
    let end = JOINTS.iter().filter_map(|joint| lower.find(joint)).filter(|at| *at > 0).min();
    // Lower case of ASCII moves no byte.
    end.map_or(artist, |at| &artist[..at])
}

/// Dice's coefficient over pairs of neighbouring letters.
fn bigrams_in_common(one: &str, other: &str) -> f32 {
    let pairs = |text: &str| {
        let letters: Vec<char> = text.chars().filter(|c| *c != ' ').take(256).collect();
        let mut pairs: Vec<(char, char)> = letters.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        pairs
    };
    let (one, other) = (pairs(one), pairs(other));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let (mut left, mut right, mut common) = (0, 0, 0_u16);
    while left < one.len() && right < other.len() {
        match one[left].cmp(&other[right]) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                left += 1;
                right += 1;
            }
        }
    }
    // At most 255 pairs on each side.
    let all = u16::try_from(one.len() + other.len()).unwrap_or(u16::MAX);
    2.0 * f32::from(common) / f32::from(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(one: &str, other: &str) -> f32 {
        Likeness::of_title(one).to(&Likeness::of_title(other))
    }

    fn artists(one: &str, other: &str) -> f32 {
        Likeness::of_artist(one).to(&Likeness::of_artist(other))
    }

    #[test]
    fn drifted_spellings_are_alike() {
        for (one, other) in [
            ("Glass Harbour", "Glass Harbour - Remastered 2009"),
            ("Glass Harbour", "Glass Harbour (feat. Someone Else)"),
            ("Glass Harbour (Live at Home)", "Glass Harbour"),
            ("Don’t Go", "Don't Go"),
            ("Cafe del Lago", "Café del Lago"),
            ("Nightdrive", "Night Drive"),
            ("Glass Harbor", "Glass Harbour"),
        ] {
            assert!(titles(one, other) >= 0.85, "{one} / {other}: {}", titles(one, other));
        }
        for (one, other) in [
            ("The Paper Suns", "Paper Suns"),
            ("Mira Vale", "Mira Vale & The Tides"),
            ("Mira Vale, Otto", "Mira Vale feat. Otto"),
            ("Mira Vale", "MIRA VÁLE"),
        ] {
            assert!(artists(one, other) >= 0.85, "{one} / {other}: {}", artists(one, other));
        }
    }

    #[test]
    fn other_names_are_not() {
        for (one, other) in [("Glass Harbour", "Iron Coast"), ("One", "Two"), ("", "Song"), ("(Live)", "(Demo)")] {
            assert!(titles(one, other) < 0.6, "{one} / {other}: {}", titles(one, other));
        }
        assert!(artists("Mira Vale", "Otto Krantz") < 0.6);
    }

    #[test]
    fn a_title_that_is_all_remark_is_kept() {
        assert_eq!(without_remarks("(Remastered)"), "(Remastered)");
        assert_eq!(without_remarks("Song - not a thing"), "Song - not a thing");
        assert_eq!(titles("(Feat. X)", "(Feat. X)"), 1.0);
    }
}
