//! The rule language, construct by construct: each file of `tests/language/` is a pack whose own tests say what must come
//! out, and show every condition deciding both ways.

use std::path::Path;

use relto::base::source::{files_under, read_text};
use relto::evaluate::pack_test;

use crate::policy_coverage::{case, gaps_of};

#[test]
fn every_pack_of_the_language_does_what_its_tests_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files_under(&folder, "toml", &|_, _| false).unwrap() {
        let text = read_text(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut case = case(&[(&name, &text)]);
        let (results, _) = pack_test::run(&mut case);
        count += results.len();
        let failed = results.iter().filter(|result| !result.differences.is_empty());
        wrong.extend(failed.map(|result| format!("{}: {}: {:?}", result.rule, result.name, result.differences)));
        // The first and the last day in force have laws of their own.
        let gaps = gaps_of(&mut case, &results);
        wrong.extend(gaps.into_iter().filter(|gap| !gap.contains("date in force")));
    }
    assert!(count > 80, "{count} tests");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
