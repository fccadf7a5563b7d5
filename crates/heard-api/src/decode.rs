//! From bytes to answers: one pass when all is well, a second one to say where it is not.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_path_to_error::Track;

use crate::cause::readable;
use crate::xml;

/// Where and why an answer could not be read. It never repeats a value of the answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at {path} (line {line}, column {column}): {problem}")]
pub struct DecodeError {
    /// The place in the document, for example `recenttracks.track[3].date`; `.` is the document itself.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
    /// The line, from 1; 0 when the document is XML or could not be looked into at all.
    pub line: usize,
    /// The column in bytes, from 1; 0 when the document is XML or could not be looked into at all.
    pub column: usize,
}

const MAX_PROBLEM: usize = 200;

impl DecodeError {
    fn whole(problem: &str) -> Self {
        Self { path: ".".to_owned(), problem: problem.to_owned(), line: 0, column: 0 }
    }

    /// XML that is none.
    pub(crate) fn xml(problem: &str) -> Self {
        Self::whole(&readable(&format!("no readable XML: {problem}"), MAX_PROBLEM))
    }

    /// A member that must be there is not.
    pub(crate) fn missing(path: &[&str], member: &str) -> Self {
        Self { path: dotted(path), ..Self::whole(&format!("missing field `{member}`")) }
    }

    /// A member beside a list cannot be read.
    pub(crate) fn in_list(path: &[&str], member: &str) -> Self {
        let path: Vec<&str> = path.iter().copied().chain([member]).collect();
        Self { path: dotted(&path), ..Self::whole("a value that was never seen there") }
    }

    fn of(path: String, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let place = format!(" at line {line} column {column}");
        let problem = text.strip_suffix(&place).unwrap_or(&text);
        Self { path, problem: readable(&without_values(problem), MAX_PROBLEM), line, column }
    }
}

/// The place of a member, as paths are written.
fn dotted(path: &[&str]) -> String {
    let path: Vec<&str> = path.iter().map(|names| names.split('|').next().unwrap_or(names)).collect();
    if path.is_empty() { ".".to_owned() } else { path.join(".") }
}

/// Reads a JSON document.
///
/// # Errors
/// The document is XML or HTML, not JSON, or not of the form of `T`.
pub(crate) fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    match first(body)? {
        b'<' => Err(DecodeError::whole(markup(body))),
        _ => seeded_json(without_mark(body), PhantomData),
    }
}

/// Reads a JSON or XML document.
///
/// # Errors
/// The document is HTML, neither JSON nor XML, or not of the form of `T`.
pub(crate) fn document<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    seeded(body, PhantomData)
}

/// Reads a JSON or XML document into what the seed says.
///
/// # Errors
/// The document is HTML, neither JSON nor XML, or not of the seed's form.
pub(crate) fn seeded<'a, S: DeserializeSeed<'a> + Clone>(body: &'a [u8], seed: S) -> Result<S::Value, DecodeError> {
    let first = first(body)?;
    let body = without_mark(body);
    match first {
        b'<' if looks_like_html(body) => Err(DecodeError::whole(markup(body))),
        b'<' => {
            let mut track = Track::new();
            let document = serde_path_to_error::Deserializer::new(xml::value(body)?, &mut track);
            seed.deserialize(document).map_err(|error| DecodeError::of(track.path().to_string(), &error))
        }
        _ => seeded_json(body, seed),
    }
}

/// The first byte that says something.
fn first(body: &[u8]) -> Result<u8, DecodeError> {
    let found = without_mark(body).iter().copied().find(|byte| !byte.is_ascii_whitespace());
    found.ok_or_else(|| DecodeError::whole("an empty body where JSON was expected"))
}

fn seeded_json<'a, S: DeserializeSeed<'a> + Clone>(body: &'a [u8], seed: S) -> Result<S::Value, DecodeError> {
    // Checked once as a whole, the text need not be checked name by name.
    let text = std::str::from_utf8(body).ok();
    let quick = text.and_then(|text| {
        let mut document = serde_json::Deserializer::from_str(text);
        let value = seed.clone().deserialize(&mut document).ok()?;
        document.end().ok().map(|()| value)
    });
    quick.map_or_else(|| locate(body, seed), Ok)
}

/// Reads again, slower, to learn the path. The second reading decides, should the two ever disagree.
fn locate<'a, S: DeserializeSeed<'a>>(body: &'a [u8], seed: S) -> Result<S::Value, DecodeError> {
    let mut document = serde_json::Deserializer::from_slice(body);
    let mut track = Track::new();
    let value = seed.deserialize(serde_path_to_error::Deserializer::new(&mut document, &mut track));
    let value = value.map_err(|error| DecodeError::of(track.path().to_string(), &error))?;
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

/// Writes an answer as JSON.
pub(crate) fn written<T: serde::Serialize>(answer: &T) -> Vec<u8> {
    serde_json::to_vec(answer).expect("answers are plain data with texts for keys, which JSON can always hold")
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
