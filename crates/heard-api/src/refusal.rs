//! The services' error documents, in every form they were seen in.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{self, Object};

/// A refusal in the service's own words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: i64,
    pub(crate) message: String,
}

/// Error documents are small; a larger document is looked into only if it begins like one.
const SMALL: usize = 4096;

/// Finds a refusal in JSON: `{"message":…,"error":6}` in any order of keys, with `links` or without
/// (`_errors/quoted_06_page_bounds_2015.json`), and GNU FM's `{"error":{"#text":…,"code":"7"}}`
/// (`user.getRecentTracks/quoted_07_no_listens.json`).
pub(crate) fn json(body: &[u8]) -> Option<Refusal> {
    if body.len() > SMALL && !begins_like_refusal(body) {
        return None;
    }
    let Object(document): Object<Document<'_>> = serde_json::from_slice(body).ok()?;
    let (code, message) = match document.error? {
        Form::Number(code) => (code, document.message),
        Form::Object(Object(error)) => (error.code?, error.text.or(document.message)),
    };
    Some(Refusal { code, message: message.unwrap_or_default().into_owned() })
}

/// Writes a refusal as the service does.
pub(crate) fn written(code: i64, message: &str) -> Vec<u8> {
    crate::decode::written(&serde_json::json!({ "message": message, "error": code }))
}

fn begins_like_refusal(body: &[u8]) -> bool {
    let inside = body.strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
    [&b"\"error\""[..], b"\"message\"", b"\"links\""].iter().any(|key| inside.starts_with(key))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    error: Option<Form<'a>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    message: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Form<'a> {
    Number(#[serde(deserialize_with = "lenient::required_number")] i64),
    #[serde(borrow)]
    Object(Object<FormObject<'a>>),
}

#[derive(Deserialize)]
struct FormObject<'a> {
    #[serde(default, deserialize_with = "lenient::number")]
    code: Option<i64>,
    #[serde(borrow, rename = "#text", default, deserialize_with = "lenient::text")]
    text: Option<Cow<'a, str>>,
}

/// Finds a refusal in XML: an `<lfm>` whose status is not `ok`, with `<error code="N">text</error>`
/// (`_errors/quoted_13_signature.xml`). Only this one form is looked for, so no parser is needed.
pub(crate) fn xml(body: &[u8]) -> Option<Refusal> {
    let text = String::from_utf8_lossy(body.get(..SMALL).unwrap_or(body));
    let root = element(&text, "lfm")?;
    if attribute(root.tag, "status")? == "ok" {
        return None;
    }
    let error = element(root.rest, "error")?;
    let code = attribute(error.tag, "code")?.trim().parse().ok()?;
    let message = error.rest.split("</").next().unwrap_or_default();
    Some(Refusal { code, message: unescaped(message.trim()) })
}

struct Element<'a> {
    /// What stands between the name and `>`.
    tag: &'a str,
    /// What follows the opening tag.
    rest: &'a str,
}

fn element<'a>(text: &'a str, name: &str) -> Option<Element<'a>> {
    let (_, after) = text.split_once(&format!("<{name}"))?;
    let (tag, rest) = after.split_once('>')?;
    Some(Element { tag, rest })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!("{name}="))?;
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after[1..].split(quote).next()
}

/// The five entities of XML, the ampersand last so that nothing is unescaped twice.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: i64, message: &str) -> Option<Refusal> {
        Some(Refusal { code, message: message.to_owned() })
    }

    #[test]
    fn every_json_form() {
        for (body, expected) in [
            (r#"{"message":"m","error":6}"#, refusal(6, "m")),
            (r#"{ "error" : 13, "message" : "m" }"#, refusal(13, "m")),
            (r#"{"error":"8","message":"m","links":[]}"#, refusal(8, "m")),
            (r#"{"links":[],"error":29}"#, refusal(29, "")),
            (r##"{"error":{"#text":"m","code":"7"}}"##, refusal(7, "m")),
            (r##"{"error":{"code":7},"message":"m"}"##, refusal(7, "m")),
            (r##"{"error":{"#text":"m"}}"##, None),
            (r#"{"recenttracks":{}}"#, None),
            (r#"{"error":null}"#, None),
            (r#"{"error":"words"}"#, None),
            (r#"[1]"#, None),
            (r#"{"error":8"#, None),
        ] {
            assert_eq!(json(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn a_large_document_is_searched_only_if_it_begins_like_a_refusal() {
        let filler = "x".repeat(2 * SMALL);
        let refused = format!(r#"{{ "message":"{filler}","error":8}}"#);
        assert_eq!(json(refused.as_bytes()).map(|refusal| refusal.code), Some(8));
        let answer = format!(r#"{{"data":"{filler}","error":8}}"#);
        assert_eq!(json(answer.as_bytes()), None);
    }

    #[test]
    fn every_xml_form() {
        for (body, expected) in [
            (r#"<lfm status="failed"><error code="13">a &amp;lt; b</error></lfm>"#, refusal(13, "a &lt; b")),
            (r#"<?xml version="1.0"?> <lfm status='error'> <error code='6'>m"#, refusal(6, "m")),
            (r#"<lfm status="ok"><error code="6">m</error></lfm>"#, None),
            (r#"<lfm status="failed"></lfm>"#, None),
            (r#"<lfm status="failed"><error code="x">m</error></lfm>"#, None),
            (r#"<lfm status="failed"#, None),
            (r#"<feed/>"#, None),
        ] {
            assert_eq!(xml(body.as_bytes()), expected, "{body}");
        }
    }
}
