//! `relto completions` and `relto man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto completions bash > ~/.local/share/bash-completion/completions/relto\n  relto completions zsh > \"${fpath[1]}/_relto\""
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

/// Print the manual page, or write one for every command
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relto man | man -l -\n  relto man -o /usr/local/share/man/man1")]
pub struct ManArgs {
    /// Write a page for every command into this folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}
