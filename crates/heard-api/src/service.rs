//! What a service can and cannot do, so that it need not be asked.

/// A service of the Last.fm family, by what it offers.
///
/// A client takes it from its root where that is known ([`of_root`](Self::of_root)); set
/// [`ClientOptions::service`](crate::ClientOptions::service) for a server of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The name, for messages.
    pub name: &'static str,
    /// The page on which a user gives an application a session.
    pub login_page: &'static str,
    /// The methods it has.
    pub offers: Offers,
    /// How it wants a user's name and password.
    pub mobile_login: MobileLogin,
    /// The largest age of a listen that it takes, in seconds; none where any age will do.
    pub max_age: Option<u32>,
    /// Whether codes 3 and 4 of an ignored scrobble mean "too new" and "too old" instead of the other way round.
    pub swapped_ignored_codes: bool,
}

/// The methods that a service has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offers {
    /// All, as far as is known.
    All,
    /// All but these, and those whose name begins with one of these.
    AllBut(&'static [&'static str]),
    /// These alone.
    Only(&'static [&'static str]),
}

/// How a service takes a user's name and password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MobileLogin {
    /// [`GetMobileSession`](crate::lastfm::auth::GetMobileSession)
    Password,
    /// [`GetMobileSessionByDigest`](crate::lastfm::auth::GetMobileSessionByDigest)
    Digest,
    /// Not at all.
    None,
}

/// What GNU FM lacks, as far as its source (2022) shows.
const NOT_IN_GNU_FM: &[&str] = &[
    "album.getInfo",
    "artist.getSimilar",
    "artist.getTopAlbums",
    "geo.",
    "library.getArtists",
    "tag.getSimilar",
    "tag.getTopAlbums",
    "tag.getWeekly",
    "track.getSimilar",
    "user.getFriends",
    "user.getTopAlbums",
    "user.getWeekly",
];

const FORTNIGHT: u32 = 14 * 86_400;

impl Service {
    /// Last.fm: everything; listens of the last fourteen days.
    pub const LASTFM: Self = Self {
        name: "Last.fm",
        login_page: "https://www.last.fm/api/auth/",
        offers: Offers::All,
        mobile_login: MobileLogin::Password,
        max_age: Some(FORTNIGHT),
        swapped_ignored_codes: false,
    };

    /// Any GNU FM server: no friends, weekly charts, top albums, similar things, countries and libraries; listens since
    /// December 2001.
    pub const GNU_FM: Self = Self {
        name: "this GNU FM server",
        login_page: "https://libre.fm/api/auth",
        offers: Offers::AllBut(NOT_IN_GNU_FM),
        mobile_login: MobileLogin::Digest,
        max_age: None,
        swapped_ignored_codes: true,
    };

    /// Libre.fm.
    pub const LIBREFM: Self = Self { name: "Libre.fm", ..Self::GNU_FM };

    /// ListenBrainz, where it speaks the language of Last.fm: logins, scrobbles and the profile.
    pub const LISTENBRAINZ: Self = Self {
        name: "ListenBrainz",
        login_page: "https://listenbrainz.org/api/auth/",
        offers: Offers::Only(&[
            "auth.getToken",
            "auth.getSession",
            "auth.getSessionInfo",
            "user.getInfo",
            "track.scrobble",
            "track.updateNowPlaying",
        ]),
        mobile_login: MobileLogin::None,
        max_age: None,
        swapped_ignored_codes: false,
    };

    /// Maloja: a login with its API key for a password, and scrobbles.
    pub const MALOJA: Self = Self {
        name: "Maloja",
        login_page: "",
        offers: Offers::Only(&["auth.getMobileSession", "track.scrobble"]),
        mobile_login: MobileLogin::Password,
        max_age: None,
        swapped_ignored_codes: false,
    };

    /// A server of which nothing is known: everything is asked.
    pub const UNKNOWN: Self = Self { name: "the service", max_age: None, ..Self::LASTFM };

    /// The service at a root, as far as its host tells.
    #[must_use]
    pub fn of_root(root: &str) -> Self {
        let after_scheme = root.split_once("://").map_or(root, |(_, rest)| rest);
        let host = after_scheme.split(['/', ':', '?']).next().unwrap_or_default().to_ascii_lowercase();
        match host.as_str() {
            "ws.audioscrobbler.com" | "post.audioscrobbler.com" => Self::LASTFM,
            "libre.fm" | "www.libre.fm" | "alpha.libre.fm" => Self::LIBREFM,
            "proxy.listenbrainz.org" => Self::LISTENBRAINZ,
            _ => Self::UNKNOWN,
        }
    }

    /// Whether it has this method. Names are compared without regard to case, as the services do.
    ///
    /// ```
    /// use heard_api::Service;
    ///
    /// assert!(Service::LIBREFM.has("user.getRecentTracks"));
    /// assert!(!Service::LIBREFM.has("user.getWeeklyArtistChart"));
    /// ```
    #[must_use]
    pub fn has(&self, method: &str) -> bool {
        let is = |name: &&str| name.eq_ignore_ascii_case(method);
        let begins = |part: &&str| method.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part));
        match self.offers {
            Offers::All => true,
            Offers::AllBut(lacking) => !lacking.iter().any(begins),
            Offers::Only(having) => having.iter().any(is),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_known_by_their_host() {
        for (root, service) in [
            ("https://ws.audioscrobbler.com/2.0/", Service::LASTFM),
            ("https://LIBRE.fm/2.0/", Service::LIBREFM),
            ("https://proxy.listenbrainz.org/2.0/", Service::LISTENBRAINZ),
            ("https://libre.fm.example.com/2.0/", Service::UNKNOWN),
            ("http://127.0.0.1:8080/2.0/", Service::UNKNOWN),
            ("nonsense", Service::UNKNOWN),
            ("", Service::UNKNOWN),
        ] {
            assert_eq!(Service::of_root(root), service, "{root}");
        }
    }

    #[test]
    fn what_is_lacking_is_known() {
        for (method, last_fm, gnu_fm, listenbrainz, maloja) in [
            ("user.getRecentTracks", true, true, false, false),
            ("user.getWeeklyTrackChart", true, false, false, false),
            ("USER.GETTOPALBUMS", true, false, false, false),
            ("user.getTopArtists", true, true, false, false),
            ("geo.getTopArtists", true, false, false, false),
            ("track.scrobble", true, true, true, true),
            ("track.Scrobble", true, true, true, true),
            ("auth.getMobileSession", true, true, false, true),
            ("", true, true, false, false),
        ] {
            let all = [Service::LASTFM, Service::GNU_FM, Service::LISTENBRAINZ, Service::MALOJA];
            assert_eq!(all.map(|service| service.has(method)), [last_fm, gnu_fm, listenbrainz, maloja], "{method}");
        }
    }
}
