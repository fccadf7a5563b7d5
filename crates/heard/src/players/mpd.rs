//! An MPD: asked for what it plays whenever it says that this has changed, and now and then in between.

mod address;
mod reply;

use std::io;

use heard_api::Secret;
use heard_history::playback::Signal;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{LOOK, Listener, PATIENCE, PAUSES, Tells, Timekeeper};

pub(crate) use address::Address;
use reply::{Line, Pairs, signal};

/// What all MPDs are called.
const NAME: &str = "mpd";
/// No line is longer, in bytes, and no answer has more lines: what is, does not come from an MPD.
const LONGEST_LINE: u64 = 1 << 20;
const MOST_LINES: usize = 10_000;
/// MPD's numbers for a wrong password, and for what nobody may do who gave none.
const PASSWORD: u32 = 3;
const PERMISSION: u32 = 4;

/// Why an MPD cannot be watched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MpdError {
    /// It cannot be reached.
    #[error("it cannot be reached: {0}")]
    Io(#[from] io::Error),
    /// It takes too long.
    #[error("it does not answer")]
    Silent,
    /// Whatever answers is no MPD.
    #[error("what answers there is no MPD")]
    Strange,
    /// It shows nothing to those who do not give the right password.
    #[error("it wants a password, or another one")]
    Password,
    /// It refuses to tell what it plays.
    #[error("it refuses: {0}")]
    Refused(String),
}

impl MpdError {
    /// Whether waiting does not mend it.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Password)
    }
}

/// An MPD that is to be watched.
pub(super) struct Place {
    pub(super) address: Address,
    pub(super) password: Option<Secret>,
}

/// A connection.
pub(super) struct Session {
    from: BufReader<Box<dyn AsyncRead + Send + Unpin>>,
    to: Box<dyn AsyncWrite + Send + Unpin>,
    /// What has arrived of a line.
    line: Vec<u8>,
}

impl Place {
    /// Connects, and gives the password where there is one. What it plays can be asked for then.
    pub(super) async fn connect(&self) -> Result<Session, MpdError> {
        let opened = timeout(PATIENCE, open(&self.address)).await.map_err(|_| MpdError::Silent)?;
        let mut session = opened?;
        session.greet().await?;
        if let Some(password) = &self.password {
            session.ask(&format!("password {}", quoted(password.reveal()))).await?;
        }
        session.state().await?;
        Ok(session)
    }

    /// Tells what it plays until nobody listens any more. A connection that is lost is a pause; it is taken up again as
    /// soon as the MPD is back.
    pub(super) async fn watch(self, first: Option<Session>, listener: Listener) {
        let id = self.address.to_string();
        let mut session = first;
        loop {
            if let Some(open) = session.take() {
                let Err(error) = open.follow(&id, &listener).await else { return };
                let lost = format!("{}: {error}; trying again", self.address);
                listener.tell(&id, NAME, Tells::Signal(Signal::Paused)).await;
                if !listener.tell(&id, NAME, Tells::Says(lost)).await {
                    return;
                }
            }
            let Some(open) = self.reach(&listener).await else { return };
            session = Some(open);
            listener.tell(&id, NAME, Tells::Says(format!("{}: it is there", self.address))).await;
        }
    }

    /// Tries until it is reached, or nobody listens any more.
    async fn reach(&self, listener: &Listener) -> Option<Session> {
        let (mut pause, longest) = PAUSES;
        while !listener.told.is_closed() {
            listener.time.sleep(pause).await;
            match self.connect().await {
                Ok(session) => return Some(session),
                Err(error) => tracing::debug!(%error, "{} is not there", self.address),
            }
            pause = (pause * 2).min(longest);
        }
        None
    }
}

/// Connects, and does no more.
async fn open(address: &Address) -> io::Result<Session> {
    match address {
        Address::Tcp(host, port) => {
            let (from, to) = TcpStream::connect((host.as_str(), *port)).await?.into_split();
            Ok(Session::new(Box::new(from), Box::new(to)))
        }
        #[cfg(unix)]
        Address::Socket(path) => {
            let (from, to) = socket(path).await?.into_split();
            Ok(Session::new(Box::new(from), Box::new(to)))
        }
        #[cfg(not(unix))]
        Address::Socket(_) => Err(io::ErrorKind::Unsupported.into()),
    }
}

