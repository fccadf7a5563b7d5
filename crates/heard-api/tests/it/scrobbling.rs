//! Scrobbles: what is sent, what the service makes of them, and what it is told when it is asked.

use heard_api::lastfm::track::{BatchSize, Ignored, Listen, Play, Scrobble, Scrobbled, UpdateNowPlaying};
use heard_api::{Method, ParamError, Params, Request, Secret, Service, sign};
use proptest::prelude::*;

use crate::fixtures::files;
use crate::seed::cases;

#[test]
fn a_batch_names_every_place() {
    let first = Play::new("A", "One").album("B").album_artist("C").track_number(3).duration_s(180).mbid("m");
    let first = Play { context: Some("c".to_owned()), stream_id: Some("s".to_owned()), ..first.chosen_by_user(false) };
    let second = Play::new("D", "Two").album("");
    let request = Request::of(&Scrobble::new(vec![first.at(10), second.at(20)]).unwrap());
    let pairs: Vec<_> = request.params().iter().collect();
    assert_eq!(
        pairs,
        [
            ("artist[0]", "A"),
            ("track[0]", "One"),
            ("album[0]", "B"),
            ("albumArtist[0]", "C"),
            ("trackNumber[0]", "3"),
            ("duration[0]", "180"),
            ("mbid[0]", "m"),
            ("chosenByUser[0]", "0"),
            ("context[0]", "c"),
            ("streamId[0]", "s"),
            ("timestamp[0]", "10"),
            ("artist[1]", "D"),
            ("track[1]", "Two"),
            ("timestamp[1]", "20"),
        ]
    );
}

#[test]
fn batches_hold_one_to_fifty() {
    let listens = |count: i64| (0..count).map(|n| Play::new("A", n.to_string()).at(n)).collect::<Vec<_>>();
    assert_eq!(Scrobble::new(listens(0)), Err(BatchSize { size: 0 }));
    assert_eq!(Scrobble::new(listens(51)).unwrap_err().to_string(), "a batch holds 1 to 50 listens, not 51");
    assert_eq!(Scrobble::new(listens(50)).unwrap().listens().len(), 50);
    for (count, sizes) in [(0, vec![]), (1, vec![1]), (50, vec![50]), (51, vec![50, 1]), (100, vec![50, 50])] {
        let batches: Vec<_> = Scrobble::batches(listens(count)).collect();
        assert_eq!(batches.iter().map(|batch| batch.listens().len()).collect::<Vec<_>>(), sizes);
        let all: Vec<Listen> = batches.iter().flat_map(|batch| batch.listens().to_vec()).collect();
        assert_eq!(all, listens(count), "none is lost and none changes its place");
    }
}

#[test]
fn now_playing_has_no_moment_and_no_place() {
    let play = Play::new("A", "One").chosen_by_user(true).track_number(2);
    let request = Request::of(&UpdateNowPlaying::new(Play { stream_id: Some("s".to_owned()), ..play }));
    let pairs: Vec<_> = request.params().iter().collect();
    assert_eq!(pairs, [("artist", "A"), ("track", "One"), ("trackNumber", "2")]);
}

