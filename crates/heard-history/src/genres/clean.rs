//! Which genre a tag means, or why it means none.

use super::vocabulary::{Genre, Vocabulary};
use crate::identity::folded;

/// A tag longer than this many bytes, or of more words, is a remark, not a genre.
const LONGEST: usize = 80;
const MOST_WORDS: usize = 8;

/// Why a tag is no genre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// It says where the music is from: "norwegian".
    Place,
    /// It says how it is, in ways that any genre may be: "beautiful", "old school".
    Manner,
    /// It says who plays or sings: "female vocalists".
    Performer,
    /// It says with what: "piano".
    Instrument,
    /// It says what somebody thinks of it or does with it: "seen live", "albums i own".
    Opinion,
    /// It is a year or a decade.
    Year,
    /// It is the name of the artist, the album or the track itself.
    Name,
    /// The vocabulary does not have it.
    Unknown,
}

impl Why {
    /// The word for it in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Manner => "manner",
            Self::Performer => "performer",
            Self::Instrument => "instrument",
            Self::Opinion => "opinion",
            Self::Year => "year",
            Self::Name => "name",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn of_section(section: &str) -> Option<Self> {
        Some(match section {
            "where" => Self::Place,
            "how" => Self::Manner,
            "who" => Self::Performer,
            "with what" => Self::Instrument,
            "opinion" => Self::Opinion,
            _ => return None,
        })
    }

    /// Whether a word may stand before or behind a genre without making it another one.
    fn is_beside(self) -> bool {
        matches!(self, Self::Place | Self::Manner)
    }
}

/// What a tag comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A genre.
    Genre(Genre),
    /// None, and why.
    None(Why),
}

impl Vocabulary {
    /// What a tag comes to on something with these names: an artist's, and an album's or a track's title.
    ///
    /// A tag that is such a name is none, whatever it says besides. One that the vocabulary does not have as a whole
    /// loses words for places and manners at its beginning and its end, as few as possible: "true norwegian black metal"
    /// is black metal.
    #[must_use]
    pub fn meaning(&self, tag: &str, names: &[&str]) -> Meaning {
        let word = folded_word(tag);
        if !word.is_empty() && names.iter().any(|name| folded_word(name) == word) {
            return Meaning::None(Why::Name);
        }
        self.meaning_of(tag, &word)
    }

    /// What a tag comes to on something whose names it is not.
    fn meaning_of(&self, tag: &str, word: &str) -> Meaning {
        if tag.len() > LONGEST {
            return Meaning::None(Why::Unknown);
        }
        if let Some(genre) = self.of_word(word) {
            return Meaning::Genre(genre);
        }
        if let Some(why) = self.why_none(word) {
            return Meaning::None(why);
        }
        let words = words(tag);
        let words: Vec<&str> = words.split(' ').collect();
        if is_year(word)
            || words.last().is_some_and(|last| words.len() == 2 && is_year(last) && self.is_beside(words[0]))
        {
            return Meaning::None(Why::Year);
        }
        if words.len() > MOST_WORDS { Meaning::None(Why::Unknown) } else { self.without_words_beside(&words) }
    }

    fn is_beside(&self, word: &str) -> bool {
        self.why_none(word).is_some_and(Why::is_beside)
    }

    /// Takes words away from both ends as long as the vocabulary has them as places or manners.
    fn without_words_beside(&self, words: &[&str]) -> Meaning {
        for left in (1..words.len()).rev() {
            for from in 0..=words.len() - left {
                let (before, rest) = words.split_at(from);
                let (inside, behind) = rest.split_at(left);
                if self.are_beside(before)
                    && self.are_beside(behind)
                    && let Some(genre) = self.of_word(&inside.concat())
                {
                    return Meaning::Genre(genre);
                }
            }
        }
        Meaning::None(if self.are_beside(words) { Why::Manner } else { Why::Unknown })
    }

    /// Whether these words are places and manners one after the other; a place may have two words or three.
    fn are_beside(&self, words: &[&str]) -> bool {
        words.is_empty()
            || (1..=words.len().min(3)).any(|count| {
                let (first, rest) = words.split_at(count);
                self.is_beside(&first.concat()) && self.are_beside(rest)
            })
    }
}

/// Letters and digits of a name without case, accents, blanks and punctuation, so that "Hip-Hop" and "hiphop" are one.
pub(super) fn folded_word(name: &str) -> String {
    let mut word = folded(name);
    word.retain(|c| c != ' ');
    word
}

