//! What goes back to a client, and how.

use std::time::Duration;

use bytes::Bytes;

use crate::{call::Format, json, listenbrainz::Standing, xml};

pub(crate) const JSON: &str = "application/json";
pub(crate) const XML: &str = "text/xml; charset=UTF-8";
pub(crate) const HTML: &str = "text/html; charset=UTF-8";

/// How the bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// As they should.
    Whole,
    /// The connection is reset before the first byte.
    Reset,
    /// The connection is closed after so many bytes of the body.
    Cut { after: usize },
    /// One byte at a time, and after so many the connection is closed.
    Drip { every: Duration, bytes: usize },
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    pub(crate) retry_after: Option<u32>,
    /// How the client stands with its window of requests, where the service tells that.
    pub(crate) standing: Option<Standing>,
    /// Where else the answer is to be found.
    pub(crate) location: Option<String>,
    pub(crate) gzip: bool,
    pub(crate) wait: Duration,
    pub(crate) delivery: Delivery,
    /// How many counted rows it lists.
    pub(crate) rows: usize,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type,
            body: body.into(),
            retry_after: None,
            standing: None,
            location: None,
            gzip: false,
            wait: Duration::ZERO,
            delivery: Delivery::Whole,
            rows: 0,
        }
    }

    /// The answer to a call that succeeded.
    pub(crate) fn good(format: Format, body: String, rows: usize) -> Self {
        let content_type = match format {
            Format::Json => JSON,
            Format::Xml => XML,
        };
        Self { rows, ..Self::new(200, content_type, body) }
    }

    /// A refusal in the service's words.
    pub(crate) fn refusal(format: Format, refusal: &Refusal) -> Self {
        match format {
            Format::Json => Self::new(refusal.status, JSON, json::error(refusal)),
            Format::Xml => Self::new(refusal.status, XML, xml::error(refusal)),
        }
    }
}

/// An error of the service: its code, the HTTP status it comes with, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) status: u16,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: u16, status: u16, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into() }
    }

    /// Error `code` with the text that the service is known to send for it (folder `_errors` of the fixtures).
    pub(crate) fn known(code: u16, status: u16) -> Self {
        let message = match code {
            3 => "Invalid Method - No method with that name in this package",
            4 => "Unauthorized Token - This token has not been issued",
            6 => "Invalid parameters - Your request is missing a required parameter",
            8 => "Operation failed - Most likely the backend service failed. Please try again.",
            9 => "Invalid session key - Please re-authenticate",
            10 => "Invalid API key - You must be granted a valid key by last.fm",
            11 => "Service Offline - This service is temporarily offline. Try again later.",
            14 => "Unauthorized Token - This token has not been authorized",
            15 => "Unauthorized Token - This token has expired",
            13 => "Invalid method signature supplied",
            16 => "The service is temporarily unavailable, please try again.",
            17 => "Login: User required to be logged in",
            26 => "API Key Suspended - This application is not allowed to make requests to the web services",
            29 => {
                "Rate Limit Exceeded - This application has made too many requests in a short period. If this is your \
                 API key, see https://www.last.fm/api/tos#4.4 for information about raising the limit."
            }
            _ => "Unknown error",
        };
        Self::new(code, status, message)
    }

    pub(crate) fn missing_parameter() -> Self {
        Self::known(6, 400)
    }

    pub(crate) fn unknown_user() -> Self {
        Self::new(6, 404, "User not found")
    }

    pub(crate) fn out_of_bounds(parameter: &str, max: u32) -> Self {
        Self::new(6, 400, format!("{parameter} param out of bounds (1-{max})"))
    }

    pub(crate) fn no_such_page() -> Self {
        Self::new(6, 400, "no such page")
    }
}
