//! Real people's tags, where they are present: each artist who has some gets them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fakefm::{Config, EmptyList, Rules, SingleRow, load};
use heard_api::Rate;
use heard_history::enrich::Call;

use super::{asked, assert_rebuilt_the_same, complete, only, rows, scene_in, told};

/// The file of a history or of tags; none, where real data is not there to be read.
fn file(name: &str) -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where real data lies")]
    let Ok(shared) = std::env::var("HEARD_SHARED") else {
        println!("HEARD_SHARED is not set: skipped");
        return None;
    };
    let path = PathBuf::from(shared).join("data").join(name);
    assert!(path.is_file(), "{} is missing", path.display());
    Some(path)
}

#[test]
fn every_tagged_artist_of_a_real_history_has_its_tags() {
    let Some(plays) = file("lastfm_csv/bastianolea__lastfm_top_tags__scrobbles.csv") else { return };
    let tags = file("enrichment/bastianolea__lastfm_top_tags__artist_info.csv").unwrap();
    let mut config = Config::loaded("ann", &plays).unwrap();
    load::tags(&tags, &mut config.world).unwrap();
    config.rules = Rules {
        single_row: SingleRow::BySeed(7),
        empty_list: EmptyList::Blank,
        counts_as_text: true,
        ..Rules::default()
    };
    let mut scene = scene_in(config);
    scene.rate = Rate::PerSecond(5.0);
    let report = complete(&scene, &only(&[Call::ArtistTags]));
    let artists = rows(&scene, "SELECT count(*) FROM artists WHERE placeholder = 0 AND shown_as IS NULL");
    println!(
        "{} artists asked about, {} known, {} unknown",
        report.asked, report.answers.known, report.answers.unknown
    );
    assert_eq!(artists, [report.asked.to_string()]);
    assert_eq!(report.answers.contradictions, 0);

    let mut stored: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows(
        &scene,
        "SELECT name, tag FROM answers JOIN things ON things.id = thing_id JOIN tags ON answer_id = answers.id
          ORDER BY name, position",
    ) {
        let (name, tag) = row.split_once('|').unwrap();
        stored.entry(name.to_owned()).or_default().push(tag.to_owned());
    }
    let shown: Vec<String> = asked(&scene.fake).iter().map(|asked| told(asked, "artist").to_owned()).collect();
    let mut tagged = 0;
    for line in std::fs::read_to_string(&tags).unwrap().lines().skip(1) {
        let Some((name, rest)) = line.split_once(',').filter(|_| !line.starts_with('"')) else { continue };
        let of_file = rest.rsplit(',').next().unwrap().trim_matches('"');
        let of_file: Vec<&str> = of_file.split(';').map(str::trim).filter(|tag| !tag.is_empty()).collect();
        if of_file.is_empty() || !shown.iter().any(|shown| shown == name) {
            continue;
        }
        tagged += 1;
        assert_eq!(stored.get(name).map(Vec::as_slice).unwrap_or_default(), of_file, "{name}");
    }
    println!("{tagged} tagged artists have their tags");
    assert!(tagged > 1_600, "{tagged}");
    assert_rebuilt_the_same(&scene);
}