/// The folded words of a tag, one blank apart; what stands between letters and is none parts words.
fn words(tag: &str) -> String {
    let parts = |c: char| c.is_ascii_punctuation() && c != '\'' || matches!(c, '–' | '—' | '‐' | '·' | '・');
    let spaced: String = tag.chars().map(|c| if parts(c) { ' ' } else { c }).collect();
    folded(&spaced)
}

/// `1977`, `80s`, `1980s`, `the 80s`.
fn is_year(word: &str) -> bool {
    let word = word.strip_prefix("the").unwrap_or(word);
    let digits = word.strip_suffix('s').unwrap_or(word);
    let is_decade = word.len() > digits.len();
    digits.bytes().all(|b| b.is_ascii_digit())
        && match digits.len() {
            2 => is_decade && digits.ends_with('0'),
            4 => digits.starts_with("19") || digits.starts_with("20"),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(tag: &str, names: &[&str]) -> String {
        let own = Vocabulary::own();
        match own.meaning(tag, names) {
            Meaning::Genre(genre) => own.name_of(genre).to_owned(),
            Meaning::None(why) => format!("({})", why.name()),
        }
    }

    #[test]
    fn tags_mean_what_people_mean_by_them() {
        for (tag, meant) in [
            ("Hip-Hop", "hip hop"),
            ("hiphop", "hip hop"),
            ("HIP HOP", "hip hop"),
            ("post rock", "post-rock"),
            ("drum'n'bass", "drum and bass"),
            ("Drum & Bass", "drum and bass"),
            ("DnB", "drum and bass"),
            ("RnB", "r&b"),
            ("forró", "forro"),
            ("FORRÓ", "forro"),
            ("Musique Concre\u{300}te", "musique concrete"),
            ("norwegian black metal", "black metal"),
            ("True Norwegian Black Metal", "black metal"),
            ("rock chileno", "rock"),
            ("new york jazz", "jazz"),
            ("raw grindcore finland", "grindcore"),
            ("Old-School/Hip-Hop", "old school hip hop"),
            ("technical brutal death metal", "technical death metal"),
            ("sludge", "sludge metal"),
            ("2 Tone", "2 tone"),
        ] {
            assert_eq!(says(tag, &[]), meant, "{tag:?}");
        }
    }

    #[test]
    fn what_is_no_genre_says_why() {
        for (tag, why) in [
            ("seen live", "(opinion)"),
            ("Albums I Own", "(opinion)"),
            ("favourites", "(opinion)"),
            ("norwegian", "(place)"),
            ("new york", "(place)"),
            ("beautiful", "(manner)"),
            ("beautiful norwegian", "(manner)"),
            ("female vocalists", "(performer)"),
            ("piano", "(instrument)"),
            ("80s", "(year)"),
            ("80's", "(year)"),
            ("1977", "(year)"),
            ("1980s", "(year)"),
            ("best 2019", "(year)"),
            ("2112", "(unknown)"),
            ("00s", "(year)"),
            ("raw plant metal orchestra", "(unknown)"),
            ("sounds like a collapsing greenhouse", "(unknown)"),
            ("", "(unknown)"),
            ("!!!", "(unknown)"),
            ("' OR 1=1 --", "(unknown)"),
            ("\u{202e}kcor", "(unknown)"),
            ("😀😀", "(unknown)"),
        ] {
            assert_eq!(says(tag, &[]), why, "{tag:?}");
        }
        assert_eq!(says(&"rock ".repeat(100), &[]), "(unknown)");
    }

    #[test]
    fn the_name_itself_is_no_genre() {
        assert_eq!(says("Mira Vale", &["mira vale"]), "(name)");
        assert_eq!(says("doom", &["DOOM"]), "(name)");
        assert_eq!(says("doom", &["Doomed"]), "doom metal");
        assert_eq!(says("swing", &["Ora", "Swing!"]), "(name)", "an album's title");
        assert_eq!(says("", &[""]), "(unknown)");
    }

    #[test]
    fn any_text_means_something() {
        let own = Vocabulary::own();
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..2_000 {
            let tag: String = (0..random.usize(0..30)).map(|_| random.char(..)).collect();
            let _ = own.meaning(&tag, &[&tag, "other"]);
        }
    }
}
