//! From the options of a run to the request that the pipeline takes. The clock is read here.

use std::path::PathBuf;

use chrono::{NaiveDate, Utc};
use chrono_tz::Tz;

use crate::base::code::Code;
use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::{RunArgs, Sample};
use crate::run::{Level, Request, Wanted};
use crate::workspace::sample::Which;

/// The as-of date of the samples.
const SAMPLE_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 1, 15);

/// Builds the request of a run.
///
/// # Errors
/// A [`Failure`] where a flag names a diagnostic code that there is not.
pub fn request(args: &RunArgs, paths: &[PathBuf]) -> Result<Request, Failure> {
    let mut severity = Vec::new();
    for (level, flag, codes) in [
        (Level::Allow, "--allow", &args.allow),
        (Level::Warn, "--warn", &args.warn),
        (Level::Deny, "--deny", &args.deny),
    ] {
        for code in codes {
            known(flag, code)?;
            severity.push((level, code.clone()));
        }
    }
    Ok(Request {
        paths: paths.to_vec(),
        workspace: args.workspace.clone(),
        sample: args.embedded.sample.map(which),
        as_of: args.as_of.or(SAMPLE_DAY.filter(|_| args.embedded.sample.is_some())),
        policy: args.policy.clone(),
        instead: Vec::new(),
        severity,
        wanted: Wanted::Records,
    })
}

/// The embedded workspace that a flag names.
pub fn which(sample: Sample) -> Which {
    match sample {
        Sample::Public => Which::Public,
        Sample::Exercise => Which::Exercise,
    }
}

/// Today in a timezone.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
pub fn today(timezone: Tz) -> NaiveDate {
    Utc::now().with_timezone(&timezone).date_naive()
}

fn known(flag: &str, code: &str) -> Result<(), Failure> {
    if Code::named(code).is_some() {
        return Ok(());
    }
    let failure = Failure::new(format!("`{flag} {code}` names no diagnostic code"));
    Err(match suggest::nearest(code, Code::ALL.iter().map(|code| code.name())) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("codes are printed in brackets, as in `warning[obligation-overdue]`"),
    })
}
