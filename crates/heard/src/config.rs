//! What the user means: built-in values < config file < environment < command line, resolved once.
//!
//! Nothing else in the program reads the environment or knows where the home folder is.

mod credentials;
#[cfg(feature = "keyring")]
mod keyring;
mod watching;
mod zones;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use etcetera::BaseStrategy;
use heard_api::Secret;
use heard_history::enrich::Options as EnrichOptions;
use heard_history::listen::{Account, Service};
use heard_history::recommend::Weights;
use heard_history::zone::Zone;
use serde::Deserialize;

use crate::args::{Global, WeekdayArg};
use crate::exit::{Code, Failure, quoted};
use crate::print::Printer;

use credentials::Keeping;
pub(crate) use watching::Watching;
use zones::{Zones, zone};

/// Everything resolved.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) home: PathBuf,
    pub(crate) listener: String,
    pub(crate) zone: Zone,
    /// Whether it stands on the command line.
    pub(crate) zone_given: bool,
    pub(crate) week_start: WeekdayArg,
    pub(crate) min_played: u32,
    pub(crate) accounts: Vec<ConfiguredAccount>,
    /// After how long what services know is asked again; the rest is for the command line.
    pub(crate) enrich: EnrichOptions,
    /// Whether `enrich` fetches covers without being told to.
    pub(crate) covers: bool,
    pub(crate) rate: Option<f64>,
    pub(crate) proxy: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) colour: bool,
    pub(crate) columns: Option<usize>,
    pub(crate) recommend: Weights,
    pub(crate) watching: Watching,
    keeping: Keeping,
    /// Why the keyring that is configured cannot be used.
    pub(crate) keyring_trouble: Option<Failure>,
    keys: Keys,
}

/// An account that `sync` without arguments collects.
#[derive(Clone, Debug)]
pub(crate) struct ConfiguredAccount {
    pub(crate) account: Account,
    pub(crate) url: Option<String>,
}

/// The config file. Unknown keys are refused, so that a slip of the pen is not silence.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    listener: Option<String>,
    zone: Option<Zones>,
    week_start: Option<WeekdayArg>,
    min_played: Option<u32>,
    rate: Option<f64>,
    proxy: Option<String>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    credentials: Keeping,
    #[serde(default)]
    recommend: Weights,
    #[serde(default)]
    account: Vec<FileAccount>,
    #[serde(default)]
    watch: watching::File,
    #[serde(default)]
    enrich: FileEnrich,
}

/// Days after which an answer is old, and whether covers are wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FileEnrich {
    known_days: Option<u32>,
    unknown_days: Option<u32>,
    account_days: Option<u32>,
    #[serde(default)]
    covers: bool,
}

