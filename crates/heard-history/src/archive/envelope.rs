//! One raw answer, as kept: who was asked what and when, and the bytes of the answer.
//!
//! On disk an envelope is one line of JSON. The body stands last and byte for byte: as JSON where it is JSON on one
//! line (`"body"`), as JSON with carriage returns in the place of its line feeds where it has lines (`"lines"`: outside
//! strings JSON does not tell the two apart, and inside neither can stand), else as text (`"text"`), else in base16
//! (`"hex"`), so that `zstdcat … | jq` reads everything and nothing is changed.

use std::borrow::Cow;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::listen::{Account, Service, Span};

/// What an answer was asked for; decides what it can prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The first page of a stretch of time; closes what it shows whole.
    Walk,
    /// One page of a second that holds more plays than a page; counts once a [`Purpose::Close`] follows. Where the second is
    /// named as the wanted stretch, there are no more pages to be had, and it tells some of its plays.
    Dense,
    /// One page that holds undated plays; counts once a [`Purpose::Close`] follows.
    Tail,
    /// The count of a stretch of time.
    Count,
    /// A run began; its body tells when, by the service's clock.
    RunBegan,
    /// A run found nothing left to ask.
    RunEnded,
    /// The pages named in the body were read twice and agreed.
    Close,
    /// A decision by the listener's hand.
    Decision,
    /// An export file begins; its body tells which, and how it is read.
    ImportBegan,
    /// A piece of an export file: some of its records, as they stand.
    Rows,
    /// An export file was taken in whole; its body tells what it was.
    ImportEnded,
    /// What a service knows of an artist, an album, a track, a tag or an account.
    Enrich,
    /// What lay at the address of a cover. The picture itself is a file of its own, which the body names.
    Cover,
    /// Something that the listener asked by hand, or that only tells the time; it proves nothing.
    Asked,
    /// What a player played while it was watched.
    Watched,
}

/// What is known of an envelope before it has its place in the archive.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Unix seconds, by the local clock.
    pub received_at: i64,
    /// Whose history, and from where.
    pub account: Account,
    /// The service's name for the call; for marks, `heard`'s own.
    pub method: Cow<'static, str>,
    /// The call's parameters, without key, session, token or signature.
    pub params: Vec<(String, String)>,
    /// Why it was asked.
    pub purpose: Purpose,
    /// The run to which it belongs.
    pub run: u64,
    /// The stretch of time that was wanted, before it was widened for the request.
    pub wanted: Option<Span>,
    /// HTTP status; 0 for marks.
    pub status: u16,
    /// The service's `Date`, in Unix seconds.
    pub served_at: Option<i64>,
    /// The answer, byte for byte.
    pub body: Bytes,
    /// Whether the body was read as JSON before, so that it need not be looked at again.
    pub is_json: bool,
    /// [`digest`] of the body, where it was taken before, so that it need not be taken again.
    pub sha256: Option<String>,
}

/// The part of an envelope before its body, in the order in which it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head<'a> {
    /// The place in the archive; starts at 1 and rises by one.
    pub seq: u64,
    /// Unix seconds, by the local clock.
    pub received_at: i64,
    /// The person whose history it is.
    #[serde(borrow)]
    pub listener: Cow<'a, str>,
    /// Where it came from.
    pub source: Service,
    /// The account's name there.
    #[serde(borrow)]
    pub account: Cow<'a, str>,
    /// The service's name for the call.
    #[serde(borrow)]
    pub method: Cow<'a, str>,
    /// The call's parameters without secrets.
    #[serde(with = "params")]
    pub params: Vec<(String, String)>,
    /// Why it was asked.
    pub purpose: Purpose,
    /// The run to which it belongs.
    pub run: u64,
    /// The wanted stretch of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Span>,
    /// HTTP status.
    pub status: u16,
    /// The service's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_at: Option<i64>,
    /// [`digest`] of the body.
    #[serde(borrow)]
    pub sha256: Cow<'a, str>,
}

impl Head<'_> {
    /// The account named in the head.
    #[must_use]
    pub fn owner(&self) -> Account {
        Account::new(&self.listener, self.source, &self.account)
    }
}

/// One envelope as read back: its head and the body's exact bytes.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// All but the body.
    pub head: Head<'a>,
    /// The answer, byte for byte.
    pub body: Cow<'a, [u8]>,
}

