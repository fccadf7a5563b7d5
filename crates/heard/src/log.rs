//! The log, on standard error. It says nothing unless asked, and never shows a secret.

use tracing_subscriber::EnvFilter;

/// Starts the log at the level that `-v` asks for; `RUST_LOG` still wins.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => "off",
        1 => "heard=debug,heard_history=debug,heard_api=info",
        _ => "heard=trace,heard_history=trace,heard_api=trace",
    };
    let filter = crate::config::log_filter()
        .and_then(|said| EnvFilter::try_new(said).ok())
        .unwrap_or_else(|| EnvFilter::new(level));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
}
