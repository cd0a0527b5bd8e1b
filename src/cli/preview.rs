//! `relto template preview`: a letter in the browser, set anew whenever a file is saved.

use crate::base::failure::Failure;
use crate::cli::args::template::PreviewArgs;
use crate::cli::terminal::Terminal;

#[cfg(feature = "pdf")]
mod server;
#[cfg(feature = "pdf")]
mod studio;

/// Serves the page until the program is ended.
#[cfg(feature = "pdf")]
pub fn run(args: &PreviewArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    use crate::workspace::locate::Origin;

    let bench = super::template::open(&args.place)?;
    let folder = match &bench.checked.origin {
        Origin::Folder(folder) => folder.clone(),
        Origin::Sample(_) | Origin::Defaults => std::path::PathBuf::from("."),
    };
    let studio = studio::Studio::new(args.place.clone(), args.letter.clone())?;
    let page = server::Page::open(studio, &folder, args.port)?;
    terminal.out(&format!("{}\n", page.address()));
    terminal.status("open this address in a browser on this machine; Ctrl-C ends the preview");
    page.serve();
    Ok(0)
}

/// Without typesetting there is nothing to show.
#[cfg(not(feature = "pdf"))]
pub fn run(_args: &PreviewArgs, _terminal: &mut Terminal) -> Result<u8, Failure> {
    Err(Failure::new("this relto was built without typesetting")
        .hint("build it with the feature `pdf`: `cargo build --release --features pdf`"))
}
