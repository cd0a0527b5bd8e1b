//! The integration tests: one binary, one module a topic.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read and write files, and stop where they must"
)]

mod architecture;
mod at_once;
mod calendar;
mod calendar_days;
mod calendar_grammar;
mod calendar_laws;
mod cases;
mod cli;
mod coordination;
mod deadline;
mod in_force;
mod language;
mod language_packs;
#[cfg(feature = "pdf")]
mod letter_pages;
mod marking;
mod neighbour;
mod policy;
mod policy_coverage;
mod policy_tools;
#[cfg(feature = "pdf")]
mod exercise;
mod readme;
mod records;
mod report;
mod shipped;
mod traps;
#[cfg(feature = "pdf")]
mod newcomer;
mod notice;
mod period;
#[cfg(feature = "pdf")]
mod preview;
#[cfg(feature = "pdf")]
mod shop;
#[cfg(feature = "pdf")]
mod template;
#[cfg(feature = "pdf")]
mod typeset;
mod ways;
#[cfg(feature = "pdf")]
mod workshop;

/// Reads a file of the test material beside the repository; says so where it is not there. The folder can be named when
/// the tests are built: `RELTO_SHARED=/folder cargo test`.
#[expect(clippy::disallowed_methods, reason = "tests read their material")]
fn shared(name: &str) -> Option<String> {
    let path = shared_folder().join(name);
    let found = std::fs::read_to_string(&path).ok();
    if found.is_none() {
        skipped(&path);
    }
    found
}

/// The folder of the test material beside the repository.
fn shared_folder() -> std::path::PathBuf {
    option_env!("RELTO_SHARED")
        .unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"))
        .into()
}

/// Says that a check is skipped, on the stream itself, which the test harness does not capture: it must be seen.
fn skipped(path: &std::path::Path) {
    let words = format_args!("SKIPPED: {} is not there\n", path.display());
    let _ = std::io::Write::write_fmt(&mut std::io::stderr(), words);
}
