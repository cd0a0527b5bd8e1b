//! `relto __typeset`: a worker process, started by relto itself.

use clap::Args;

/// Set letters for another relto process, within limits
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// The memory it may use, in MiB
    pub memory: u64,
    /// The seconds of the processor's time that each letter may take
    pub seconds: u64,
}
