//! Files on their way in: what is found, what comes out of containers, what is refused, and where files are cut.

mod bombs;
mod cuts;
mod damage;
mod encodings;
mod folders;
mod real;
mod zip_maker;
mod zips;

use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use heard_history::import::inputs::{Found, Kind, Limits, Refusal, walk};

/// What a walk found: an input with its bytes, or the sentence of a refusal.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Input {
        name: String,
        kind: Kind,
        bytes: Vec<u8>,
    },
    /// The name, and the refusal as it reads.
    Refused(String, String),
    /// An input whose bytes broke off with this.
    Broken(String, String),
}

/// Walks and reads everything, each input twice.
fn see_within(paths: &[PathBuf], limits: &Limits) -> Vec<Seen> {
    let mut seen = Vec::new();
    let flow = walk(paths, limits, &mut |found| {
        seen.push(match found {
            Found::Refused(refused) => Seen::Refused(refused.name, refused.why.to_string()),
            Found::Input(mut input) => {
                let mut first = Vec::new();
                match input.open().and_then(|mut stream| stream.read_to_end(&mut first)) {
                    Ok(_) => {
                        let mut second = Vec::new();
                        input.open().unwrap().read_to_end(&mut second).unwrap();
                        assert!(first == second, "{} has other bytes the second time", input.name());
                        Seen::Input { name: input.name().to_owned(), kind: input.kind(), bytes: first }
                    }
                    Err(error) => {
                        let why = Refusal::within(&error).map_or(error.to_string(), ToString::to_string);
                        Seen::Broken(input.name().to_owned(), why)
                    }
                }
            }
        });
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    seen
}

fn see(path: &Path) -> Vec<Seen> {
    see_within(&[path.to_owned()], &Limits::default())
}

/// Names of what was found, relative to a folder; refusals with their sentence.
fn told(folder: &Path, seen: &[Seen]) -> Vec<String> {
    let prefix = format!("{}/", folder.display());
    let short = |name: &str| name.strip_prefix(&prefix).unwrap_or(name).to_owned();
    let one = |seen: &Seen| match seen {
        Seen::Input { name, kind: Kind::Plain, .. } => short(name),
        Seen::Input { name, kind, .. } => format!("{}: {kind:?}", short(name)),
        Seen::Refused(name, why) => format!("{} {why}", short(name)),
        Seen::Broken(name, why) => format!("{} broke: {why}", short(name)),
    };
    seen.iter().map(one).collect()
}

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        put(&folder.path().join(name), bytes);
    }
    folder
}

#[allow(clippy::disallowed_methods, reason = "a test's own file; nothing is lost with it")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}
