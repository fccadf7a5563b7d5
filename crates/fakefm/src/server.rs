//! The socket: a thread of its own with the HTTP server in it.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr, TcpListener as StdListener},
    ops::{Deref, DerefMut},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, DefaultBodyLimit, State},
    http::{Method, Response, Uri, header::HeaderMap},
    routing::any,
};
use tokio::{net::TcpListener, runtime, sync::oneshot, time};

use crate::{
    admin,
    answer::{Answer, Delivery},
    backend::{Backend, Hook},
    call::Arrival,
    clock::{TellTime, http_date},
    connection::{Line, Lines},
    faults::{Fault, Faults, When},
    generate::Generate,
    load::{self, LoadError},
    movement::Movement,
    rules::Rules,
    stats::{Logged, Stats},
    world::World,
    writes::Write,
};

/// The greatest body that is read: more than ListenBrainz takes, so that it can be refused in its words.
const BODY_MAX: usize = 16 << 20;

/// What fake to start.
pub struct Config {
    /// Its accounts, as they are at the start.
    pub world: World,
    /// Its manners.
    pub rules: Rules,
    /// What goes wrong by chance.
    pub faults: Faults,
    /// Whether the accounts change at every request.
    pub movement: Option<Movement>,
    /// What else happens before each request.
    pub hook: Option<Hook>,
    /// Where the time comes from; the system if `None`.
    pub clock: Option<TellTime>,
    /// How long every answer takes, in milliseconds. Requests at the same time wait at the same time.
    pub latency_ms: u64,
    /// The port on loopback; 0 for any free one.
    pub port: u16,
    /// How many entries of the log are kept.
    pub keep_log: usize,
    /// How many arrivals are kept with all their bytes.
    pub keep_arrivals: usize,
    /// Whether the covers of albums lie at the fake itself, below `/i/u/`. Otherwise their addresses are the service's.
    pub own_pictures: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self::new(World::new())
    }
}

impl Config {
    /// A fake with this world, the usual manners, and nothing wrong.
    pub fn new(world: World) -> Self {
        Self {
            world,
            rules: Rules::default(),
            faults: Faults::none(),
            movement: None,
            hook: None,
            clock: None,
            latency_ms: 0,
            port: 0,
            keep_log: 100_000,
            keep_arrivals: 1_000,
            own_pictures: false,
        }
    }

    /// A fake with the one account `user`, whose history is made up.
    pub fn generated(user: &str, history: &Generate) -> Self {
        let mut world = World::of(user);
        history.fill(world.listener());
        Self::new(world)
    }

    /// A fake with the one account `user`, whose history is read from a CSV or JSON file as [`load::file`] tells.
    ///
    /// # Errors
    /// When the file cannot be read as a history.
    pub fn loaded(user: &str, path: &Path) -> Result<Self, LoadError> {
        let mut world = World::of(user);
        load::file(path, world.listener())?;
        Ok(Self::new(world))
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accounts: Vec<_> = self.world.accounts().iter().map(|account| (account.name(), account.len())).collect();
        f.debug_struct("Config").field("accounts", &accounts).field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// What the request handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    backend: Arc<Mutex<Backend>>,
    latency: Duration,
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Backend> {
        // A test that failed while it held the lock has said what is wrong; the others may go on.
        self.backend.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running fake. It stops when it is dropped.
#[derive(Debug)]
pub struct FakeFm {
    shared: Shared,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeFm {
    /// Starts a fake on loopback, in a thread of its own: it can be used from blocking and from async code.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no socket or thread.
    pub fn start(config: Config) -> io::Result<Self> {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, config.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let mut backend = Backend::new(config.world, config.rules);
        if let Some(clock) = config.clock {
            backend.world.set_clock(clock);
        }
        backend.world.lore.pictures = config.own_pictures.then(|| format!("http://{address}/i/u"));
        backend.faults = config.faults;
        backend.movement = config.movement;
        backend.hook = config.hook;
        backend.keep = (config.keep_log, config.keep_arrivals);
        let shared =
            Shared { backend: Arc::new(Mutex::new(backend)), latency: Duration::from_millis(config.latency_ms) };
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let of_thread = shared.clone();
        let thread = thread::Builder::new().name("fakefm".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, of_thread) => {}
                    // The sender is dropped at the latest with its owner.
                    _ = stopped => {}
                }
            });
            // The runtime is dropped here, and with it every open connection.
        })?;
        Ok(Self { shared, address, stop: Some(stop), thread: Some(thread) })
    }

    /// The root of the service: `http://127.0.0.1:PORT/2.0/`.
    pub fn url(&self) -> String {
        format!("http://{}/2.0/", self.address)
    }

    /// The root of its ListenBrainz: `http://127.0.0.1:PORT`, to which a client adds `/1/…`.
    pub fn listenbrainz_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The world, locked: requests wait until the guard is dropped, so ask nothing of the fake while it is held.
    pub fn world(&self) -> WorldGuard<'_> {
        WorldGuard { backend: self.shared.lock() }
    }

    /// The manners, locked like the [`world`](Self::world), for a change while it runs.
    pub fn set_rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.shared.lock().rules);
    }

    /// From now on other faults happen by chance.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.lock().faults = faults;
    }

    /// From now on the accounts move otherwise, or stand still.
    pub fn set_movement(&self, movement: Option<Movement>) {
        self.shared.lock().movement = movement;
    }

    /// From now on something else happens before each request.
    pub fn set_hook(&self, hook: Option<Hook>) {
        self.shared.lock().hook = hook;
    }

    /// Orders a fault for the next request.
    pub fn fail_next(&self, fault: Fault) {
        self.fail_times(When::Always, fault, 1);
    }

    /// Orders a fault for every request that suits, from now on.
    pub fn fail(&self, when: When, fault: Fault) {
        self.fail_times(when, fault, u32::MAX);
    }

    /// Orders a fault for the next `times` requests that suit. An earlier order that suits too comes first.
    pub fn fail_times(&self, when: When, fault: Fault, times: u32) {
        self.shared.lock().script.order(when, fault, times);
    }

    /// Takes back all orders of faults; chance goes on.
    pub fn fail_no_more(&self) {
        self.shared.lock().script.clear();
    }

    /// The counts up to now.
    pub fn stats(&self) -> Stats {
        self.shared.lock().counter.stats.clone()
    }

    /// The last requests and what became of them, oldest first.
    pub fn log(&self) -> Vec<Logged> {
        self.shared.lock().counter.log().cloned().collect()
    }

    /// The last requests that write, what they asked to be written and what became of it, oldest first.
    pub fn writes(&self) -> Vec<Write> {
        self.shared.lock().counter.writes().cloned().collect()
    }

    /// The last requests with all that was sent, oldest first.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.shared.lock().arrivals.iter().cloned().collect()
    }

    /// Forgets the counts, the log and the arrivals; the numbers of requests go on.
    pub fn forget(&self) {
        self.shared.lock().forget();
    }
}

