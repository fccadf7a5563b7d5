//! What can go wrong on a call, and what may be done about it.

use std::path::PathBuf;
use std::time::Duration;

pub use crate::cause::{Cause, Stage};
pub use crate::code::Code;
pub use crate::decode::DecodeError;

/// Why a call gave no answer.
///
/// No text of this type contains a URL with its parameters, a key, a secret or a token; words of the service
/// are clipped and freed of control characters.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service refused, in its own words.
    #[error("{code}: {message} (error {}, HTTP {http_status})", .code.number())]
    Service {
        /// The service's code.
        code: Code,
        /// The service's words, at most 300 characters, without control characters.
        message: String,
        /// The HTTP status; 200 is possible.
        http_status: u16,
    },
    /// ListenBrainz refused, in its own words.
    #[error("{message} (HTTP {http_status})")]
    Refused {
        /// The HTTP status, which is its only code.
        http_status: u16,
        /// Its words, at most 300 characters, without control characters.
        message: String,
        /// How long it asked to be left alone.
        retry_after: Option<Duration>,
    },
    /// An HTTP answer in which no word of the service could be found: HTML of a gateway, an empty body, a redirect.
    #[error("HTTP {status} with {content} instead of an answer of the service")]
    Http {
        /// The HTTP status.
        status: u16,
        /// What the body looked like.
        content: Content,
        /// How long the server asked to be left alone.
        retry_after: Option<Duration>,
    },
    /// No whole answer arrived.
    #[error("{stage} failed")]
    Transport {
        /// What was being done.
        stage: Stage,
        /// Why it failed, without addresses.
        #[source]
        cause: Cause,
    },
    /// The whole answer did not arrive in time.
    #[error("no whole answer within {} s", .limit.as_secs_f64())]
    Timeout {
        /// The limit that was set for one request.
        limit: Duration,
    },
    /// The answer, after decompression, is larger than allowed.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit that was set, in bytes.
        limit: usize,
    },
    /// The answer does not have the form it had when this version was made.
    #[error("the answer could not be read")]
    Decode(#[from] DecodeError),
    /// The answer is a list, but not the one that was asked for. It happens rarely, and asking again helps.
    #[error("{0}")]
    NotThisList(NotThisList),
    /// The service does not offer this method (any more): code 3 or 27, or known before it was asked.
    #[error("{method} is not offered by {service}")]
    NotOffered {
        /// The method's name.
        method: String,
        /// The service's name.
        service: &'static str,
    },
    /// What a service names as a picture is none that is fetched.
    #[error("{0}")]
    Unfit(Unfit),
    /// The request could not be made with these options.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
}

/// How a list is not the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotThisList {
    /// It is another user's.
    #[error("the answer is about another user than the one asked for")]
    OtherUser,
    /// It is another page.
    #[error("the answer is not page {asked}, which was asked for")]
    OtherPage {
        /// The page that was asked for.
        asked: u64,
    },
}

/// Why something that a service names as a picture is not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is no address of the kind `http` or `https`, or it bears a user's name.
    #[error("the picture's address is not an http or https address")]
    Address,
    /// It leads to this machine or into a private network.
    #[error("the picture's address leads into a private network")]
    PrivateAddress,
    /// It stands for no picture.
    #[error("the picture is the one that stands for none")]
    Placeholder,
    /// It is larger than allowed.
    #[error("the picture is too large")]
    TooLarge,
}

/// What to do after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// It may pass: try again after a while.
    Retry,
    /// The service asks for fewer requests: the pacer pauses, then try again.
    RateLimited,
    /// Trying again does not help.
    Fatal,
}

/// What the body of an unreadable HTTP answer looked like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// Nothing but blanks.
    Empty,
    /// A page for a browser.
    Html,
    /// XML.
    Xml,
    /// JSON, but not an error of the service.
    Json,
    /// Something else.
    Text,
}

impl std::fmt::Display for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty body",
            Self::Html => "an HTML page",
            Self::Xml => "XML",
            Self::Json => "unknown JSON",
            Self::Text => "unknown text",
        })
    }
}

