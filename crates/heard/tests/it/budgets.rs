//! How large things may grow, and what may not occur at all.

use crate::tokens::Findings;
use crate::tree::{TextFile, text_files};
use std::collections::BTreeSet;

const FILE_LINES: usize = 400;
const FILE_LINES_MEDIAN: usize = 170;
const FUNCTION_LINES: usize = 50;
const FUNCTION_LINES_MEDIAN: usize = 10;
const TRAITS: usize = 3;

/// The stand-in for a service exists to test against; it is held to every budget of size, and counts as test code.
const STAND_IN: &str = "fakefm";

/// A Rust file and what was found in it.
struct RustFile {
    file: TextFile,
    found: Findings,
}

impl RustFile {
    /// Lines outside tests: code, comments and blank lines alike.
    fn lines(&self) -> usize {
        let lines = 1..=self.file.text.lines().count();
        lines.filter(|line| !self.found.is_test_line(*line)).count()
    }

    /// Lines that hold more than a comment: of tests, and of the rest.
    fn code(&self) -> (usize, usize) {
        let lines = (1..).zip(self.file.text.lines());
        let code = lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with("//"));
        let (test, product): (Vec<_>, Vec<_>) = code.partition(|(number, _)| self.found.is_test_line(*number));
        (test.len(), product.len())
    }

    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.file.path)
    }
}

/// Every Rust file below `crates/`, tests included.
fn rust_files() -> Vec<RustFile> {
    let files: Vec<TextFile> = text_files().into_iter().filter(|f| f.is_rust_source() || f.is_rust_test()).collect();
    let test_modules: BTreeSet<String> = files.iter().flat_map(test_module_paths).collect();
    files
        .into_iter()
        .map(|file| {
            let test = file.is_rust_test() || test_modules.contains(&file.path);
            let found = read(&file, test);
            RustFile { file, found }
        })
        .collect()
}

fn read(file: &TextFile, test: bool) -> Findings {
    Findings::read(&file.text, test).unwrap_or_else(|e| panic!("{}: {e}", file.path))
}

/// Where the files of this file's test-only modules may lie.
fn test_module_paths(file: &TextFile) -> Vec<String> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or_default();
    let folder = match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        name => format!("{folder}/{}", name.trim_end_matches(".rs")),
    };
    let modules = read(file, false).test_modules;
    let paths = modules.iter().map(|m| [format!("{folder}/{m}.rs"), format!("{folder}/{m}/mod.rs")]);
    paths.flatten().collect()
}

/// The files of the product; those that are test code throughout are left out.
fn product() -> Vec<RustFile> {
    let files = rust_files().into_iter();
    files.filter(|f| f.file.is_rust_source() && f.lines() > 0).collect()
}

fn median(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn files_are_small() {
    let files = product();
    let median = median(files.iter().map(RustFile::lines).collect());
    println!("{} files, median {median} lines without tests", files.len());
    let long = files.iter().filter(|f| f.lines() > FILE_LINES);
    let long: Vec<String> = long.map(|f| format!("{}: {} lines", f.file.path, f.lines())).collect();
    assert_none(&format!("files of more than {FILE_LINES} lines without tests"), &long);
    assert!(median <= FILE_LINES_MEDIAN, "the median file has {median} lines, more than {FILE_LINES_MEDIAN}");
}

#[test]
fn functions_are_small() {
    let files = product();
    let sizes = files.iter().flat_map(|f| &f.found.functions).map(|f| f.lines);
    let median = median(sizes.collect());
    println!("median function: {median} lines");
    let mut long = Vec::new();
    for file in &files {
        for function in file.found.functions.iter().filter(|f| f.lines > FUNCTION_LINES) {
            let place = file.place(function.line);
            long.push(format!("{place}: {} has {} lines", function.name, function.lines));
        }
    }
    assert_none(&format!("functions of more than {FUNCTION_LINES} lines"), &long);
    assert!(
        median <= FUNCTION_LINES_MEDIAN,
        "the median function has {median} lines, more than {FUNCTION_LINES_MEDIAN}"
    );
}

#[test]
fn traits_are_few() {
    let mut traits = Vec::new();
    for file in product() {
        for (name, line) in &file.found.traits {
            traits.push(format!("{}: {name}", file.place(*line)));
        }
    }
    assert!(traits.len() <= TRAITS, "more than {TRAITS} traits:\n{}", traits.join("\n"));
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    let mut unwraps = Vec::new();
    let mut terse = Vec::new();
    for file in product() {
        unwraps.extend(file.found.unwraps.iter().map(|line| file.place(*line)));
        terse.extend(file.found.terse_expects.iter().map(|line| file.place(*line)));
    }
    assert_none("unwrap outside tests; return the error", &unwraps);
    assert_none("expect without the invariant in words", &terse);
}

#[test]
fn every_allow_has_a_reason() {
    let files = rust_files();
    let silent = files.iter().flat_map(|f| f.found.silent_allows.iter().map(|l| f.place(*l)));
    assert_none("allow or expect without a reason", &silent.collect::<Vec<_>>());
}

#[test]
fn no_test_and_no_example_is_ignored() {
    let files = rust_files();
    let ignored = files.iter().flat_map(|f| f.found.ignored.iter().map(|l| f.place(*l)));
    assert_none("ignored; a test that does not run is no test", &ignored.collect::<Vec<_>>());
}

/// What tests demand is written in several ways: as Rust (and a little C), as the reference queries that every statistic
/// must agree with, and as whole outputs, word for word.
#[test]
fn there_is_as_much_test_code_as_code() {
    let (mut tests, mut code) = (0, 0);
    for file in &rust_files() {
        let (in_tests, in_product) = file.code();
        tests += in_tests;
        // The stand-in for the service exists to test against.
        *(if file.file.crate_name() == Some(STAND_IN) { &mut tests } else { &mut code }) += in_product;
    }
    tests += demanded("crates/", ".c");
    let (queries, outputs) = (demanded("docs/queries/", ".sql"), demanded("crates/", ".snap"));
    println!("{tests} lines of tests, {queries} of queries and {outputs} of outputs to {code} lines of code");
    let demanded = tests + queries + outputs;
    assert!(demanded >= code, "{demanded} lines of what tests demand to {code} lines of code");
}

/// Lines that say something, of the files with this ending below a folder.
fn demanded(folder: &str, ending: &str) -> usize {
    let files = text_files().into_iter().filter(|file| file.path.starts_with(folder) && file.path.ends_with(ending));
    let says = |line: &&str| !line.trim().is_empty() && !line.starts_with("--");
    files.map(|file| file.text.lines().filter(says).count()).sum()
}

#[test]
fn counting_is_right() {
    let text = "//! Doc.\n\nfn a() {}\n#[cfg(test)]\nmod tests {\n    // why\n    fn b() {}\n}\n".to_owned();
    let file = TextFile { path: "crates/x/src/a.rs".to_owned(), text };
    let found = read(&file, false);
    let rust = RustFile { file, found };
    assert_eq!(rust.lines(), 3);
    assert_eq!(rust.code(), (4, 1));
    assert_eq!(median(vec![5, 1, 3]), 3);

    let text = "#[cfg(test)]\nmod tests;\n".to_owned();
    let file = TextFile { path: "crates/x/src/a.rs".to_owned(), text };
    assert_eq!(test_module_paths(&file), ["crates/x/src/a/tests.rs", "crates/x/src/a/tests/mod.rs"]);
}