fn scrobbled(body: &str) -> Scrobbled {
    let answer = Scrobble::decode(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"));
    assert_eq!(Scrobble::decode(&Scrobble::encode(&answer)).unwrap(), answer);
    answer
}

#[test]
fn one_verdict_is_an_object_and_several_are_a_list() {
    let verdict = r##"{"track":{"corrected":"0","#text":"One"},"artist":{"corrected":"1","#text":"Ä"},
        "album":{"corrected":"0","#text":""},"albumArtist":{"corrected":"0"},"timestamp":"1288728745",
        "ignoredMessage":{"code":"0","#text":""}}"##;
    let one = format!(r#"{{"scrobbles":{{"scrobble":{verdict},"@attr":{{"accepted":1,"ignored":0}}}}}}"#);
    let two =
        format!(r#"{{"scrobbles":{{"scrobble":[{verdict},{verdict}],"@attr":{{"accepted":"2","ignored":"0"}}}}}}"#);
    let xml = r#"<?xml version='1.0' encoding='utf-8'?><lfm status="ok"><scrobbles accepted="1" ignored="0"><scrobble>
        <track corrected="0">One</track><artist corrected="1">Ä</artist><album corrected="0"></album>
        <albumartist corrected="0"/><timestamp>1288728745</timestamp><ignoredmessage code="0"></ignoredmessage>
        </scrobble></scrobbles></lfm>"#;
    let answer = scrobbled(&one);
    assert_eq!((answer.accepted, answer.ignored, answer.verdicts.len()), (1, 0, 1));
    let found = &answer.verdicts[0];
    assert_eq!((found.artist.text.as_deref(), found.artist.corrected), (Some("Ä"), true));
    assert_eq!((found.album.text.as_deref(), found.album_artist.text.as_deref()), (None, None));
    assert_eq!((found.timestamp, found.ignored(&Service::LASTFM)), (Some(1_288_728_745), None));
    assert_eq!(scrobbled(&two).verdicts, [found.clone(), found.clone()]);
    assert_eq!(scrobbled(xml), answer);
}

#[test]
fn ignored_listens_say_why() {
    let of_code = |code: &str| {
        let body = format!(
            r##"{{"scrobbles":{{"scrobble":{{"ignoredMessage":{{"code":{code},"#text":" words \n"}}}},
                "@attr":{{"accepted":0,"ignored":1}}}}}}"##
        );
        scrobbled(&body).verdicts.remove(0)
    };
    for (code, last_fm, gnu_fm) in [
        ("\"1\"", Ignored::Artist, Ignored::Artist),
        ("2", Ignored::Track, Ignored::Track),
        ("\"3\"", Ignored::TooOld, Ignored::TooNew),
        ("\"4\"", Ignored::TooNew, Ignored::TooOld),
        ("5", Ignored::DailyLimit, Ignored::DailyLimit),
        ("\"91\"", Ignored::AlreadyKnown, Ignored::AlreadyKnown),
        ("77", Ignored::Other(77), Ignored::Other(77)),
    ] {
        let verdict = of_code(code);
        assert_eq!(verdict.ignored(&Service::LASTFM), Some(last_fm), "{code}");
        assert_eq!(verdict.ignored(&Service::LIBREFM), Some(gnu_fm), "{code}");
        assert_eq!(verdict.ignored.text.as_deref(), Some("words"));
    }
}

