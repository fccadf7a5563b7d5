//! Where secrets are kept, and changing the credentials file: one line, and nothing else in it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use heard_api::Secret;
use heard_history::home::{Home, replace_file};

use serde::Deserialize;

use super::{SECRETS, unreadable};
use crate::exit::{Code, Failure};

/// Where `login` keeps secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Keeping {
    /// In the credentials file.
    #[default]
    File,
    /// In the desktop's keyring.
    Keyring,
}

impl Keeping {
    /// The same, where this program can do it.
    pub(super) fn checked(self) -> Result<Self, Failure> {
        if self == Self::Keyring && !cfg!(feature = "keyring") {
            return Err(Failure::new(Code::Configuration, "this heard was built without the desktop's keyring")
                .hint("build it with --features keyring, or write credentials = \"file\" into config.toml"));
        }
        Ok(self)
    }
}

/// The credentials file of a home.
pub(super) fn path(home: &Path) -> PathBuf {
    home.join("credentials.toml")
}

/// The secrets in the file, by their canonical names; none where there is no file.
pub(super) fn read(path: &Path) -> Result<BTreeMap<&'static str, Secret>, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(unreadable(path, &error)),
    };
    refuse_readable_by_others(path)?;
    let wrong = |what: String| {
        Failure::new(Code::Configuration, format!("{}: {what}", path.display()))
            .hint("write lines like LASTFM_API_KEY = \"…\"")
    };
    // What toml says of an error may quote the line, and the line holds a secret.
    let table: BTreeMap<String, String> =
        toml::from_str(&text).map_err(|_| wrong("it is not a list of lines NAME = \"value\"".to_owned()))?;
    table
        .into_iter()
        .map(|(name, value)| {
            let known = SECRETS.iter().find(|(canonical, _)| canonical.eq_ignore_ascii_case(&name));
            known.map(|(canonical, _)| (*canonical, Secret::new(value))).ok_or_else(|| {
                wrong(format!("{name:?} is not a name that heard knows; it knows {}", SECRETS.map(|s| s.0).join(", ")))
            })
        })
        .collect()
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(|error| Failure::file(path, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Failure::new(Code::Configuration, format!("{} can be read by others", path.display()))
            .hint(format!("chmod 600 {}", path.display())));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_path: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Puts `name = "value"` into the file of this home, in the place of a line of that name, or takes the line out.
pub(super) fn keep(home: &Path, name: &str, value: Option<&Secret>) -> Result<PathBuf, Failure> {
    let opened = Home::open(home)?;
    let _lock = opened.lock()?;
    let path = path(home);
    let before = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::file(&path, &error)),
    };
    let after = changed(&before, name, value);
    if after != before {
        replace_file(&path, |file| file.write_all(after.as_bytes())).map_err(|error| Failure::file(&path, &error))?;
    }
    Ok(path)
}

fn changed(text: &str, name: &str, value: Option<&Secret>) -> String {
    let mut line = value.map(|value| format!("{name} = {}\n", toml::Value::from(value.reveal())));
    let mut after = String::new();
    for old in text.lines() {
        if is_of(old, name) {
            after.extend(line.take());
        } else {
            after.extend([old, "\n"]);
        }
    }
    after.extend(line);
    after
}

/// Whether a line sets this name, in any case of its letters and quoted or not.
fn is_of(line: &str, name: &str) -> bool {
    let key = line.split_once('=').map(|(key, _)| key.trim().trim_matches(['"', '\'']));
    key.is_some_and(|key| key.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_changes_and_the_others_stay() {
        let kept = "# mine\n\nlastfm_api_key = \"k\"\n";
        let session = Secret::new("a\"b\\c");
        let with = changed(kept, "LASTFM_SESSION_KEY", Some(&session));
        let table: toml::Table = toml::from_str(&with).unwrap();
        assert_eq!(table["LASTFM_SESSION_KEY"].as_str(), Some("a\"b\\c"));
        assert!(with.starts_with(kept), "{with}");
        assert_eq!(changed(&with, "LASTFM_SESSION_KEY", None), kept);
        for old in ["lastfm_session_key='x'", "\"LASTFM_SESSION_KEY\" = 'x'", "  LASTFM_SESSION_KEY = \"x\" # old"] {
            let text = format!("{old}\n{kept}");
            assert_eq!(changed(&text, "LASTFM_SESSION_KEY", None), kept, "{old}");
            let replaced = changed(&text, "LASTFM_SESSION_KEY", Some(&Secret::new("new")));
            assert_eq!(replaced, format!("LASTFM_SESSION_KEY = \"new\"\n{kept}"));
        }
        assert_eq!(
            changed("# LASTFM_SESSION_KEY = \"x\"", "LASTFM_SESSION_KEY", None),
            "# LASTFM_SESSION_KEY = \"x\"\n"
        );
    }
}
