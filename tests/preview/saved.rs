//! The page of the preview while files are saved: changed, broken, repaired.

use std::fs;

use super::browser::Browser;
use super::look::{LETTER, choose, legible, new_pages, open, pages, problems};
use super::process::Preview;
use crate::shop::Shop;

const CLOSING: &str = "templates/parts/closing.typ";

/// A workspace with a closing of its own.
fn with_closing() -> Shop {
    let shop = Shop::new();
    let (code, _, err) = shop.relto(&["template", "eject", "closing"]);
    assert_eq!(code, 0, "{err}");
    shop
}

fn save(shop: &Shop, from: &str, to: &str) {
    let text = shop.read(CLOSING);
    assert!(text.contains(from), "{text}");
    fs::write(shop.path().join(CLOSING), text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_save_is_seen_where_the_reader_was() {
    let Some(browser) = Browser::open(1280, 900) else {
        return;
    };
    let shop = with_closing();
    let preview = Preview::open(&shop, LETTER);
    open(&browser, &preview);
    choose(&browser, "foreign-names");
    // Whoever reloads the page, or moves what is read, would be seen.
    browser.run(
        "window.same = true;
         window.moves = 0;
         const pages = document.querySelector('#pages');
         pages.scrollTop = 700;
         return new Promise((done) => setTimeout(() => {
           pages.addEventListener('scroll', () => { window.moves += 1; });
           done();
         }, 300));",
    );
    let where_it_was = || {
        browser.run(
            "return [window.same, window.moves, document.querySelector('#pages').scrollTop,
                document.querySelector('#sample').value].join(' ')",
        )
    };
    let first = pages(&browser);
    assert_eq!(first.len(), 2);

    // Changed: only the page with the closing looks otherwise.
    let second = new_pages(&browser, || save(&shop, "Sincerely,", "Respectfully,"));
    assert_eq!(second.len(), 2);
    assert_eq!(second[0], first[0]);
    assert_ne!(second[1], first[1]);
    assert_eq!(where_it_was(), "true 0 700 foreign-names");
    assert_eq!(problems(&browser), Vec::<String>::new());

    // Broken: the last good pages stay, and the error says where.
    save(&shop, "[Respectfully,]", "[Respectfully,");
    browser.until("document.querySelector('.problem')");
    let told = problems(&browser);
    assert_eq!(told.len(), 1, "{told:#?}");
    for expected in [
        "Error: unclosed delimiter letter-invalid",
        "--> templates/parts/closing.typ:23:13",
        "23 |     unmarked[Respectfully,",
        "every [, (, { and \" needs its partner",
    ] {
        assert!(told[0].contains(expected), "{expected}: {}", told[0]);
    }
    let above = "const [told, pages] = ['#problems', '#pages'].map((one) => document.querySelector(one).getBoundingClientRect());
        return told.top >= 0 && told.height > 100 && told.bottom <= pages.top && pages.height > 400";
    assert_eq!(browser.run(above), true);
    let said = "return [document.querySelector('.kept').innerText, document.querySelector('#state').innerText, document.title]";
    assert_eq!(
        browser.texts(said),
        [
            "There is an error. The pages below are the last good ones.",
            "1 error to mend",
            "✗ liaison-contact · relto preview"
        ]
    );
    assert_eq!(pages(&browser), second);
    assert_eq!(where_it_was(), "true 0 700 foreign-names");
    legible(&browser);
    browser.picture("preview-error.png");

    // Another letter, which was never set: it says so, and shows no pages of the other.
    choose_letter(&browser, "memo");
    browser.until("document.querySelector('#pages').innerText === 'There are no pages until the error is mended.'");
    assert!(problems(&browser)[0].contains("unclosed delimiter"));
    choose_letter(&browser, LETTER);
    choose(&browser, "foreign-names");

    // Repaired: the error goes, and what was typed since is there.
    let third = new_pages(&browser, || {
        save(&shop, "[Respectfully,\n    v(3em)", "[Respectfully,]\n    v(4em)");
    });
    assert_eq!(third[0], first[0]);
    assert!(third[1] != first[1] && third[1] != second[1]);
    browser.until("!document.querySelector('.problem') && !document.querySelector('.kept')");
    assert_eq!(
        browser.run("return document.querySelector('#problems').getBoundingClientRect().height"),
        0
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn choose_letter(browser: &Browser, letter: &str) {
    browser.click(&format!("#letter option[value='{letter}']"));
}

#[test]
fn a_workspace_that_cannot_be_read_leaves_the_page_as_it_was() {
    let Some(browser) = Browser::open(1280, 900) else {
        return;
    };
    let shop = with_closing();
    let mut preview = Preview::open(&shop, LETTER);
    open(&browser, &preview);
    choose(&browser, "final");
    let good = pages(&browser);
    let lists = "return ['#letter option', '#sample option', '#fields dt'].map((one) => document.querySelectorAll(one).length).join(' ')";
    let all = browser.run(lists);
    shop.write("relto.toml", "[agency\n");
    browser.until("document.querySelector('.problem')");
    let told = problems(&browser);
    assert!(
        told[0].starts_with("Error: ") && told[0].contains("relto.toml"),
        "{told:#?}"
    );
    assert_eq!(pages(&browser), good);
    assert_eq!(browser.run(lists), all);
    assert_eq!(browser.run("return document.querySelector('#sample').value"), "final");

    // A name that the workspace gives: it stands in the workspace's own records.
    shop.write("relto.toml", "[agency]\nname = \"Office of Examples\"\n");
    browser.until("!document.querySelector('.problem')");
    assert_eq!(browser.run(lists), all);

    // When relto ends, the page says so and keeps what it shows.
    preview.end();
    browser.until("document.querySelector('#state').innerText.startsWith('relto has ended: start the preview again')");
    assert_eq!(pages(&browser).len(), good.len());
}
