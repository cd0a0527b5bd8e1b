//! Which of two banners restricts more: a typed banner may only be stricter than the roll-up (32 CFR 2001.24(g)).

use std::collections::BTreeSet;

use crate::marking::ast::{Aea, Fgi, Marking, Program};
use crate::marking::problem::{self, Problem, Span};
use crate::marking::register::{Control, NonIc};
use crate::marking::vocabulary::Vocabulary;

/// Checks a typed banner: it may only be stricter than the computed one, and then needs a reason (32 CFR 2001.24(g)).
pub fn check_typed(computed: &Marking, typed: &Marking, reason: Option<&str>) -> Vec<Problem> {
    if typed == computed {
        return Vec::new();
    }
    if !is_at_least(typed, computed) {
        let message = format!(
            "`{}` is weaker than the roll-up `{}`",
            typed.banner(),
            computed.banner()
        );
        return vec![
            Problem::new(&problem::BANNER_WEAKER, Span::default(), message).help("leave the banner to be computed"),
        ];
    }
    if reason.is_none_or(|reason| reason.trim().is_empty()) {
        let message = format!(
            "`{}` is stricter than the roll-up `{}`",
            typed.banner(),
            computed.banner()
        );
        return vec![
            Problem::new(&problem::COMPILATION_REASON, Span::default(), message)
                .help("give the reason for classification by compilation"),
        ];
    }
    Vec::new()
}

/// Returns true if a banner restricts at least as much as another in every respect.
pub fn is_at_least(strict: &Marking, other: &Marking) -> bool {
    let classified = strict.level().is_classified();
    let controls = other
        .controls
        .iter()
        .filter(|control| !control.is_release() && *control != Control::Fouo)
        .all(|control| strict.has(control) || (control == Control::OrconUsgov && strict.has(Control::Orcon)));
    let non_ic = other.non_ic.iter().all(|control| match control {
        NonIc::Limdis | NonIc::Sbu | NonIc::SbuNoforn if classified => {
            control != NonIc::SbuNoforn || strict.is_noforn()
        }
        NonIc::Sbu => [NonIc::Sbu, NonIc::SbuNoforn, NonIc::Exdis, NonIc::Nodis]
            .iter()
            .any(|one| strict.non_ic.contains(*one)),
        NonIc::SbuNoforn | NonIc::LesNoforn => strict.is_noforn(),
        NonIc::Les => strict.non_ic.contains(NonIc::Les) || strict.non_ic.contains(NonIc::LesNoforn),
        NonIc::Exdis => strict.non_ic.contains(NonIc::Exdis) || strict.non_ic.contains(NonIc::Nodis),
        _ => strict.non_ic.contains(control),
    });
    let fgi = match (&other.fgi, &strict.fgi) {
        (None, _) | (Some(_), Some(Fgi::Concealed)) => true,
        (Some(Fgi::Open(some)), Some(Fgi::Open(all))) => some.iter().all(|code| all.contains(code)),
        _ => false,
    };
    let atomic = {
        let (a, b) = (&strict.aea, &other.aea);
        let sigmas = |aea: &Aea| -> BTreeSet<u8> {
            [&aea.rd, &aea.frd]
                .into_iter()
                .flatten()
                .flat_map(|data| data.sigmas.clone())
                .collect()
        };
        (b.rd.is_none() || a.rd.is_some())
            && (b.frd.is_none() || a.rd.is_some() || a.frd.is_some())
            && (!b.tfni || a.tfni || a.rd.is_some() || a.frd.is_some())
            && ((!b.dod_ucni || a.dod_ucni) && (!b.doe_ucni || a.doe_ucni) || classified && strict.is_noforn())
            && sigmas(b).is_subset(&sigmas(a))
    };
    strict.level() >= other.level()
        && controls
        && non_ic
        && fgi
        && atomic
        && tokens(&other.sci).is_subset(&tokens(&strict.sci))
        && tokens(&other.sap).is_subset(&tokens(&strict.sap))
        && other.nato_words.is_subset(&strict.nato_words)
        && other.accm.iter().all(|name| strict.accm.contains(name))
        && releases_no_more(strict, other)
}

fn tokens(programs: &[Program]) -> BTreeSet<(&str, &str, &str)> {
    let mut found = BTreeSet::new();
    for program in programs {
        found.insert((program.name.as_str(), "", ""));
        for compartment in &program.compartments {
            found.insert((program.name.as_str(), compartment.name.as_str(), ""));
            found.extend(
                compartment
                    .subs
                    .iter()
                    .map(|sub| (program.name.as_str(), compartment.name.as_str(), sub.as_str())),
            );
        }
    }
    found
}

fn releases_no_more(strict: &Marking, other: &Marking) -> bool {
    if strict.is_noforn() {
        return true;
    }
    let reach = |codes: &[String]| -> BTreeSet<String> {
        let vocabulary = Vocabulary::standard();
        codes
            .iter()
            .flat_map(|code| {
                vocabulary
                    .members_always(code)
                    .unwrap_or_else(|| BTreeSet::from([code.clone()]))
            })
            .collect()
    };
    let (a, b) = (strict.release(), other.release());
    if b.is_noforn()
        || (b.is_unmarked() != a.is_unmarked())
        || (a.relido && !b.relido)
        || (!a.relido && a.rel_to.is_none() && a.display_only.is_empty() && b.relido)
    {
        return false;
    }
    let (released, disclosed) = (reach(a.released_to()), reach(&a.display_only));
    let (may_release, mut may_disclose) = (reach(b.released_to()), reach(&b.display_only));
    may_disclose.extend(may_release.iter().cloned());
    released.is_subset(&may_release) && disclosed.is_subset(&may_disclose)
}
