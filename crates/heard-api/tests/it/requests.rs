//! What every call sends, and that the side that is asked reads the same call from it.

use std::collections::BTreeSet;

use heard_api::lastfm::track::Play;
use heard_api::lastfm::{
    METHODS, Period, WhichAlbum, WhichArtist, WhichTrack, album, artist, chart, geo, library, tag, track, user,
};
use heard_api::{Access, Method, ParamError, Params, Request, Verb};

use crate::calls::calls;

/// Demands that a call sends exactly this, and that it can be read back.
fn sends<M: Method + PartialEq + std::fmt::Debug>(
    call: &M,
    from_params: fn(&Params) -> Result<M, ParamError>,
    access: Access,
    expected: &[(&str, &str)],
) {
    let request = Request::of(call);
    let pairs: Vec<_> = request.params().iter().collect();
    assert_eq!(pairs, expected, "{}", M::NAME);
    assert_eq!((request.method(), request.needs()), (M::NAME, access));
    let by_post = access != Access::Key;
    assert_eq!(request.verb() == Verb::Post, by_post, "{}", M::NAME);
    assert_eq!(from_params(request.params()).as_ref(), Ok(call), "{}", M::NAME);
}

#[test]
fn albums() {
    use album::{AddTags, GetInfo, GetTags, GetTopTags, RemoveTag, Search};
    let (names, key, session) = (("A & B", "C"), Access::Key, Access::Session);
    let pair = [("artist", "A & B"), ("album", "C")];
    let full = GetInfo::new(names).lang("de").username("ann").autocorrect();
    let told = [pair[0], pair[1], ("lang", "de"), ("username", "ann"), ("autocorrect", "1")];
    sends(&full, GetInfo::from_params, key, &told);
    sends(&GetInfo::new(WhichAlbum::mbid("m")), GetInfo::from_params, key, &[("mbid", "m")]);
    sends(&GetTags::new(names).user("ann"), GetTags::from_params, key, &[pair[0], pair[1], ("user", "ann")]);
    sends(&GetTags::new(names), GetTags::from_params, session, &pair);
    sends(
        &GetTopTags::new(names).autocorrect(),
        GetTopTags::from_params,
        key,
        &[pair[0], pair[1], ("autocorrect", "1")],
    );
    let search = Search::new("x").limit(5_u32).page(2_u32);
    sends(&search, Search::from_params, key, &[("album", "x"), ("limit", "5"), ("page", "2")]);
    let tags = AddTags::new("A & B", "C", "one,two");
    sends(&tags, AddTags::from_params, session, &[pair[0], pair[1], ("tags", "one,two")]);
    sends(&RemoveTag::new("A & B", "C", "one"), RemoveTag::from_params, session, &[pair[0], pair[1], ("tag", "one")]);
}

#[test]
fn artists() {
    use artist::{
        AddTags, GetCorrection, GetInfo, GetSimilar, GetTags, GetTopAlbums, GetTopTags, GetTopTracks, RemoveTag, Search,
    };
    let (key, session) = (Access::Key, Access::Session);
    let name = ("artist", "Ö");
    sends(&GetCorrection::new("Ö"), GetCorrection::from_params, key, &[name]);
    sends(&GetInfo::new("Ö").lang("fr"), GetInfo::from_params, key, &[name, ("lang", "fr")]);
    sends(&GetInfo::new(WhichArtist::mbid("m")), GetInfo::from_params, key, &[("mbid", "m")]);
    sends(&GetSimilar::new("Ö").limit(3_u32), GetSimilar::from_params, key, &[name, ("limit", "3")]);
    sends(&GetTags::new("Ö".to_owned()), GetTags::from_params, session, &[name]);
    sends(
        &GetTags::new("Ö").user("ann").autocorrect(),
        GetTags::from_params,
        key,
        &[name, ("user", "ann"), ("autocorrect", "1")],
    );
    sends(&GetTopAlbums::new("Ö").page(9_u32), GetTopAlbums::from_params, key, &[name, ("page", "9")]);
    sends(&GetTopTags::new("Ö"), GetTopTags::from_params, key, &[name]);
    sends(&GetTopTracks::new("Ö").limit(1_u32), GetTopTracks::from_params, key, &[name, ("limit", "1")]);
    sends(&Search::new("Ö"), Search::from_params, key, &[name]);
    sends(&AddTags::new("Ö", "t"), AddTags::from_params, session, &[name, ("tags", "t")]);
    sends(&RemoveTag::new("Ö", "t"), RemoveTag::from_params, session, &[name, ("tag", "t")]);
}