/// Options or credentials that do not allow a request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The root is not an `http` or `https` address without user, query and fragment.
    #[error("the service's address is not an http or https address without user name, query and fragment")]
    Root,
    /// Plain `http` towards another computer, without permission.
    #[error("plain http towards {host} would send keys readably over the network")]
    PlainHttp {
        /// The host, without port and path.
        host: String,
    },
    /// A rate that is not allowed towards this host.
    #[error("{rate} requests per second are not allowed: more than 0 and at most 5, or anything towards loopback")]
    Rate {
        /// The rate that was asked for.
        rate: f64,
    },
    /// No pacing towards another computer.
    #[error("requests may go unpaced only to a loopback address")]
    Unpaced,
    /// The call must be signed, and there is no shared secret.
    #[error("{method} must be signed, and no shared secret is set")]
    NoSharedSecret {
        /// The method's name.
        method: String,
    },
    /// The call needs a session, and there is no session key or, for ListenBrainz, no token.
    #[error("{method} needs a login, and no session key is set")]
    NoSessionKey {
        /// The method's name.
        method: String,
    },
    /// The token holds characters that no token has.
    #[error("the token holds characters that no token has")]
    Token,
    /// The proxy's address cannot be used. The address is not repeated, since it may hold a password.
    #[error("the proxy's address is not usable")]
    Proxy,
    /// The file with further certificate authorities cannot be read.
    #[error("{} cannot be read", .path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The file with further certificate authorities holds no PEM certificate.
    #[error("{} holds no certificate in PEM form", .path.display())]
    CaFormat {
        /// The file.
        path: PathBuf,
    },
    /// The user agent is not a header value.
    #[error("the user agent holds characters that a header cannot carry")]
    UserAgent,
    /// The TLS library could not be set up.
    #[error("TLS could not be set up")]
    Tls(#[source] Cause),
}

impl Error {
    /// What to do next.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Service { code, http_status, .. } => service_class(*code, *http_status),
            Self::Refused { http_status, .. } => refused_class(*http_status),
            Self::Http { status, .. } => http_class(*status),
            Self::Transport { stage: Stage::Certificate, .. } => Class::Fatal,
            Self::Transport { .. } | Self::Timeout { .. } | Self::TooLarge { .. } => Class::Retry,
            Self::Decode(_) | Self::NotThisList(_) => Class::Retry,
            Self::NotOffered { .. } | Self::Unfit(_) | Self::Configuration(_) => Class::Fatal,
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn retryable(&self) -> bool {
        self.class() != Class::Fatal
    }

    /// Whether a (new) login is the remedy: codes 4, 9, 14 and 15, HTTP 401 of ListenBrainz, or no session key or token
    /// where one is needed.
    #[must_use]
    pub fn needs_login(&self) -> bool {
        match self {
            Self::Configuration(ConfigurationError::NoSessionKey { .. }) => true,
            Self::Refused { http_status, .. } => *http_status == 401,
            _ => matches!(
                self.code(),
                Some(
                    Code::AuthenticationFailed
                        | Code::InvalidSessionKey
                        | Code::TokenNotAuthorised
                        | Code::TokenExpired
                )
            ),
        }
    }

    /// Whether the user hides what was asked for (code 17).
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.code() == Some(Code::LoginRequired)
    }

    /// Whether the api key is suspended (code 26): stop for good.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.code() == Some(Code::KeySuspended)
    }

    /// Whether the api key or the signature is not accepted (codes 10 and 13).
    #[must_use]
    pub fn is_bad_key(&self) -> bool {
        matches!(self.code(), Some(Code::InvalidApiKey | Code::InvalidSignature))
    }

    /// Whether the service says that there is no such user: code 6 with HTTP 404 or in these words
    /// (`_errors/lastfmnode_6_unknown_user.json`, `api.responses/user_not_found.json`).
    #[must_use]
    pub fn is_unknown_user(&self) -> bool {
        match self {
            Self::Service { code: Code::InvalidParameters, message, http_status } => {
                let message = message.to_ascii_lowercase();
                *http_status == 404 && message.contains("user")
                    || message.contains("user not found")
                    || message.contains("no user with that name")
            }
            Self::Refused { http_status: 404, message, .. } => message.to_ascii_lowercase().contains("user"),
            _ => false,
        }
    }

    /// The service's code, where there is one.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Service { code, .. } => Some(*code),
            _ => None,
        }
    }
}

