//! The order of the stages: a datum goes one way, and so do the arrows between modules.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The nouns and what stands under everything; any stage may name them.
const GROUND: [&str; 8] = ["clock", "error", "home", "listen", "zone", "rules", "facts", "stop"];

/// Each module and the modules that it may name besides the ground, from the bottom to the top.
/// Whoever adds a module gives it a row, above everything that it names.
const STAGES: [(&str, &[&str]); 32] = [
    ("clock", &[]),
    ("error", &[]),
    ("home", &[]),
    ("listen", &[]),
    ("zone", &[]),
    ("rules", &[]),
    ("facts", &[]),
    ("stop", &[]),
    // The way to a service, whoever goes it.
    ("connection", &[]),
    ("archive", &[]),
    ("identity", &[]),
    // What tags come to, whoever reads and keeps them.
    ("genres", &["identity"]),
    // What a player or a file tells, before anybody keeps it.
    ("playback", &["identity"]),
    // What it reads is an envelope; whether an answer is about what was asked, identity tells.
    ("normalise", &["archive", "identity"]),
    ("reconcile", &["identity"]),
    // It keeps where in the archive a row came from, and never reads there.
    ("store", &["archive", "genres", "identity", "reconcile"]),
    // It lies beside the store's view, in the state.
    ("outbox", &["store"]),
    // It empties the outbox, and neither reads nor writes anything else.
    ("deliver", &["connection", "identity", "outbox", "playback", "store"]),
    ("columns", &["genres", "identity", "reconcile", "store"]),
    // The only bridge between archive and store.
    ("ingest", &["archive", "columns", "identity", "normalise", "reconcile", "store"]),
    // It writes to the archive alone; what it writes is read by the one who reads the archive, on its way there.
    ("import", &["archive", "ingest", "normalise", "store"]),
    // It reads the store to learn what is missing, and writes to the archive alone; what an answer proves is decided
    // by the one who reads the archive, too.
    ("collect", &["archive", "connection", "ingest", "normalise", "store"]),
    // It asks as collecting does, for what is known of things.
    ("enrich", &["archive", "collect", "connection", "ingest", "normalise", "store"]),
    ("stats", &["columns", "genres", "identity"]),
    // What to hear next, from the listener's plays and what services know of things.
    ("recommend", &["columns", "genres", "identity", "stats", "store"]),
    // A service's own charts beside ours.
    ("weekly", &["identity", "store"]),
    ("asked", &["archive", "ingest", "store"]),
    ("decide", &["archive", "ingest", "store"]),
    ("export", &["columns", "store"]),
    ("extract", &["archive", "normalise"]),
    // What players play, on its way to the archive.
    ("watch", &["archive", "ingest", "outbox", "playback", "store"]),
    ("verify", &["archive", "columns", "ingest", "normalise", "store"]),
];

/// One module naming another.
struct Arrow {
    from: String,
    to: String,
    line: usize,
}

#[test]
fn the_table_has_an_order() {
    for (row, (module, below)) in STAGES.iter().enumerate() {
        for name in *below {
            let known = STAGES[..row].iter().any(|(earlier, _)| earlier == name);
            assert!(known, "{module} may name {name}, which is not below it");
        }
    }
}

#[test]
fn only_arrows_of_the_table_are_allowed() {
    assert!(may_name("store", "archive") && may_name("facts", "listen"));
    assert!(!may_name("store", "stats") && !may_name("listen", "facts"));
    assert!(!may_name("stats", "store"), "below it, but not its business");
    assert!(!may_name("stats", "everything") && !may_name("drawer", "listen"));
}

#[test]
fn every_module_has_its_place() {
    let modules: BTreeSet<String> = sources().iter().map(|path| module_path(path)[0].clone()).collect();
    assert!(modules.contains("archive") && modules.contains("store"), "found only {modules:?}");
    for module in modules {
        assert!(row(&module).is_some(), "{module} has no row in the order of stages");
    }
}

#[test]
fn arrows_go_down() {
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for path in sources() {
        let text = fs::read_to_string(&path).expect("a readable source");
        for arrow in arrows_in(&module_path(&path), &text) {
            arrows += 1;
            if !may_name(&arrow.from, &arrow.to) {
                wrong.push(format!("{}:{}: {} names {}", path.display(), arrow.line, arrow.from, arrow.to));
            }
        }
    }
    println!("{arrows} arrows between modules");
    assert!(arrows > 0, "no module names another: the reader is broken");
    assert!(wrong.is_empty(), "against the order of stages:\n{}", wrong.join("\n"));
}

#[test]
fn arrows_are_found_in_every_spelling() {
    let here = ["store".to_owned(), "plays".to_owned()];
    let to = |text: &str| -> Vec<String> { arrows_in(&here, text).into_iter().map(|arrow| arrow.to).collect() };
    assert_eq!(to("use crate::collect::Walk;"), ["collect"]);
    assert_eq!(to("use crate::{collect::{Walk, plan}, stats, store::Store};"), ["collect", "collect", "stats"]);
    assert_eq!(to("fn a() { crate::ingest::run(crate::stats::X) }"), ["ingest", "stats"]);
    assert_eq!(to("use super::super::collect::Walk;"), ["collect"]);
    assert_eq!(to("use super::{super::stats, open};"), ["stats"]);
    assert_eq!(to("macro_rules! m { () => { $crate::stats::X } }"), ["stats"]);
    assert_eq!(to("use crate::*;"), ["everything"]);
    assert_eq!(to("use crate::stats::{self, calendar as c};"), ["stats"; 2]);
    assert_eq!(to("pub(in crate::store) fn a() {}"), [""; 0]);
    assert_eq!(to("/// See [`crate::stats`].\nuse super::open; use crate::store::Store;"), [""; 0]);
    assert_eq!(to("mod deep { use super::super::super::stats; use super::super::open; }"), ["stats"]);
    assert_eq!(to("#[cfg(test)]\nmod tests { use crate::stats; }\nuse crate::ingest;"), ["ingest"]);
}

