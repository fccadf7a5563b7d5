//! What to do when a service refuses: each error says whether to wait, to try again, or to ask a person.
//!
//! It needs no key and no network: the service is a made-up one on loopback.

use std::error::Error;
use std::io::{Write, stdout};

use fakefm::{Config, FakeFm, Fault, Generate};
use heard_api::lastfm::artist::GetSimilar;
use heard_api::lastfm::auth::LoginProblem;
use heard_api::lastfm::user::GetInfo;
use heard_api::{Class, Client, ClientOptions, Clock, Credentials, Pacer, Rate, Service};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeFm::start(Config::generated("ann", &Generate::plain(7, 10, 1_750_000_000)))?;
    run(&fake, &mut stdout()).await
}

/// Tells what each refusal advises.
pub(crate) async fn run(fake: &FakeFm, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let pacer = Pacer::new(Rate::Unpaced, Clock::system());
    let options = ClientOptions::new(fake.url(), Credentials::key("any key will do here"), pacer);
    let client = Client::new(ClientOptions { service: Service::LIBREFM, ..options })?;

    for (code, status) in [(8, 500), (9, 403), (10, 403), (17, 403), (29, 429)] {
        fake.fail_next(Fault::Refusal { code, status, retry_after: None });
        let Err(error) = client.call(&GetInfo::new().user("ann")).await else {
            return Err("the refusal was not noticed".into());
        };
        let advice = match error.class() {
            Class::Retry => "try again".to_owned(),
            Class::RateLimited => "the next call waits by itself".to_owned(),
            Class::Fatal if error.is_private() => "this user hides recent listening".to_owned(),
            Class::Fatal => LoginProblem::of(&error).map_or("ask a person".to_owned(), |problem| problem.to_string()),
        };
        writeln!(out, "{error}: {advice}")?;
    }

    // What the service is known to lack is not even asked for.
    if let Err(error) = client.call(&GetSimilar::new("The Example")).await {
        writeln!(out, "{error}")?;
    }
    Ok(())
}
