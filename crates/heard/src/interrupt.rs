//! Ending when the listener asks for it.

use crate::exit::{Code, Failure};

/// The first Ctrl-C (or SIGTERM) ends the work cleanly; the second ends the program at once.
pub(crate) fn on_interrupt(stop: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(Code::Failure, format!("Ctrl-C cannot be heard: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async { bear_limits_of_size() }).map_err(failed)?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            wait_for_signal().await;
            stop();
            wait_for_signal().await;
            #[expect(clippy::disallowed_methods, reason = "whoever asks twice does not want to wait")]
            std::process::exit(Code::Interrupted as i32);
        });
    });
    Ok(())
}

/// A file that may not grow further (`ulimit -f`) is then an error of the write, not a signal that ends the process.
#[cfg(unix)]
fn bear_limits_of_size() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw())).map(drop)
}

#[cfg(not(unix))]
fn bear_limits_of_size() -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    drop(tokio::signal::ctrl_c().await);
}
