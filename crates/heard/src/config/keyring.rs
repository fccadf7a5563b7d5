//! Secrets in the desktop's keyring instead of the credentials file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use heard_api::Secret;
use heard_history::home::{Home, HomeError};

use super::{Config, SECRETS, credentials};
use crate::exit::{Code, Failure};
use crate::keyring::{Keyring, KeyringError};
use crate::print::Printer;

/// How the place is called where secrets then are.
const NAME: &str = "the keyring";

/// The config with the secrets that the keyring holds for its home. What stands in the credentials file moves there. Where
/// there is no keyring, the config says why.
pub(super) fn read_into(config: &mut Config, printer: Printer) {
    match read(config, printer) {
        Ok(held) => {
            for (name, _) in SECRETS {
                if let Some(secret) = held.get(name) {
                    config.keys.by_name.entry(name).or_insert_with(|| secret.clone());
                }
            }
        }
        Err(failure) => config.keyring_trouble = Some(failure),
    }
}

fn read(config: &Config, printer: Printer) -> Result<BTreeMap<String, Secret>, Failure> {
    let in_file = credentials::read(&credentials::path(&config.home))?;
    let (held, moved) = with(config, async |keyring| {
        for (name, secret) in &in_file {
            keyring.keep(name, secret).await?;
        }
        let held = keyring.read().await?;
        let moved: Vec<&str> = in_file
            .iter()
            .filter(|(name, secret)| held.get(**name).is_some_and(|held| held.reveal() == secret.reveal()))
            .map(|(name, _)| *name)
            .collect();
        Ok((held, moved))
    })?;
    if !moved.is_empty() {
        forget_in_file(&config.home, &moved, printer)?;
    }
    Ok(held)
}

/// Takes out of the file what the keyring has. Whoever is at work in the home is not disturbed; the next command does it.
fn forget_in_file(home: &Path, names: &[&str], printer: Printer) -> Result<(), Failure> {
    if matches!(Home::open(home)?.lock(), Err(HomeError::Busy { .. })) {
        return Ok(());
    }
    for name in names {
        let path = credentials::keep(home, name, None)?;
        printer.say(&format!("{name} has moved from {} to {NAME}", path.display()));
    }
    Ok(())
}

/// Keeps a secret in the keyring, or takes it out, there and in the file. Gives the name of the place.
pub(super) fn keep(config: &Config, name: &str, value: Option<&Secret>) -> Result<String, Failure> {
    with(config, async |keyring| match value {
        Some(secret) => keyring.keep(name, secret).await,
        None => keyring.forget(name).await,
    })?;
    credentials::keep(&config.home, name, None)?;
    Ok(NAME.to_owned())
}

fn with<T>(config: &Config, work: impl AsyncFnOnce(&Keyring) -> Result<T, KeyringError>) -> Result<T, Failure> {
    let home = absolute(&config.home)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Failure, format!("{NAME} cannot be asked: {error}")))?;
    let asked = runtime.block_on(async {
        let keyring = Keyring::open(config.watching.session_bus.as_deref(), &home).await?;
        work(&keyring).await
    });
    Ok(asked?)
}

/// Secrets belong to a home, by whatever way it is named.
fn absolute(home: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(home).map_err(|error| Failure::file(home, &error))
}

impl From<KeyringError> for Failure {
    fn from(error: KeyringError) -> Self {
        let failure = Self::new(Code::Configuration, error.to_string());
        match error {
            KeyringError::Locked => failure.with(Code::NotAuthorised).hint("unlock it, and run the same command again"),
            KeyringError::NoDefault => failure.hint("make one in the keyring's own program (Seahorse, KWalletManager)"),
            KeyringError::NoText(_) => failure.hint("take it out in the keyring's own program, and: heard login"),
            _ => failure.hint(
                "start gnome-keyring, KWallet or KeePassXC; or write credentials = \"file\" into config.toml (docs/config.md)",
            ),
        }
    }
}
