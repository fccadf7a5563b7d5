//! What counts as a refusal, whatever the HTTP status says.

use std::time::Duration;

use heard_api::{Class, Code, Content, Error, Reply};

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        date: None,
        retry_after: Some(Duration::from_secs(7)),
        content_type: Some("text/plain".to_owned()),
        body: body.to_owned().into(),
        elapsed: Duration::ZERO,
    }
}

#[test]
fn the_services_own_words_win_over_the_status() {
    for status in [200, 400, 403, 500] {
        for body in [
            r#"{"message":"m","error":8}"#,
            r#"{"error":8,"message":"m","links":[]}"#,
            "\u{FEFF}\n {\"error\":\"8\",\"message\":\"m\"}",
            r##"{"error":{"#text":"m","code":"8"}}"##,
            r#"<?xml version="1.0"?><lfm status="failed"><error code="8">m</error></lfm>"#,
            r#"<lfm status="error"><error code="8">m</error></lfm>"#,
        ] {
            match reply(status, body).service_error() {
                Some(Error::Service { code, message, http_status }) => {
                    assert_eq!((code, message.as_str(), http_status), (Code::OperationFailed, "m", status));
                }
                other => panic!("{status} {body}: {other:?}"),
            }
        }
    }
}

#[test]
fn an_answer_is_no_refusal() {
    for body in
        [r#"{"recenttracks":{}}"#, "{}", "[]", r#"<lfm status="ok"/>"#, r#"{"message":"welcome"}"#, r#"{"error":null}"#]
    {
        assert!(reply(200, body).service_error().is_none(), "{body}");
        assert!(reply(500, body).service_error().is_some(), "{body}");
    }
}

#[test]
fn a_gateways_words_are_named() {
    for (status, body, content, class) in [
        (200, "", Content::Empty, Class::Retry),
        (500, " \n", Content::Empty, Class::Retry),
        (200, "<html><body>", Content::Html, Class::Retry),
        (502, "<!DOCTYPE HTML><title>", Content::Html, Class::Retry),
        (400, "\n<HTML>", Content::Html, Class::Retry),
        (404, "<html>", Content::Html, Class::Fatal),
        (200, "OK", Content::Text, Class::Retry),
        (503, "{\"a\":1}", Content::Json, Class::Retry),
        (429, "", Content::Empty, Class::RateLimited),
    ] {
        let error = reply(status, body).service_error().unwrap();
        assert_eq!(error.class(), class, "{error}");
        match error {
            Error::Http { status: found, content: kind, retry_after } => {
                assert_eq!((found, kind, retry_after), (status, content, Some(Duration::from_secs(7))));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_message_is_fit_for_a_terminal() {
    let long = "x".repeat(1000);
    let body = format!(r#"{{"error":29,"message":"a\u001b[31m\u202e\nb{long}"}}"#);
    let text = reply(200, &body).service_error().unwrap().to_string();
    assert!(text.chars().count() < 400, "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\n']), "{text:?}");
    assert!(text.contains("(error 29, HTTP 200)"));
}
