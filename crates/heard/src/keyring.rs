//! Secrets kept by the desktop: GNOME's keyring, KWallet, KeePassXC and whoever else speaks the Secret Service API over
//! the session's D-Bus (<https://specifications.freedesktop.org/secret-service/latest/>).
//!
//! Secrets cross the bus as they are, in a session of the kind `plain`: it is a socket that nobody else may open, and who
//! can read there as this user can ask the keyring itself.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use heard_api::Secret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use zbus::{Connection, DynamicType, MatchRule, MessageStream, OwnedObjectPath, OwnedVariant, Type, Variant, fdo};

const SERVICE: &str = "org.freedesktop.secrets";
const OBJECT: &str = "/org/freedesktop/secrets";
const SERVICE_API: &str = "org.freedesktop.Secret.Service";
const COLLECTION_API: &str = "org.freedesktop.Secret.Collection";
const ITEM_API: &str = "org.freedesktop.Secret.Item";
const PROMPT_API: &str = "org.freedesktop.Secret.Prompt";
const PROPERTIES_API: &str = "org.freedesktop.DBus.Properties";
/// Stands for no object where an object is answered.
const NONE: &str = "/";
/// A keyring may have to be started first; who has not answered after so long does not answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// So long a person may take to type the password of a keyring.
const PATIENCE_WITH_PEOPLE: Duration = Duration::from_secs(120);

/// Why a keyring cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyringError {
    /// There is no session in which one could be.
    #[error("there is no D-Bus session here, and so no keyring")]
    NoSession,
    /// There is a session, and no keyring in it.
    #[error("nobody keeps a keyring (a Secret Service) in this D-Bus session")]
    NoService,
    /// It takes too long.
    #[error("the keyring does not answer")]
    Silent,
    /// It has no place for new secrets.
    #[error("the keyring has no default collection")]
    NoDefault,
    /// It was not unlocked.
    #[error("the keyring stays locked")]
    Locked,
    /// It holds something that is no text.
    #[error("what the keyring holds as {0} is no text")]
    NoText(String),
    /// Anything else.
    #[error("the keyring cannot be used: {0}")]
    Bus(zbus::Error),
}

impl From<zbus::Error> for KeyringError {
    fn from(error: zbus::Error) -> Self {
        match &error {
            zbus::Error::FDO(inner) if matches!(**inner, fdo::Error::ServiceUnknown(_)) => Self::NoService,
            _ => Self::Bus(error),
        }
    }
}

/// The session of the transfer, its parameters, the value, and its kind.
type Transferred = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// A keyring, and in it the secrets of one home.
pub(crate) struct Keyring {
    connection: Connection,
    session: OwnedObjectPath,
    home: String,
}

impl Keyring {
    /// The keyring of the session at this address.
    pub(crate) async fn open(address: Option<&str>, home: &Path) -> Result<Self, KeyringError> {
        let address = address.ok_or(KeyringError::NoSession)?;
        let connecting = async { zbus::connection::Builder::address(address).build().await };
        let connection = in_time(PATIENCE, connecting).await?;
        let plain = ("plain", Variant::from(""));
        let (_, session): (OwnedVariant, OwnedObjectPath) =
            ask(&connection, OBJECT, SERVICE_API, "OpenSession", &plain).await?;
        Ok(Self { connection, session, home: home.display().to_string() })
    }

    /// All secrets of the home, by their names.
    pub(crate) async fn read(&self) -> Result<BTreeMap<String, Secret>, KeyringError> {
        let items = self.find(None).await?;
        let transferred: HashMap<OwnedObjectPath, Transferred> =
            self.ask(OBJECT, SERVICE_API, "GetSecrets", &(items, &self.session)).await?;
        let mut secrets = BTreeMap::new();
        for (item, (_, _, value, _)) in transferred {
            let attributes: OwnedVariant =
                self.ask(item.as_str(), PROPERTIES_API, "Get", &(ITEM_API, "Attributes")).await?;
            let attributes = HashMap::<String, String>::try_from(attributes)?;
            let Some(name) = attributes.get("name") else { continue };
            let value = String::from_utf8(value).map_err(|_| KeyringError::NoText(name.clone()))?;
            secrets.insert(name.clone(), Secret::new(value));
        }
        Ok(secrets)
    }

