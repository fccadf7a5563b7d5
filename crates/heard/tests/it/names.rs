//! Names and words that have no place in the project.

use crate::tokens::Findings;
use crate::tree::text_files;

/// Drawers: a name that says nothing about what lies inside, so that everything may.
const DRAWERS: [&str; 14] = [
    "util", "utils", "common", "helper", "helpers", "misc", "core", "type", "types", "manager", "handler", "handlers",
    "service", "services",
];

/// Words of unfinished work; whole words, as written here.
/// Each is put together, or this file would be the first finding.
const UNFINISHED: [&str; 5] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("to", "do!"), concat!("db", "g!")];

/// Folders of one person's machine; a path that begins so is true nowhere else.
const MACHINES: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp/", "b")];

#[test]
fn no_file_or_module_is_a_drawer() {
    let mut found = Vec::new();
    for file in text_files() {
        let Some(inside) = file.path.strip_prefix("crates/") else {
            continue;
        };
        // The first part names the crate, which a reader outside chooses by.
        for part in inside.split('/').skip(1) {
            if let Some(drawer) = drawer_in(part) {
                found.push(format!("{}: \"{drawer}\" in a file's name", file.path));
            }
        }
        if file.path.ends_with(".rs") {
            let findings = Findings::read(&file.text, false).unwrap_or_else(|e| panic!("{}: {e}", file.path));
            for (module, line) in findings.modules {
                if let Some(drawer) = drawer_in(&module) {
                    found.push(format!("{}:{line}: \"{drawer}\" in a module's name", file.path));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "name it after what lies inside:\n{}", found.join("\n"));
}

#[test]
fn nothing_is_left_unfinished_and_no_machine_is_named() {
    let mut found = Vec::new();
    for file in text_files() {
        for (number, line) in (1..).zip(file.text.lines()) {
            for word in UNFINISHED.iter().filter(|word| has_word(line, word)) {
                found.push(format!("{}:{number}: {word}", file.path));
            }
            for folder in MACHINES.iter().filter(|folder| has_path(line, folder)) {
                found.push(format!("{}:{number}: the machine's path {folder}…", file.path));
            }
        }
    }
    assert!(found.is_empty(), "these words do not belong here:\n{}", found.join("\n"));
}

/// The drawer among the words of a file's or module's name.
fn drawer_in(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or(name);
    let words: Vec<&str> = stem.split(['_', '-']).collect();
    DRAWERS.into_iter().find(|drawer| words.contains(drawer))
}

/// Whether the word stands in the line with no letter, digit or underscore on either side.
fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !joins(before) && (word.ends_with('!') || !joins(after))
    })
}

/// Whether a path that begins with this folder stands in the line; a longer path, or an
/// address on the web, that only has it in its midst is another thing.
fn has_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-}>)*/".contains(c))
    })
}

#[test]
fn the_rules_can_fail() {
    assert_eq!(drawer_in("string_utils.rs"), Some("utils"));
    assert_eq!(drawer_in("core"), Some("core"));
    assert_eq!(drawer_in("scores.rs"), None);
    assert_eq!(drawer_in("prototype.rs"), None);
    let unfinished = UNFINISHED[0];
    assert!(has_word(&format!("// {unfinished}: later"), unfinished));
    assert!(!has_word(&format!("{unfinished}S"), unfinished));
    assert!(has_word(&format!("    {}(x)", UNFINISHED[4]), UNFINISHED[4]));
    assert!(has_path(&format!("cd {}main", MACHINES[0]), MACHINES[0]));
    assert!(!has_path(&format!("https://example.org{}1", MACHINES[0]), MACHINES[0]));
}
