//! Where files lie: below `enrichment`, a folder a method, and below `covers`.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::file_name;
use crate::archive::{Envelope, Head, Purpose, digest};
use crate::normalise::things::{Question, by_mbid};

/// The folder of answers.
const FOLDER: &str = "enrichment";
/// The folder of covers.
const COVERS: &str = "covers";
/// Methods whose answers name a cover.
const WITH_COVER: [&str; 2] = ["album.getInfo", "artist.getInfo"];
/// Bytes of a name in a file's name, and of what else was asked. File systems bear 255 together with the nine that keep
/// names apart.
const LONGEST: (usize, usize) = (150, 90);

/// Places that were given away.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Places as file systems know them that ignore case and the composition of letters.
    taken: HashSet<String>,
    given: HashMap<PathBuf, PathBuf>,
}

impl Places {
    /// Gives a place away: the one that is wanted, as long as nobody else has it or one that only differs in case.
    pub(super) fn take(&mut self, wanted: &Path) {
        if self.given.contains_key(wanted) {
            return;
        }
        let is_free = self.taken.insert(folded(wanted));
        let given = if is_free { wanted.to_owned() } else { apart(wanted) };
        self.given.insert(wanted.to_owned(), given);
    }

    /// The place that was given for the one that was wanted.
    pub(super) fn of(&self, wanted: &Path) -> PathBuf {
        self.given.get(wanted).cloned().unwrap_or_else(|| wanted.to_owned())
    }
}

fn folded(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.nfd().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfd().collect()
}

/// The same with the beginning of its SHA-256, which two that differ in anything do not share.
fn apart(path: &Path) -> PathBuf {
    let digest = digest(path.as_os_str().as_encoded_bytes());
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}~{}.{ending}", digest.get(..8).unwrap_or(&digest)))
}

/// Where the cover lies that an answer at this place names, but for its ending; none for answers that name no cover.
pub(super) fn cover_place(answer: &Path) -> Option<PathBuf> {
    let of = |method: &&str| answer.strip_prefix(Path::new(FOLDER).join(method)).ok();
    WITH_COVER.iter().find_map(of).map(|rest| Path::new(COVERS).join(rest))
}

/// Where an answer's file lies: method, then the name, or the artist's name and below it the title.
pub(super) fn place(envelope: &Envelope<'_>) -> Option<PathBuf> {
    let Head { purpose: Purpose::Enrich, method, params, .. } = &envelope.head else { return None };
    let method = heard_api::lastfm::method(method)?.name;
    let question = Question { method, params };
    let thing = question.thing().ok()?;
    let mut path = Path::new(FOLDER).join(method);
    let last = if thing.title.is_empty() {
        &thing.name
    } else {
        path.push(file_name(&thing.name, LONGEST.0));
        &thing.title
    };
    let mut name = file_name(last, LONGEST.0);
    let rest = match question.get("mbid") {
        Some(mbid) => by_mbid(&question.rest(), mbid),
        None => question.rest(),
    };
    if !rest.is_empty() {
        name = name + "@" + &file_name(&rest, LONGEST.1);
    }
    let ending = if envelope.body.trim_ascii_start().starts_with(b"<") { "xml" } else { "json" };
    path.push(format!("{name}.{ending}"));
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(places: &mut Places, wanted: &str) -> String {
        places.take(Path::new(wanted));
        places.of(Path::new(wanted)).display().to_string()
    }

    #[test]
    fn names_that_differ_only_in_case_stay_apart() {
        let mut places = Places::default();
        let first = given(&mut places, "enrichment/artist.getInfo/Iron Coast.json");
        assert_eq!(first, "enrichment/artist.getInfo/Iron Coast.json");
        let mut folded_places = HashSet::from([folded(Path::new(&first))]);
        for other in ["IRON COAST", "iron coast", "Iron coasT"] {
            let other = given(&mut places, &format!("enrichment/artist.getInfo/{other}.json"));
            assert!(other.contains('~') && other.ends_with(".json"), "{other}");
            assert!(folded_places.insert(folded(Path::new(&other))), "{other}");
        }
        assert_eq!(given(&mut places, &first), first, "asked for again it is the same");
        assert_eq!(given(&mut places, "enrichment/artist.getTags/IRON COAST.json").matches('~').count(), 0);
    }

    #[test]
    fn folders_count_and_so_does_the_composition_of_letters() {
        let mut places = Places::default();
        for (wanted, is_apart) in [
            ("enrichment/album.getInfo/Mira/Doors.json", false),
            ("enrichment/album.getInfo/MIRA/doors.json", true),
            ("enrichment/album.getInfo/MIRA/Windows.json", false),
            ("enrichment/artist.getInfo/Stra\u{df}e.json", false),
            ("enrichment/artist.getInfo/STRASSE.json", true),
            ("enrichment/artist.getInfo/caf\u{e9}.json", false),
            ("enrichment/artist.getInfo/cafe\u{301}.json", true),
            ("enrichment/artist.getInfo/cafe.json", false),
        ] {
            assert_eq!(given(&mut places, wanted).contains('~'), is_apart, "{wanted}");
        }
    }

    #[test]
    fn the_longest_name_still_fits() {
        let name = format!("{}@{}.json", "x".repeat(LONGEST.0), "y".repeat(LONGEST.1));
        let apart = apart(&Path::new(FOLDER).join(&name));
        assert_eq!(apart.file_name().unwrap().len(), 255);
    }

    #[test]
    fn covers_lie_as_their_answers_do() {
        let of = |path: &str| cover_place(Path::new(path)).map(|path| path.display().to_string());
        assert_eq!(of("enrichment/album.getInfo/Mira/Doors.json").as_deref(), Some("covers/Mira/Doors.json"));
        assert_eq!(of("enrichment/artist.getInfo/Mira.json").as_deref(), Some("covers/Mira.json"));
        assert_eq!(of("enrichment/artist.getTopTags/Mira.json"), None);
    }
}
