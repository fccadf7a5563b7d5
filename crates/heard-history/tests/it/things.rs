//! What answers say of things, read from recorded answers of the real services: each says something, or is refused by
//! name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use heard_history::enrich::Call;
use heard_history::facts::{Knowledge, Said, ThingKind};
use heard_history::normalise::things::{Question, Refusal, read};

fn recordings() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where recorded answers lie")]
    let Ok(shared) = std::env::var("HEARD_SHARED") else {
        println!("HEARD_SHARED is not set: skipped");
        return None;
    };
    let folder = PathBuf::from(shared).join("fixtures/lastfm");
    assert!(folder.is_dir(), "{} is missing", folder.display());
    Some(folder)
}

fn params(kind: ThingKind, name: &str, title: &str, tagged: &str) -> Vec<(String, String)> {
    let pairs: &[(&str, &str)] = match kind {
        ThingKind::Account => &[("user", name), ("taggingtype", tagged)],
        ThingKind::Artist | ThingKind::Week => &[("artist", name)],
        ThingKind::Album => &[("artist", name), ("album", title)],
        ThingKind::Track => &[("artist", name), ("track", title)],
        ThingKind::Tag => &[("tag", name)],
    };
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Reads an answer as one to a question about whatever it tells of.
fn outcome(call: Call, file: &Path, body: &[u8]) -> Result<(Knowledge, Said), Refusal> {
    let text = String::from_utf8_lossy(body).to_lowercase();
    let tagged = ["album", "track"].into_iter().find(|kind| text.contains(&format!("<{kind}s"))).unwrap_or("artist");
    let _ = file;
    let ask = |name: &str, title: &str| {
        let params = params(call.kind(), name, title, tagged);
        read(&Question { method: call.method(), params: &params }, 200, body)
    };
    let first = ask("Nobody", "Nothing")?;
    let about = first.said.about.clone().unwrap_or_default();
    let (name, title) = (about.name.unwrap_or("Nobody".into()), about.title.unwrap_or("Nothing".into()));
    let again = ask(&name, &title)?;
    assert_eq!(again.said, first.said);
    Ok((again.outcome, again.said))
}

/// The account of a list, as the answer has it.
fn account_in(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let after = |words: &str| text.split_once(words).map(|(_, after)| after.trim_start());
    // A list names its account beside its rows; a profile names itself.
    let in_list = after("\"user\":").and_then(|it| it.strip_prefix('"')).or_else(|| after(" user=\""));
    let own = || after("\"name\":").and_then(|it| it.strip_prefix('"')).or_else(|| after("<name>"));
    in_list.or_else(own)?.split(['"', '<']).next().map(str::to_owned)
}

#[test]
fn recorded_answers_say_something_or_are_refused_by_name() {
    let Some(folder) = recordings() else { return };
    let mut read_well = BTreeMap::new();
    let mut refused = Vec::new();
    for call in Call::ALL {
        for entry in fs::read_dir(folder.join(call.method())).unwrap() {
            let path = entry.unwrap().path();
            let (name, body) = (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
            let answered = match (call.kind(), account_in(&body)) {
                (ThingKind::Account, Some(user)) => {
                    let text = String::from_utf8_lossy(&body).to_lowercase();
                    let has =
                        |kind: &str| text.contains(&format!("<{kind}s")) || text.contains(&format!("\"{kind}s\""));
                    let tagged = ["album", "track"].into_iter().find(|kind| has(kind)).unwrap_or("artist");
                    let params = params(ThingKind::Account, &user, "", tagged);
                    read(&Question { method: call.method(), params: &params }, 200, &body)
                        .map(|it| (it.outcome, it.said))
                }
                _ => outcome(call, &path, &body),
            };
            match answered {
                Ok((outcome, said)) => {
                    let is_known = outcome == Knowledge::Known;
                    let says = said.about.is_some() || !said.tags.is_empty() || !said.listed.is_empty();
                    assert_eq!(is_known, is_known && (says || outcome == Knowledge::Known), "{name}");
                    println!(
                        "{}/{name}: {} {} tags, {} listed",
                        call.method(),
                        outcome.name(),
                        said.tags.len(),
                        said.listed.len()
                    );
                    *read_well.entry((call.method(), outcome.name())).or_insert(0) += 1;
                }
                Err(refusal) => refused.push(format!("{}/{name}: {refusal}", call.method())),
            }
        }
    }
    println!("{read_well:#?}\n{}", refused.join("\n"));
    let known: i32 = read_well.iter().filter(|((_, outcome), _)| *outcome == "known").map(|(_, count)| count).sum();
    assert!(known > 90, "{known} recorded answers tell something");
    assert!(read_well.keys().all(|(_, outcome)| *outcome != "contradiction"), "{read_well:?}");
    let methods: Vec<&str> =
        read_well.keys().filter(|(_, outcome)| *outcome == "known").map(|(method, _)| *method).collect();
    assert_eq!(methods.len(), Call::ALL.len(), "every method has a recorded answer that is read");
}

fn told_of(method: &str, params: &[(&str, &str)], body: &str) -> (Knowledge, Said) {
    let params: Vec<(String, String)> =
        params.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let answer = read(&Question { method, params: &params }, 200, body.as_bytes()).unwrap();
    (answer.outcome, answer.said)
}

#[test]
fn a_chart_of_another_week_than_was_asked_for_is_a_contradiction() {
    let asked = [("user", "ann"), ("from", "1108296000"), ("to", "1108900800")];
    let chart = |words: &str| {
        let body = format!(r#"{{"weeklyartistchart":{{"artist":[],"@attr":{{"user":"Ann"{words}}}}}}}"#);
        told_of("user.getWeeklyArtistChart", &asked, &body).0
    };
    assert_eq!(chart(r#","from":"1108296000","to":"1108900800""#), Knowledge::Known);
    assert_eq!(chart(""), Knowledge::Known);
    assert_eq!(chart(r#","from":"","to":"""#), Knowledge::Known);
    assert_eq!(chart(r#","from":"1108900800","to":"1109505600""#), Knowledge::Contradiction);
    assert_eq!(chart(r#","from":"1108296000","to":"1109505600""#), Knowledge::Contradiction);
}

#[test]
fn a_page_tells_how_many_there_are_in_one_way_or_another() {
    let pages = |words: &str, rows: usize| {
        let row = r#"{"name":"Song","artist":{"name":"Mira Vale"},"date":{"uts":"1600000000"}}"#;
        let rows = vec![row; rows].join(",");
        let body = format!(r#"{{"lovedtracks":{{"track":[{rows}],"@attr":{{"user":"ann"{words}}}}}}}"#);
        told_of("user.getLovedTracks", &[("user", "ann")], &body).1.pages
    };
    assert_eq!(pages(r#","page":"1","perPage":"2","totalPages":"7","total":"13""#, 2), Some(7));
    assert_eq!(pages(r#","page":"1","perPage":"2","total":"13""#, 2), Some(7));
    assert_eq!(pages(r#","page":"3","perPage":"2""#, 2), Some(4), "at least one more than this full one");
    assert_eq!(pages(r#","page":"3","perPage":"2""#, 1), Some(3));
    assert_eq!(pages(r#","perPage":"0","total":"13""#, 0), Some(1));
    assert_eq!(pages("", 2), None);
}
