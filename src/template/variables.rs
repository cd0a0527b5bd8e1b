//! Every variable of a letter: its path, its type and its meaning. A test holds the table against the notice itself.

/// A value that a letter can print.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// How it is reached: `notice.agency.name`; `[]` stands for each item of a list.
    pub path: &'static str,
    pub kind: &'static str,
    pub meaning: &'static str,
}

const fn var(path: &'static str, kind: &'static str, meaning: &'static str) -> Variable {
    Variable { path, kind, meaning }
}

/// The variables, in the order of the notice.
#[rustfmt::skip] // a table reads best in rows
pub const VARIABLES: &[Variable] = &[
    var("notice.id", "text", "the notice's id: record and recipients"),
    var("notice.records", "list of texts", "ids of the records it reports"),
    var("notice.rules", "list of texts", "ids of the rules it follows"),
    var("notice.kind", "word", "the record's kind"),
    var("notice.letter", "text", "the letter's name"),
    var("notice.title", "text", "the record's title, unclassified"),
    var("notice.subject", "portion", "the subject; print it with `subject-line()`"),
    var("notice.subject.mark", "mark", "its portion mark"),
    var("notice.subject.text", "text", "its words"),
    var("notice.summary", "portion", "what happened, in one sentence; print it with `summary()`"),
    var("notice.summary.mark", "mark", "its portion mark"),
    var("notice.summary.text", "text", "its words"),
    var("notice.date", "day", "the letter's date; print it with `long-date(notice.date)`"),
    var("notice.date.year", "number", "its year"),
    var("notice.date.month", "number", "its month, 1 to 12"),
    var("notice.date.day", "number", "its day of the month"),
    var("notice.reference", "text", "the reference at the head"),
    var("notice.draft", "true or false", "whether it is still a draft"),
    var("notice.training", "text or none", "says that this is an example or an exercise"),
    var("notice.agency", "table", "the agency that writes"),
    var("notice.agency.name", "text", "its name"),
    var("notice.agency.element", "text", "its element"),
    var("notice.agency.address", "list of texts", "the lines of its address"),
    var("notice.agency.signatory", "table", "who signs"),
    var("notice.agency.signatory.name", "text", "the signatory's name"),
    var("notice.agency.signatory.title", "text", "the signatory's title"),
    var("notice.agency.identifier_prefix", "text", "the prefix of references"),
    var("notice.banner", "table", "the overall marking; the frame prints it on every page"),
    var("notice.banner.text", "text", "the banner's words"),
    var("notice.banner.level", "text", "its level"),
    var("notice.banner.classified", "true or false", "whether the notice is classified"),
    var("notice.authority_block", "table or none", "who classified it; the frame prints it"),
    var("notice.authority_block.classified_by", "text", "Classified By"),
    var("notice.authority_block.derived_from", "text", "Derived From"),
    var("notice.authority_block.declassify_on", "text", "Declassify On"),
    var("notice.marks", "list of marks", "every portion mark in the notice"),
    var("notice.addressees", "list of tables", "everyone who gets this notice; the reader of this copy is `addressee`"),
    var("notice.addressees[].id", "text", "the recipient"),
    var("notice.addressees[].chamber", "word", "senate, house, executive or public"),
    var("notice.addressees[].name", "text", "the recipient in running text"),
    var("notice.addressees[].entry", "text or none", "the abstract for the record of its house"),
    var("notice.addressees[].lines", "list of texts", "the inside address"),
    var("notice.addressees[].salutation", "text", "the salutation, without the colon"),
    var("notice.addressees[].cc", "list of texts", "who gets a copy"),
    var("notice.authority", "list of tables", "the legal basis; print it with `authority()`"),
    var("notice.authority[].standing", "word", "law, former_law, directive or policy"),
    var("notice.authority[].mark", "mark", "the sentence's portion mark"),
    var("notice.authority[].status", "word", "the status of the rules"),
    var("notice.authority[].rules", "list of texts", "the rules of that status"),
    var("notice.authority[].citations", "list of texts", "what they cite"),
    var("notice.authority[].text", "text", "the sentence"),
    var("notice.provenance", "list of portions", "what the record rests on; print it with `provenance()`"),
    var("notice.provenance[].mark", "mark", "the portion mark"),
    var("notice.provenance[].text", "text", "the words"),
    var("notice.releasability", "table or none", "a change of a REL TO list; print it with `releasability()`"),
    var("notice.releasability.mark", "mark", "the table's portion mark"),
    var("notice.releasability.before", "text", "the marking before"),
    var("notice.releasability.after", "text", "the marking after"),
    var("notice.releasability.added", "list of texts", "who may receive it now"),
    var("notice.releasability.removed", "list of texts", "who may receive it no longer"),
    var("notice.releasability.unchanged", "list of texts", "who may receive it as before"),
    var("notice.releasability.undeterminable", "list of texts", "organizations whose members are not public"),
    var("notice.releasability.disclosure_added", "list of texts", "to whom it may be shown now"),
    var("notice.releasability.disclosure_removed", "list of texts", "to whom it may be shown no longer"),
    var("notice.releasability.rows", "list of rows", "the rows of the table"),
    var("notice.releasability.rows[].field", "word", "the record's field"),
    var("notice.releasability.rows[].label", "text", "what it is called"),
    var("notice.releasability.rows[].value", "text", "what it says"),
    var("notice.releasability.rows[].mark", "mark", "its portion mark"),
    var("notice.releasability.rows[].stated", "true or false", "whether the record says it"),
    var("notice.particulars", "list of rows", "single facts; print them with `particulars()`"),
    var("notice.particulars[].field", "word", "the record's field"),
    var("notice.particulars[].label", "text", "what it is called"),
    var("notice.particulars[].value", "text", "what it says"),
    var("notice.particulars[].mark", "mark", "its portion mark"),
    var("notice.particulars[].stated", "true or false", "whether the record says it"),
    var("notice.sections", "list of sections", "the narratives; print one with `section(\"facts\")`, the rest with `sections()`"),
    var("notice.sections[].field", "word", "the record's field"),
    var("notice.sections[].label", "text", "the heading"),
    var("notice.sections[].heading_mark", "mark", "the heading's portion mark"),
    var("notice.sections[].portions", "list of portions", "its paragraphs"),
    var("notice.sections[].portions[].mark", "mark", "a paragraph's portion mark"),
    var("notice.sections[].portions[].text", "text", "a paragraph's words"),
    var("notice.sections[].stated", "true or false", "whether the record says it"),
    var("notice.commitments", "list of tables", "what was promised; print it with `commitments()`"),
    var("notice.commitments[].mark", "mark", "the portion mark"),
    var("notice.commitments[].kind", "text", "what kind of promise"),
    var("notice.commitments[].text", "text", "the promise"),
    var("notice.commitments[].due", "text or none", "by when"),
    var("notice.commitments[].owner", "text or none", "by whom"),
    var("notice.claims", "list of tables", "what each source says, where they differ; print it with `claims()`"),
    var("notice.claims[].mark", "mark", "the portion mark"),
    var("notice.claims[].field", "word", "the record's field"),
    var("notice.claims[].label", "text", "what it is called"),
    var("notice.claims[].value", "text", "what the source says"),
    var("notice.claims[].by", "text", "the source"),
    var("notice.required", "list of tables", "what the rules demand to see on the pages"),
    var("notice.required[].name", "word", "the element"),
    var("notice.required[].label", "text", "what it is called"),
    var("notice.required[].rules", "list of texts", "the rules that demand it"),
    var("notice.required[].stated", "true or false", "whether the record says it"),
    var("notice.required[].expect", "list of texts", "the words that must be readable"),
    var("notice.duties", "list of tables", "the rules this notice answers; print them with `duties()`"),
    var("notice.duties[].rule", "text", "the rule"),
    var("notice.duties[].title", "text", "its title"),
    var("notice.duties[].pack", "text", "its policy pack"),
    var("notice.duties[].status", "text", "its status, in words"),
    var("notice.duties[].due", "text", "when the notice is due"),
    var("notice.duties[].submit_by", "text or none", "the last business day before that"),
    var("notice.duties[].state", "word", "open, overdue, …"),
    var("notice.duties[].late", "true or false", "whether it is late"),
    var("notice.duties_mark", "mark", "the portion mark of their table"),
    var("notice.lateness", "list of portions", "why the notice is late; print it with `lateness()`"),
    var("notice.lateness[].mark", "mark", "the portion mark"),
    var("notice.lateness[].text", "text", "the words"),
    var("notice.enclosures", "list of texts", "what is enclosed"),
    var("notice.hashes", "table", "what the notice was made from"),
    var("notice.hashes.record", "text", "SHA-256 of the record"),
    var("notice.hashes.policy", "text", "SHA-256 of the rules"),
    var("notice.alerts", "list of portions", "what stands in a box above the subject"),
    var("notice.alerts[].mark", "mark", "the portion mark"),
    var("notice.alerts[].text", "text", "the words"),
    var("notice.correction", "table or none", "what a superseding record corrects; print it with `correction()`"),
    var("notice.correction.mark", "mark", "the table's portion mark"),
    var("notice.correction.of", "text", "the superseded record"),
    var("notice.correction.title", "text", "its title"),
    var("notice.correction.text", "portion", "the sentence about it"),
    var("notice.correction.text.mark", "mark", "its portion mark"),
    var("notice.correction.text.text", "text", "its words"),
    var("notice.correction.rows", "list of tables", "what differs"),
    var("notice.correction.rows[].label", "text", "what it is called"),
    var("notice.correction.rows[].before", "text", "as reported"),
    var("notice.correction.rows[].after", "text", "as corrected"),
    var("notice.timeline", "table or none", "the course of a pause of sharing; print it with `timeline()`"),
    var("notice.timeline.mark", "mark", "the table's portion mark"),
    var("notice.timeline.steps", "list of tables", "its dates"),
    var("notice.timeline.steps[].when", "text", "the date"),
    var("notice.timeline.steps[].what", "text", "what happened"),
    var("notice.timeline.steps[].record", "text", "the record"),
    var("notice.decisions", "list of tables", "decisions not to notify; print them with `decisions()`"),
    var("notice.decisions[].mark", "mark", "the portion mark"),
    var("notice.decisions[].rule", "text", "the rule"),
    var("notice.decisions[].title", "text", "its title"),
    var("notice.decisions[].by", "text", "who decided"),
    var("notice.decisions[].on", "text", "when"),
    var("notice.decisions[].reason", "text", "why"),
    var("notice.decisions[].recipients", "list of texts", "who would have been told"),
    var("notice.report", "table or none", "the report of a period; its parts print it"),
    var("notice.transmittal", "table or none", "the enclosures of a covering letter; its parts print it"),
    var("addressee.id", "text", "the reader of this copy"),
    var("addressee.chamber", "word", "the reader's house"),
    var("addressee.name", "text", "the reader in running text"),
    var("addressee.entry", "text or none", "the abstract for the record of the reader's house"),
    var("addressee.lines", "list of texts", "the reader's address; print it with `inside-address()`"),
    var("addressee.salutation", "text", "the salutation; print it with `salutation()`"),
    var("addressee.cc", "list of texts", "who gets a copy; `closing()` prints it"),
];

/// The fields of a table by its path, as it is written in a letter: `notice.agency` has `name`, `address`, …
///
/// A path that is not there, such as that of a loop's variable, gives every field of every list.
pub fn keys_of(table: &str) -> Vec<&'static str> {
    let prefix = format!("{table}.");
    let mut keys: Vec<&'static str> = VARIABLES
        .iter()
        .filter_map(|variable| variable.path.strip_prefix(&prefix))
        .filter(|rest| !rest.contains('.'))
        .map(|rest| rest.trim_end_matches("[]"))
        .collect();
    if keys.is_empty() {
        let last = |path: &'static str| path.rsplit_once("[].").map(|(_, rest)| rest);
        keys = VARIABLES.iter().filter_map(|variable| last(variable.path)).collect();
        keys.sort_unstable();
    }
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_table() {
        assert_eq!(keys_of("notice.agency.signatory"), ["name", "title"]);
        assert_eq!(
            keys_of("addressee"),
            ["id", "chamber", "name", "entry", "lines", "salutation", "cc"]
        );
        assert!(keys_of("row").contains(&"value"));
    }
}
