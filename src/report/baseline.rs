//! A baseline: the diagnostics that are known, so that only new ones are reported. It names what each is about (code,
//! record, rule and field), never its line, and is written by an explicit command only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Sources;
use crate::base::suggest;
use crate::report::fingerprint::Subject;
use crate::report::visible;

/// The version of the file. Another one is refused.
const SCHEMA: u32 = 1;

/// What no baseline can hold: a file or record of which nothing is read, and markings that are too high.
const NEVER: &[Code] = &[Code::TomlSyntax, Code::AboveCeiling, Code::PartAboveRecord];

/// Known diagnostics by what they are about, with how many of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Subject, usize>,
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: u32,
    known: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    field: String,
    count: usize,
}

/// What a baseline makes of the diagnostics of a run.
#[derive(Debug, Default)]
pub struct Held {
    /// What the baseline does not know.
    pub fresh: Vec<Diagnostic>,
    /// How many diagnostics it knows.
    pub known: usize,
    /// How many it still allows although they do not occur any more.
    pub slack: usize,
}

impl Baseline {
    /// Gathers the diagnostics of a run. Returns also how many of them no baseline can hold.
    pub fn of(diagnostics: &[Diagnostic], sources: &Sources) -> (Self, usize) {
        let mut known: BTreeMap<Subject, usize> = BTreeMap::new();
        let mut refused = 0;
        for diagnostic in diagnostics {
            if is_never(diagnostic) {
                refused += 1;
            } else {
                *known.entry(Subject::of(diagnostic, sources)).or_default() += 1;
            }
        }
        (Self { known }, refused)
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if document.schema != SCHEMA {
            return Err(format!("its schema is {}, not {SCHEMA}", document.schema));
        }
        let mut known = BTreeMap::new();
        for entry in document.known {
            let Some(code) = Code::named(&entry.code) else {
                let name = visible::line(&entry.code).into_owned();
                let near = suggest::nearest(&entry.code, Code::ALL.iter().map(|code| code.name()));
                let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                return Err(format!("`{name}` is no diagnostic code{hint}"));
            };
            if NEVER.contains(&code) {
                return Err(format!("no baseline can hold `{}`", code.name()));
            }
            let subject = Subject {
                code: code.name(),
                record: entry.record,
                rule: entry.rule,
                field: entry.field,
            };
            *known.entry(subject).or_default() += entry.count;
        }
        Ok(Self { known })
    }

    /// Renders the file: one entry a line, sorted, so that versions can be compared.
    pub fn render(&self) -> String {
        let entries: Vec<String> = self
            .known
            .iter()
            .map(|(subject, count)| {
                let entry = Entry {
                    code: subject.code.to_owned(),
                    record: subject.record.clone(),
                    rule: subject.rule.clone(),
                    field: subject.field.clone(),
                    count: *count,
                };
                let text = serde_json::to_string(&entry).unwrap_or_default();
                format!("    {}", visible::json(&text))
            })
            .collect();
        let known = if entries.is_empty() {
            "[]".to_owned()
        } else {
            format!("[\n{}\n  ]", entries.join(",\n"))
        };
        format!("{{\n  \"schema\": {SCHEMA},\n  \"known\": {known}\n}}\n")
    }

    /// Takes the known diagnostics out. Where one thing has more diagnostics than are known of it, all of them stay:
    /// nobody can say which one is new.
    pub fn hold(&self, diagnostics: Vec<Diagnostic>, sources: &Sources) -> Held {
        let (now, _) = Self::of(&diagnostics, sources);
        let mut held = Held {
            slack: self.slack(&now),
            ..Held::default()
        };
        for diagnostic in diagnostics {
            let subject = Subject::of(&diagnostic, sources);
            let allowed = self.known.get(&subject).copied().unwrap_or_default();
            let there = now.known.get(&subject).copied().unwrap_or_default();
            if !is_never(&diagnostic) && there <= allowed {
                held.known += 1;
            } else {
                held.fresh.push(diagnostic);
            }
        }
        held
    }

    /// Returns the baseline without what `now` does not have: it can only become smaller.
    #[must_use]
    pub fn shrunk_to(&self, now: &Self) -> Self {
        let known = self.known.iter().filter_map(|(subject, count)| {
            let there = now.known.get(subject).copied().unwrap_or_default().min(*count);
            (there > 0).then(|| (subject.clone(), there))
        });
        Self { known: known.collect() }
    }

    /// Returns how many diagnostics are known.
    pub fn count(&self) -> usize {
        self.known.values().sum()
    }

    /// Returns how many known diagnostics `now` does not have.
    pub fn slack(&self, now: &Self) -> usize {
        self.count() - self.shrunk_to(now).count()
    }

    /// Returns every known subject with its count, sorted.
    pub fn entries(&self) -> impl Iterator<Item = (&Subject, usize)> {
        self.known.iter().map(|(subject, count)| (subject, *count))
    }
}

fn is_never(diagnostic: &Diagnostic) -> bool {
    diagnostic.withhold || NEVER.contains(&diagnostic.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostics(records: &[&str]) -> Vec<Diagnostic> {
        let one = |id: &&str| Diagnostic::new(Code::BadDate, "no date").record(*id);
        records.iter().map(one).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let (baseline, refused) = Baseline::of(&diagnostics(&["A-1", "A-1", "B-1"]), &Sources::default());
        assert_eq!((baseline.count(), refused), (3, 0));
        assert_eq!(Baseline::parse(&baseline.render()), Ok(baseline));
        assert_eq!(Baseline::parse(&Baseline::default().render()), Ok(Baseline::default()));
    }

    #[test]
    fn more_of_one_thing_shows_them_all_and_slack_hides_nothing_else() {
        let sources = Sources::default();
        let (baseline, _) = Baseline::of(&diagnostics(&["A-1", "A-1", "B-1"]), &sources);
        let held = baseline.hold(diagnostics(&["A-1", "A-1", "A-1", "C-1"]), &sources);
        assert_eq!((held.fresh.len(), held.known, held.slack), (4, 0, 1));
        let held = baseline.hold(diagnostics(&["A-1", "B-1"]), &sources);
        assert_eq!((held.fresh.len(), held.known, held.slack), (0, 2, 1));
    }

    #[test]
    fn shrinking_never_adds() {
        let sources = Sources::default();
        let (baseline, _) = Baseline::of(&diagnostics(&["A-1", "A-1", "B-1"]), &sources);
        let (now, _) = Baseline::of(&diagnostics(&["A-1", "C-1"]), &sources);
        let (expected, _) = Baseline::of(&diagnostics(&["A-1"]), &sources);
        assert_eq!(baseline.shrunk_to(&now), expected);
    }

    #[test]
    fn what_withholds_a_record_is_never_known() {
        let grave = [
            Diagnostic::new(Code::AboveCeiling, "too high"),
            Diagnostic::new(Code::TomlSyntax, "no TOML"),
        ];
        let (baseline, refused) = Baseline::of(&grave, &Sources::default());
        assert_eq!((baseline.count(), refused), (0, 2));
        let forged = "{\"schema\": 1, \"known\": [{\"code\": \"above-ceiling\", \"count\": 1}]}";
        assert_eq!(
            Baseline::parse(forged),
            Err("no baseline can hold `above-ceiling`".to_owned())
        );
    }
}
