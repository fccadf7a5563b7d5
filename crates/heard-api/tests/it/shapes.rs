//! Every recorded answer of every method: it is read, in JSON and in XML, or refused by name.

use std::time::Duration;

use heard_api::{Error, Reply};

use crate::calls::{Call, calls};
use crate::fixtures::{files, show};

/// What a body comes to: a refusal of the service, what was read, or why it could not be read.
fn outcome(calls: &[Call], body: &[u8]) -> Result<String, String> {
    let reply = Reply {
        status: 200,
        date: None,
        retry_after: None,
        content_type: None,
        body: body.to_vec().into(),
        elapsed: Duration::ZERO,
    };
    match reply.service_error() {
        Some(Error::Service { code, .. }) => return Ok(format!("error {}", code.number())),
        Some(error) => return Err(error.to_string()),
        None => {}
    }
    let mut read: Vec<_> = calls.iter().map(|call| (call.read)(body)).collect();
    let found = read.iter().position(Result::is_ok).unwrap_or(0);
    read.swap_remove(found).map_err(|error| error.to_string())
}

/// Compares all files below a folder of folders, each named like a method, with what is known not to be readable.
fn compare(root: &str, unreadable: &[(&str, &str)]) {
    let Some(files) = files(root) else { return };
    let calls = calls();
    let (mut read, mut refused, mut foreign) = (0, Vec::new(), 0);
    let mut wrong = Vec::new();
    for (name, body) in &files {
        let method = name.split('/').next().unwrap();
        let known: Vec<Call> = calls.iter().copied().filter(|call| call.name == method).collect();
        let is_answer = !name.ends_with(".txt");
        if known.is_empty() || !is_answer {
            foreign += 1;
            continue;
        }
        let outcome = outcome(&known, body);
        show(&format!("{root}/{name}: {}", outcome.as_ref().unwrap_or_else(|error| error)));
        let expected = unreadable.iter().find(|(file, _)| file == name).map(|(_, problem)| *problem);
        match (&outcome, expected) {
            (Ok(_), None) => read += 1,
            (Err(problem), Some(expected)) if problem.contains(expected) => refused.push(name),
            _ => wrong.push(format!("{name}: {outcome:?}")),
        }
    }
    show(&format!(
        "{root}: {read} read, {} refused by name, {foreign} of no method that is still there",
        refused.len()
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(refused.len(), unreadable.len(), "files that were to be refused are missing");
}

#[test]
fn last_fm() {
    // Three kinds: documents that somebody cut short by hand, rows without the document around them, and lists of
    // 2012 to 2014 that lack what later ones must have.
    compare(
        "lastfm",
        &[
            ("album.search/docs_sample.json", "trailing comma"),
            ("artist.getTags/inflatable_Empty.json", "trailing comma"),
            ("tag.getTopArtists/docs_sample.json", "at topartists.artist[3] (line 97, column 7): expected value"),
            ("tag.getTopTags/docs_sample.json", "at toptags.tag[3] (line 24, column 7): expected value"),
            ("tag.getTopTracks/docs_sample.json", "at tracks.track[3] (line 112, column 7): expected value"),
            ("tag.getWeeklyChartList/docs_a_tag_that_doesn_t_exist.json", "at weeklychartlist.chart[3] (line 19"),
            ("track.getSimilar/docs_sample.json", "at similartracks.track[3] (line 133, column 7): expected value"),
            ("track.getSimilar/swift_sample.json", "at similartracks.track[0]"),
            ("track.search/docs_sample.json", "at results.trackmatches.track[3] (line 91, column 9): expected value"),
            ("user.getFriends/rubylastfm_sample.xml", "at friends.user (line 0, column 0): missing field `playcount`"),
            ("user.getRecentTracks/inflatable_Extended.json", "at recenttracks (line 60, column 1): missing field"),
            ("user.getRecentTracks/items/lastfmnode_NowPlayingAndScrobbled.json", "expected an object"),
            ("user.getRecentTracks/items/lastfmnode_RunToYourGrave.json", "missing field `recenttracks`"),
            ("user.getRecentTracks/items/lastfmnode_RunToYourGrave_NP.json", "missing field `recenttracks`"),
            ("user.getRecentTracks/items/lmammino_now_playing_track.json", "missing field `recenttracks`"),
            ("user.getRecentTracks/items/lmammino_recorded_track.json", "missing field `recenttracks`"),
        ],
    );
}

#[test]
fn libre_fm() {
    compare("librefm", &[]);
}
