//! What the page of the preview shows, as the browser has drawn it.

use serde_json::Value;

use super::browser::Browser;
use super::process::Preview;

pub(super) const LETTER: &str = "liaison-contact";

/// The pages dot by dot: a picture that was not loaded has no dots.
const PAGES: &str = "
    return [...document.querySelectorAll('#pages img')].map((image) => {
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const pen = canvas.getContext('2d', { willReadFrequently: true });
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0);
      const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
      let [sum, ink, grey] = [0, 0, 0];
      for (let at = 0; at < dots.length; at += 4) {
        const [red, green, blue] = [dots[at], dots[at + 1], dots[at + 2]];
        for (const one of [red, green, blue]) sum = Math.imul(sum ^ one, 16777619) >>> 0;
        if (red < 100) ink += 1;
        if (red === green && green === blue && red > 237 && red < 243) grey += 1;
      }
      const shown = image.complete && image.getBoundingClientRect().width > 300;
      return { alt: image.alt, shown, width: image.naturalWidth, sum, ink, grey };
    });";

/// Every text that is hard to read on what is behind it: less than 4.5 to 1, as WCAG 2 reckons it.
const FAINT: &str = "
    const light = (colour) => {
      const [red, green, blue] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
        const one = part / 255;
        return one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const clear = 'rgba(0, 0, 0, 0)';
    const behind = (one) => {
      const colour = one ? getComputedStyle(one).backgroundColor : 'rgb(255, 255, 255)';
      return colour === clear ? behind(one.parentElement) : colour;
    };
    const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const texts = [...document.querySelectorAll('body *')].filter((one) => one.offsetParent && says(one));
    if (texts.length < 50) return ['too few texts: ' + texts.length];
    return texts.flatMap((one) => {
      const [a, b] = [light(getComputedStyle(one).color), light(behind(one))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return ratio < 4.5 ? [`${one.tagName} ${one.textContent}: ${ratio.toFixed(1)}`] : [];
    });";

/// A page of the letter.
#[derive(Debug, PartialEq)]
pub(super) struct Sheet {
    pub(super) alt: String,
    /// A sum over all dots: pages that look alike have the same.
    pub(super) sum: u64,
    /// Dots in the grey of the mark of a draft.
    pub(super) grey: u64,
}

/// Opens the page of a preview and waits for its letter.
pub(super) fn open(browser: &Browser, preview: &Preview) {
    browser.go(&preview.address());
    browser.until("document.querySelectorAll('#pages img').length");
}

/// Clicks on a sample in the list and waits for it.
pub(super) fn choose(browser: &Browser, sample: &str) {
    browser.click(&format!("#sample option[value='{sample}']"));
    await_sample(browser, sample);
}

pub(super) fn await_sample(browser: &Browser, sample: &str) {
    let page = format!("letter={LETTER}&sample={sample}&page=1&");
    browser.until(&format!(
        "document.querySelector('#pages img')?.src.includes('{page}') && document.querySelector('#sample').value === '{sample}'"
    ));
}

/// The pages as they are drawn, each with something on it.
pub(super) fn pages(browser: &Browser) -> Vec<Sheet> {
    let drawn = browser.run(PAGES);
    let drawn = drawn.as_array().unwrap();
    let sheet = |(index, one): (usize, &Value)| {
        let alt = one["alt"].as_str().unwrap().to_owned();
        assert_eq!(alt, format!("Page {} of {}", index + 1, drawn.len()));
        assert!(one["shown"] == true && one["width"] == 816, "{one}");
        assert!(one["ink"].as_u64().unwrap() > 2000, "{one}");
        Sheet {
            alt,
            sum: one["sum"].as_u64().unwrap(),
            grey: one["grey"].as_u64().unwrap(),
        }
    };
    drawn.iter().enumerate().map(sheet).collect()
}

/// Does something and waits until the pages are others.
pub(super) fn new_pages(browser: &Browser, cause: impl FnOnce()) -> Vec<Sheet> {
    browser.run("window.before = document.querySelector('#pages img')");
    cause();
    browser.until("document.querySelector('#pages img') && document.querySelector('#pages img') !== window.before");
    pages(browser)
}

/// The problems that the page tells.
pub(super) fn problems(browser: &Browser) -> Vec<String> {
    browser.texts("return [...document.querySelectorAll('.problem')].map((one) => one.innerText)")
}

/// Every text can be read, by those who like it light and by those who like it dark.
pub(super) fn legible(browser: &Browser) {
    for scheme in ["dark", "light"] {
        browser.prefer(scheme);
        let dark = browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] < 100");
        assert_eq!(dark, scheme == "dark");
        assert_eq!(browser.texts(FAINT), Vec::<String>::new(), "{scheme}");
    }
}
