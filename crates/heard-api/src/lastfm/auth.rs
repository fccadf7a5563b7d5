//! The package `auth`, and the ways to a session key.
//!
//! - **Desktop.** [`GetToken`], then the user says yes on [`Client::login_page`](crate::Client::login_page), then
//!   [`Client::await_session`](crate::Client::await_session) asks until the service gives the key.
//! - **Web.** The user says yes on [`Client::callback_page`](crate::Client::callback_page), the service sends the
//!   browser to the callback with a token, [`token_of_callback`] takes it out, and [`GetSession`] exchanges it.
//! - **Mobile.** [`GetMobileSession`] exchanges the user's name and password; with GNU FM,
//!   [`GetMobileSessionByDigest`].
//!
//! A session key does not expire; the user can take it back on the service's own pages.

mod calls;
mod login;
mod problem;
mod session;

pub use calls::{GetMobileSession, GetMobileSessionByDigest, GetSession, GetToken};
pub use login::{Patience, token_of_callback};
pub use problem::LoginProblem;
pub use session::Session;
