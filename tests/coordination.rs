//! Coordination copies: complete, marked, harmless, the same bytes each time.

use chrono::NaiveDate;
use relto::notice::coordination::{Form, Wording, copy};
use relto::notice::draft::{Office, draft};
use relto::notice::model::{Addressee, Authority, Notice};
use relto::run::{Request, check};
use relto::workspace::sample::Which;

fn notices(which: Which) -> Vec<Notice> {
    let request = Request {
        sample: Some(which),
        ..Request::default()
    };
    let checked = check(&request, &|_| NaiveDate::default()).expect("the sample is sound");
    let office = Office {
        authority: Some(Authority {
            classified_by: "A. Sample, Director".to_owned(),
            derived_from: "Example Guide 1-1, dated 20260101".to_owned(),
            declassify_on: "20510101".to_owned(),
        }),
        ..Office::placeholder()
    };
    let (notices, diagnostics) = draft(&checked.case, &checked.obligations, &office, &checked.sources);
    assert_eq!(diagnostics, []);
    notices
}

fn letters() -> Vec<(Notice, Addressee)> {
    let all = [Which::Public, Which::Exercise].into_iter().flat_map(notices);
    all.flat_map(|notice| {
        let each = notice.addressees.clone();
        each.into_iter().map(move |addressee| (notice.clone(), addressee))
    })
    .collect()
}

/// The words of a copy, without what only gives them their form.
fn words(text: &str, form: Form) -> String {
    let text = match form {
        Form::Text => text.to_owned(),
        Form::Html => {
            let body = &text[text.find("<body>").expect("a body")..];
            let mut plain = String::new();
            let mut inside = false;
            for c in body.chars() {
                match c {
                    '<' => inside = true,
                    '>' => inside = false,
                    c if !inside => plain.push(c),
                    _ => {}
                }
            }
            plain
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
        }
    };
    squeezed(&text)
}

/// Without any white space: where a line breaks says nothing.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_copy_is_marked_first_and_last_and_complete() {
    let letters = letters();
    assert!(letters.len() > 80, "{}", letters.len());
    for (notice, addressee) in &letters {
        for form in [Form::Text, Form::Html] {
            let copy = copy(notice, addressee, form, Wording::Shipped);
            let plain = words(&copy, form);
            let what = format!("{form:?} of {}", notice.file_name(addressee));
            let banner = squeezed(&notice.banner.text);
            assert!(plain.starts_with(&banner), "{what}: {plain}");
            assert!(plain.ends_with(&banner), "{what}: {plain}");
            for text in notice.training.iter().chain(&addressee.lines).chain(&addressee.cc) {
                assert!(plain.contains(&squeezed(text)), "{what} lacks {text}");
            }
            for required in &notice.required {
                for text in &required.expect {
                    assert!(
                        plain.contains(&squeezed(text)),
                        "{what} lacks {}: {text}",
                        required.name
                    );
                }
            }
            for (field, text) in notice.texts() {
                // An address is that of the copy's own addressee alone.
                if field != "recipients" {
                    assert!(plain.contains(&squeezed(text)), "{what} lacks {field}: {text}");
                }
            }
            for basis in &notice.authority {
                let marked = squeezed(&format!("({}) {}", basis.mark, basis.text));
                assert!(plain.contains(&marked), "{what} lacks {marked}");
            }
            if let Some(block) = &notice.authority_block {
                assert!(
                    plain.contains(&squeezed(&format!("Classified By: {}", block.classified_by))),
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn lines_of_text_fit_in_a_mail() {
    use unicode_width::UnicodeWidthStr as _;
    for (notice, addressee) in letters() {
        let copy = copy(&notice, &addressee, Form::Text, Wording::Shipped);
        for line in copy.lines() {
            assert!(line.width() <= 76, "{}: {line}", notice.file_name(&addressee));
            assert_eq!(line.trim_end(), line);
        }
        assert!(!copy.contains("\n\n\n"), "{copy}");
    }
}

#[test]
fn what_a_record_says_cannot_act() {
    let (mut notice, addressee) = letters().swap_remove(0);
    let hostile =
        "</title><script>alert(1)</script><img src=x onerror=alert(1)> & \"quoted\" 'too' \u{202e}back\u{1b}[31m";
    notice.title = hostile.to_owned();
    notice.subject.text = hostile.to_owned();
    notice.summary.text = hostile.to_owned();
    notice.agency.name = hostile.to_owned();
    for row in &mut notice.particulars {
        row.value = hostile.to_owned();
    }
    for section in &mut notice.sections {
        section.label = hostile.to_owned();
    }
    let html = copy(&notice, &addressee, Form::Html, Wording::Shipped);
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    assert_eq!(html.matches("</title>").count(), 1);
    for form in [Form::Text, Form::Html] {
        let copy = copy(&notice, &addressee, form, Wording::Shipped);
        assert!(!copy.contains(['\u{202e}', '\u{1b}']), "{copy}");
        assert!(copy.contains("\\u{202e}back"), "{copy}");
    }
}

#[test]
fn a_copy_says_what_it_is() {
    let (notice, addressee) = letters().swap_remove(0);
    let shipped = copy(&notice, &addressee, Form::Text, Wording::Shipped);
    assert!(squeezed(&shipped).contains(&squeezed("The PDF is the notice; this copy is not.")));
    assert!(!shipped.contains("workspace's own letter"));
    let own = copy(&notice, &addressee, Form::Text, Wording::Workspace);
    assert!(
        squeezed(&own).contains(&squeezed("worded by the workspace's own letter")),
        "{own}"
    );
    assert_eq!(Form::Html.name("RC-1--SSCI.pdf"), "RC-1--SSCI.html");
}

#[test]
fn copies_read_as_letters() {
    for (id, name) in [("EX-10", "fullest"), ("C05-PAUSE", "pause")] {
        let (notice, addressee) = letters()
            .into_iter()
            .find(|(notice, _)| notice.records.iter().any(|record| record == id))
            .expect("a letter of the sample");
        insta::assert_snapshot!(
            format!("copy_{name}_text"),
            copy(&notice, &addressee, Form::Text, Wording::Shipped)
        );
        insta::assert_snapshot!(
            format!("copy_{name}_html"),
            copy(&notice, &addressee, Form::Html, Wording::Shipped)
        );
    }
}
