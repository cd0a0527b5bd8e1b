//! The overall marking of a document, and its classification authority block.

use chrono::NaiveDate;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::shared::Shared;
use crate::marking::ast::Marking;
use crate::marking::authority;
use crate::marking::declassify::Undated;
use crate::marking::level::Level;
use crate::marking::parse::Form;
use crate::marking::problem::Problem;
use crate::marking::rollup::roll_up_with;
use crate::notice::draft::Office;
use crate::notice::model::{Authority, Banner};

/// The overall marking: as printed, and as a marking.
pub(super) struct Overall {
    pub(super) banner: Banner,
    pub(super) marking: Marking,
    /// What among the portions has no date of declassification.
    undated: Undated,
}

impl Overall {
    pub(super) fn level(&self) -> Level {
        self.marking.level()
    }
}

/// Rolls up every portion of a document, relto's own unclassified sentences among them.
///
/// # Errors
/// What leaves the banner undecided, each reason begun by `undecided`.
pub(super) fn overall(
    marks: &[Marking],
    office: &Office,
    as_of: NaiveDate,
    undecided: &dyn Fn(&str) -> Diagnostic,
) -> Result<Overall, Vec<Diagnostic>> {
    let mut portions = vec![Marking::us(Level::Unclassified)];
    for mark in marks {
        if !portions.contains(mark) {
            portions.push(mark.clone());
        }
    }
    let unfit = |mark: &Marking, form: Form| -> Vec<Diagnostic> {
        let written = if form == Form::Portion {
            format!("({})", mark.portion())
        } else {
            mark.banner()
        };
        mark.document_problems(form, office.profile.kind, &office.vocabulary)
            .into_iter()
            .filter(Problem::is_error)
            .map(|problem| {
                let why = format!("`{written}` is not fit for a document: {}", problem.message);
                let mut diagnostic = undecided(&why).cite(problem.citation);
                diagnostic.help.extend(problem.help.map(Shared::from));
                diagnostic
            })
            .collect()
    };
    let refused: Vec<Diagnostic> = portions.iter().flat_map(|mark| unfit(mark, Form::Portion)).collect();
    if !refused.is_empty() {
        return Err(refused);
    }
    let rolled = roll_up_with(&portions, &office.profile, &office.vocabulary, Some(as_of));
    match (rolled.banner, rolled.marking) {
        (Some(text), Some(marking)) => {
            let refused = unfit(&marking, Form::Banner);
            if !refused.is_empty() {
                return Err(refused);
            }
            let level = marking.level();
            Ok(Overall {
                banner: Banner {
                    text,
                    level: level.word().to_owned(),
                    classified: level.is_classified(),
                },
                marking,
                undated: Undated::of(&portions),
            })
        }
        _ => Err(rolled
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| {
                let mut diagnostic = undecided(&problem.message).cite(problem.citation);
                diagnostic.help.extend(problem.help.as_ref().map(Shared::from));
                diagnostic
            })
            .collect()),
    }
}

/// The authority block of a classified document called `what`; nothing on an unclassified one. Where portions have no date
/// of declassification, that is what Declassify On says, whatever relto.toml says of the others (32 CFR 2001.24(h)(3)).
///
/// # Errors
/// That relto.toml names no authority, or what is wrong with it; `missing` begins each.
pub(super) fn authority_block(
    what: &str,
    overall: &Overall,
    office: &Office,
    as_of: NaiveDate,
    missing: &dyn Fn(String) -> Diagnostic,
) -> Result<Option<Authority>, Vec<Diagnostic>> {
    let level = overall.level();
    if !level.is_classified() {
        return Ok(None);
    }
    let Some(mut block) = office.authority.clone() else {
        return Err(vec![
            missing(format!("{what} is {level}, and relto.toml names no classification authority"))
                .help("write in relto.toml: `[classification]` `authority = { classified_by = \"…\", derived_from = \"…\", declassify_on = \"20510115\" }`"),
        ]);
    };
    if !overall.undated.is_empty() {
        block.declassify_on = overall.undated.declassify().to_string();
    }
    let written = authority::Authority {
        classified_by: Some(block.classified_by.clone()),
        derived_from: Some(block.derived_from.clone()),
        declassify_on: Some(block.declassify_on.clone()),
        ..authority::Authority::default()
    };
    let problems: Vec<Diagnostic> = authority::check(&written, level, overall.undated, Some(as_of))
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| {
            let mut diagnostic = missing(format!(
                "the classification authority of relto.toml: {}",
                problem.message
            ))
            .cite(problem.citation);
            diagnostic.help.extend(problem.help.map(Shared::from));
            diagnostic
        })
        .collect();
    if problems.is_empty() {
        Ok(Some(block))
    } else {
        Err(problems)
    }
}
