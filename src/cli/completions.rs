//! `relto completions` and `relto man`: made from the command line itself.

use clap::CommandFactory;

use crate::base::failure::Failure;
use crate::cli::args::Arguments;
use crate::cli::args::completions::{CompletionsArgs, ManArgs, Shell};
use crate::cli::terminal::Terminal;
use crate::report::summary::counted;

pub fn completions(args: &CompletionsArgs, terminal: &mut Terminal) -> u8 {
    let shell = match args.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Elvish => clap_complete::Shell::Elvish,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
        Shell::Zsh => clap_complete::Shell::Zsh,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "relto", &mut script);
    terminal.out(&String::from_utf8_lossy(&script));
    0
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where files that people ask for are written"
)]
pub fn man(args: &ManArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let Some(folder) = &args.output else {
        terminal.out(&page(Arguments::command())?);
        return Ok(0);
    };
    std::fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, &error))?;
    let mut command = Arguments::command();
    command.build();
    let mut pages = Vec::new();
    collect(&command, "relto", &mut pages)?;
    for (name, text) in &pages {
        let path = folder.join(format!("{name}.1"));
        std::fs::write(&path, text).map_err(|error| Failure::writing(&path, &error))?;
    }
    terminal.status(&format!(
        "wrote {} to {}",
        counted(pages.len(), "page"),
        folder.display()
    ));
    Ok(0)
}

fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, String)>) -> Result<(), Failure> {
    pages.push((name.to_owned(), page(command.clone())?));
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        collect(inner, &format!("{name}-{}", inner.get_name()), pages)?;
    }
    Ok(())
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut text)
        .map_err(|error| Failure::new(format!("cannot render the page: {error}")))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
