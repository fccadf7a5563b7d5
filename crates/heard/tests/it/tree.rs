//! The project's files, found without git, so that the rules hold before a commit too.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was made, not what was written.
const MADE: [&str; 3] = [".git", "target", "node_modules"];

/// A file of the project that is text.
pub(crate) struct TextFile {
    /// Where it lies below the project's root, with `/` on every platform.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl TextFile {
    /// The crate it belongs to, when it lies below `crates/`.
    pub(crate) fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether it lies in a crate's `src` and is Rust.
    pub(crate) fn is_rust_source(&self) -> bool {
        self.is_below("src") && self.path.ends_with(".rs")
    }

    /// Whether it lies in a crate's `tests` and is Rust.
    pub(crate) fn is_rust_test(&self) -> bool {
        self.is_below("tests") && self.path.ends_with(".rs")
    }

    fn is_below(&self, folder: &str) -> bool {
        self.path.starts_with("crates/") && self.path.split('/').nth(2) == Some(folder)
    }
}

/// The project's root folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the root")
        .to_owned()
}

/// Every text file of the project, in the order of their paths.
pub(crate) fn text_files() -> Vec<TextFile> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        found.iter().filter(|file| file.is_rust_source()).count() >= 5,
        "hardly any Rust found below {}: the walk is broken",
        root.display()
    );
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<TextFile>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let path = entry.expect("a readable folder entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_symlink() || MADE.contains(&name.as_ref()) || name.ends_with(".snap.new") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let below = path.strip_prefix(root).expect("found below the root");
            let path = below.to_string_lossy().replace('\\', "/");
            found.push(TextFile { path, text });
        }
    }
}
