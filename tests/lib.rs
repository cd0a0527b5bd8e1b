//! The integration tests: one binary, one module a topic.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read and write files, and stop where they must"
)]

mod architecture;
mod calendar;
mod calendar_days;
mod calendar_grammar;
mod calendar_laws;
mod cases;
mod cli;
mod deadline;
mod language;
mod marking;
mod policy;
#[cfg(feature = "pdf")]
mod exercise;
mod readme;
mod records;
mod report;
mod shipped;
mod traps;
mod notice;
mod period;
#[cfg(feature = "pdf")]
mod typeset;

/// Reads a file of the test material beside the repository; says so where it is not there. The folder can be named when
/// the tests are built: `RELTO_SHARED=/folder cargo test`.
#[expect(clippy::disallowed_methods, reason = "tests read their material")]
fn shared(name: &str) -> Option<String> {
    let folder = option_env!("RELTO_SHARED").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let found = std::fs::read_to_string(format!("{folder}/{name}")).ok();
    if found.is_none() {
        // Written to the stream itself, which the test harness does not capture: a skipped check must be seen.
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {folder}/{name} is not there\n"),
        );
    }
    found
}
