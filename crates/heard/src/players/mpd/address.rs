//! Where an MPD is reached.

use std::fmt;
use std::path::PathBuf;

/// The port of MPDs that were not told another.
const PORT: u16 = 6600;

/// Where an MPD is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A host and a port.
    Tcp(String, u16),
    /// A socket, by its path; an abstract one begins with `@`.
    Socket(PathBuf),
}

impl Address {
    /// Reads `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`, an absolute path, or `@NAME`. Otherwise a sentence that says why it is
    /// none.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("{text:?} is no address of an MPD: {why}"));
        if text.starts_with(['/', '@']) {
            return Ok(Self::Socket(text.into()));
        }
        if text.contains('@') {
            return Err("a password does not belong into an address; set MPD_PASSWORD".to_owned());
        }
        let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, rest)) => (host, Some(rest.strip_prefix(':').unwrap_or(rest))),
            // More than one colon is an address of IPv6 by itself.
            None => match text.split_once(':') {
                Some((host, port)) if !port.contains(':') => (host, Some(port)),
                _ => (text, None),
            },
        };
        if host.trim().is_empty() || host.contains(['/', ' ']) {
            return wrong("it names no host");
        }
        match port.map(str::parse) {
            None => Ok(Self::Tcp(host.to_owned(), PORT)),
            Some(Ok(port)) if port > 0 => Ok(Self::Tcp(host.to_owned(), port)),
            Some(_) => wrong("ports go from 1 to 65535"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) if host.contains(':') => write!(f, "the MPD at [{host}]:{port}"),
            Self::Tcp(host, port) => write!(f, "the MPD at {host}:{port}"),
            Self::Socket(path) => write!(f, "the MPD at {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let tcp = |host: &str, port| Address::Tcp(host.to_owned(), port);
        for (text, address) in [
            ("music", tcp("music", 6600)),
            ("localhost:6601", tcp("localhost", 6601)),
            ("127.0.0.1:6601", tcp("127.0.0.1", 6601)),
            ("::1", tcp("::1", 6600)),
            ("[::1]", tcp("::1", 6600)),
            ("[::1]:6601", tcp("::1", 6601)),
            ("/run/mpd/socket", Address::Socket("/run/mpd/socket".into())),
            ("@mpd", Address::Socket("@mpd".into())),
        ] {
            assert_eq!(Address::parse(text), Ok(address), "{text}");
        }
        for (text, why) in [
            ("secret@music", "MPD_PASSWORD"),
            ("music:", "ports"),
            ("music:0", "ports"),
            ("music:65536", "ports"),
            ("music:mpd", "ports"),
            ("[::1]6601x", "ports"),
            (":6600", "no host"),
            ("a b", "no host"),
            ("run/mpd", "no host"),
            ("", "no host"),
        ] {
            assert!(Address::parse(text).unwrap_err().contains(why), "{text}");
        }
        assert!(!Address::parse("secret@music").unwrap_err().contains("secret"), "it is not repeated");
        assert_eq!(tcp("::1", 1).to_string(), "the MPD at [::1]:1");
    }
}
