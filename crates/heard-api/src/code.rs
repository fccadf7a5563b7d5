//! The error codes of the Last.fm family, by name.

use std::fmt;

/// An error code of a service, as listed at <https://www.last.fm/api/errorcodes> and seen in recorded
/// answers; GNU FM (Libre.fm) uses the same numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// 2: there is no such service.
    InvalidService,
    /// 3: no method with that name in this package (`_errors/quoted_03_invalid_method.json`).
    InvalidMethod,
    /// 4: authentication failed: a token never issued, a wrong password or a revoked application.
    AuthenticationFailed,
    /// 5: the format asked for does not exist.
    InvalidFormat,
    /// 6: a parameter is missing or wrong; also an unknown user, artist, album or track.
    InvalidParameters,
    /// 7: the resource does not exist. Libre.fm answers so when a user has no listens in the range asked
    /// for (`user.getRecentTracks/quoted_07_no_listens.json`).
    InvalidResource,
    /// 8: a fault inside the service; the same request often succeeds seconds later.
    OperationFailed,
    /// 9: the session key is not valid any more.
    InvalidSessionKey,
    /// 10: the api key is not known.
    InvalidApiKey,
    /// 11: the service is offline.
    ServiceOffline,
    /// 12: only for users who pay.
    SubscribersOnly,
    /// 13: the signature does not fit the parameters.
    InvalidSignature,
    /// 14: the user has not authorised the token yet.
    TokenNotAuthorised,
    /// 15: the token has expired.
    TokenExpired,
    /// 16: the service is temporarily unavailable.
    TemporarilyUnavailable,
    /// 17: a login is required: the user hides what is asked for (`_errors/quoted_17_login.json`).
    LoginRequired,
    /// 18: the free trial is over; with 20 to 25 from the days of the service's radio.
    TrialExpired,
    /// 20: there is not enough to play.
    NotEnoughContent,
    /// 21: the group has too few members.
    NotEnoughMembers,
    /// 22: the artist has too few fans.
    NotEnoughFans,
    /// 23: the user has too few neighbours.
    NotEnoughNeighbours,
    /// 24: no radio at times of much traffic.
    NoPeakRadio,
    /// 25: there is no such radio station.
    RadioNotFound,
    /// 26: the api key is suspended.
    KeySuspended,
    /// 27: this type of request is no longer supported.
    Deprecated,
    /// 29: too many requests, by this address or with this api key.
    RateLimitExceeded,
    /// A code without a known meaning.
    Other(i64),
}

/// Numbers and names side by side, so that the two directions cannot disagree.
const NAMED: [(i64, Code, &str); 26] = [
    (2, Code::InvalidService, "invalid service"),
    (3, Code::InvalidMethod, "invalid method"),
    (4, Code::AuthenticationFailed, "authentication failed"),
    (5, Code::InvalidFormat, "invalid format"),
    (6, Code::InvalidParameters, "invalid parameters"),
    (7, Code::InvalidResource, "invalid resource"),
    (8, Code::OperationFailed, "operation failed"),
    (9, Code::InvalidSessionKey, "invalid session key"),
    (10, Code::InvalidApiKey, "invalid api key"),
    (11, Code::ServiceOffline, "service offline"),
    (12, Code::SubscribersOnly, "subscribers only"),
    (13, Code::InvalidSignature, "invalid signature"),
    (14, Code::TokenNotAuthorised, "token not authorised"),
    (15, Code::TokenExpired, "token expired"),
    (16, Code::TemporarilyUnavailable, "temporarily unavailable"),
    (17, Code::LoginRequired, "login required"),
    (18, Code::TrialExpired, "trial expired"),
    (20, Code::NotEnoughContent, "not enough content"),
    (21, Code::NotEnoughMembers, "not enough members"),
    (22, Code::NotEnoughFans, "not enough fans"),
    (23, Code::NotEnoughNeighbours, "not enough neighbours"),
    (24, Code::NoPeakRadio, "no radio at peak times"),
    (25, Code::RadioNotFound, "radio station not found"),
    (26, Code::KeySuspended, "api key suspended"),
    (27, Code::Deprecated, "deprecated"),
    (29, Code::RateLimitExceeded, "rate limit exceeded"),
];

impl Code {
    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Other(number) => number,
            named => NAMED.iter().find(|(_, code, _)| *code == named).map_or(0, |(number, ..)| *number),
        }
    }
}

impl From<i64> for Code {
    fn from(number: i64) -> Self {
        NAMED.iter().find(|(known, ..)| *known == number).map_or(Self::Other(number), |(_, code, _)| *code)
    }
}

/// The code's name in lower case, for example `rate limit exceeded`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMED.iter().find(|(_, code, _)| code == self).map_or("unknown error", |(_, _, name)| name);
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives_both_directions() {
        for number in -3..40 {
            assert_eq!(Code::from(number).number(), number);
        }
        assert_eq!(Code::from(29).to_string(), "rate limit exceeded");
        assert_eq!(Code::from(12), Code::SubscribersOnly);
        // 1 and 19 are said not to exist, 28 was never seen.
        assert_eq!([1, 19, 28].map(Code::from), [1, 19, 28].map(Code::Other));
    }
}
