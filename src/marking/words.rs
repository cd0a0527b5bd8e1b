//! A marking in words, for a reviewer to read aloud.

use chrono::NaiveDate;

use crate::marking::ast::{Classification, Fgi, Marking, Program};
use crate::marking::level::{ForeignLevel, Level};
use crate::marking::parse::{Form, parse_with};
use crate::marking::register::Control;
use crate::marking::vocabulary::Vocabulary;

/// Reads controls that stand alone (`NOFORN`, `OC/NF`, `SI-G`): the marking they would be part of, and its form.
///
/// Returns `None` if no level makes a valid marking of them.
pub fn controls_alone(text: &str, on: Option<NaiveDate>, vocabulary: &Vocabulary) -> Option<(Marking, Form)> {
    let before = |level: Level, form: Form| match form {
        Form::Portion => level.letter(),
        Form::Banner | Form::Auto => level.word(),
    };
    let text = text.trim_start_matches('/');
    let forms = [Form::Banner, Form::Portion];
    let levels = [Level::Secret, Level::TopSecret, Level::Unclassified];
    let tries = forms
        .into_iter()
        .flat_map(|form| levels.map(|level| (format!("{}//{text}", before(level, form)), form)));
    tries
        .into_iter()
        .find_map(|(whole, form)| Some((parse_with(&whole, form, on, vocabulary).marking?, form)))
}

/// Returns each part of a marking with its meaning, in the order of the marking.
pub fn parts(marking: &Marking, vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let mut parts = vec![classification(marking, vocabulary)];
    let mut say = |part: &str, meaning: String| parts.push((part.to_owned(), meaning));
    for program in &marking.sci {
        say(
            &program.name,
            format!("sensitive compartmented information{}", compartments(program)),
        );
    }
    for program in &marking.sap {
        say(
            &format!("SAR-{}", program.name),
            format!("special access program{}", compartments(program)),
        );
    }
    let aea = &marking.aea;
    for (holds, part, meaning) in [
        (aea.rd.is_some(), "RD", "Restricted Data under the Atomic Energy Act"),
        (
            aea.frd.is_some(),
            "FRD",
            "Formerly Restricted Data under the Atomic Energy Act",
        ),
        (
            aea.dod_ucni,
            "DOD UCNI",
            "unclassified controlled nuclear information of Defense",
        ),
        (
            aea.doe_ucni,
            "DOE UCNI",
            "unclassified controlled nuclear information of Energy",
        ),
        (aea.tfni, "TFNI", "transclassified foreign nuclear information"),
    ] {
        if holds {
            say(part, meaning.to_owned());
        }
    }
    for word in marking.nato_words.iter() {
        say(word.word(), "NATO control word".to_owned());
    }
    match &marking.fgi {
        None => {}
        Some(Fgi::Concealed) => say("FGI", "foreign government information, source concealed".to_owned()),
        Some(Fgi::Open(codes)) => say(
            "FGI",
            format!("foreign government information of {}", named(codes, vocabulary)),
        ),
    }
    for control in marking.controls.iter() {
        let meaning = match control {
            Control::RelTo if marking.rel_to.is_empty() => {
                "released to the list of its banner, which is not here".to_owned()
            }
            Control::RelTo => format!(
                "released to {} besides the United States, and to nobody else",
                named(&marking.rel_to, vocabulary)
            ),
            Control::DisplayOnly => format!(
                "may be shown to {}, who keep no copy",
                named(&marking.display_only, vocabulary)
            ),
            Control::Relido => "a disclosure official may decide on release; it is not released yet".to_owned(),
            Control::Noforn => "not releasable to foreign nationals".to_owned(),
            Control::Orcon => "the originator controls further dissemination".to_owned(),
            Control::OrconUsgov => {
                "originator controlled, pre-approved for the executive branch and the intelligence committees"
                    .to_owned()
            }
            other => other.names().title.to_lowercase(),
        };
        say(control.names().banner(), meaning);
    }
    for control in marking.non_ic.iter() {
        say(
            control.names().banner(),
            format!(
                "{} (not an intelligence community control)",
                control.names().title.to_lowercase()
            ),
        );
    }
    for name in &marking.accm {
        say(
            &format!("ACCM-{name}"),
            "alternative compensatory control measures of Defense".to_owned(),
        );
    }
    parts
}

fn classification(marking: &Marking, vocabulary: &Vocabulary) -> (String, String) {
    let foreign = |level: &ForeignLevel| level.word().to_lowercase();
    match &marking.classification {
        Classification::Us(level) => {
            let meaning = if level.is_classified() {
                format!("classified {} by the United States", level.word().to_lowercase())
            } else {
                "not classified".to_owned()
            };
            (level.word().to_owned(), meaning)
        }
        Classification::Foreign { owners, level } => (
            owners.join(" ") + " " + level.word(),
            format!("classified {} by {}", foreign(level), named(owners, vocabulary)),
        ),
        Classification::Concealed { level } => (
            format!("FGI {}", level.word()),
            format!("classified {} by a foreign source that is concealed", foreign(level)),
        ),
        Classification::Nato { level, activity } => {
            let by = activity
                .as_ref()
                .map_or_else(String::new, |activity| format!(" for its activity {activity}"));
            (
                format!("NATO {}", level.word()),
                format!("classified {} by NATO{by}", foreign(level)),
            )
        }
        Classification::Joint { owners, level } => (
            format!("JOINT {}", level.word()),
            format!("classified {} jointly by {}", foreign(level), named(owners, vocabulary)),
        ),
    }
}

fn compartments(program: &Program) -> String {
    let names: Vec<String> = program
        .compartments
        .iter()
        .map(|compartment| {
            if compartment.subs.is_empty() {
                compartment.name.clone()
            } else {
                format!("{} with {}", compartment.name, compartment.subs.join(", "))
            }
        })
        .collect();
    match names.len() {
        0 => String::new(),
        1 => format!(", compartment {}", names[0]),
        _ => format!(", compartments {}", names.join("; ")),
    }
}

/// Codes as an English list of everyday names: `Australia, Germany and FIVE EYES (FVEY)`.
pub fn named(codes: &[String], vocabulary: &Vocabulary) -> String {
    let names: Vec<String> = codes
        .iter()
        .map(|code| {
            let name = vocabulary.display_name(code).unwrap_or(code);
            if vocabulary.is_organization(code) {
                format!("{name} ({code})")
            } else if name.starts_with("United ") || matches!(name, "Netherlands" | "Philippines" | "Bahamas") {
                format!("the {name}")
            } else {
                name.to_owned()
            }
        })
        .collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
