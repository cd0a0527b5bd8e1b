//! The docket as CSV for spreadsheets. No cell can be taken for a formula, and no cell holds a hidden character.

use crate::base::shared::Shared;
use crate::evaluate::obligation::Obligation;
use crate::report::visible;

/// The columns of the table, then what the table has no room for.
const HEADINGS: [&str; 16] = [
    "due",
    "submit_by",
    "state",
    "record",
    "rule",
    "recipients",
    "title",
    "due_kind",
    "earliest",
    "expression",
    "pack",
    "status",
    "effect",
    "duty",
    "period",
    "told",
];

/// Renders the docket as CSV with a heading.
pub fn docket(obligations: &[&Obligation]) -> String {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to a vector does not fail, and every row has as many cells as the heading.
    let _ = writer.write_record(HEADINGS);
    for obligation in obligations {
        let _ = writer.write_record(row(obligation).map(|cell| safe(&cell)));
    }
    writer
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

fn row(obligation: &Obligation) -> [String; 16] {
    let due = &obligation.due;
    let text = |value: &Option<Shared>| value.as_ref().map_or_else(String::new, String::from);
    [
        text(&due.at),
        text(&due.submit_by),
        obligation.state.word().to_owned(),
        obligation.record.as_deref().unwrap_or_default().to_owned(),
        obligation.rule.to_string(),
        obligation.recipients.join("; "),
        obligation.rule_title.to_string(),
        due_kind(obligation),
        text(&due.earliest),
        due.expression.to_string(),
        obligation.pack.to_string(),
        obligation.status.word().to_owned(),
        obligation.effect.word().to_owned(),
        obligation.duty.as_deref().unwrap_or_default().to_owned(),
        obligation.period.as_deref().unwrap_or_default().to_owned(),
        obligation.told.join("; "),
    ]
}

fn due_kind(obligation: &Obligation) -> String {
    let kind = serde_json::to_value(obligation.due.kind).unwrap_or_default();
    kind.as_str().unwrap_or_default().to_owned()
}

/// Returns a cell that a spreadsheet shows as text: a quote before what would start a formula.
pub fn safe(cell: &str) -> String {
    let first = cell.trim_start().chars().next();
    let formula = cell.starts_with(['\t', '\r', '\n'])
        || matches!(
            first,
            Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠')
        );
    let shown = visible::line(cell);
    if formula {
        format!("'{shown}")
    } else {
        shown.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert!(safe(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(safe("RC-2025-001"), "RC-2025-001");
        assert_eq!(safe("a\u{202e}b"), "a\\u{202e}b");
    }
}
