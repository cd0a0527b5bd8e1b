//! `relto docket`: what is owed, to whom, by when, and how it stands.

use crate::base::diagnostic::{Diagnostic, has_errors};
use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::docket::{DocketArgs, DocketFormat};
use crate::cli::check;
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::evaluate::obligation::State;
use crate::report::docket::{self, Filter};
use crate::report::summary::counted;
use crate::report::{csv, ics, json};
use crate::run::{self, Checked, Request, Wanted};

pub fn run(args: &DocketArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let asked = Request {
        wanted: Wanted::Obligations,
        ..request(&args.run, &args.paths)?
    };
    let checked = run::check(&asked, &today)?;
    if let Some(recipient) = &args.recipient {
        known(recipient, &checked)?;
    }
    let filter = Filter {
        as_of: checked.as_of,
        timezone: checked.settings.timezone,
        due_within: args.due_within,
        recipient: args.recipient.as_deref(),
    };
    let chosen = docket::select(&checked.obligations, &filter);
    if args.alarm.is_some() && args.format != DocketFormat::Ics {
        return Err(Failure::new("`--alarm` is for calendars").hint("add `--format ics`"));
    }
    let text = match args.format {
        DocketFormat::Human if chosen.is_empty() => String::new(),
        DocketFormat::Human => {
            let reasons: String = if terminal.is_verbose() {
                chosen.iter().map(|obligation| check::reasons(obligation)).collect()
            } else {
                String::new()
            };
            docket::render(&chosen, terminal.look()) + &reasons
        }
        DocketFormat::Csv => csv::docket(&chosen),
        DocketFormat::Json => json::docket(checked.as_of, &chosen),
        DocketFormat::Ics => {
            let (text, undated) = ics::docket(checked.as_of, &chosen, args.alarm);
            if undated > 0 {
                terminal.status(&format!(
                    "warning: {} without a date: no calendar can hold them; `relto docket` lists them",
                    counted(undated, "notice")
                ));
            }
            text
        }
    };
    terminal.out(&text);
    let overdue = chosen
        .iter()
        .filter(|obligation| obligation.state == State::Overdue)
        .count();
    let owed = chosen.iter().filter(|obligation| obligation.state.is_owed()).count();
    let owed = if owed == 0 {
        "no notice".to_owned()
    } else {
        counted(owed, "notice")
    };
    terminal.status(&format!("as of {}: {owed} owed, {overdue} overdue", checked.as_of));
    let errors = checked
        .diagnostics
        .iter()
        .filter(|diagnostic| Diagnostic::is_error(diagnostic))
        .count();
    if errors > 0 {
        terminal.status(&format!(
            "{}: the docket is not complete; `relto check` shows them",
            counted(errors, "error")
        ));
    }
    Ok(u8::from(has_errors(&checked.diagnostics)))
}

/// A misspelt recipient must not look like one who is owed nothing.
fn known(recipient: &str, checked: &Checked) -> Result<(), Failure> {
    let names: Vec<&str> = checked.case.recipients.names().collect();
    let is = |name: &&str| name.eq_ignore_ascii_case(recipient);
    let owed = checked
        .obligations
        .iter()
        .flat_map(|owed| owed.recipients.iter())
        .map(String::as_str);
    if names.iter().copied().chain(owed).any(|name| is(&name)) {
        return Ok(());
    }
    let failure = Failure::new(format!("`{recipient}` is no known recipient"));
    Err(match suggest::nearest(recipient, names.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("known are {}", suggest::quoted_list(names.iter().copied()))),
    })
}
