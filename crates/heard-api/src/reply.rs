//! What came back over HTTP, before it is an answer.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::cause::readable;
use crate::decode::{looks_like_html, without_mark};
use crate::error::{Code, Content, Error};
use crate::refusal::{self, Refusal};

/// A whole HTTP answer, of any status.
///
/// `Debug` shows the body's length only, since an answer to a login holds a session key.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The server's `Date`, in Unix seconds.
    pub date: Option<i64>,
    /// The server's `Retry-After`, at most a year.
    pub retry_after: Option<Duration>,
    /// The `Content-Type`, as sent. It is no proof: Libre.fm sends JSON as `text/plain`.
    pub content_type: Option<String>,
    /// The body, decompressed.
    pub body: Bytes,
    /// From the start of the request to the last byte of the body.
    pub elapsed: Duration,
}

/// Enough for every message seen; the longest is that of error 29.
const MAX_MESSAGE: usize = 300;

/// A longer JSON document is an answer: refusals are a sentence and a number, and looking for one costs a reading.
const LARGEST_REFUSAL: usize = 64 << 10;

impl Reply {
    /// What the service or a gateway refused, if this is no answer: an error document in any known form
    /// (both orders of keys, Libre.fm's object form, XML), a page for a browser, an empty body, or a status
    /// other than 2xx. HTTP 200 alone does not mean success.
    #[must_use]
    pub fn service_error(&self) -> Option<Error> {
        let body = without_mark(&self.body).trim_ascii();
        let content = content(body);
        let refusal = match content {
            Content::Json if body.len() <= LARGEST_REFUSAL => refusal::json(body),
            Content::Xml => refusal::xml(body),
            Content::Empty | Content::Html | Content::Json | Content::Text => None,
        };
        if let Some(Refusal { code, message }) = refusal {
            return Some(Error::Service {
                code: Code::from(code),
                message: without_keys(&readable(&message, MAX_MESSAGE)),
                http_status: self.status,
            });
        }
        let readable = matches!(content, Content::Json | Content::Xml);
        if readable && (200..300).contains(&self.status) {
            return None;
        }
        Some(Error::Http { status: self.status, content, retry_after: self.retry_after })
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("date", &self.date)
            .field("retry_after", &self.retry_after)
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

/// Keys have 32 characters and tokens 36; no word of any known message is as long.
const KEY_LENGTH: usize = 24;

/// A message with everything blanked that could be a key which the service repeats.
fn without_keys(message: &str) -> String {
    let in_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find(in_key) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !in_key(c)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(if word.len() < KEY_LENGTH { word } else { "…" });
        rest = after;
    }
    out + rest
}

pub(crate) fn content(body: &[u8]) -> Content {
    match body.first() {
        None => Content::Empty,
        Some(b'{' | b'[') => Content::Json,
        Some(b'<') if looks_like_html(body) => Content::Html,
        Some(b'<') => Content::Xml,
        Some(_) => Content::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_blanked_and_words_are_not() {
        for (message, shown) in [
            ("Invalid API key 0123456789abcdef0123456789abcdef!", "Invalid API key …!"),
            ("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "…"),
            ("é: https://www.last.fm/api/tos#4.4 – é", "é: https://www.last.fm/api/tos#4.4 – é"),
            ("", ""),
        ] {
            assert_eq!(without_keys(message), shown);
        }
    }

    #[test]
    fn debug_shows_no_body() {
        let reply = Reply {
            status: 200,
            date: None,
            retry_after: None,
            content_type: None,
            body: Bytes::from_static(b"{\"session\":{\"key\":\"canary\"}}"),
            elapsed: Duration::ZERO,
        };
        assert!(!format!("{reply:?}").contains("canary"));
    }
}