#[test]
fn an_answer_without_its_counts_is_none() {
    for (body, path) in [
        (r#"{"scrobbles":{"scrobble":[],"@attr":{"ignored":0}}}"#, "scrobbles.@attr"),
        (r#"{"scrobbles":{"scrobble":[],"@attr":{"accepted":"many","ignored":0}}}"#, "scrobbles.@attr"),
        (r#"{"scrobbles":{"@attr":{"accepted":1,"ignored":0}}}"#, "scrobbles"),
        (
            r#"{"scrobbles":{"scrobble":{"ignoredMessage":{}},"@attr":{"accepted":1,"ignored":0}}}"#,
            "scrobbles.scrobble",
        ),
        (r#"{"nowplaying":{}}"#, "."),
    ] {
        let error = Scrobble::decode(body.as_bytes()).unwrap_err();
        assert!(error.path.starts_with(path), "{body}: {error}");
    }
}

#[test]
fn what_sounds_now_is_answered_like_a_scrobble() {
    let json = r##"{"nowplaying":{"artist":{"corrected":"0","#text":"A"},"track":{"corrected":"0","#text":"One"},
        "ignoredMessage":{"code":"0","#text":""},"albumArtist":{"corrected":"0","#text":""},"album":"B"}}"##;
    let answer = UpdateNowPlaying::decode(json.as_bytes()).unwrap();
    assert_eq!((answer.track.text.as_deref(), answer.album.text.as_deref()), (Some("One"), Some("B")));
    assert_eq!(UpdateNowPlaying::decode(&UpdateNowPlaying::encode(&answer)).unwrap(), answer);
}

fn params(form: &str) -> Params {
    let mut params = Params::new();
    for (name, value) in form.split('&').filter_map(|pair| pair.split_once('=')) {
        params.set(name.to_owned(), value);
    }
    params
}

#[test]
fn the_side_that_is_asked_reads_batches_and_single_listens() {
    let batch =
        Scrobble::from_params(&params("artist[1]=B&track[1]=2&timestamp[1]=20&artist[0]=A&track[0]=1&timestamp[0]=10"));
    assert_eq!(batch.unwrap().listens(), [Play::new("A", "1").at(10), Play::new("B", "2").at(20)]);
    let single = Scrobble::from_params(&params("artist=A&track=1&timestamp=10&chosenByUser=0"));
    assert_eq!(single.unwrap(), Scrobble::one(Play::new("A", "1").chosen_by_user(false).at(10)));
    for (form, error) in [
        ("", ParamError::Missing { name: "artist" }),
        ("artist[0]=A&timestamp[0]=1", ParamError::Missing { name: "track" }),
        ("artist[0]=A&track[0]=B", ParamError::Missing { name: "timestamp" }),
        ("artist[0]=A&track[0]=B&timestamp[0]=1.5", ParamError::Unreadable { name: "timestamp" }),
        ("artist[50]=A&track[50]=B&timestamp[50]=1", ParamError::Missing { name: "artist" }),
    ] {
        assert_eq!(Scrobble::from_params(&params(form)), Err(error), "{form}");
    }
}

/// Bodies that a client was recorded to send.
#[test]
fn recorded_requests_are_read() {
    let Some(files) = files("lastfm/track.scrobble") else { return };
    let mut sizes: Vec<(usize, usize)> = Vec::new();
    for (name, body) in files.iter().filter(|(name, _)| name.ends_with(".txt")) {
        let call = Scrobble::from_params(&params(std::str::from_utf8(body).unwrap())).unwrap();
        assert!(call.listens().iter().all(|listen| listen.timestamp > 1_500_000_000), "{name}");
        sizes.push((call.listens().len(), call.listens().iter().filter(|listen| listen.play.album.is_some()).count()));
    }
    sizes.sort_unstable();
    assert_eq!(sizes, [(1, 1), (2, 2), (5, 5)]);
}

prop_compose! {
    fn listen()(
        (artist, track) in (".+", ".+"),
        (album, album_artist, mbid, context, stream_id) in (
            prop::option::of(".+"), prop::option::of(".+"), prop::option::of(".+"), prop::option::of(".+"),
            prop::option::of(".+"),
        ),
        (track_number, duration_s) in (any::<Option<u32>>(), any::<Option<u32>>()),
        chosen_by_user in any::<Option<bool>>(),
        timestamp in any::<i64>(),
    ) -> Listen {
        let play = Play {
            artist, track, album, album_artist, track_number, duration_s, mbid, chosen_by_user, context, stream_id,
        };
        play.at(timestamp)
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn what_is_sent_is_what_is_read(listens in prop::collection::vec(listen(), 1..=50)) {
        let call = Scrobble::new(listens).unwrap();
        let request = Request::of(&call);
        prop_assert_eq!(Scrobble::from_params(request.params()).unwrap(), call);
    }

    /// Names and values of every plane travel as a form, and the signature still fits on the other side.
    #[test]
    fn signatures_survive_the_way(listens in prop::collection::vec(listen(), 1..=50), secret in ".+") {
        let call = Scrobble::new(listens).unwrap();
        let request = Request::of(&call);
        let secret = Secret::new(secret);
        let signature = sign::api_sig(request.params().iter(), &secret);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(request.params().iter()).finish();
        let arrived: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let arrived = arrived.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        prop_assert!(sign::check(arrived, &secret, &signature));
    }
}
