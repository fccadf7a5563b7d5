use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// More marks than this on one letter serve no script; they climb over the
/// lines above and below.
const MARKS: usize = 3;

/// A name as one line that can be shown anywhere: in a picture, in a terminal.
///
/// - white space of every kind becomes one space between words, none at the ends;
/// - controls, and code points that no text may hold, become `U+FFFD`, so that
///   it is seen that something was there;
/// - what only steers other text (direction marks, overrides and isolates,
///   byte-order mark, tags without a flag) is left out: the one who shows the
///   name isolates it. Joiners and variation selectors stay, letters need them;
/// - letters are composed (NFC), so that one face can draw them;
/// - at most three marks stand on one letter, and none is drawn around it.
///
/// The true name is not changed by this; it belongs in data, not on a screen.
///
/// ```
/// use heard_web::chart::legible;
///
/// assert_eq!(legible("  Sigur\t Ro\u{301}s\n"), "Sigur Rós");
/// assert_eq!(legible("\u{1b}]0;title\u{7}"), "\u{fffd}]0;title\u{fffd}");
/// assert_eq!(legible("\u{202e}evil"), "evil");
/// ```
pub fn legible(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars().filter_map(plain).nfc() {
        if c == ' ' {
            gap = !words.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            words.push(' ');
        }
        words.push(c);
    }
    lighten(&words)
}

/// The character as it may be shown: itself, a stand-in, or nothing.
fn plain(c: char) -> Option<char> {
    match c {
        _ if c.is_whitespace() => Some(' '),
        _ if c.is_control() || is_noncharacter(c) => Some(char::REPLACEMENT_CHARACTER),
        _ if steers(c) => None,
        _ => Some(c),
    }
}

/// Code points that Unicode promises never to assign; XML forbids two of them.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Invisible characters that act on their surroundings only, and marks that
/// enclose them, but for the one of the keycaps.
fn steers(c: char) -> bool {
    if c.general_category() == GeneralCategory::EnclosingMark {
        return c != '\u{20e3}';
    }
    matches!(
        c,
        '\u{ad}' // soft hyphen
            | '\u{61c}' // Arabic letter mark
            | '\u{180e}'
            | '\u{200b}' // zero width space
            | '\u{200e}'
            | '\u{200f}' // direction marks
            | '\u{202a}'
            ..='\u{202e}' // embeddings, overrides
            | '\u{2060}'
            ..='\u{206f}' // word joiner, isolates, deprecated controls
            | '\u{feff}'
            | '\u{fff0}'
            ..='\u{fffb}' // interlinear annotation
            | '\u{1d173}'
            ..='\u{1d17a}' // musical controls
            | '\u{e0000}'
            ..='\u{e001f}'
    )
}

/// Takes the marks beyond [`MARKS`] off each letter.
fn lighten(words: &str) -> String {
    let mut marks = 0;
    let keep = |&c: &char| {
        if is_mark(c) {
            marks += 1;
        } else if !is_joiner(c) {
            marks = 0;
        }
        marks <= MARKS
    };
    words.chars().filter(keep).collect()
}

/// A mark that is stacked on a letter; joiners, selectors, skin tones and flag
/// tags are parts of one sign and are not stacked.
fn is_mark(c: char) -> bool {
    c.general_category() == GeneralCategory::NonspacingMark && !is_joiner(c)
}

/// Characters that shape a sign and have no sign of their own.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(
        c,
        '\u{200c}' | '\u{200d}' | '\u{34f}' | '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180d}'
            | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_that_drives_a_reader_survives() {
        assert_eq!(legible("a\0b\u{fffe}c\u{9b}d"), "a\u{fffd}b\u{fffd}c\u{fffd}d");
        assert_eq!(legible("\u{202e}abc\u{2066}\u{2069}\u{200f}"), "abc");
        assert_eq!(legible("\u{2028}a\u{2029}\u{3000}b\u{a0}"), "a b");
        assert_eq!(legible(""), "");
        assert_eq!(legible(" \t\u{200b}\r\n"), "");
    }

    #[test]
    fn what_letters_need_stays() {
        let family = "👨\u{200d}👩\u{200d}👧 🏴\u{e0067}\u{e0062}\u{e007f} ❤\u{fe0f}";
        assert_eq!(legible(family), family);
        assert_eq!(legible("שָׁלוֹם"), "שָׁלוֹם".nfc().collect::<String>());
        assert_eq!(legible("می\u{200c}خواهم"), "می\u{200c}خواهم");
        assert_eq!(legible("\u{1112}\u{1161}\u{11ab}"), "한");
        assert_eq!(legible("นี้ กำ"), "นี้ กำ");
    }

    #[test]
    fn a_heap_of_marks_is_taken_off() {
        let heap = format!("Z{}a", "\u{33f}\u{316}".repeat(50));
        assert_eq!(legible(&heap).chars().count(), 2 + MARKS);
        assert_eq!(legible("a\u{489}b\u{20dd}"), "ab");
        assert_eq!(legible("1\u{fe0f}\u{20e3}"), "1\u{fe0f}\u{20e3}");
    }

    proptest! {
        #[test]
        fn any_text_becomes_one_harmless_line(name in any::<String>()) {
            let line = legible(&name);
            prop_assert!(line.chars().all(|c| plain(c) == Some(c)), "{line:?}");
            prop_assert!(!line.contains("  ") && line.trim() == line);
            prop_assert_eq!(legible(&line), line.clone());
        }
    }
}
