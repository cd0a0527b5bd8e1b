//! The page of the preview as it opens: pages, samples, fields, and for those who do not see it or use no mouse.

use super::browser::{Browser, DOWN, TAB};
use super::look::{LETTER, await_sample, choose, legible, open, pages};
use super::process::Preview;
use crate::shop::Shop;

/// More grey dots than any edge of a letter has: the mark of a draft is as large as the page.
const MARKED: u64 = 20_000;

#[test]
fn a_letter_is_shown_on_every_sample() {
    let Some(browser) = Browser::open(1280, 900) else {
        return;
    };
    let shop = Shop::new();
    let preview = Preview::open(&shop, LETTER);
    open(&browser, &preview);
    let short = pages(&browser);
    assert_eq!(short.len(), 2);
    assert!(short.iter().all(|page| page.grey > MARKED), "{short:#?}");
    assert_eq!(
        browser.run("return document.querySelector('#state').textContent"),
        "2 pages, all checks passed"
    );
    browser.picture("preview-good.png");

    // What can be chosen, by group.
    let samples = "return [...document.querySelectorAll('#sample option')]
        .map((one) => `${one.parentElement.label} / ${one.label}`)";
    let listed = browser.texts(samples);
    for (place, expected) in [
        "Samples / short: the shortest notice",
        "Samples / long: the fullest notice, its narratives three times as long",
        "Samples / foreign-names: names in other scripts",
        "Samples / empty: every optional part empty",
        "Samples / final: no longer a draft",
        "Samples / classified: a classified notice of the exercise",
        "Samples / addressee: another reader of the same notice",
        "Records of the workspace / LC-1--SSCI: Call number 1",
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(listed[place], *expected, "{listed:#?}");
    }
    assert_eq!(listed.len(), 7 + 6, "{listed:#?}");

    // Each other sample looks otherwise; all are drafts but one.
    let mut seen = vec![short];
    for (sample, draft) in [
        ("long", true),
        ("foreign-names", true),
        ("empty", true),
        ("final", false),
        ("LC-2--HPSCI", true),
    ] {
        choose(&browser, sample);
        let shown = pages(&browser);
        assert!(
            shown.iter().all(|page| (page.grey > MARKED) == draft),
            "{sample}: {shown:#?}"
        );
        assert!(!seen.contains(&shown), "{sample}");
        seen.push(shown);
    }
    assert!(seen[1].len() > seen[0].len(), "the long one is longer");

    // Nothing came from anywhere else, and nothing went wrong.
    let loaded = browser.texts("return performance.getEntriesByType('resource').map((one) => one.name)");
    assert!(
        loaded.iter().all(|name| name.starts_with(&preview.address())),
        "{loaded:#?}"
    );
    for name in ["preview.css", "preview.js", "page?", "state?"] {
        let address = format!("{}{name}", preview.address());
        assert!(
            loaded.iter().any(|loaded| loaded.starts_with(&address)),
            "{name}: {loaded:#?}"
        );
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn what_a_letter_may_use_is_beside_it() {
    let Some(browser) = Browser::open(1280, 900) else {
        return;
    };
    let shop = Shop::new();
    let preview = Preview::open(&shop, LETTER);
    open(&browser, &preview);
    let titles = "return [...document.querySelectorAll('#fields h3')].map((one) => one.innerText)";
    assert_eq!(
        browser.texts(titles),
        ["Parts", "Marks and text", "Demanded by rules", "Variables"]
    );
    let fields = "return [...document.querySelectorAll('#fields dt')].map((one) => one.innerText)";
    let all = browser.texts(fields);
    for field in ["#letterhead()", "#closing()", "#notice.agency.name"] {
        assert!(all.iter().any(|one| one == field), "{field}: {all:#?}");
    }
    let beside =
        "const [pages, use] = ['#pages', '#use'].map((one) => document.querySelector(one).getBoundingClientRect());
        return use.left >= pages.right && use.width > 300 && use.top < 100 && use.bottom <= innerHeight";
    assert_eq!(browser.run(beside), true);
    browser.write("#find", "signatory");
    let some = browser.texts(fields);
    assert!(!some.is_empty() && some.len() < all.len(), "{some:#?}");
    browser.write("#find", " and nothing else");
    assert_eq!(
        browser.run("return document.querySelector('#fields').innerText"),
        "Nothing of that name."
    );

    // For those who do not see the page.
    let page = "return [document.documentElement.lang, document.title, document.querySelector('#problems').ariaLive,
        ...[...document.querySelectorAll('h1, h2')].map((one) => `${one.tagName} ${one.innerText}`)]";
    assert_eq!(
        browser.texts(page),
        [
            "en",
            "liaison-contact · relto preview",
            "polite",
            "H1 relto preview",
            "H2 What the letter may use"
        ]
    );
    for (selector, role, name) in [
        ("#letter", "combobox", "Letter"),
        ("#sample", "combobox", "Sample"),
        ("#find", "searchbox", "Find"),
        ("#problems", "region", "Problems"),
        ("#pages", "main", "Pages"),
        ("#use", "complementary", "What the letter may use"),
        ("#state", "status", ""),
        ("#pages img", "image", "Page 1 of 2"),
    ] {
        assert_eq!(
            browser.spoken(selector),
            (role.to_owned(), name.to_owned()),
            "{selector}"
        );
    }

    // For those who use no mouse: every part is reached, and a sample is chosen.
    browser.go(&preview.address());
    browser.until("document.querySelectorAll('#pages img').length");
    let reached = ["letter", "sample", "pages", "use", "find"].map(|expected| {
        browser.press(TAB);
        let focus = browser.run("return document.activeElement.id");
        (focus == expected, focus)
    });
    assert!(reached.iter().all(|(as_expected, _)| *as_expected), "{reached:?}");
    browser.run("document.querySelector('#sample').focus()");
    for _ in 0..4 {
        browser.press(DOWN);
    }
    await_sample(&browser, "final");
    assert!(pages(&browser).iter().all(|page| page.grey < MARKED));
    assert_eq!(browser.run("return document.activeElement.id"), "sample");
    legible(&browser);
}