#[test]
fn charts_countries_libraries_and_tags() {
    let key = Access::Key;
    let second = [("limit", "10"), ("page", "2")];
    sends(&chart::GetTopArtists::new().limit(10_u32).page(2_u32), chart::GetTopArtists::from_params, key, &second);
    sends(&chart::GetTopTags::new(), chart::GetTopTags::from_params, key, &[]);
    sends(&chart::GetTopTracks::new(), chart::GetTopTracks::from_params, key, &[]);
    let country = ("country", "Côte d'Ivoire");
    sends(&geo::GetTopArtists::new(country.1), geo::GetTopArtists::from_params, key, &[country]);
    let city = geo::GetTopTracks::new(country.1).location("Bouaké");
    sends(&city, geo::GetTopTracks::from_params, key, &[country, ("location", "Bouaké")]);
    let library = library::GetArtists::new("ann").limit(2000_u32);
    sends(&library, library::GetArtists::from_params, key, &[("user", "ann"), ("limit", "2000")]);
    let word = ("tag", "c++");
    sends(&tag::GetInfo::new("c++").lang("de"), tag::GetInfo::from_params, key, &[word, ("lang", "de")]);
    sends(&tag::GetSimilar::new("c++"), tag::GetSimilar::from_params, key, &[word]);
    sends(&tag::GetTopAlbums::new("c++"), tag::GetTopAlbums::from_params, key, &[word]);
    sends(&tag::GetTopArtists::new("c++"), tag::GetTopArtists::from_params, key, &[word]);
    let top = tag::GetTopTags::new().num_res(7_u32).offset(14_u32);
    sends(&top, tag::GetTopTags::from_params, key, &[("num_res", "7"), ("offset", "14")]);
    sends(&tag::GetTopTracks::new("c++"), tag::GetTopTracks::from_params, key, &[word]);
    sends(&tag::GetWeeklyChartList::new("c++"), tag::GetWeeklyChartList::from_params, key, &[word]);
}

#[test]
fn tracks() {
    use track::{AddTags, GetCorrection, GetInfo, GetSimilar, GetTags, GetTopTags, Love, RemoveTag, Search, Unlove};
    let (names, key, session) = (("A", "B#1"), Access::Key, Access::Session);
    let pair = [("artist", "A"), ("track", "B#1")];
    sends(&GetCorrection::new("A", "B#1"), GetCorrection::from_params, key, &pair);
    sends(&GetInfo::new(names).username("ann"), GetInfo::from_params, key, &[pair[0], pair[1], ("username", "ann")]);
    sends(&GetInfo::new(WhichTrack::mbid("m")), GetInfo::from_params, key, &[("mbid", "m")]);
    sends(&GetSimilar::new(names).limit(2_u32), GetSimilar::from_params, key, &[pair[0], pair[1], ("limit", "2")]);
    sends(&GetTags::new(names), GetTags::from_params, session, &pair);
    sends(&GetTopTags::new(names), GetTopTags::from_params, key, &pair);
    sends(&Search::new("B").artist("A"), Search::from_params, key, &[("track", "B"), ("artist", "A")]);
    sends(&AddTags::new("A", "B#1", "t"), AddTags::from_params, session, &[pair[0], pair[1], ("tags", "t")]);
    sends(&RemoveTag::new("A", "B#1", "t"), RemoveTag::from_params, session, &[pair[0], pair[1], ("tag", "t")]);
    sends(&Love::new("A", "B#1"), Love::from_params, session, &pair);
    sends(&Unlove::new("A", "B#1"), Unlove::from_params, session, &pair);
    let playing = track::UpdateNowPlaying::new(Play::new("A", "B#1").album("C").duration_s(200));
    sends(
        &playing,
        track::UpdateNowPlaying::from_params,
        session,
        &[pair[0], pair[1], ("album", "C"), ("duration", "200")],
    );
}

