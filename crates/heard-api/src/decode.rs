//! From bytes to answers: one pass when all is well, a second one to say where it is not.

use serde::Deserialize;

use crate::cause::readable;

/// Where and why an answer could not be read. It never repeats a value of the answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at {path} (line {line}, column {column}): {problem}")]
pub struct DecodeError {
    /// The place in the document, for example `recenttracks.track[3].date`; `.` is the document itself.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
    /// The line, from 1; 0 when the document could not be looked into at all.
    pub line: usize,
    /// The column in bytes, from 1; 0 when the document could not be looked into at all.
    pub column: usize,
}

const MAX_PROBLEM: usize = 200;

impl DecodeError {
    fn whole(problem: &str) -> Self {
        Self { path: ".".to_owned(), problem: problem.to_owned(), line: 0, column: 0 }
    }

    fn of(path: String, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let place = format!(" at line {line} column {column}");
        let problem = text.strip_suffix(&place).unwrap_or(&text);
        Self { path, problem: readable(&without_values(problem), MAX_PROBLEM), line, column }
    }
}

/// Reads a JSON document.
///
/// # Errors
/// The document is XML or HTML, not JSON, or not of the form of `T`.
pub(crate) fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    let body = without_mark(body);
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err(DecodeError::whole("an empty body where JSON was expected")),
        Some(b'<') => return Err(DecodeError::whole(markup(body))),
        Some(_) => {}
    }
    // Checked once as a whole, the text need not be checked name by name.
    let text = std::str::from_utf8(body).ok();
    text.and_then(|text| serde_json::from_str(text).ok()).map_or_else(|| locate(body), Ok)
}

/// Reads again, slower, to learn the path. The second reading decides, should the two ever disagree.
fn locate<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    let mut document = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut document)
        .map_err(|error| DecodeError::of(error.path().to_string(), error.inner()))?;
    document.end().map_err(|error| DecodeError::of(".".to_owned(), &error))?;
    Ok(value)
}

fn markup(body: &[u8]) -> &'static str {
    if looks_like_html(body) { "HTML where JSON was expected" } else { "XML where JSON was expected" }
}

/// Whether a document that begins with `<` is a page for a browser.
pub(crate) fn looks_like_html(body: &[u8]) -> bool {
    let head = body.get(..256).unwrap_or(body).to_ascii_lowercase();
    let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    !has(b"<lfm") && (has(b"<html") || has(b"<!doctype html"))
}

/// The body without a byte order mark, which hand-kept copies of answers begin with
/// (`track.scrobble/inflatable_Success2.json`).
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// The reader's message with every quoted value blanked: an answer to a login holds a session key.
fn without_values(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let (mut inside, mut escaped) = (false, false);
    for c in message.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => {
                out.push_str(if inside { "\"" } else { "\"…" });
                inside = !inside;
            }
            _ if inside => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Form {
        #[allow(dead_code, reason = "only read to be refused")]
        list: Vec<u8>,
    }

    #[test]
    fn an_error_names_the_place_and_hides_the_value() {
        let error = json::<Form>(br#"{"list":[1,"canary\"x"]}"#).unwrap_err();
        assert_eq!(error.path, "list[1]");
        assert_eq!(error.problem, r#"invalid type: string "…", expected u8"#);
        assert_eq!(error.line, 1);
    }

    #[test]
    fn what_is_not_json_is_named() {
        let problem = |body: &[u8]| json::<Form>(body).unwrap_err().problem;
        assert_eq!(problem(b""), "an empty body where JSON was expected");
        assert_eq!(problem(b"\xEF\xBB\xBF \n"), "an empty body where JSON was expected");
        assert_eq!(problem(b"<?xml version='1.0'?><lfm status='ok'/>"), "XML where JSON was expected");
        assert_eq!(problem(b"\n<HTML><body>"), "HTML where JSON was expected");
        assert_eq!(problem(b"{\"list\":[1]} x"), "trailing characters");
        assert_eq!(problem(b"{\"list\":[1"), "EOF while parsing a list");
    }
}
