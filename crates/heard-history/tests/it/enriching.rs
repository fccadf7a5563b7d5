//! Asking what services know of things: each once, most heard first, whatever gets in the way.

mod accounts;
mod bounds;
mod covers;
mod manners;
mod names;
mod real;
mod stops;

use std::collections::BTreeMap;
use std::sync::Arc;

use fakefm::{Config, FakeFm, Play, World};
use heard_api::PictureClient;
use heard_history::collect::{Meter, Session, StopSign};
use heard_history::enrich::{Asker, Call, Hosts, Options, Question, Report, enrich};
use heard_history::ingest;
use heard_history::zone::Zone;
use rusqlite::{Connection, OpenFlags};

use crate::scene::{NOW, Scene};

/// A question as the service saw it: method and parameters, without key and format.
type Asked = Vec<(String, String)>;

/// A home with these plays in it, before a service that knows no more than them.
fn scene_of(plays: impl IntoIterator<Item = Play>) -> Scene {
    let mut world = World::of("ann");
    world.listener().extend(plays);
    scene_in(Config::new(world))
}

/// A home that has collected the service's first account.
fn scene_in(config: Config) -> Scene {
    let scene = Scene::new(Config { keep_arrivals: 1_000_000, ..config });
    assert!(scene.run().is_complete());
    scene.fake.forget();
    scene
}

/// Plays of a few artists, each less heard than the one before: three, two and one times, on one album each.
fn few() -> Vec<Play> {
    let mut plays = Vec::new();
    for (nth, artist) in (0_i64..).zip(["Mira Vale", "The Lanterns", "Oslo Tin"]) {
        for time in 0..3 - nth {
            let play = Play::new(NOW - 1_000_000 + nth * 1_000 + time, artist, format!("Song {time}"));
            plays.push(play.on(format!("Album of {artist}")));
        }
    }
    plays
}

fn asker(scene: &Scene, accounts: bool) -> Asker {
    let account = scene.account();
    let (listener, service) = (account.listener.clone(), account.service);
    Asker { listener, service, accounts: if accounts { vec![account] } else { Vec::new() }, things: true }
}

fn only(calls: &[Call]) -> Options {
    Options { only: calls.to_vec(), ..Options::default() }
}

/// One run, as a process of its own would do it, and how many questions each of its rounds began with.
fn run_as(scene: &Scene, asker: &Asker, options: &Options, stop: &Arc<StopSign>) -> (Report, Vec<usize>) {
    run_with(scene, None, asker, options, stop)
}

