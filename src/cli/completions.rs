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
    clap_complete::generate(shell, &mut shown(&Arguments::command()), "relto", &mut script);
    terminal.out(&String::from_utf8_lossy(&script));
    0
}

/// The command without its hidden commands, for scripts that name every one: names, arguments and what they say of
/// themselves, no more.
fn shown(command: &clap::Command) -> clap::Command {
    let mut copy = clap::Command::new(kept(command.get_name()))
        .args(command.get_arguments().cloned())
        .groups(command.get_groups().cloned())
        .subcommands(commands(command).map(shown))
        .disable_help_subcommand(command.is_disable_help_subcommand_set());
    if let Some(version) = command.get_version() {
        copy = copy.version(kept(version));
    }
    if let Some(about) = command.get_about() {
        copy = copy.about(about.clone());
    }
    if let Some(about) = command.get_long_about() {
        copy = copy.long_about(about.clone());
    }
    copy.visible_aliases(command.get_visible_aliases().map(kept))
}

/// Commands are named by texts that stay; a run writes one script and ends.
fn kept(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// The commands inside a command that people are to know.
fn commands(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|inner| !inner.is_hide_set())
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
    for inner in commands(command).filter(|inner| inner.get_name() != "help") {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(command: &clap::Command, found: &mut Vec<String>) {
        found.push(command.get_name().to_owned());
        command.get_subcommands().for_each(|inner| names(inner, found));
    }

    #[test]
    fn hidden_commands_are_in_no_script_and_on_no_page() {
        let hidden = |name: &'static str| clap::Command::new(name).hide(true);
        let inner = clap::Command::new("open")
            .subcommand(hidden("inner"))
            .subcommand(clap::Command::new("seen"));
        let tree = clap::Command::new("tree").subcommand(hidden("outer")).subcommand(inner);
        let mut found = Vec::new();
        names(&shown(&tree), &mut found);
        assert_eq!(found, ["tree", "open", "seen"]);
        let mut pages = Vec::new();
        collect(&tree, "tree", &mut pages).unwrap();
        let pages: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(pages, ["tree", "tree-open", "tree-open-seen"]);
    }

    #[test]
    fn every_command_that_is_not_hidden_stays_with_its_arguments() {
        fn same(one: &clap::Command, other: &clap::Command) {
            let arguments = |command: &clap::Command| command.get_arguments().cloned().collect::<Vec<_>>();
            assert_eq!(arguments(one), arguments(other), "{}", one.get_name());
            let (mut ones, mut others) = (commands(one), commands(other));
            loop {
                match (ones.next(), others.next()) {
                    (Some(one), Some(other)) => same(one, other),
                    (None, None) => break,
                    _ => panic!("{}", one.get_name()),
                }
            }
        }
        let all = Arguments::command();
        let copy = shown(&all);
        same(&all, &copy);
        let mut found = Vec::new();
        names(&copy, &mut found);
        assert!(found.iter().all(|name| !name.starts_with("__")), "{found:?}");
    }
}