#[cfg(unix)]
async fn socket(path: &std::path::Path) -> io::Result<tokio::net::UnixStream> {
    #[cfg(target_os = "linux")]
    if let Some(name) = path.to_str().and_then(|path| path.strip_prefix('@')) {
        use std::os::linux::net::SocketAddrExt;
        let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
        let stream = std::os::unix::net::UnixStream::connect_addr(&address)?;
        stream.set_nonblocking(true)?;
        return tokio::net::UnixStream::from_std(stream);
    }
    tokio::net::UnixStream::connect(path).await
}

/// A text as an argument of a command.
fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '\n' | '\0')).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Session {
    fn new(from: Box<dyn AsyncRead + Send + Unpin>, to: Box<dyn AsyncWrite + Send + Unpin>) -> Self {
        Self { from: BufReader::new(from), to, line: Vec::new() }
    }

    async fn greet(&mut self) -> Result<(), MpdError> {
        let line = timeout(PATIENCE, self.next_line()).await.map_err(|_| MpdError::Silent)??;
        if line.starts_with(b"OK MPD ") { Ok(()) } else { Err(MpdError::Strange) }
    }

    /// Tells what it plays, whenever that changes and every few seconds. Ends well when nobody listens any more.
    async fn follow(mut self, id: &str, listener: &Listener) -> Result<(), MpdError> {
        loop {
            let signal = self.state().await?;
            if !listener.tell(id, NAME, Tells::Signal(signal)).await {
                return Ok(());
            }
            self.idle(&listener.time).await?;
        }
    }

    async fn state(&mut self) -> Result<Signal, MpdError> {
        let answers = self.ask("command_list_ok_begin\nstatus\ncurrentsong\ncommand_list_end").await?;
        match answers.as_slice() {
            [status, song, ..] => Ok(signal(status, song)),
            _ => Err(MpdError::Strange),
        }
    }

    /// Waits until something about playing changes, or it is time to look. MPD answers an `idle` that is called off like
    /// one that ended by itself, and nothing to a call that comes too late, so there is one answer in either case.
    async fn idle(&mut self, time: &Timekeeper) -> Result<(), MpdError> {
        self.send("idle player").await?;
        let changed = tokio::select! {
            changed = self.answers() => Some(changed),
            () = time.sleep(LOOK) => None,
        };
        match changed {
            Some(answers) => answers.map(drop),
            None => self.ask("noidle").await.map(drop),
        }
    }

    /// Says something, and reads the answer: of each command of a list, its own.
    async fn ask(&mut self, command: &str) -> Result<Vec<Pairs>, MpdError> {
        self.send(command).await?;
        timeout(PATIENCE, self.answers()).await.map_err(|_| MpdError::Silent)?
    }

    async fn send(&mut self, command: &str) -> Result<(), MpdError> {
        let line = format!("{command}\n");
        let sent = async {
            self.to.write_all(line.as_bytes()).await?;
            self.to.flush().await
        };
        Ok(timeout(PATIENCE, sent).await.map_err(|_| MpdError::Silent)??)
    }

    async fn answers(&mut self) -> Result<Vec<Pairs>, MpdError> {
        let mut answers = vec![Pairs::default()];
        for _ in 0..MOST_LINES {
            let line = self.next_line().await?;
            match Line::read(&line) {
                Line::Ok => return Ok(answers),
                Line::ListOk => answers.push(Pairs::default()),
                Line::Refused { code: Some(PASSWORD | PERMISSION), .. } => return Err(MpdError::Password),
                Line::Refused { words, .. } => return Err(MpdError::Refused(words)),
                Line::Pair(name, value) => {
                    if let Some(Pairs(pairs)) = answers.last_mut() {
                        pairs.push((name, value));
                    }
                }
                Line::Strange => {}
            }
        }
        Err(MpdError::Strange)
    }

    /// The next line without its line feed. What has arrived of one stays, should nobody wait for the rest.
    async fn next_line(&mut self) -> Result<Vec<u8>, MpdError> {
        let room = LONGEST_LINE.saturating_sub(self.line.len() as u64);
        (&mut self.from).take(room).read_until(b'\n', &mut self.line).await?;
        match self.line.pop() {
            Some(b'\n') => Ok(std::mem::take(&mut self.line)),
            _ if self.line.len() as u64 + 1 >= LONGEST_LINE => Err(MpdError::Strange),
            _ => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
        }
    }
}