fn row(module: &str) -> Option<usize> {
    STAGES.iter().position(|(name, _)| *name == module)
}

fn may_name(from: &str, to: &str) -> bool {
    let (Some(upper), Some(lower)) = (row(from), row(to)) else {
        return false;
    };
    lower < upper && (GROUND.contains(&to) || STAGES[upper].1.contains(&to))
}

/// Every Rust file of the library except the root, which only lists the modules,
/// and files named `tests`, which may look anywhere.
fn sources() -> Vec<PathBuf> {
    let mut folders = vec![source_folder()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable folder entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs")
                && !path.ends_with("src/lib.rs")
                && !path.ends_with("tests.rs")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// `src/store/plays.rs` is `["store", "plays"]`, `src/store/mod.rs` is `["store"]`.
fn module_path(file: &Path) -> Vec<String> {
    let below = file.strip_prefix(source_folder()).expect("a file below src").with_extension("");
    let parts = below.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| part != "mod").collect()
}

fn arrows_in(module: &[String], text: &str) -> Vec<Arrow> {
    let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{module:?}: {e}"));
    let mut arrows = Vec::new();
    scan(module, tokens, &mut arrows);
    arrows
}

/// Finds the paths in a stream of tokens that begin at the root or climb towards it.
fn scan(module: &[String], tokens: TokenStream, arrows: &mut Vec<Arrow>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        match &trees[at..] {
            [TokenTree::Punct(hash), TokenTree::Group(attribute), ..]
                if hash.as_char() == '#' && is_for_tests(attribute) =>
            {
                at = end_of_item(&trees, at + 2);
            }
            // A module written in place: what it climbs from is one deeper.
            [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(body), ..] if *word == "mod" => {
                let deeper = [module, &[name.to_string()]].concat();
                scan(&deeper, body.stream(), arrows);
                at += 3;
            }
            [TokenTree::Ident(word), ..] if *word == "crate" => {
                at = follow(module, Vec::new(), &trees, at + 1, arrows);
            }
            [TokenTree::Ident(word), ..] if *word == "super" => {
                at = follow(module, above(module), &trees, at + 1, arrows);
            }
            [TokenTree::Group(group), ..] => {
                scan(module, group.stream(), arrows);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Follows a path whose beginning means `path`, notes where it leads, and returns where it ends.
fn follow(
    module: &[String],
    mut path: Vec<String>,
    trees: &[TokenTree],
    mut at: usize,
    arrows: &mut Vec<Arrow>,
) -> usize {
    while let Some([TokenTree::Punct(first), TokenTree::Punct(second), next]) = trees.get(at..at + 3)
        && first.as_char() == ':'
        && second.as_char() == ':'
    {
        at += 3;
        match next {
            TokenTree::Ident(word) if *word == "super" => path = above(&path),
            TokenTree::Ident(word) if *word == "self" => {}
            TokenTree::Ident(word) => path.push(word.to_string()),
            TokenTree::Group(list) if list.delimiter() == Delimiter::Brace => {
                follow_each(module, &path, list, arrows);
                return at;
            }
            TokenTree::Punct(mark) if mark.as_char() == '*' && path.is_empty() => {
                path.push("everything".to_owned());
            }
            _ => break,
        }
    }
    if let Some(to) = path.first().filter(|to| **to != module[0]) {
        let line = trees[at - 1].span().start().line;
        arrows.push(Arrow { from: module[0].clone(), to: to.clone(), line });
    }
    at
}

/// Follows each path of a list in braces that stands behind `path`.
fn follow_each(module: &[String], path: &[String], list: &Group, arrows: &mut Vec<Arrow>) {
    let colons: TokenStream = "::".parse().expect("two colons are tokens");
    let trees: Vec<TokenTree> = list.stream().into_iter().collect();
    let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',');
    for one in trees.split(is_comma).filter(|one| !one.is_empty()) {
        let whole: Vec<TokenTree> = colons.clone().into_iter().chain(one.iter().cloned()).collect();
        follow(module, path.to_vec(), &whole, 0, arrows);
    }
}

fn above(path: &[String]) -> Vec<String> {
    path[..path.len().saturating_sub(1)].to_vec()
}

fn is_for_tests(attribute: &Group) -> bool {
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    text == "test" || text.starts_with("cfg(test)") || text.starts_with("cfg(all(test,")
}

/// One past the last token of the item that begins at `from`.
fn end_of_item(trees: &[TokenTree], from: usize) -> usize {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(body) => body.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    };
    trees.iter().skip(from).position(ends).map_or(trees.len(), |length| from + length + 1)
}
