//! The classification authority block: who classified, from what, why, and for how long
//! (32 CFR 2001.21, .22, .26; M16 section E, pp. 31-34).

use chrono::NaiveDate;

use crate::marking::declassify::{Undated, parse_declassify};
use crate::marking::level::Level;
use crate::marking::problem::{self, Problem, Span};

/// A classification authority block as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authority {
    pub classified_by: Option<String>,
    /// Derivative classification only.
    pub derived_from: Option<String>,
    /// Original classification only: `1.4` and the letters.
    pub reason: Option<String>,
    pub declassify_on: Option<String>,
    /// The sources that `Multiple Sources` stands for.
    pub sources: Vec<String>,
}

/// Checks a block against the level of its document and what in it has no date of declassification (32 CFR 2001.21, .22,
/// .24(h)(3); ISM-ID-00016, -00221).
pub fn check(block: &Authority, level: Level, undated: Undated, origin: Option<NaiveDate>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |message: &str, help: &str, page: &'static str| {
        problems.push(
            Problem::new(&problem::AUTHORITY_BLOCK, Span::default(), message)
                .help(help)
                .cite(page),
        );
    };
    if !level.is_classified() {
        if *block != Authority::default() {
            say(
                "an unclassified document has no classification authority block",
                "leave it out",
                "M16 p. 51; ISM-ID-00016",
            );
        }
        return problems;
    }
    let filled = |value: &Option<String>| value.as_ref().is_some_and(|value| !value.trim().is_empty());
    if !filled(&block.classified_by) {
        say(
            "Classified By is missing",
            "name and position, or personal identifier",
            "32 CFR 2001.21(a)(1)",
        );
    }
    match (filled(&block.reason), filled(&block.derived_from)) {
        (true, true) => say(
            "Reason and Derived From exclude one another",
            "an original classification has a reason, a derivative one its source",
            "32 CFR 2001.22(d); ISM-ID-00221",
        ),
        (false, false) => say(
            "neither Reason nor Derived From",
            "original: `1.4` and the letter; derivative: the source with agency and date",
            "32 CFR 2001.21(a)(3), 2001.22(c)",
        ),
        _ => {}
    }
    if block
        .reason
        .as_ref()
        .is_some_and(|reason| filled(&block.reason) && !is_reason(reason))
    {
        say(
            "Reason cites no category of EO 13526 s. 1.4",
            "write `1.4(c)`, with letters from a to h",
            "32 CFR 2001.21(a)(3)",
        );
    }
    let multiple = block
        .derived_from
        .as_ref()
        .is_some_and(|source| source.trim().eq_ignore_ascii_case("multiple sources"));
    if multiple && block.sources.len() < 2 {
        say(
            "Multiple Sources without the list of sources",
            "list them on or with the document",
            "32 CFR 2001.22(c)(1)",
        );
    }
    match &block.declassify_on {
        Some(value) => {
            let parsed = parse_declassify(value, origin);
            if let Some(value) = &parsed.value
                && Undated::of_value(value) != undated
            {
                let (message, help) = if undated.is_empty() {
                    let message = "no portion is RD, FRD, TFNI or NATO".to_owned();
                    (
                        message,
                        "write a date as YYYYMMDD or an authorized exemption".to_owned(),
                    )
                } else {
                    let message =
                        format!("`{value}` is not for all of its RD, FRD, TFNI and NATO portions, or for others");
                    (message, format!("write `{}`", undated.declassify()))
                };
                say(&message, &help, "32 CFR 2001.24(h)(3)");
            }
            problems.extend(parsed.problems);
        }
        None => say(
            "Declassify On is missing",
            "a date as YYYYMMDD or an authorized exemption",
            "32 CFR 2001.21(a)(4)",
        ),
    }
    problems
}

/// `1.4(a)`, `1.4(c), (d)`, `1.4 (b) and (d)`, `1.4c`: the letters run from a to h.
fn is_reason(text: &str) -> bool {
    let Some((before, letters)) = text.split_once("1.4") else {
        return false;
    };
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let found = words(letters);
    let cited = found.iter().filter(|word| word.len() == 1).count();
    cited > 0
        && found.iter().all(|word| {
            matches!(
                word.as_str(),
                "a" | "b" | "c" | "d" | "e" | "f" | "g" | "h" | "and" | "1" | "4"
            )
        })
        && words(before).iter().all(|word| {
            matches!(
                word.as_str(),
                "EO" | "E" | "O" | "13526" | "section" | "Section" | "s" | "sec" | "Sec" | "reason" | "Reason"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marking::ast::Marking;
    use crate::marking::parse::{Form, parse};

    #[test]
    fn blocks_fit_their_document() {
        let some = |text: &str| Some(text.to_owned());
        let derivative = Authority {
            classified_by: some("J. Example, Analyst"),
            derived_from: some("EA Guide 1, 20200101"),
            declassify_on: some("20350101"),
            ..Authority::default()
        };
        assert!(check(&derivative, Level::Secret, Undated::default(), None).is_empty());
        assert_eq!(
            check(&derivative, Level::Unclassified, Undated::default(), None).len(),
            1
        );
        let both = Authority {
            reason: some("1.4(c)"),
            ..derivative.clone()
        };
        assert_eq!(check(&both, Level::Secret, Undated::default(), None).len(), 1);
        let sources = Authority {
            derived_from: some("Multiple Sources"),
            ..derivative.clone()
        };
        assert_eq!(check(&sources, Level::Secret, Undated::default(), None).len(), 1);
        assert!(
            is_reason("1.4(c), (d)")
                && is_reason("EO 13526 1.4 (b) and (h)")
                && !is_reason("1.5(a)")
                && !is_reason("1.4(j)")
        );
        assert_eq!(
            check(&Authority::default(), Level::Secret, Undated::default(), None).len(),
            3
        );
    }
    #[test]
    fn what_has_no_date_has_no_date_of_declassification() {
        let said = |value: &str, portions: &[&str]| {
            let read = |text: &&str| parse(text, Form::Portion, None).marking.expect("a marking");
            let portions: Vec<Marking> = portions.iter().map(read).collect();
            let block = Authority {
                classified_by: Some("J. Example, Analyst".to_owned()),
                derived_from: Some("EA Guide 1, 20200101".to_owned()),
                declassify_on: Some(value.to_owned()),
                ..Authority::default()
            };
            check(&block, Level::Secret, Undated::of(&portions), None)
                .into_iter()
                .find_map(|problem| problem.help)
        };
        let see = "See source list for NSI portions.";
        for (portions, wanted) in [
            (&["S//RD//NF", "S//FRD//NF"][..], "N/A to RD/FRD portions."),
            (&["S//FGI NATO//REL TO USA, NATO", "S//NF"], "N/A to NATO portions."),
            (&["//NS//REL TO USA, NATO"], "N/A to NATO portions."),
            (
                &["S//TFNI//NF", "//NS//REL TO USA, NATO"],
                "N/A to TFNI and NATO portions.",
            ),
        ] {
            let wanted = format!("{wanted} {see}");
            assert_eq!(
                said("20350101", portions),
                Some(format!("write `{wanted}`")),
                "{portions:?}"
            );
            assert_eq!(said(&wanted, portions), None, "{portions:?}");
            assert!(
                said(&wanted, &["S//NF"]).is_some_and(|help| help.contains("a date")),
                "{portions:?}"
            );
        }
        // Release to NATO is not NATO's information.
        assert_eq!(said("20350101", &["S//REL TO USA, NATO"]), None);
    }
}