/// The same with a way to pictures.
fn run_with(
    scene: &Scene,
    pictures: Option<&PictureClient>,
    asker: &Asker,
    options: &Options,
    stop: &Arc<StopSign>,
) -> (Report, Vec<usize>) {
    let home = scene.home();
    let lock = home.lock().unwrap();
    let (mut store, _) = ingest::open(&home, &lock, &Zone::utc()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut session = Session {
        home: &home,
        lock: &lock,
        store: &mut store,
        runtime: &runtime,
        meter: Arc::new(Meter::default()),
        stop: Arc::clone(stop),
    };
    let mut rounds = Vec::new();
    let begun = |questions: &[Question]| rounds.push(questions.len());
    let client = scene.client();
    let hosts = Hosts { service: &client, pictures };
    let report = enrich(&mut session, hosts, asker, options, begun).unwrap();
    store.close().unwrap();
    (report, rounds)
}

/// One run that asks about things alone.
fn run(scene: &Scene, options: &Options) -> Report {
    run_as(scene, &asker(scene, false), options, &Arc::default()).0
}

/// One run that is not stopped by anything and leaves nothing.
fn complete(scene: &Scene, options: &Options) -> Report {
    let report = run(scene, options);
    assert!(report.stopped.is_none() && report.waiting.is_empty() && report.left == 0, "{report:?}");
    report
}

/// What the service was asked, in order.
fn asked(fake: &FakeFm) -> Vec<Asked> {
    let hidden = ["api_key", "format"];
    let public =
        |parameters: Asked| parameters.into_iter().filter(|(name, _)| !hidden.contains(&name.as_str())).collect();
    fake.arrivals().iter().map(|arrival| public(arrival.parameters())).collect()
}

/// How often each question was asked.
fn counted(fake: &FakeFm) -> BTreeMap<Asked, u32> {
    let mut counts = BTreeMap::new();
    for question in asked(fake) {
        *counts.entry(question).or_default() += 1;
    }
    counts
}

/// The value of a parameter.
fn told<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

/// Rows of the store as texts, cells divided by `|`.
fn rows(scene: &Scene, sql: &str) -> Vec<String> {
    let database = Connection::open_with_flags(scene.home().database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    let columns = statement.column_count();
    let cell = |row: &rusqlite::Row<'_>, at| match row.get_unwrap::<_, rusqlite::types::Value>(at) {
        rusqlite::types::Value::Null => "-".to_owned(),
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Real(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Blob(bytes) => format!("{bytes:?}"),
    };
    let line = |row: &rusqlite::Row<'_>| Ok((0..columns).map(|at| cell(row, at)).collect::<Vec<_>>().join("|"));
    statement.query_map([], line).unwrap().map(Result::unwrap).collect()
}

/// All that the tables say of things, apart from row numbers: with the moments, which the canonical dump leaves out.
fn everything(scene: &Scene) -> Vec<String> {
    let of_answer = "SELECT kind, name, title, service, method, asked, told_at, outcome, replaced_by IS NULL";
    [
        format!("{of_answer} FROM answers JOIN things ON things.id = thing_id ORDER BY answers.id"),
        "SELECT * FROM about ORDER BY answer_id".to_owned(),
        "SELECT * FROM tags ORDER BY answer_id, position".to_owned(),
        "SELECT * FROM listed ORDER BY answer_id, position".to_owned(),
        "SELECT * FROM covers ORDER BY address".to_owned(),
    ]
    .iter()
    .flat_map(|sql| rows(scene, sql))
    .collect()
}

/// Makes the store anew: it must say the same as the one that followed the answers.
fn assert_rebuilt_the_same(scene: &Scene) {
    let (live, dump) = (everything(scene), scene.dump());
    scene.rebuild();
    assert_eq!(everything(scene), live);
    assert_eq!(scene.dump(), dump);
}

#[test]
fn everything_is_asked_once_and_the_most_heard_first() {
    let scene = scene_of(few());
    let options = Options::default();
    let report = complete(&scene, &options);
    let questions = asked(&scene.fake);
    assert_eq!(report.asked as usize, questions.len());
    assert!(counted(&scene.fake).values().all(|times| *times == 1), "{:?}", counted(&scene.fake));
    // Three artists with five questions each, three albums, six tracks with two each; then tags, which depend on them.
    let of = |package: &str| questions.iter().filter(|asked| told(asked, "method").starts_with(package)).count();
    assert_eq!((of("artist."), of("album."), of("track.")), (15, 3, 12));
    assert!(of("tag.") > 0 && questions[..30].iter().all(|asked| !told(asked, "method").starts_with("tag.")));
    let first: Vec<&str> = questions[..5].iter().map(|asked| told(asked, "artist")).collect();
    assert_eq!(first, ["Mira Vale"; 5], "all about the most heard comes first");
    let tags = questions.iter().filter(|asked| told(asked, "method") == "artist.getTopTags");
    assert_eq!(tags.map(|asked| told(asked, "artist")).collect::<Vec<_>>(), ["Mira Vale", "The Lanterns", "Oslo Tin"]);
    assert_eq!(complete(&scene, &options).asked, 0, "what is known is not asked again");
    assert_rebuilt_the_same(&scene);
}

#[test]
fn the_tables_say_what_the_service_said() {
    let mut world = World::of("ann");
    world.listener().extend(few());
    world.set_tags("Mira Vale", ["Dream Pop", "seen live"]);
    world.set_tags("Oslo Tin", [""; 0]);
    let scene = scene_in(Config::new(world));
    complete(&scene, &Options::default());
    let tags =
        "SELECT name, tag, weight FROM tags JOIN answers ON answers.id = answer_id JOIN things ON things.id = thing_id
                 WHERE method = 'artist.getTopTags' ORDER BY name, position";
    assert_eq!(rows(&scene, tags), ["Mira Vale|Dream Pop|100", "Mira Vale|seen live|50"]);
    let about = |method: &str, columns: &str| {
        rows(
            &scene,
            &format!(
                "SELECT {columns} FROM about JOIN answers ON answers.id = answer_id JOIN things ON things.id = thing_id
                  WHERE method = '{method}' AND things.name = 'Mira Vale' ORDER BY things.title LIMIT 1"
            ),
        )
    };
    assert_eq!(
        about("track.getInfo", "about.name, about.title, length_ms, album, listeners, plays"),
        ["Mira Vale|Song 0|181000|Album of Mira Vale|1|1"]
    );
    assert_eq!(
        about("artist.getInfo", "cover, plays, summary, published_at"),
        ["-|3|Mira Vale is made up & plays on <loopback>.|1294576860"]
    );
    let cover = about("album.getInfo", "cover");
    assert!(cover[0].starts_with("https://") && cover[0].ends_with(".jpg"), "{cover:?}");
    let listed = "SELECT listed.kind, listed.name, listed.title, likeness, listed.plays, length_ms FROM listed
                    JOIN answers ON answers.id = answer_id JOIN things ON things.id = thing_id
                   WHERE things.name = 'The Lanterns' AND method = ";
    let of = |method: &str| rows(&scene, &format!("{listed}'{method}' ORDER BY position"));
    assert_eq!(of("artist.getSimilar"), ["artist|Mira Vale||1|-|-", "artist|Oslo Tin||0.5|-|-"]);
    assert_eq!(of("artist.getTopTracks"), ["track|The Lanterns|Song 0|-|1|-", "track|The Lanterns|Song 1|-|1|-"]);
    assert_eq!(of("artist.getTopAlbums"), ["album|The Lanterns|Album of The Lanterns|-|2|-"]);
    assert_eq!(of("album.getInfo"), ["track|The Lanterns|Song 1|-|-|181000", "track|The Lanterns|Song 0|-|-|181000"]);
    assert_eq!(
        rows(&scene, "SELECT DISTINCT name FROM things WHERE kind = 'tag' ORDER BY 1"),
        ["dream pop", "seen live"]
    );
    assert_eq!(rows(&scene, "SELECT enriched > 0, generation > 0 FROM view_state"), ["1|1"]);
}

#[test]
fn answers_grow_old_each_after_its_own_time() {
    let scene = scene_of(few());
    scene.fake.world().set_tags("Mira Vale", ["quiet"]);
    scene.fake.world().lead_mbid("unused", "Mira Vale");
    let options = only(&[Call::ArtistTags, Call::AlbumInfo]);
    complete(&scene, &options);
    // Somebody was played of whom the service knows nothing any more.
    let gone = Play::new(NOW - 500_000, "Gone Again", "Farewell");
    let id = scene.fake.world().listener().add(&gone);
    assert!(scene.run().is_complete());
    scene.fake.world().listener().delete(id);
    assert_eq!(complete(&scene, &options).answers.unknown, 1);
    let enriched = rows(&scene, "SELECT enriched FROM view_state");

    scene.wait(59 * 86_400);
    assert_eq!(complete(&scene, &options).asked, 0);
    scene.wait(2 * 86_400);
    let report = complete(&scene, &options);
    assert_eq!((report.asked, report.answers.unknown, report.answers.unchanged), (1, 1, 1));

    scene.fake.world().set_tags("Mira Vale", ["quiet", "loud"]);
    scene.wait(120 * 86_400);
    let report = complete(&scene, &options);
    // Three artists and three albums that are known, and the one that is unknown once more. The new tag changed two of
    // them: the artist and the album.
    assert_eq!((report.asked, report.answers.known, report.answers.unchanged), (7, 6, 5));
    let history =
        "SELECT answers.id = min(answers.id) OVER (), replaced_by IS NULL, group_concat(tag, '+') FROM answers
                     JOIN things ON things.id = thing_id LEFT JOIN tags ON answer_id = answers.id
                    WHERE name = 'Mira Vale' AND method = 'artist.getTopTags' GROUP BY answers.id ORDER BY answers.id";
    assert_eq!(rows(&scene, history), ["1|0|quiet", "0|1|quiet+loud"]);
    let told = rows(
        &scene,
        "SELECT count(DISTINCT told_at) FROM answers WHERE replaced_by IS NULL AND method = 'album.getInfo'",
    );
    assert!(told[0].parse::<u32>().unwrap() >= 1);
    assert_ne!(rows(&scene, "SELECT enriched FROM view_state"), enriched);
    assert_rebuilt_the_same(&scene);
}

#[test]
fn an_answer_that_says_the_same_moves_nothing_but_its_moment() {
    let scene = scene_of(few());
    complete(&scene, &only(&[Call::ArtistInfo]));
    let (before, enriched) = (everything(&scene), rows(&scene, "SELECT enriched FROM view_state"));
    scene.wait(181 * 86_400);
    let report = complete(&scene, &only(&[Call::ArtistInfo]));
    assert_eq!((report.asked, report.answers.unchanged), (3, 3));
    assert_eq!(rows(&scene, "SELECT enriched FROM view_state"), enriched);
    let after = everything(&scene);
    assert_eq!(after.len(), before.len());
    let moved = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert_eq!(moved, 3, "one moment each");
    assert_rebuilt_the_same(&scene);
}