fn service_class(code: Code, http_status: u16) -> Class {
    match code {
        Code::RateLimitExceeded => Class::RateLimited,
        _ if http_status == 429 => Class::RateLimited,
        Code::OperationFailed | Code::ServiceOffline | Code::TemporarilyUnavailable => Class::Retry,
        Code::Other(_) if http_status >= 500 => Class::Retry,
        _ => Class::Fatal,
    }
}

fn refused_class(http_status: u16) -> Class {
    match http_status {
        429 => Class::RateLimited,
        500.. => Class::Retry,
        _ => Class::Fatal,
    }
}

/// A page without a word of the service is a gateway's, and gateways' trouble passes; only statuses that tell
/// of a wrong address or a closed door stay.
fn http_class(status: u16) -> Class {
    match status {
        429 => Class::RateLimited,
        301 | 308 | 401 | 403..=405 | 407 | 410 | 414 | 451 => Class::Fatal,
        _ => Class::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(number: i64, http_status: u16) -> Error {
        Error::Service { code: Code::from(number), message: String::new(), http_status }
    }

    #[test]
    fn classes_of_the_services_codes() {
        let table = [
            (2, 400, Class::Fatal),
            (3, 400, Class::Fatal),
            (4, 403, Class::Fatal),
            (6, 400, Class::Fatal),
            (6, 404, Class::Fatal),
            (7, 200, Class::Fatal),
            (8, 500, Class::Retry),
            (8, 400, Class::Retry),
            (8, 200, Class::Retry),
            (9, 403, Class::Fatal),
            (10, 403, Class::Fatal),
            (11, 503, Class::Retry),
            (13, 400, Class::Fatal),
            (14, 403, Class::Fatal),
            (16, 503, Class::Retry),
            (17, 403, Class::Fatal),
            (26, 403, Class::Fatal),
            (27, 400, Class::Fatal),
            (29, 200, Class::RateLimited),
            (29, 429, Class::RateLimited),
            (99, 429, Class::RateLimited),
            (99, 502, Class::Retry),
            (99, 400, Class::Fatal),
        ];
        for (number, status, class) in table {
            assert_eq!(service(number, status).class(), class, "code {number}, HTTP {status}");
        }
    }

    #[test]
    fn classes_of_bare_http_answers() {
        let table = [
            (200, Class::Retry),
            (301, Class::Fatal),
            (302, Class::Retry),
            (400, Class::Retry),
            (403, Class::Fatal),
            (404, Class::Fatal),
            (408, Class::Retry),
            (429, Class::RateLimited),
            (500, Class::Retry),
            (503, Class::Retry),
        ];
        for (status, class) in table {
            let error = Error::Http { status, content: Content::Html, retry_after: None };
            assert_eq!(error.class(), class, "HTTP {status}");
            assert_eq!(error.retryable(), class != Class::Fatal);
        }
    }

    #[test]
    fn remedies() {
        for number in [4, 9, 14, 15] {
            assert!(service(number, 403).needs_login());
        }
        assert!(!service(17, 403).needs_login() && service(17, 403).is_private());
        assert!(service(26, 403).is_suspended());
        assert!(service(10, 403).is_bad_key());
        let unknown = |message: &str, http_status| Error::Service {
            code: Code::InvalidParameters,
            message: message.to_owned(),
            http_status,
        };
        assert!(unknown("User not found", 404).is_unknown_user());
        assert!(unknown("No user with that name was found", 200).is_unknown_user());
        assert!(!unknown("Album not found", 200).is_unknown_user());
        assert!(!unknown("The artist you supplied could not be found", 404).is_unknown_user());
    }

    #[test]
    fn an_error_reads_as_a_sentence() {
        let error = Error::Service { code: Code::RateLimitExceeded, message: "slow down".to_owned(), http_status: 429 };
        assert_eq!(error.to_string(), "rate limit exceeded: slow down (error 29, HTTP 429)");
    }
}