/// Why a line of the archive is no envelope.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// The head is not the JSON that was written.
    #[error("the head of an envelope cannot be read: {0}")]
    Head(#[from] serde_json::Error),
    /// The body does not stand where it must.
    #[error("an envelope has no body")]
    NoBody,
    /// The body is not the one that was kept.
    #[error("the body of envelope {seq} does not match its SHA-256")]
    Changed {
        /// The envelope's place.
        seq: u64,
    },
}

const DIGEST_KEY: &[u8] = b"\"sha256\":\"";

impl Draft {
    /// The line for this envelope at place `seq`, line feed included.
    #[must_use]
    pub fn line(&self, seq: u64) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.body.len() + 1024);
        self.write_line(seq, &mut line);
        line
    }

    /// Adds the line for this envelope at place `seq`, line feed included.
    pub fn write_line(&self, seq: u64, line: &mut Vec<u8>) {
        serde_json::to_writer(&mut *line, &self.head(seq)).expect("a head holds only text and whole numbers");
        line.pop();
        line.reserve(self.body.len() + 16);
        write_body(line, &self.body, self.is_json);
        line.extend_from_slice(b"}\n");
    }

    /// The envelope that this will be at place `seq`: the same as is read back from its line.
    #[must_use]
    pub fn envelope(&self, seq: u64) -> Envelope<'_> {
        Envelope { head: self.head(seq), body: Cow::Borrowed(&self.body) }
    }

    fn head(&self, seq: u64) -> Head<'_> {
        Head {
            seq,
            received_at: self.received_at,
            listener: Cow::Borrowed(&self.account.listener),
            source: self.account.service,
            account: Cow::Borrowed(&self.account.user),
            method: Cow::Borrowed(&self.method),
            params: self.params.clone(),
            purpose: self.purpose,
            run: self.run,
            wanted: self.wanted,
            status: self.status,
            served_at: self.served_at,
            sha256: self.sha256.as_deref().map_or_else(|| Cow::Owned(digest(&self.body)), Cow::Borrowed),
        }
    }
}

/// SHA-256 of a body, in lower-case hexadecimal.
#[must_use]
pub fn digest(body: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(body))
}

fn write_body(line: &mut Vec<u8>, body: &[u8], is_json: bool) {
    let text = std::str::from_utf8(body).ok();
    let is_json = || text.is_some_and(|it| is_json || serde_json::from_str::<serde::de::IgnoredAny>(it).is_ok());
    let has_lines = memchr::memchr(b'\n', body).is_some();
    let returns = memchr::memchr(b'\r', body).is_some();
    if !has_lines && !returns && is_json() {
        line.extend_from_slice(b",\"body\":");
        line.extend_from_slice(body);
    } else if !returns && is_json() {
        line.extend_from_slice(b",\"lines\":");
        line.extend(body.iter().map(|byte| if *byte == b'\n' { b'\r' } else { *byte }));
    } else if let Some(text) = text {
        line.extend_from_slice(b",\"text\":");
        line.extend_from_slice(&serde_json::to_vec(text).expect("text is always JSON"));
    } else {
        line.extend_from_slice(b",\"hex\":\"");
        line.extend_from_slice(base16ct::lower::encode_string(body).as_bytes());
        line.push(b'"');
    }
}

impl<'a> Envelope<'a> {
    /// Reads one line (without its line feed). The body is borrowed where it stands as it was received.
    ///
    /// # Errors
    /// [`EnvelopeError::Head`] or [`EnvelopeError::NoBody`] for a line that was not written by [`Draft::line`].
    pub fn parse(line: &'a [u8]) -> Result<Self, EnvelopeError> {
        let (head, kind, body) = split(line).ok_or(EnvelopeError::NoBody)?;
        let mut closed = Vec::with_capacity(head.len() + 1);
        closed.extend_from_slice(head);
        closed.push(b'}');
        let head = serde_json::from_slice::<Head<'_>>(&closed).map(own_head)?;
        let body = match kind {
            b"body" => Cow::Borrowed(body),
            b"lines" => Cow::Owned(body.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect()),
            b"text" => Cow::Owned(serde_json::from_slice::<String>(body)?.into_bytes()),
            _ => Cow::Owned(unhex(body).ok_or(EnvelopeError::NoBody)?),
        };
        Ok(Self { head, body })
    }

    /// Compares the body with the digest in the head.
    ///
    /// # Errors
    /// [`EnvelopeError::Changed`] when they differ.
    pub fn check(&self) -> Result<(), EnvelopeError> {
        if digest(&self.body) == self.head.sha256 { Ok(()) } else { Err(EnvelopeError::Changed { seq: self.head.seq }) }
    }
}