    /// Keeps a secret in the place of one of the same name.
    pub(crate) async fn keep(&self, name: &str, secret: &Secret) -> Result<(), KeyringError> {
        let collection: OwnedObjectPath = self.ask(OBJECT, SERVICE_API, "ReadAlias", &("default",)).await?;
        if collection.as_str() == NONE {
            return Err(KeyringError::NoDefault);
        }
        self.unlock(vec![collection.clone()]).await?;
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Variant::from(format!("heard: {name}"))),
            ("org.freedesktop.Secret.Item.Attributes", Variant::from(self.attributes(Some(name)))),
        ]);
        let secret = (&self.session, Vec::<u8>::new(), secret.reveal().as_bytes(), "text/plain; charset=utf8");
        let (_, prompt): (OwnedObjectPath, OwnedObjectPath) =
            self.ask(collection.as_str(), COLLECTION_API, "CreateItem", &(properties, secret, true)).await?;
        self.answer(&prompt).await
    }

    /// Takes a secret out, where it is there.
    pub(crate) async fn forget(&self, name: &str) -> Result<(), KeyringError> {
        for item in self.find(Some(name)).await? {
            let prompt: OwnedObjectPath = self.ask(item.as_str(), ITEM_API, "Delete", &()).await?;
            self.answer(&prompt).await?;
        }
        Ok(())
    }

    /// What tells our secrets from those of others, and those of one home from those of another.
    fn attributes(&self, name: Option<&str>) -> HashMap<String, String> {
        let known = [("application", "heard"), ("home", &self.home)];
        let named = name.map(|name| ("name", name));
        known.into_iter().chain(named).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    /// The secrets of the home, or the one of a name, unlocked.
    async fn find(&self, name: Option<&str>) -> Result<Vec<OwnedObjectPath>, KeyringError> {
        let (mut items, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            self.ask(OBJECT, SERVICE_API, "SearchItems", &(self.attributes(name),)).await?;
        items.extend(locked.iter().cloned());
        self.unlock(locked).await?;
        Ok(items)
    }

    async fn unlock(&self, objects: Vec<OwnedObjectPath>) -> Result<(), KeyringError> {
        if objects.is_empty() {
            return Ok(());
        }
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            self.ask(OBJECT, SERVICE_API, "Unlock", &(objects,)).await?;
        self.answer(&prompt).await
    }

    /// Lets the keyring ask the listener what it must know, where it must.
    async fn answer(&self, prompt: &OwnedObjectPath) -> Result<(), KeyringError> {
        if prompt.as_str() == NONE {
            return Ok(());
        }
        let completed = MatchRule::builder().path(prompt.as_str()).interface(PROMPT_API).member("Completed").build()?;
        let mut completed = MessageStream::for_match_rule(completed, &self.connection, None).await?;
        let () = self.ask(prompt.as_str(), PROMPT_API, "Prompt", &("",)).await?;
        let answered = async {
            let message = completed.next().await.ok_or(KeyringError::Locked)??;
            let (dismissed, _): (bool, OwnedVariant) = message.body().deserialize()?;
            if dismissed { Err(KeyringError::Locked) } else { Ok(()) }
        };
        timeout(PATIENCE_WITH_PEOPLE, answered).await.unwrap_or(Err(KeyringError::Locked))
    }

    async fn ask<A, T>(&self, object: &str, interface: &str, method: &str, arguments: &A) -> Result<T, KeyringError>
    where
        A: Serialize + DynamicType,
        T: DeserializeOwned + Type,
    {
        ask(&self.connection, object, interface, method, arguments).await
    }
}

/// What a method of the keyring answers.
async fn ask<A, T>(
    connection: &Connection,
    object: &str,
    interface: &str,
    method: &str,
    arguments: &A,
) -> Result<T, KeyringError>
where
    A: Serialize + DynamicType,
    T: DeserializeOwned + Type,
{
    let answer = connection.call_method(Some(SERVICE), object, Some(interface), method, arguments);
    Ok(in_time(PATIENCE, answer).await?.body().deserialize()?)
}

async fn in_time<T>(patience: Duration, work: impl Future<Output = zbus::Result<T>>) -> Result<T, KeyringError> {
    timeout(patience, work).await.map_err(|_| KeyringError::Silent)?.map_err(KeyringError::from)
}
