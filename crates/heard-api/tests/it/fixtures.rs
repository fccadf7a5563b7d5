//! The folder of recorded answers, if there is one.

use std::path::{Path, PathBuf};

/// Files of one folder of recorded answers by name, in order, or `None` when no folder is set.
///
/// # Panics
/// The folder is set, but does not hold what it should.
pub(crate) fn files(under: &str) -> Option<Vec<(String, Vec<u8>)>> {
    #[allow(clippy::disallowed_methods, reason = "a test is told by the environment where recordings are")]
    let shared = std::env::var_os("HEARD_SHARED");
    let Some(shared) = shared else {
        show("HEARD_SHARED is not set: recorded answers were not read");
        return None;
    };
    let folder = PathBuf::from(shared).join("fixtures").join(under);
    let mut files = Vec::new();
    collect(&folder, &folder, &mut files);
    assert!(!files.is_empty(), "{} holds no files", folder.display());
    files.sort();
    Some(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("HEARD_SHARED is set, but {} is not there: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
}

#[allow(clippy::print_stdout, reason = "the reader of a test run wants to see it")]
pub(crate) fn show(line: &str) {
    println!("{line}");
}
