//! Whether somebody asked this process to stop: Ctrl-C, or the end of its session.
//!
//! A run that writes much asks between two files, tidies up and says so. A second Ctrl-C ends the process at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::base::failure::Failure;

/// What a shell sees of a process that Ctrl-C ended.
const ENDED: i32 = 130;

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on the wish to stop is noted and no longer ends this process by itself. Where the system does not allow that, it
/// ends the process as it stands, as before.
pub fn heed() {
    let asked = ASKED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal is noted, the second finds the note.
        if flag::register_conditional_shutdown(signal, ENDED, Arc::clone(asked)).is_ok() {
            let _ = flag::register(signal, Arc::clone(asked));
        }
    }
}

/// Says whether a run may go on.
///
/// # Errors
/// A [`Failure`] once somebody asked this process to stop.
pub fn check() -> Result<(), Failure> {
    let asked = ASKED.get().is_some_and(|asked| asked.load(Ordering::Relaxed));
    if asked {
        return Err(Failure::new(
            "interrupted: nothing was written, and what was there is as it was",
        ));
    }
    Ok(())
}