impl FileEnrich {
    fn options(&self) -> EnrichOptions {
        let usual = EnrichOptions::default();
        EnrichOptions {
            known_days: self.known_days.unwrap_or(usual.known_days),
            unknown_days: self.unknown_days.unwrap_or(usual.unknown_days),
            account_days: self.account_days.unwrap_or(usual.account_days),
            ..usual
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FileAccount {
    #[serde(deserialize_with = "service_that_is_asked")]
    service: Service,
    user: String,
    url: Option<String>,
}

/// A service that has accounts to collect from; others only hand out files.
fn service_that_is_asked<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Service, D::Error> {
    let name = String::deserialize(from)?;
    Service::parse(&name)
        .ok_or_else(|| serde::de::Error::unknown_variant(&name, &["lastfm", "librefm", "listenbrainz"]))
}

/// What services want to see before they answer.
#[derive(Debug, Default)]
struct Keys {
    by_name: BTreeMap<&'static str, Secret>,
}

/// Secrets by their canonical name, with the names that other tools use for them.
const SECRETS: [(&str, &[&str]); 8] = [
    ("LASTFM_API_KEY", &["LASTFM_KEY", "LAST_FM_API_KEY", "PYLAST_API_KEY"]),
    ("LASTFM_API_SECRET", &["LASTFM_SHARED_SECRET", "LASTFM_SECRET", "PYLAST_API_SECRET"]),
    ("LASTFM_SESSION_KEY", &["LASTFM_SESSION"]),
    ("LIBREFM_API_KEY", &[]),
    ("LIBREFM_API_SECRET", &[]),
    ("LIBREFM_SESSION_KEY", &["LIBREFM_SESSION"]),
    ("LISTENBRAINZ_TOKEN", &["LZ_TOKEN"]),
    ("MPD_PASSWORD", &[]),
];

/// What stands in for a secret that is not set: GNU FM takes the api key of any application. A session key is of one
/// account, so nothing stands in for it.
const STANDS_IN: [(&str, &str); 2] =
    [("LIBREFM_API_KEY", "LASTFM_API_KEY"), ("LIBREFM_API_SECRET", "LASTFM_API_SECRET")];

impl Config {
    /// Resolves everything.
    ///
    /// # Errors
    /// Exit code 78 with the file and what is wrong in it.
    pub(crate) fn resolve(global: &Global) -> Result<Self, Failure> {
        let home = home_folder(global)?;
        let file = read_config(&home.join("config.toml"))?;
        let listener =
            [global.listener.clone(), variable("HEARD_LISTENER"), file.listener].into_iter().flatten().next();
        let listener = listener.unwrap_or_else(|| "me".to_owned());
        let zone = zone([global.zone.clone(), variable("HEARD_ZONE"), file.zone.map(Zones::text)])?;
        let mut keys = Keys::read(&credentials::path(&home))?;
        if let Some(password) = watching::password_of_mpd_host() {
            keys.by_name.entry("MPD_PASSWORD").or_insert(password);
        }
        let mut accounts: Vec<ConfiguredAccount> = file
            .account
            .iter()
            .map(|a| ConfiguredAccount { account: Account::new(&listener, a.service, &a.user), url: a.url.clone() })
            .collect();
        let named = ["LASTFM_USERNAME", "LASTFM_USER", "PYLAST_USERNAME"].into_iter().find_map(variable);
        if let Some(user) = named {
            let account = Account::new(&listener, Service::Lastfm, &user);
            if !accounts.iter().any(|known| known.account == account) {
                accounts.push(ConfiguredAccount { account, url: None });
            }
        }
        Ok(Self {
            recommend: weights(file.recommend, &home)?,
            home,
            listener,
            zone,
            zone_given: global.zone.is_some(),
            week_start: week_start()?.or(file.week_start).unwrap_or_default(),
            min_played: number("HEARD_MIN_PLAYED")?.or(file.min_played).unwrap_or(30),
            accounts,
            enrich: file.enrich.options(),
            covers: file.enrich.covers,
            rate: file.rate,
            proxy: file.proxy.or_else(|| ["HTTPS_PROXY", "https_proxy"].into_iter().find_map(variable)),
            ca_file: file.ca_file.or_else(|| variable("SSL_CERT_FILE").map(PathBuf::from)),
            colour: variable("NO_COLOR").is_none(),
            columns: variable("COLUMNS").and_then(|c| c.parse().ok()),
            watching: Watching::resolve(file.watch)?,
            keeping: file.credentials.checked()?,
            keyring_trouble: None,
            keys,
        })
    }

    /// The same manners for another home, without accounts and secrets.
    pub(crate) fn for_demo(&self, home: PathBuf) -> Self {
        Self {
            home,
            listener: self.listener.clone(),
            zone: self.zone.clone(),
            zone_given: self.zone_given,
            week_start: self.week_start,
            min_played: self.min_played,
            accounts: Vec::new(),
            enrich: EnrichOptions::default(),
            covers: false,
            rate: None,
            proxy: None,
            ca_file: None,
            colour: self.colour,
            columns: self.columns,
            recommend: self.recommend,
            watching: Watching::default(),
            keeping: Keeping::default(),
            keyring_trouble: None,
            keys: Keys::default(),
        }
    }

    /// A secret by its canonical name, or what stands in for it.
    pub(crate) fn secret(&self, name: &str) -> Option<&Secret> {
        let other = || STANDS_IN.iter().find(|(wanted, _)| *wanted == name).and_then(|(_, other)| self.secret(other));
        self.keys.by_name.get(name).or_else(other)
    }

    /// The same with what the keyring holds, where secrets are kept there.
    #[must_use]
    #[cfg_attr(not(feature = "keyring"), expect(unused_mut, unused_variables, reason = "there is nothing to be read"))]
    pub(crate) fn with_keyring(mut self, printer: Printer) -> Self {
        #[cfg(feature = "keyring")]
        if self.keeping == Keeping::Keyring {
            keyring::read_into(&mut self, printer);
        }
        self
    }

    /// Whether secrets are kept in the desktop's keyring.
    pub(crate) fn keeps_in_keyring(&self) -> bool {
        self.keeping == Keeping::Keyring
    }

    /// Whether a secret could be kept now; nobody should log in for nothing.
    ///
    /// # Errors
    /// What is wrong with the keyring.
    pub(crate) fn can_keep_secrets(&self) -> Result<(), Failure> {
        self.keyring_trouble.clone().map_or(Ok(()), Err)
    }

    /// Writes a secret into the credentials file, or takes it out; all other lines stay as they are. Or does so in the
    /// keyring, where secrets are kept there. Gives the place.
    pub(crate) fn keep_secret(&self, name: &str, value: Option<&Secret>) -> Result<String, Failure> {
        #[cfg(feature = "keyring")]
        if self.keeping == Keeping::Keyring {
            return keyring::keep(self, name, value);
        }
        credentials::keep(&self.home, name, value).map(|path| path.display().to_string())
    }

    /// Whether a text repeats a secret. Secrets of fewer than 16 characters are not looked for; ordinary words are as
    /// long.
    pub(crate) fn is_quoted_in(&self, text: &[u8]) -> bool {
        let mut telling = self.keys.by_name.values().map(|key| key.reveal().as_bytes()).filter(|key| key.len() >= 16);
        telling.any(|key| text.windows(key.len()).any(|window| window == key))
    }
}

/// What the log should show, where the user says so.
pub(crate) fn log_filter() -> Option<String> {
    variable("RUST_LOG")
}

/// Where things go that nobody needs to keep.
pub(crate) fn temporary_folder() -> PathBuf {
    env::temp_dir()
}

/// An empty variable means that it is not set.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn number(name: &str) -> Result<Option<u32>, Failure> {
    let Some(text) = variable(name) else { return Ok(None) };
    let wrong = || {
        Failure::new(Code::Configuration, format!("{name} is {text:?}, which is no number of seconds"))
            .hint(format!("{name}=30"))
    };
    text.parse().map(Some).map_err(|_| wrong())
}

fn home_folder(global: &Global) -> Result<PathBuf, Failure> {
    if let Some(home) = global.home.clone().or_else(|| variable("HEARD_HOME").map(PathBuf::from)) {
        return Ok(home);
    }
    let base = etcetera::choose_base_strategy().map_err(|_| {
        Failure::new(Code::Configuration, "there is no home folder to keep the history in")
            .hint("name a folder: --home DIR, or HEARD_HOME=DIR")
    })?;
    Ok(base.data_dir().join("heard"))
}

/// A file that was named, or that has its place, and cannot be read.
fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::file(path, error).with(Code::Configuration);
    match error.kind() {
        io::ErrorKind::NotADirectory => failure.hint("choose a folder with --home DIR"),
        io::ErrorKind::InvalidData => failure.hint("write it anew as UTF-8 text"),
        _ => failure.hint(format!("ls -l {}", quoted(path))),
    }
}

fn read_config(path: &Path) -> Result<File, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
            Failure::new(Code::Configuration, format!("{}, line {line}: {}", path.display(), error.message()))
                .hint("mend that line; without the file, heard uses its usual settings")
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// What the config says about suggestions, where it means something.
fn weights(weights: Weights, home: &Path) -> Result<Weights, Failure> {
    weights.checked().map_err(|error| {
        let problem = format!("{}: [recommend] {error}", home.join("config.toml").display());
        Failure::new(Code::Configuration, problem).hint("docs/recommendations.md says what each weight does")
    })
}

fn week_start() -> Result<Option<WeekdayArg>, Failure> {
    let Some(text) = variable("HEARD_WEEK_START") else { return Ok(None) };
    let wrong = |_| {
        let problem = format!("HEARD_WEEK_START is {text:?}, which is no day of the week");
        Failure::new(Code::Configuration, problem).hint("HEARD_WEEK_START=sunday")
    };
    WeekdayArg::from_str(&text, true).map(Some).map_err(wrong)
}

impl Keys {
    fn read(path: &Path) -> Result<Self, Failure> {
        let mut keys = Self { by_name: credentials::read(path)? };
        for (name, others) in SECRETS {
            for name_or_alias in std::iter::once(&name).chain(others) {
                if let Some(value) = secret_variable(name_or_alias)? {
                    keys.by_name.insert(name, value);
                    break;
                }
            }
        }
        Ok(keys)
    }
}

/// The variable itself, or the content of the file that `NAME_FILE` names, or of the systemd credential of that name.
fn secret_variable(name: &str) -> Result<Option<Secret>, Failure> {
    if let Some(value) = variable(name) {
        return Ok(Some(Secret::new(value)));
    }
    let file = variable(&format!("{name}_FILE")).map(PathBuf::from);
    let credential = variable("CREDENTIALS_DIRECTORY").map(|folder| Path::new(&folder).join(name));
    let Some(path) = file.or_else(|| credential.filter(|path| path.exists())) else { return Ok(None) };
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    Ok(Some(Secret::new(text.trim().to_owned())))
}
