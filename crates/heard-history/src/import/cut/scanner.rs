//! Where the elements of one array or object of JSON end: a tokeniser that keeps its place between blocks.
//!
//! It follows strings and nesting, in memory that does not grow with either, and checks as much of the grammar as it
//! takes to see at once that a quote or a bracket is missing: what stands before an opening quote or bracket, what
//! follows a value, and that brackets close what they opened. Otherwise one lost quote would turn text and structure
//! around for the rest of the file.

use memchr::memchr2;

/// Deepest nesting. serde_json reads no deeper either.
const DEEPEST: u32 = 127;

/// What holds the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    Array,
    Object,
}

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A comma between two elements, at this place.
    Comma(usize),
    /// The bracket that closes what holds the elements.
    End(usize),
    /// No JSON goes on like this.
    Violation(usize),
    /// The block ends first.
    More,
}

/// What stood last outside of strings and white space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// An opening bracket.
    Open,
    Comma,
    Colon,
    /// A string, or a closing bracket.
    Value,
    /// A number or a word.
    Scalar,
}

/// Where in a block's text we are.
pub(super) struct Scanner {
    /// The next byte to look at.
    at: usize,
    in_string: bool,
    /// The string ended its block with a backslash that escapes the next byte.
    escapes: bool,
    depth: u32,
    /// Which of the open containers are arrays, the innermost one in the lowest bit.
    arrays: u128,
    last: Last,
}

impl Scanner {
    /// A scanner that stands before an element of what holds them.
    pub(super) fn new(within: Within) -> Self {
        let (arrays, last) = match within {
            Within::Array => (1, Last::Open),
            Within::Object => (0, Last::Colon),
        };
        Self { at: 0, in_string: false, escapes: false, depth: 0, arrays, last }
    }

    /// Whether a value has just ended and no other one has begun.
    pub(super) fn has_whole_value(&self) -> bool {
        self.depth == 0 && !self.in_string && self.last == Last::Value
    }

    /// So many bytes before the next one to look at are gone.
    pub(super) fn moved(&mut self, gone: usize) {
        self.at = self.at.saturating_sub(gone);
    }

    /// Goes on in the block, which must be the same as before with more bytes at its end.
    pub(super) fn next(&mut self, block: &[u8]) -> Event {
        while let Some(byte) = block.get(self.at).copied() {
            if self.in_string {
                self.pass_string(block);
                continue;
            }
            let place = self.at;
            self.at += 1;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {}
                b'"' if matches!(self.last, Last::Value | Last::Scalar) => return Event::Violation(place),
                b'"' => self.in_string = true,
                b':' => self.last = Last::Colon,
                b',' => {
                    self.last = Last::Comma;
                    if self.depth == 0 {
                        return Event::Comma(place);
                    }
                }
                b'{' | b'[' => {
                    if !self.open(byte == b'[') {
                        return Event::Violation(place);
                    }
                }
                b'}' | b']' => match self.close(byte == b']') {
                    Some(true) => return Event::End(place),
                    Some(false) => {}
                    None => return Event::Violation(place),
                },
                _ if self.last == Last::Value => return Event::Violation(place),
                _ => self.last = Last::Scalar,
            }
        }
        Event::More
    }

    /// Passes over the rest of a string, as far as the block goes.
    fn pass_string(&mut self, block: &[u8]) {
        if std::mem::take(&mut self.escapes) {
            self.at += 1;
        }
        while let Some(found) = block.get(self.at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            self.at += found + 1;
            if block.get(self.at - 1) == Some(&b'"') {
                (self.in_string, self.last) = (false, Last::Value);
                return;
            }
            if self.at == block.len() {
                self.escapes = true;
                return;
            }
            self.at += 1;
        }
        self.at = self.at.max(block.len());
    }

    /// Whether a bracket may open here; if so, it does.
    fn open(&mut self, is_array: bool) -> bool {
        let may = match self.last {
            Last::Colon => true,
            Last::Open | Last::Comma => self.arrays & 1 == 1,
            Last::Value | Last::Scalar => false,
        };
        if !may || self.depth >= DEEPEST {
            return false;
        }
        self.depth += 1;
        self.arrays = (self.arrays << 1) | u128::from(is_array);
        self.last = Last::Open;
        true
    }

    /// Closes the innermost bracket; `true` when that is the one around the elements, `None` when it is another kind.
    fn close(&mut self, is_array: bool) -> Option<bool> {
        if (self.arrays & 1 == 1) != is_array {
            return None;
        }
        if self.depth == 0 {
            return Some(true);
        }
        self.depth -= 1;
        self.arrays >>= 1;
        self.last = Last::Value;
        Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Scanner, Within};

    /// The first event of a text that is given at once, and in blocks that grow by a byte.
    fn first(within: Within, text: &str) -> Event {
        let event = Scanner::new(within).next(text.as_bytes());
        let mut scanner = Scanner::new(within);
        let grown =
            (0..=text.len()).map(|end| scanner.next(&text.as_bytes()[..end])).find(|event| *event != Event::More);
        assert_eq!(grown.unwrap_or(Event::More), event, "{text}");
        event
    }

    #[test]
    fn elements_end_at_commas_and_brackets_of_their_own() {
        for (text, event) in [
            ("", Event::More),
            ("{\"a\":[1,{}],\"b\":\"],\"}", Event::More),
            ("{\"a\":[1,{}]},", Event::Comma(12)),
            ("\"\\\",]\\\\\",", Event::Comma(8)),
            (" -1.5e3 , 2", Event::Comma(8)),
            ("[[],[]]]", Event::End(7)),
            ("]", Event::End(0)),
        ] {
            assert_eq!(first(Within::Array, text), event, "{text}");
        }
        assert_eq!(first(Within::Object, "{}}"), Event::End(2));
        assert_eq!(first(Within::Object, "[1,2], \"b\""), Event::Comma(5));
    }

    #[test]
    fn what_cannot_go_on_is_seen_at_once() {
        for (text, place) in [
            ("\"a\"b\"", 3),
            ("\"a\"\"b\"", 3),
            ("{\"a\":b\"", 6),
            ("{}{}", 2),
            ("{\"a\":1,{", 7),
            ("{{", 1),
            ("1[", 1),
            ("{\"a\":1]", 6),
            ("[1}", 2),
            ("}", 0),
        ] {
            assert_eq!(first(Within::Array, text), Event::Violation(place), "{text}");
        }
        assert_eq!(first(Within::Array, &"[".repeat(127)), Event::More);
        assert_eq!(first(Within::Array, &"[".repeat(128)), Event::Violation(127));
    }
}
