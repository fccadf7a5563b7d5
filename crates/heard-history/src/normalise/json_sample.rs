//! Looking into the beginning of a JSON text, which may be cut off anywhere.

use memchr::memchr2;
use serde_json::Value;

/// A value at the beginning of a text. What lies behind the cut is not there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample<'a>(&'a [u8]);

impl<'a> Sample<'a> {
    /// The first value of a text.
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self(text.trim_ascii_start())
    }

    /// Whether it is an object, or the beginning of one.
    pub(super) fn is_object(self) -> bool {
        self.0.starts_with(b"{")
    }

    /// Whether it is a list, or the beginning of one.
    pub(super) fn is_list(self) -> bool {
        self.0.starts_with(b"[")
    }

    /// Whether it is a text, or the beginning of one.
    pub(super) fn is_text(self) -> bool {
        self.0.starts_with(b"\"")
    }

    /// The elements of a list.
    pub(super) fn elements(self) -> impl Iterator<Item = Sample<'a>> {
        let mut rest = self.0.strip_prefix(b"[");
        std::iter::from_fn(move || {
            let element = Sample::new(rest?);
            if element.0.is_empty() || element.0.starts_with(b"]") {
                return None;
            }
            rest = element.behind().and_then(|behind| behind.trim_ascii_start().strip_prefix(b","));
            Some(element)
        })
    }

    /// The members of an object: keys as they are written, and their values.
    pub(super) fn members(self) -> impl Iterator<Item = (&'a [u8], Sample<'a>)> {
        let mut rest = self.0.strip_prefix(b"{");
        std::iter::from_fn(move || {
            let key = Sample::new(rest?);
            let behind = if key.is_text() { key.behind()? } else { return None };
            let written = key.0.get(1..key.0.len() - behind.len() - 1)?;
            let value = Sample::new(behind.trim_ascii_start().strip_prefix(b":")?);
            rest = value.behind().and_then(|behind| behind.trim_ascii_start().strip_prefix(b","));
            Some((written, value))
        })
    }

    /// The member of that key, if it begins before the cut.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        self.members().find_map(|(written, value)| (written == key.as_bytes()).then_some(value))
    }

    /// Whether all these keys are there before the cut.
    pub(super) fn has(self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.get(key).is_some())
    }

    /// Whether one of these keys is.
    pub(super) fn has_any(self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.get(key).is_some())
    }

    /// What a whole text says; of a number, its digits.
    pub(super) fn text(self) -> Option<String> {
        let written = self.0.get(..self.0.len() - self.behind()?.len())?;
        match serde_json::from_slice(written).ok()? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// What follows a whole value.
    pub(super) fn behind(self) -> Option<&'a [u8]> {
        let mut depth = 0_usize;
        let mut at = 0;
        while let Some(&byte) = self.0.get(at) {
            match byte {
                b'"' => at = end_of_text(self.0, at + 1)?,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                _ if depth > 0 => {}
                b',' | b':' => return None,
                _ => at += self.0.get(at + 1..)?.iter().position(|byte| b",]} \t\r\n".contains(byte))?,
            }
            at += 1;
            if depth == 0 {
                return self.0.get(at..);
            }
        }
        None
    }
}

/// Where the quote stands that ends a text.
fn end_of_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = at + memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(found) == Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_before_the_cut_is_found() {
        let whole = br#" {"a": [1, {"x": "]"}], "b\"": "\\", "c": "d\u00e9", "e": -1.5e3 } x"#;
        let sample = Sample::new(whole);
        assert!(sample.is_object() && sample.has(&["a", "c"]) && !sample.has_any(&["x", "b"]));
        assert_eq!(sample.get("c").unwrap().text().unwrap(), "dé");
        assert_eq!(sample.get("e").unwrap().text().unwrap(), "-1500.0");
        assert_eq!(sample.behind().unwrap(), b" x");
        assert_eq!(sample.get("a").unwrap().elements().count(), 2);
        let end_of_c = memchr::memmem::find(whole, br#"", "e""#).unwrap() + 1;
        for cut in 0..whole.len() {
            let sample = Sample::new(&whole[..cut]);
            assert!(sample.members().count() <= 4);
            assert_eq!(sample.get("c").is_some_and(|text| text.text().is_some()), cut >= end_of_c, "at {cut}");
        }
    }

    #[test]
    fn what_is_no_json_has_no_members() {
        for text in ["", "{", "{,}", "{]}", "{a:1}", "[", "}", "\"", "{\"a\"", "{\"a\":", "{\"a\\"] {
            let sample = Sample::new(text.as_bytes());
            assert_eq!(sample.members().filter(|(_, value)| value.text().is_some()).count(), 0, "{text}");
            assert!(sample.elements().count() <= 1, "{text}");
        }
        let deep = "[".repeat(200_000);
        assert_eq!(Sample::new(deep.as_bytes()).elements().count(), 1);
    }
}