fn own_head(head: Head<'_>) -> Head<'static> {
    Head {
        listener: Cow::Owned(head.listener.into_owned()),
        account: Cow::Owned(head.account.into_owned()),
        method: Cow::Owned(head.method.into_owned()),
        sha256: Cow::Owned(head.sha256.into_owned()),
        ..head
    }
}

/// Splits a line into its head (without closing brace), the body's key and the body, without reading the body: the
/// digest has a fixed length, and its key cannot stand inside a JSON string, where quotes are escaped.
fn split(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let digest = memchr::memmem::find(line, DIGEST_KEY)? + DIGEST_KEY.len();
    let head_end = digest + 64 + 1;
    let rest = line.get(head_end..)?.strip_prefix(b",\"")?.strip_suffix(b"}")?;
    let quote = memchr::memchr(b'"', rest)?;
    let body = rest.get(quote + 1..)?.strip_prefix(b":")?;
    Some((&line[..head_end], &rest[..quote], body))
}

fn unhex(quoted: &[u8]) -> Option<Vec<u8>> {
    base16ct::lower::decode_vec(quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?).ok()
}

/// Parameters are written as an object, in the order in which they were sent.
mod params {
    use serde::de::{MapAccess, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(pairs: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(pairs.iter().map(|(k, v)| (k, v)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(String, String)>, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(String, String)>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of texts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        from.deserialize_map(Pairs)
    }
}

/// The body of an envelope that `heard` wrote itself, as JSON.
#[must_use]
pub fn mark_body(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("a mark holds only text and whole numbers").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(body: &[u8]) -> Draft {
        Draft {
            received_at: 1_700_000_000,
            account: Account::new("me", Service::Lastfm, "Ann"),
            method: "user.getRecentTracks".into(),
            params: vec![("user".into(), "a\"sha256\":\"b".into()), ("body".into(), "1".into())],
            purpose: Purpose::Walk,
            run: 7,
            wanted: Some(Span::new(1, 9)),
            status: 200,
            served_at: None,
            body: Bytes::copy_from_slice(body),
            is_json: false,
            sha256: None,
        }
    }

    #[test]
    fn bodies_come_back_byte_for_byte() {
        let bodies: [&[u8]; 12] = [
            b"[\n  {\n    \"a\" : \"b\\n\"\n  }\n]",
            b"[\r\n1]",
            b"[\t1\n,\"\n\"]",
            br#"{"a":"\/\ud83d","a":1}"#,
            b" [1 , 2] ",
            b"{\n \"a\": 1\n}",
            b"<html>\r\n\"</html>",
            b"",
            b"\xff\xfe\x00",
            b"{\"cut\":",
            b"\"sha256\":\"",
            "\u{feff}{}".as_bytes(),
        ];
        for body in bodies {
            let line = draft(body).line(3);
            assert_eq!(line.iter().filter(|b| **b == b'\n').count(), 1, "one line");
            serde_json::from_slice::<serde::de::IgnoredAny>(&line).unwrap();
            let envelope = Envelope::parse(&line[..line.len() - 1]).unwrap();
            assert_eq!(&*envelope.body, body);
            envelope.check().unwrap();
            assert_eq!(envelope.head.seq, 3);
            assert_eq!(envelope.head.params, draft(body).params);
            assert_eq!(envelope.head.owner(), draft(body).account);
            assert_eq!(envelope.head.wanted, Some(Span::new(1, 9)));
            // What was known before changes nothing of the line, and what is read before is read from the line, too.
            let known = Draft { sha256: Some(digest(body)), ..draft(body) };
            assert_eq!(known.line(3), line);
            assert_eq!(known.envelope(3).head, envelope.head);
            assert_eq!(known.envelope(3).body, envelope.body);
            assert_eq!(draft(body).envelope(3).head, envelope.head);
        }
    }

    #[test]
    fn a_changed_body_is_noticed() {
        let mut line = draft(br#"{"a":1}"#).line(1);
        let at = line.len() - 4;
        assert_eq!(line[at], b'1');
        line[at] = b'2';
        assert!(Envelope::parse(&line[..line.len() - 1]).unwrap().check().is_err());
    }

    #[test]
    fn other_lines_are_refused() {
        for line in [&b""[..], b"{}", b"{\"sha256\":\"", b"{\"seq\":1,\"sha256\":\"0\",\"body\":1}"] {
            assert!(Envelope::parse(line).is_err());
        }
    }
}