impl Drop for FakeFm {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// The world of a running fake, which stands still while this is held.
#[derive(Debug)]
pub struct WorldGuard<'a> {
    backend: MutexGuard<'a, Backend>,
}

impl Deref for WorldGuard<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.backend.world
    }
}

impl DerefMut for WorldGuard<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.backend.world
    }
}

async fn serve(listener: StdListener, shared: Shared) {
    let listener = TcpListener::from_std(listener).expect("the listener was made for this runtime: non-blocking");
    let root = any(service);
    let routes = Router::new()
        .route("/2.0", root.clone())
        .route("/2.0/", root.clone())
        .route("//2.0", root.clone())
        .route("//2.0/", root.clone())
        .route("/1/{*path}", root.clone())
        .route("/i/u/{folder}/{file}", root)
        .merge(admin::routes())
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(shared);
    let routes = routes.into_make_service_with_connect_info::<Line>();
    // It ends only with the runtime, and reports nothing.
    let _ = axum::serve(Lines::new(listener), routes).await;
}

#[allow(clippy::disallowed_methods, reason = "latency is what is wanted")]
async fn service(
    State(shared): State<Shared>,
    ConnectInfo(line): ConnectInfo<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let arrival = Arrival {
        nth: 0,
        verb: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers: headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body,
    };
    let (answer, date) = {
        let mut backend = shared.lock();
        let answer = if [Method::GET, Method::POST].contains(&method) {
            match arrival.path.strip_prefix("/i/u/").and_then(|path| path.split('/').nth(1)).map(ToOwned::to_owned) {
                Some(file) => backend.picture(arrival, &file),
                None => backend.respond(arrival),
            }
        } else {
            Answer::new(405, crate::answer::HTML, Bytes::new())
        };
        (answer, http_date(backend.world.now_ms()))
    };
    let wait = shared.latency + answer.wait;
    if !wait.is_zero() {
        time::sleep(wait).await;
    }
    if answer.delivery != Delivery::Whole {
        line.deliver(answer.delivery);
    }
    response(answer, &date)
}

/// The answer with the headers that the service is known to send.
fn response(answer: Answer, date: &str) -> Response<Body> {
    let mut builder = Response::builder()
        .status(answer.status)
        .header("Server", "openresty/1.13.6.2")
        .header("Date", date)
        .header("Content-Type", answer.content_type)
        .header("Access-Control-Allow-Methods", "POST, GET, OPTIONS")
        .header("Access-Control-Allow-Origin", "*")
        .header("Access-Control-Max-Age", "86400")
        .header("Via", "1.1 google");
    if let Some(seconds) = answer.retry_after {
        builder = builder.header("Retry-After", seconds);
    }
    if let Some(standing) = answer.standing {
        for (name, value) in standing.headers() {
            builder = builder.header(name, value);
        }
    }
    if let Some(location) = answer.location {
        builder = builder.header("Location", location);
    }
    if answer.gzip {
        builder = builder.header("Content-Encoding", "gzip");
    }
    builder.body(Body::from(answer.body)).expect("statuses and headers are chosen here and valid")
}
