//! What sounds at this moment, told to services that take it, ignore it, or are not there.

use fakefm::{Config, FakeFm, Fault, When, World, Writing};
use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate, Secret, listenbrainz};
use heard_history::deliver::{Connection, NowPlayingError};
use heard_history::listen::Track;

use crate::scene::{CANARY_KEY, CANARY_SECRET, NOW};

const SESSION: &str = "c4a1ac4a1ac4a1ac4a1ac4a1ac4a1a05";

/// A service that filters one artist, and connections to it in both languages.
struct Desk {
    fake: FakeFm,
    lastfm: Connection,
    brainz: Connection,
}

impl Desk {
    fn new() -> Self {
        let mut world = World::of("ann");
        world.set_session("ann", SESSION);
        world.listenbrainz("ann").set_token(SESSION);
        let mut config = Config::new(world);
        let filtered_artists = vec!["Unknown".to_owned()];
        config.rules.writing =
            Writing { secret: Some(CANARY_SECRET.to_owned()), filtered_artists, ..Writing::default() };
        config.keep_arrivals = 5;
        let fake = FakeFm::start(config).unwrap();
        let pacer = || Pacer::new(Rate::Unpaced, Clock::at(NOW));
        let credentials = Credentials {
            api_key: Secret::new(CANARY_KEY),
            shared_secret: Some(Secret::new(CANARY_SECRET)),
            session_key: Some(Secret::new(SESSION)),
        };
        let lastfm = Client::new(ClientOptions::new(fake.url(), credentials, pacer())).unwrap();
        let root = format!("{}/1/", fake.listenbrainz_url());
        let brainz = listenbrainz::Client::new(ClientOptions::new(root, Credentials::token(SESSION), pacer())).unwrap();
        Self { fake, lastfm: Connection::Lastfm(lastfm), brainz: Connection::Listenbrainz(brainz) }
    }

    fn tell(&self, connection: &Connection, track: &Track) -> Result<(), NowPlayingError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(connection.tell_now_playing(track))
    }

    /// What was sent last, in one text.
    fn last(&self) -> String {
        let arrival = self.fake.arrivals().pop().unwrap();
        String::from_utf8(arrival.body.to_vec()).unwrap()
    }
}

fn track() -> Track {
    let mut track = Track::new("Mira Vale", "Nine");
    track.album = Some("Tides".to_owned());
    track.number = Some(3);
    track.length_ms = Some(230_999);
    track
}

#[test]
fn both_languages_tell_what_is_known_and_no_moment() {
    let desk = Desk::new();
    desk.tell(&desk.lastfm, &track()).unwrap();
    let sent = desk.last();
    for part in ["method=track.updateNowPlaying", "artist=Mira+Vale", "track=Nine", "album=Tides", "duration=230"] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
    assert!(!sent.contains("timestamp"), "{sent}");
    desk.tell(&desk.brainz, &track()).unwrap();
    let sent: serde_json::Value = serde_json::from_str(&desk.last()).unwrap();
    assert_eq!(sent["listen_type"], "playing_now");
    let listen = &sent["payload"][0];
    assert_eq!(listen["listened_at"], serde_json::Value::Null);
    assert_eq!(listen["track_metadata"]["artist_name"], "Mira Vale");
    assert_eq!(listen["track_metadata"]["release_name"], "Tides");
    assert_eq!(listen["track_metadata"]["additional_info"]["tracknumber"], 3);
    let none = |held: Vec<fakefm::Holding>| held.is_empty();
    assert!(none(desk.fake.world().listener().holdings()), "it is no listen");
    assert!(none(desk.fake.world().listenbrainz("ann").holdings()), "it is no listen");
}

#[test]
fn what_is_not_shown_is_told_with_the_reason() {
    let desk = Desk::new();
    let ignored = desk.tell(&desk.lastfm, &Track::new("Unknown", "Nine")).unwrap_err();
    assert!(matches!(ignored, NowPlayingError::Ignored { code: 1, .. }), "{ignored:?}");
    assert!(ignored.to_string().starts_with("the service ignores it (code 1)"), "{ignored}");
    for title in ["\0", " ", &"x".repeat(31_000)] {
        let unfit = desk.tell(&desk.brainz, &Track::new("Mira Vale", title)).unwrap_err();
        assert!(matches!(unfit, NowPlayingError::Unfit(_)), "{unfit:?}");
    }
    let sent = desk.fake.writes().len();
    desk.fake.fail(When::Writes, Fault::Reset);
    for connection in [&desk.lastfm, &desk.brainz] {
        let failed = desk.tell(connection, &track()).unwrap_err();
        assert!(matches!(&failed, NowPlayingError::Service(error) if error.retryable()), "{failed:?}");
    }
    desk.fake.fail_no_more();
    desk.fake.world().revoke("ann", 0);
    let refused = desk.tell(&desk.lastfm, &track()).unwrap_err();
    assert!(matches!(&refused, NowPlayingError::Service(error) if error.needs_login()), "{refused:?}");
    assert_eq!(desk.fake.writes().len(), sent + 3, "nothing is tried twice");
}
