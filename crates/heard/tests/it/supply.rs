//! What the project is built from: free licences, one registry, none of the banned crates,
//! and crates of our own that depend on each other in one direction only.
//!
//! The lists are those of `deny.toml`. Licences and bans are read for the platform at hand,
//! sources for every platform; `just deny` asks cargo-deny about the rest.

use crate::tree::root;
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Which of our crates each of our crates may be built with.
const DIRECTION: [(&str, &[&str]); 5] = [
    ("heard-api", &[]),
    ("heard-history", &["heard-api"]),
    ("heard-web", &["heard-api", "heard-history"]),
    ("heard", &["heard-api", "heard-history", "heard-web", "fakefm"]),
    // It speaks the services' languages without our types: a mistake in them shall show.
    ("fakefm", &[]),
];

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    /// Crates that may depend on it all the same.
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

fn read_toml<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let text = fs::read_to_string(root().join(name)).expect("a file at the project's root");
    toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn stdout(program: &str, arguments: &[&str]) -> String {
    let output =
        Command::new(program).args(arguments).current_dir(root()).output().unwrap_or_else(|e| panic!("{program}: {e}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("cargo and rustc print UTF-8")
}

/// Everything that is built on this platform, tests included.
fn metadata() -> Metadata {
    let version = stdout("rustc", &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.expect("rustc -vV names the host");
    let arguments = ["metadata", "--locked", "--format-version", "1", "--filter-platform", host];
    serde_json::from_str(&stdout(env!("CARGO"), &arguments)).expect("the format that was asked for")
}

/// Why a package's licence is not one we take, if so.
fn licence_fault(licence: Option<&str>, allowed: &[Licensee]) -> Option<String> {
    let Some(licence) = licence else {
        return Some("names no licence".to_owned());
    };
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Err(e) => Some(format!("{licence}: {}", e.reason)),
        Ok(terms) if terms.evaluate(|one| allowed.iter().any(|ours| ours.satisfies(one))) => None,
        Ok(_) => Some(format!("{licence} is not in the allow-list of deny.toml")),
    }
}

fn allowed(deny: &Deny) -> Vec<Licensee> {
    let licences = deny.licenses.allow.iter();
    licences.map(|name| Licensee::parse(name).unwrap_or_else(|e| panic!("{name}: {e}"))).collect()
}

#[test]
fn every_licence_is_free() {
    let allowed = allowed(&read_toml("deny.toml"));
    let mut faults = Vec::new();
    for package in metadata().packages {
        if let Some(fault) = licence_fault(package.license.as_deref(), &allowed) {
            faults.push(format!("{} {}: {fault}", package.name, package.version));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_crate_comes_from_the_registry() {
    let lock: Lock = read_toml("Cargo.lock");
    assert!(lock.package.len() > DIRECTION.len(), "an empty lock file proves nothing");
    for package in lock.package {
        let ours = DIRECTION.iter().any(|(name, _)| *name == package.name);
        let locked = package.source.as_deref() == Some(REGISTRY) && package.checksum.is_some();
        let place = format!("{} {} from {:?}", package.name, package.version, package.source);
        assert!(locked || (ours && package.source.is_none()), "{place}");
    }
}

/// Who is built with whom on this platform. `cargo metadata` would also name what a feature
/// only might turn on.
fn built_with() -> Vec<(String, String)> {
    let tree = stdout(env!("CARGO"), &["tree", "--workspace", "--locked", "--prefix", "depth"]);
    edges(&tree)
}

/// Reads lines of the form `2serde v1.0.0`, where the number is the depth.
fn edges(tree: &str) -> Vec<(String, String)> {
    let mut above: Vec<&str> = Vec::new();
    let mut edges = Vec::new();
    for line in tree.lines() {
        let digits = line.chars().take_while(char::is_ascii_digit).count();
        let (Ok(depth), Some(name)) = (line[..digits].parse::<usize>(), line[digits..].split(' ').next()) else {
            continue;
        };
        above.truncate(depth);
        if let Some(user) = above.last() {
            edges.push(((*user).to_owned(), name.to_owned()));
        }
        above.push(name);
    }
    edges
}

/// The uses of banned crates, with the reason of each ban.
fn banned<'a>(edges: &'a [(String, String)], bans: &'a [Ban]) -> Vec<String> {
    let against = |ban: &'a Ban| {
        let uses = edges.iter().filter(|(_, used)| *used == ban.name);
        uses.filter(|(user, _)| !ban.wrappers.contains(user))
            .map(|(user, used)| format!("{user} uses {used}; but: {}", ban.reason))
    };
    bans.iter().flat_map(against).collect()
}

#[test]
fn no_banned_crate_is_built_in() {
    let edges = built_with();
    let known = ("heard".to_owned(), "heard-api".to_owned());
    assert!(edges.contains(&known), "cargo tree prints another form");
    let faults = banned(&edges, &read_toml::<Deny>("deny.toml").bans.deny);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_ban_holds_for_all_but_its_wrappers() {
    let tree = "0a v1.0.0 (/a)\n1b v1.0.0\n2evil v1.0.0\n1c v1.0.0\n2evil v1.0.0 (*)\n\n0evil v1.0.0\n";
    let ban = Ban { name: "evil".to_owned(), reason: "it is".to_owned(), wrappers: vec!["b".to_owned()] };
    assert_eq!(banned(&edges(tree), &[ban]), ["c uses evil; but: it is"]);
}

#[test]
fn our_crates_depend_on_each_other_in_one_direction() {
    let direction = BTreeMap::from(DIRECTION);
    let ours: Vec<Package> = metadata().packages.into_iter().filter(|p| p.source.is_none()).collect();
    assert!(ours.len() >= DIRECTION.len(), "a crate of ours is missing");
    for package in ours {
        let Some(below) = direction.get(package.name.as_str()) else {
            panic!("{} has no place in the direction of crates", package.name);
        };
        let built_with = package.dependencies.iter().filter(|d| d.kind.as_deref() != Some("dev"));
        for used in built_with.filter(|d| direction.contains_key(d.name.as_str())) {
            assert!(below.contains(&used.name.as_str()), "{} uses {}", package.name, used.name);
        }
    }
}

#[test]
fn licences_are_judged_by_their_terms() {
    let allowed = allowed(&read_toml("deny.toml"));
    for good in ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
        assert_eq!(licence_fault(Some(good), &allowed), None);
    }
    for bad in ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "no licence at all", ""] {
        assert!(licence_fault(Some(bad), &allowed).is_some(), "{bad}");
    }
    assert!(licence_fault(None, &allowed).is_some());
}
