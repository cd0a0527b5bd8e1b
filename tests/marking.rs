//! Markings against the manual, against other people's cases, against a second implementation, and against nonsense.

mod conformance;
mod families;
mod hostile;
mod laws;
mod oracle;
mod table3;
mod traps;

use relto::marking::ast::Marking;
use relto::marking::parse::{Form, parse};
use relto::marking::rollup::{Profile, RollUp, roll_up};

/// Reads a portion that must be valid.
fn portion(text: &str) -> Marking {
    let parsed = parse(text, Form::Portion, None);
    parsed
        .marking
        .unwrap_or_else(|| panic!("{text}: {:?}", parsed.problems))
}

/// Rolls written portions up by the rules of the intelligence community.
fn rolled(portions: &[&str]) -> RollUp {
    let markings: Vec<Marking> = portions.iter().map(|text| portion(text)).collect();
    roll_up(&markings, &Profile::default())
}

/// The banner of written portions; empty if there is none.
fn banner(portions: &[&str]) -> String {
    rolled(portions).banner.unwrap_or_default()
}

/// The codes of the errors in a text.
fn errors(text: &str) -> Vec<&'static str> {
    let parsed = parse(text, Form::Auto, None);
    parsed
        .problems
        .iter()
        .filter(|problem| problem.is_error())
        .map(|problem| problem.code)
        .collect()
}
