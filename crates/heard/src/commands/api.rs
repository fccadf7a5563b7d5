//! `heard api`: any call of a service, and its answer as it came.

use heard_api::{Access, Client, Clock, Code as ServiceCode, Error, Reply, Request, listenbrainz, public_params};
use heard_history::asked::{self, Answer};
use heard_history::home::Home;
use heard_history::listen::Account;
use heard_history::{columns, ingest, verify};

use super::calling::{brainz, client, keys_of, wait_for};
use crate::args::{Api, ServiceArg};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, write_out};

pub(crate) fn run(args: &Api, config: &Config, printer: Printer) -> Result<(), Failure> {
    let request = request(args, config.secret(keys_of(args.service.into())[2].0).is_some())?;
    let reply = if args.service == ServiceArg::Listenbrainz {
        let client = brainz(args.url.as_deref(), config)?;
        let call = path_call(args)?;
        wait_for(async {
            let reply = client.send(&call).await?;
            listenbrainz::refusal(&reply).map_or(Ok(reply), |error| Err(error.into()))
        })?
    } else {
        let client = client(args.service.into(), args.url.as_deref(), config)?;
        wait_for(ask(&client, &request))?
    };
    if config.is_quoted_in(&reply.body) {
        let failure = Failure::new(Code::Failure, "the answer repeats a key or token, and is not shown");
        return Err(failure.hint("ask for something else, or another server than --url names"));
    }
    let kept = if args.archive { Some(keep(args, &request, &reply, config)?) } else { None };
    write_out(&reply.body)?;
    if let Some(place) = kept {
        printer.say(&format!("kept in the archive as envelope {place}"));
    }
    Ok(())
}

/// Puts the answer into the archive. Its place there.
fn keep(args: &Api, request: &Request, reply: &Reply, config: &Config) -> Result<u64, Failure> {
    let named = public_params(request);
    let user = ["user", "username"].iter().find_map(|name| request.params().get(name)).unwrap_or_default();
    let answer = Answer {
        account: Account::new(&config.listener, args.service.into(), user),
        method: request.method().to_owned(),
        params: named.into_iter().filter(|(name, _)| name != "method").collect(),
        status: reply.status,
        served_at: reply.date,
        received_at: Clock::system().now(),
        body: reply.body.clone(),
    };
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    verify::unseal(&home, &lock)?;
    let (mut store, _) = ingest::open(&home, &lock, &config.zone)?;
    let kept = asked::keep(&home, &lock, &mut store, answer);
    columns::refresh(&home, &lock, &store)?;
    verify::seal(&home, &lock, store)?;
    Ok(kept?)
}

/// The call as it is to be sent, without anything that is not to be typed.
fn request(args: &Api, has_session: bool) -> Result<Request, Failure> {
    let mut request = Request::named(&args.method);
    if request.method().to_ascii_lowercase().starts_with("auth.") {
        let failure =
            Failure::new(Code::Usage, format!("the answer to {} is a key, which is never shown", args.method));
        return Err(failure.hint("heard login lastfm"));
    }
    if args.sign && request.needs() == Access::Key {
        request = request.access(if has_session { Access::Session } else { Access::Signed });
    }
    if args.post {
        request = request.post();
    }
    for (name, value) in &args.parameters {
        request = request.param(name.clone(), value);
    }
    // What is no public parameter is a secret.
    if public_params(&request).len() <= request.params().iter().count() {
        return Err(Failure::new(Code::Usage, "keys, tokens and passwords are not to be typed: others can read them")
            .hint("export LASTFM_API_KEY=…, LASTFM_API_SECRET=…, LASTFM_SESSION_KEY=… or LISTENBRAINZ_TOKEN=…"));
    }
    Ok(request)
}

fn path_call(args: &Api) -> Result<listenbrainz::Call<Vec<u8>>, Failure> {
    if args.post || args.sign {
        return Err(Failure::new(Code::Usage, "of ListenBrainz only what is read can be asked for by its path")
            .hint("leave out --post and --sign; the token goes with every call"));
    }
    let call = listenbrainz::read(&args.method);
    Ok(args.parameters.iter().fold(call, |call, (name, value)| call.param(name.clone(), value)))
}

async fn ask(client: &Client, request: &Request) -> Result<Reply, Failure> {
    let reply = client.send(request).await?;
    match reply.service_error() {
        Some(Error::Service { code: ServiceCode::InvalidMethod | ServiceCode::Deprecated, .. }) => {
            let method = request.method().to_owned();
            Err(Error::NotOffered { method, service: client.service().name }.into())
        }
        Some(error) => Err(error.into()),
        None => Ok(reply),
    }
}
