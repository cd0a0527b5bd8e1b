//! A run made ready: its settings and packs are read, its record files are named, and nothing is judged yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::base::code::Code;
use crate::base::diagnostic::{self, Diagnostic, Severity};
use crate::base::failure::Failure;
use crate::base::source::Sources;
use crate::base::suggest;
use crate::evaluate::case::{Case, Frame};
use crate::policy::choose::{Named, choose};
use crate::record::lines::Lines;
use crate::record::load::RecordFile;
use crate::run::{Level, Request, Wanted};
use crate::workspace::locate::Origin;
use crate::workspace::open::{Input, calendar, inputs, is_settings, origin, read_settings, settings_failure};
use crate::workspace::settings::Settings;

/// What a run judges, and by what.
#[derive(Debug)]
pub struct Ready {
    pub(super) sources: Sources,
    pub(super) settings: Settings,
    pub(super) origin: Origin,
    pub(super) inputs: Vec<Input>,
    /// What the records were written as, if not as files, and what was wrong with lines that are none.
    pub(super) lines: Option<(Lines, Vec<Diagnostic>)>,
    /// Without records: it is there for its rules, calendar and as-of date.
    pub(super) case: Case,
    /// Those of the packs.
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) wanted: Wanted,
}

/// Which records are judged.
pub(super) enum Read {
    Files,
    Lines(Lines, Vec<Diagnostic>),
    /// None: it is about the rules.
    Nothing,
}

impl Ready {
    /// Makes a run over record files ready. `today` is asked only where no as-of date is given.
    ///
    /// # Errors
    /// A [`Failure`] where the run cannot start: a path that is not there, a malformed `relto.toml`.
    pub fn files(request: &Request, today: &dyn Fn(Tz) -> NaiveDate) -> Result<Ready, Failure> {
        Self::of(request, today, Read::Files)
    }

    pub(super) fn of(request: &Request, today: &dyn Fn(Tz) -> NaiveDate, read: Read) -> Result<Ready, Failure> {
        let mut sources = Sources::default();
        let origin = origin(&request.paths, request.workspace.as_deref(), request.sample)?;
        let mut settings = read_settings(&origin, &mut sources)?;
        let overrides = severities(&settings, request)?;
        settings.severity = overrides;
        let calendar = calendar(&settings, &origin)?;
        let as_of = as_of(request, &origin, &settings, today);

        let with_tests = matches!(read, Read::Nothing);
        let (inputs, lines) = match read {
            Read::Files => (inputs(&request.paths, &origin, &mut sources)?, None),
            Read::Nothing => (Vec::new(), None),
            Read::Lines(mut lines, problems) => {
                let source = sources.add(INPUT, std::mem::take(&mut lines.text));
                let file = RecordFile { source, unread: None };
                (vec![Input { file, reported: true }], Some((lines, problems)))
            }
        };
        let packs = Named {
            extra: request.policy.clone(),
            instead: request.instead.clone(),
        };
        let (policy, recipients, found) = choose(&packs, &origin, &settings, &mut sources, with_tests)?;
        let (of_settings, diagnostics): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|d| d.place.as_ref().is_some_and(|place| is_settings(&sources, place)));
        if diagnostic::has_errors(&of_settings) {
            return Err(settings_failure(&of_settings, &sources));
        }
        let mut case = Case::empty(Frame {
            policy,
            recipients,
            calendar,
            vocabulary: Arc::clone(&settings.vocabulary),
            as_of,
        });
        case.reports_from = settings.reports_from;
        Ok(Ready {
            sources,
            settings,
            origin,
            inputs,
            lines,
            case,
            diagnostics,
            wanted: request.wanted,
        })
    }
}

/// The name of the text that JSON Lines stand for. Nobody sees it.
pub(super) const INPUT: &str = "standard input";

/// The as-of date of a run: the one given, the sample's own, or today.
fn as_of(request: &Request, origin: &Origin, settings: &Settings, today: &dyn Fn(Tz) -> NaiveDate) -> NaiveDate {
    request.as_of.unwrap_or_else(|| match origin {
        Origin::Sample(_) => sample_as_of(),
        _ => today(settings.timezone),
    })
}

/// The sample's as-of date, unless another is given: its documents are the same on every day.
pub fn sample_as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 15).unwrap_or_default()
}

fn severities(settings: &Settings, request: &Request) -> Result<BTreeMap<&'static str, Option<Severity>>, Failure> {
    let mut all = settings.severity.clone();
    for (level, name) in &request.severity {
        let Some(code) = Code::named(name) else {
            let near = suggest::nearest(name, Code::ALL.iter().map(|code| code.name()));
            let hint = near.map_or("`relto explain CODE` explains a code".to_string(), |near| {
                format!("did you mean `{near}`?")
            });
            return Err(Failure::new(format!("`{name}` is no diagnostic code")).hint(hint));
        };
        if code.severity() == Severity::Error && *level != Level::Deny {
            return Err(Failure::new(format!("`{name}` is an error and stays one"))
                .hint("only warnings and notes can be changed"));
        }
        let severity = match level {
            Level::Deny => Some(Severity::Error),
            Level::Warn => Some(Severity::Warning),
            Level::Allow => None,
        };
        all.insert(code.name(), severity);
    }
    Ok(all)
}
