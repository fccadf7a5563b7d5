//! What came back over HTTP, before it is an answer.

use std::time::Duration;

use bytes::Bytes;

use crate::cause::readable;
use crate::decode::{looks_like_html, without_mark};
use crate::error::{Code, Content, Error};
use crate::refusal::{self, Refusal};

/// A whole HTTP answer, of any status.
#[derive(Clone, Debug)]
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

impl Reply {
    /// What the service or a gateway refused, if this is no answer: an error document in any known form
    /// (both orders of keys, Libre.fm's object form, XML), a page for a browser, an empty body, or a status
    /// other than 2xx. HTTP 200 alone does not mean success.
    #[must_use]
    pub fn service_error(&self) -> Option<Error> {
        let body = without_mark(&self.body).trim_ascii();
        let content = content(body);
        let refusal = match content {
            Content::Json => refusal::json(body),
            Content::Xml => refusal::xml(body),
            Content::Empty | Content::Html | Content::Text => None,
        };
        if let Some(Refusal { code, message }) = refusal {
            return Some(Error::Service {
                code: Code::from(code),
                message: readable(&message, MAX_MESSAGE),
                http_status: self.status,
            });
        }
        let readable = matches!(content, Content::Json | Content::Xml);
        if readable && (200..300).contains(&self.status) {
            return None;
        }
        Some(Error::Http {
            status: self.status,
            content,
            retry_after: self.retry_after,
        })
    }
}

fn content(body: &[u8]) -> Content {
    match body.first() {
        None => Content::Empty,
        Some(b'{' | b'[') => Content::Json,
        Some(b'<') if looks_like_html(body) => Content::Html,
        Some(b'<') => Content::Xml,
        Some(_) => Content::Text,
    }
}
