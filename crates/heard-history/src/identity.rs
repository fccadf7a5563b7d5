//! When two spellings are meant to be the same. Names are kept as reported.
//!
//! Three answers for three questions: [`key`] joins spellings of one name wherever names are counted, [`folded`] finds
//! what a person means while searching, and [`Likeness`] says how alike two names are of which something else already
//! says that they may be the same.

mod key;
mod likeness;

pub use key::{NameKey, is_placeholder, key, split_around, split_at};
pub use likeness::Likeness;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text to be found in names, whatever the case, the accents and the punctuation: `bjork` is in "Björk", `acdc` in
/// "AC/DC", `東京` in "東京事変".
#[derive(Clone, Debug)]
pub struct Needle {
    exact: String,
    folded: String,
}

impl Needle {
    /// A text to be found.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { exact: text.to_lowercase(), folded: folded(text) }
    }

    /// Whether it is in this name. A text of punctuation alone is looked for as it stands.
    #[must_use]
    pub fn is_in(&self, name: &str) -> bool {
        if self.folded.is_empty() {
            return name.to_lowercase().contains(&self.exact);
        }
        folded(name).contains(&self.folded)
    }
}

/// The letters and digits of a name without case, accents and compatibility forms; words stay one space apart.
#[must_use]
pub fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    fold_into(&mut folded, name);
    folded
}

/// The same as [`folded`], in the place of what was in the text before; for many names one after the other.
pub fn fold_into(folded: &mut String, name: &str) {
    folded.clear();
    if name.is_ascii() { fold_ascii(folded, name) } else { fold_unicode(folded, name) }
}

fn fold_ascii(folded: &mut String, name: &str) {
    let mut gap = false;
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            if std::mem::take(&mut gap) && !folded.is_empty() {
                folded.push(' ');
            }
            folded.push(char::from(byte.to_ascii_lowercase()));
        } else if byte.is_ascii_whitespace() {
            gap = true;
        }
    }
}

fn fold_unicode(folded: &mut String, name: &str) {
    let mut gap = false;
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            gap = true;
        } else if if c.is_ascii() { c.is_ascii_alphanumeric() } else { !is_invisible(c) } {
            if std::mem::take(&mut gap) && !folded.is_empty() {
                folded.push(' ');
            }
            match plain(c) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(c),
            }
        }
    }
}

/// Letters that decomposition leaves alone, and that people write without their stroke.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        '’' | '‘' | '“' | '”' | '–' | '—' | '‐' | '…' | '·' => "",
        _ => return None,
    })
}

/// Zero-width and bidirectional marks, and variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_find_what_they_mean() {
        let found = [
            ("bjork", "Björk"),
            ("Bjork", "Bjo\u{308}rk"),
            ("acdc", "AC/DC"),
            ("little wing", "Little  Wing (live)"),
            ("sigur ros", "Sigur Rós"),
            ("東京", "東京事変"),
            ("林檎", "椎名林檎"),
            ("방탄", "방탄소년단"),
            ("モーニング", "ﾓｰﾆﾝｸﾞ娘。"),
            ("motorhead", "Motörhead"),
            ("røyksopp", "Royksopp"),
            ("!!!", "!!!"),
            ("don't", "Don’t Stop"),
            ("dont", "Don't Stop"),
        ];
        for (needle, name) in found {
            assert!(Needle::new(needle).is_in(name), "{needle} in {name}");
        }
        for (needle, name) in [("bjork", "Björn"), ("!!!", "!!"), ("little wing", "Littlewing"), ("東京", "京東")]
        {
            assert!(!Needle::new(needle).is_in(name), "{needle} not in {name}");
        }
    }

    #[test]
    fn both_ways_of_folding_agree() {
        for text in ["", " a  B ", "AC/DC", "x-y z", "Sum 41", "  "] {
            let (mut ascii, mut unicode) = (String::new(), String::new());
            fold_ascii(&mut ascii, text);
            fold_unicode(&mut unicode, text);
            assert_eq!(ascii, unicode, "{text:?}");
            let mut folded = "what was there before".to_owned();
            fold_into(&mut folded, text);
            assert_eq!(folded, ascii);
        }
    }
}
