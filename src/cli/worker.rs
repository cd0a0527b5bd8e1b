//! `relto __typeset`: a worker process, and how it is found.

use std::io;

use crate::base::failure::Failure;
use crate::cli::args::worker::WorkerArgs;
use crate::typeset::press::serve;
use crate::typeset::pressed::Workers;

/// Serves letters from standard input to standard output until the input ends.
pub fn run(args: &WorkerArgs) -> Result<u8, Failure> {
    serve(
        args.memory,
        args.seconds,
        &mut io::stdin().lock(),
        Box::new(io::stdout()),
    )?;
    Ok(0)
}

/// Worker processes are this program again. Where it cannot tell its own path, everything is set in one process.
pub fn workers() -> Workers {
    Workers {
        program: std::env::current_exe().ok(),
        ..Workers::default()
    }
}
