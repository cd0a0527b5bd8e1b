//! `relto explain`: what a diagnostic code or a rule means, and why a rule fired for a record or did not.

use std::fmt::Write as _;

use serde_json::json;

use crate::base::code::Code;
use crate::base::diagnostic::Severity;
use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::TextFormat;
use crate::cli::args::explain::ExplainArgs;
use crate::cli::explain_records::Records;
use crate::cli::explain_rule;
use crate::cli::explain_trace;
use crate::cli::pages;
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::marking::problem;
use crate::policy::rule::Rule;
use crate::record::kind::Kind;
use crate::report::json as documents;
use crate::report::table::wrapped;
use crate::run::{self, Checked};

pub fn run(args: &ExplainArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    if let Some(meaning) = meaning(&args.word) {
        if let Some(record) = &args.record {
            let failure = Failure::new(format!("`{}` is a diagnostic code, not a rule", args.word));
            return Err(failure.hint(format!("leave out `--record {record}`, or name a rule")));
        }
        terminal.out(&match args.format {
            TextFormat::Human => code_page(&meaning, terminal),
            TextFormat::Json => code_document(&meaning),
        });
        return Ok(0);
    }
    let request = request(&args.run, &[])?;
    let checked = match args.record {
        Some(_) => run::check(&request, &today)?,
        None => run::policy(&request, &today)?,
    };
    let rule = find(&args.word, &checked)?;
    let text = match (&args.record, args.format) {
        (None, format) => {
            // Where there are no records, or they cannot be read, the page of the rule stands alone.
            let judged = run::check(&request, &today).ok();
            let records = judged.as_ref().map(|judged| Records::of(rule, judged));
            match format {
                TextFormat::Human => {
                    let mut text = explain_rule::page(rule, &checked, terminal.look());
                    let table = records.map_or_else(String::new, |records| records.page(terminal.look()));
                    if !table.is_empty() {
                        text.push('\n');
                        text.push_str(&table);
                    }
                    text
                }
                TextFormat::Json => {
                    let mut document = explain_rule::document(rule, &checked);
                    document["records"] = records.map_or(serde_json::Value::Null, |records| records.document());
                    documents::document(&document)
                }
            }
        }
        (Some(record), format) => {
            if let Some(found) = checked
                .case
                .record(record)
                .filter(|found| !(rule.applies_to.contains(&found.kind) || counts_all(rule, found.kind)))
            {
                let kinds = explain_rule::kinds(rule);
                let words = format!(
                    "{} applies to {kinds}; {record} is of the kind {}: it does not apply\n",
                    rule.id, found.kind
                );
                terminal.out(&words);
                return Ok(0);
            }
            let trace = run::explain(&checked, &rule.id, record).ok_or_else(|| no_record(record, &checked))?;
            let found = checked.case.record(record).ok_or_else(|| no_record(record, &checked))?;
            let nearest = run::nearest(&checked, rule, found);
            match format {
                TextFormat::Human => explain_trace::page(&trace, &nearest, rule, record, &checked, terminal.look()),
                TextFormat::Json => {
                    documents::document(&explain_trace::document(&trace, &nearest, rule, record, &checked))
                }
            }
        }
    };
    terminal.out(&text);
    Ok(0)
}

/// Returns the rule of an id, in whatever case it is written.
fn find<'a>(word: &str, checked: &'a Checked) -> Result<&'a Rule, Failure> {
    let rules = &checked.case.policy.rules;
    if let Some(rule) = rules.iter().find(|rule| rule.id.eq_ignore_ascii_case(word)) {
        return Ok(rule);
    }
    let names = || rules.iter().map(|rule| rule.id.as_str()).chain(codes());
    let failure = Failure::new(format!("`{word}` is no rule and no diagnostic code"));
    Err(match suggest::nearest(word, names()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`relto policy list` lists the rules; codes are printed in brackets after `error`"),
    })
}

/// Whether a rule per period counts records of every kind, this one among them.
fn counts_all(rule: &Rule, kind: Kind) -> bool {
    rule.per.is_some() && rule.applies_to.is_empty() && kind != Kind::PeriodicReport
}

fn no_record(id: &str, checked: &Checked) -> Failure {
    let failure = Failure::new(format!("no record `{id}` that could be judged"));
    let ids = || checked.case.records.iter().map(|record| record.id.as_str());
    let longer: Vec<&str> = ids().filter(|known| known.starts_with(id)).take(3).collect();
    if !longer.is_empty() {
        return failure.hint(format!("ids that begin so: {}", suggest::quoted_list(longer)));
    }
    match suggest::nearest(id, ids()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("a record with an error is not judged: `relto check` shows the errors"),
    }
}

/// What a code means: one of the table of diagnostics, or one of the problems of a marking.
struct Meaning {
    code: &'static str,
    severity: Severity,
    summary: &'static str,
    explanation: &'static str,
    citation: Option<&'static str>,
}

fn meaning(word: &str) -> Option<Meaning> {
    let word = word.to_lowercase();
    let own = Code::named(&word).map(|code| Meaning {
        code: code.name(),
        severity: code.severity(),
        summary: code.summary(),
        explanation: code.explanation(),
        citation: None,
    });
    own.or_else(|| {
        problem::kind(&word).map(|kind| Meaning {
            code: kind.code,
            severity: kind.severity,
            summary: kind.summary,
            explanation: kind.explanation,
            citation: Some(kind.citation),
        })
    })
}

/// Every code that can be explained.
fn codes<'a>() -> impl Iterator<Item = &'a str> + Clone {
    Code::ALL
        .iter()
        .map(|code| code.name())
        .chain(problem::KINDS.iter().map(|kind| kind.code))
}

fn code_page(meaning: &Meaning, terminal: &Terminal) -> String {
    let mut text = format!("{}[{}]: {}\n\n", meaning.severity, meaning.code, meaning.summary);
    for line in wrapped(meaning.explanation, terminal.look().width.min(100)) {
        text.push_str(&line);
        text.push('\n');
    }
    if let Some(page) = pages::page(meaning.code) {
        if !page.remark.is_empty() {
            let _ = write!(text, "\n{}\n", page.remark);
        }
        for (verdict, example) in [("Wrong", page.wrong), ("Right", page.right)] {
            let Some(example) = example else { continue };
            let _ = write!(text, "\n{verdict}, {}:\n\n", example.place());
            for line in example.text.lines() {
                let _ = writeln!(text, "{}", format!("    {line}").trim_end());
            }
        }
    }
    if let Some(citation) = meaning.citation.filter(|citation| !citation.is_empty()) {
        let _ = writeln!(text, "\nsee {citation}");
    }
    text
}

fn code_document(meaning: &Meaning) -> String {
    let page = pages::page(meaning.code).unwrap_or_default();
    let example =
        |example: Option<pages::Example>| example.map(|example| json!({ "form": example.form, "text": example.text }));
    documents::document(&json!({
        "schema": documents::SCHEMA,
        "code": meaning.code,
        "severity": meaning.severity.to_string(),
        "summary": meaning.summary,
        "explanation": meaning.explanation,
        "citation": meaning.citation,
        "remark": Some(page.remark).filter(|remark| !remark.is_empty()),
        "wrong": example(page.wrong),
        "right": example(page.right),
    }))
}