#[test]
fn users() {
    let (key, session) = (Access::Key, Access::Session);
    let ann = ("user", "ann");
    sends(&user::GetFriends::new("ann"), user::GetFriends::from_params, key, &[ann]);
    sends(&user::GetInfo::new().user("ann"), user::GetInfo::from_params, key, &[ann]);
    sends(&user::GetInfo::new(), user::GetInfo::from_params, session, &[]);
    sends(&user::GetLovedTracks::new("ann"), user::GetLovedTracks::from_params, key, &[ann]);
    let top = user::GetTopArtists::new("ann").period(Period::SixMonths).limit(2_u32).page(3_u32);
    let told = [ann, ("period", "6month"), ("limit", "2"), ("page", "3")];
    sends(&top, user::GetTopArtists::from_params, key, &told);
    sends(&user::GetTopAlbums::new("ann"), user::GetTopAlbums::from_params, key, &[ann]);
    let overall = user::GetTopTracks::new("ann").period(Period::Overall);
    sends(&overall, user::GetTopTracks::from_params, key, &[ann, ("period", "overall")]);
    sends(&user::GetTopTags::new("ann").limit(5_u32), user::GetTopTags::from_params, key, &[ann, ("limit", "5")]);
    sends(&user::GetWeeklyChartList::new("ann"), user::GetWeeklyChartList::from_params, key, &[ann]);
    let week = [ann, ("from", "1108296000"), ("to", "1108900800")];
    let (from, to) = (1_108_296_000, 1_108_900_800);
    let artists = user::GetWeeklyArtistChart::new("ann").from(from).to(to);
    sends(&artists, user::GetWeeklyArtistChart::from_params, key, &week);
    let albums = user::GetWeeklyAlbumChart::new("ann").from(from).to(to);
    sends(&albums, user::GetWeeklyAlbumChart::from_params, key, &week);
    let tracks = user::GetWeeklyTrackChart::new("ann").from(from).to(to);
    sends(&tracks, user::GetWeeklyTrackChart::from_params, key, &week);
    let scrobbles = user::GetTrackScrobbles::new("ann", "A", "B").page(4_u32);
    let told = [ann, ("artist", "A"), ("track", "B"), ("page", "4")];
    sends(&scrobbles, user::GetTrackScrobbles::from_params, key, &told);
}

#[test]
fn one_method_of_personal_tags_has_three_types() {
    for (request, kind) in [
        (Request::of(&user::GetTaggedArtists::new("ann", "t")), "artist"),
        (Request::of(&user::GetTaggedAlbums::new("ann", "t")), "album"),
        (Request::of(&user::GetTaggedTracks::new("ann", "t")), "track"),
    ] {
        let pairs: Vec<_> = request.params().iter().collect();
        assert_eq!(pairs, [("user", "ann"), ("tag", "t"), ("taggingtype", kind)]);
        assert_eq!(request.method(), "user.getPersonalTags");
    }
}

#[test]
fn parameters_that_are_no_call_are_named() {
    let params = |pairs: &[(&'static str, &str)]| {
        let mut params = Params::new();
        pairs.iter().for_each(|(name, value)| params.set(*name, value));
        params
    };
    let error = user::GetTopArtists::from_params(&params(&[("period", "7day")])).unwrap_err();
    assert_eq!(
        (error, error.to_string()),
        (ParamError::Missing { name: "user" }, "the parameter user is missing".to_owned())
    );
    let error = user::GetTopArtists::from_params(&params(&[("user", "")])).unwrap_err();
    assert_eq!(error, ParamError::Missing { name: "user" });
    for (name, value) in [("period", "7days"), ("limit", "many"), ("page", "-1"), ("limit", "4294967296")] {
        let error = user::GetTopArtists::from_params(&params(&[("user", "ann"), (name, value)])).unwrap_err();
        assert_eq!(error, ParamError::Unreadable { name }, "{value}");
    }
    let error = album::GetInfo::from_params(&params(&[("artist", "A")])).unwrap_err();
    assert_eq!(error, ParamError::Missing { name: "album" });
    let call = album::GetInfo::from_params(&params(&[("artist", "A"), ("album", "B"), ("autocorrect", "0")])).unwrap();
    assert!(!call.autocorrect);
}

#[test]
fn the_table_and_the_types_are_one() {
    let calls = calls();
    for call in &calls {
        let known = heard_api::lastfm::method(call.name).unwrap_or_else(|| panic!("{} is not in the table", call.name));
        assert_eq!((known.name, known.access, known.write), (call.name, call.access, call.write));
    }
    let typed: BTreeSet<_> = calls.iter().map(|call| call.name).collect();
    let listed: Vec<_> = METHODS.iter().map(|known| known.name).collect();
    assert_eq!(typed.into_iter().collect::<Vec<_>>(), listed, "the table is sorted and complete");

    // What the service's own list has in each package.
    for (package, count) in [
        ("album", 6),
        ("artist", 10),
        ("auth", 3),
        ("chart", 3),
        ("geo", 2),
        ("library", 1),
        ("tag", 7),
        ("track", 12),
        ("user", 14),
    ] {
        let of_package = listed.iter().filter(|name| name.split('.').next() == Some(package)).count();
        assert_eq!(of_package, count, "{package}");
    }
}

#[test]
fn a_call_by_name_is_made_as_the_documentation_says() {
    for (name, method, access, verb) in [
        ("user.getinfo", "user.getInfo", Access::Key, Verb::Get),
        ("track.scrobble", "track.scrobble", Access::Session, Verb::Post),
        ("auth.GETMOBILESESSION", "auth.getMobileSession", Access::Signed, Verb::Post),
        ("radio.tune", "radio.tune", Access::Key, Verb::Get),
    ] {
        let request = Request::named(name);
        assert_eq!((request.method(), request.needs(), request.verb()), (method, access, verb));
    }
}
