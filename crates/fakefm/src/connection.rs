//! Connections that can be cut, reset or slowed in the middle of an answer.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};

use crate::answer::Delivery;

/// How the rest of a connection is to be treated.
#[derive(Debug, Clone, Copy)]
enum Course {
    /// As it should.
    Steady,
    /// Nothing may be written any more, and the peer is told by a reset.
    Reset,
    /// An answer begins whose body may go on for so many bytes.
    Armed { body: usize, every: Option<Duration> },
    /// So many bytes of the head, then so many of the body may be written until the connection is closed.
    Ending { head: usize, body: usize, every: Option<Duration> },
}

/// The handle by which a handler decides the fate of its connection.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    course: Arc<Mutex<Course>>,
}

impl Line {
    /// Lets the next answer travel as `delivery` says.
    pub(crate) fn deliver(&self, delivery: Delivery) {
        let course = match delivery {
            Delivery::Whole => Course::Steady,
            Delivery::Reset => Course::Reset,
            Delivery::Cut { after } => Course::Armed { body: after, every: None },
            Delivery::Drip { every, bytes } => Course::Armed { body: bytes, every: Some(every) },
        };
        self.set(course);
    }

    fn get(&self) -> Course {
        *self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, course: Course) {
        *self.course.lock().unwrap_or_else(PoisonError::into_inner) = course;
    }
}

impl Connected<IncomingStream<'_, Lines>> for Line {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.remote_addr().clone()
    }
}

/// A listener whose connections each have a [`Line`].
#[derive(Debug)]
pub(crate) struct Lines {
    listener: TcpListener,
}

impl Lines {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener }
    }
}

impl Listener for Lines {
    type Io = Connection;
    type Addr = Line;

    async fn accept(&mut self) -> (Connection, Line) {
        let (stream, _): (TcpStream, SocketAddr) = Listener::accept(&mut self.listener).await;
        let line = Line { course: Arc::new(Mutex::new(Course::Steady)) };
        // Without it small answers wait for the peer's acknowledgement; a refusal only makes them slower.
        let _ = stream.set_nodelay(true);
        (Connection { stream, line: line.clone(), pause: None }, line)
    }

    fn local_addr(&self) -> io::Result<Line> {
        Ok(Line { course: Arc::new(Mutex::new(Course::Steady)) })
    }
}

/// One connection, which obeys its [`Line`].
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    line: Line,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    /// Waits for the next tick of a slow answer.
    #[allow(clippy::disallowed_methods, reason = "slowness is what is wanted")]
    fn poll_tick(&mut self, cx: &mut Context<'_>, every: Duration) -> Poll<()> {
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(every)));
        ready!(pause.as_mut().poll(cx));
        self.pause = None;
        Poll::Ready(())
    }

    fn poll_ending(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Course::Ending { head, body, every } = self.line.get() else {
            return Poll::Ready(Ok(0));
        };
        let allowed = match every {
            _ if head > 0 => head,
            _ if body == 0 => return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            None => body,
            Some(every) => {
                ready!(self.poll_tick(cx, every));
                1
            }
        };
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &buf[..allowed.min(buf.len())]))?;
        let of_head = written.min(head);
        self.line.set(Course::Ending { head: head - of_head, body: body - (written - of_head), every });
        Poll::Ready(Ok(written))
    }
}

/// The length of the head of an answer, blank line included.
fn head_length(answer: &[u8]) -> usize {
    answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4)
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.line.get() {
            Course::Steady => Pin::new(&mut self.stream).poll_write(cx, buf),
            Course::Reset => {
                self.stream.set_zero_linger()?;
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
            Course::Armed { body, every } => {
                // The head of an answer is written in one piece, before anything of its body.
                self.line.set(Course::Ending { head: head_length(buf), body, every });
                self.poll_ending(cx, buf)
            }
            Course::Ending { .. } => self.poll_ending(cx, buf),
        }
    }

    /// Large answers go out without being copied together; the faulty ones go by [`poll_write`](Self::poll_write).
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let Course::Steady = self.line.get() {
            return Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        }
        let first = bufs.iter().find(|buf| !buf.is_empty());
        self.poll_write(cx, first.map_or(&[], |buf| &**buf))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}
