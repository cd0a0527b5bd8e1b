//! A laid-out page as the list of what is painted on it, in painting order, with places in points from the top left.

use typst::foundations::Value;
use typst::introspection::{Location, MetadataElem, Tag};
use typst::layout::{Abs, Frame, FrameItem, GridCell, Point, Transform};
use typst::model::{ParElem, TableCell};
use typst::syntax::{FileId, Span};
use typst::text::TextItem;
use typst::visualize::{FixedStroke, Geometry, Paint, Shape};

/// A rectangle in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self {
            left,
            top,
            right,
            bottom,
        }
    }

    pub(super) fn size(self) -> f64 {
        (self.right - self.left).max(0.0) * (self.bottom - self.top).max(0.0)
    }

    pub(super) fn and(self, other: Area) -> Area {
        Area {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    pub(super) fn or(self, other: Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn grown(self, by: f64) -> Area {
        Area::new(self.left - by, self.top - by, self.right + by, self.bottom + by)
    }

    /// Whether `other` lies inside, give or take half a point.
    pub(super) fn holds(self, other: Area) -> bool {
        let slack = self.grown(0.5);
        slack.left <= other.left && slack.top <= other.top && slack.right >= other.right && slack.bottom >= other.bottom
    }

    /// The share of `self` that `other` covers, 0 to 1.
    pub(super) fn covered_by(self, other: Area) -> f64 {
        if self.size() <= 0.0 {
            0.0
        } else {
            self.and(other).size() / self.size()
        }
    }
}

/// A colour: red, green, blue, alpha, each 0 to 1. `None` for gradients and tilings.
pub(super) type Colour = Option<[f64; 4]>;

/// What is painted.
#[derive(Debug)]
pub(super) enum Painted {
    Text(Run),
    /// A filled area.
    Fill(Colour),
    /// A line or a border; only as wide as its stroke.
    Stroke(Colour),
    Image,
    /// A bracket that the helpers set.
    Bracket(Bracket),
    /// A paragraph starts.
    Paragraph,
    /// A footnote or float starts or ends: text set apart from the text around it.
    Aside(bool),
}

/// A run of text.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) text: String,
    /// The size as it appears, after scaling.
    pub(super) size: f64,
    pub(super) colour: Colour,
    /// The first character whose glyph is missing from every font.
    pub(super) missing: Option<String>,
    /// Where the rest of it comes from: a mark and the text after it are one run.
    rest: Vec<Span>,
}

/// One edge of a bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bracket {
    pub(super) what: String,
    pub(super) name: String,
    pub(super) start: bool,
}

/// One painted thing, where it is, what of it can be seen, and where it comes from.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) painted: Painted,
    pub(super) area: Area,
    /// What the clips around it leave visible.
    pub(super) clip: Area,
    pub(super) span: Span,
    /// Painted by the frame: between its brackets, or by a shape of its file.
    pub(super) framed: bool,
}

impl Item {
    /// Whether it can be seen, as ink or colour.
    pub(super) fn paints(&self) -> bool {
        matches!(
            self.painted,
            Painted::Text(_) | Painted::Fill(_) | Painted::Stroke(_) | Painted::Image
        )
    }

    /// Every place that it comes from.
    pub(super) fn spans(&self) -> impl Iterator<Item = Span> {
        let rest = match &self.painted {
            Painted::Text(run) => run.rest.as_slice(),
            _ => &[],
        };
        std::iter::once(self.span).chain(rest.iter().copied())
    }
}

/// Lists what a page paints, in order. `frame_file` is the file whose brackets and shapes are the frame's.
///
/// `cells` are the table cells met so far; a cell may go on from an earlier page.
pub(super) fn items(frame: &Frame, frame_file: FileId, cells: &mut Vec<Location>) -> Vec<Item> {
    let size = frame.size();
    let page = Area::new(0.0, 0.0, size.x.to_pt(), size.y.to_pt());
    let mut out = Vec::new();
    walk(frame, Transform::identity(), page, cells, &mut out);
    let mut depth = 0_usize;
    for item in &mut out {
        let own = item.span.id() == Some(frame_file);
        match &item.painted {
            Painted::Bracket(bracket) if own && bracket.what == "frame" => {
                depth = if bracket.start {
                    depth + 1
                } else {
                    depth.saturating_sub(1)
                };
            }
            Painted::Text(_) => item.framed = depth > 0,
            _ => item.framed = own || depth > 0,
        }
    }
    out
}

fn walk(frame: &Frame, transform: Transform, clip: Area, cells: &mut Vec<Location>, out: &mut Vec<Item>) {
    for (position, item) in frame.items() {
        let here = transform.pre_concat(Transform::translate(position.x, position.y));
        match item {
            FrameItem::Group(group) => {
                let inner = here.pre_concat(group.transform);
                let clip = match &group.clip {
                    Some(curve) => {
                        let bounds = curve.bbox(None);
                        clip.and(placed(inner, bounds.min, bounds.max))
                    }
                    None => clip,
                };
                // A cell that goes on over a page has a parent too, but it stays in its table.
                let aside = group.parent.is_some_and(|parent| !cells.contains(&parent.location));
                let edge = |start: bool| Item {
                    painted: Painted::Aside(start),
                    area: placed(inner, Point::zero(), Point::zero()),
                    clip,
                    span: Span::detached(),
                    framed: false,
                };
                out.extend(aside.then(|| edge(true)));
                walk(&group.frame, inner, clip, cells, out);
                out.extend(aside.then(|| edge(false)));
            }
            FrameItem::Text(text) => out.push(run(text, here, clip)),
            FrameItem::Shape(shape, span) => shapes(shape, *span, here, clip, out),
            FrameItem::Image(_, size, span) => out.push(Item {
                painted: Painted::Image,
                area: placed(here, Point::zero(), size.to_point()),
                clip,
                span: *span,
                framed: false,
            }),
            FrameItem::Tag(Tag::Start(content, _)) => {
                if content.is::<TableCell>() || content.is::<GridCell>() {
                    cells.extend(content.location());
                }
                let painted = if content.is::<ParElem>() {
                    Some(Painted::Paragraph)
                } else {
                    content
                        .to_packed::<MetadataElem>()
                        .and_then(|metadata| bracket(&metadata.value))
                        .map(Painted::Bracket)
                };
                let area = placed(here, Point::zero(), Point::zero());
                out.extend(painted.map(|painted| Item {
                    painted,
                    area,
                    clip,
                    span: content.span(),
                    framed: false,
                }));
            }
            FrameItem::Tag(Tag::End(..)) | FrameItem::Link(..) => {}
        }
    }
}

fn run(text: &TextItem, here: Transform, clip: Area) -> Item {
    let size = text.size;
    let missing = text.glyphs.iter().find(|glyph| glyph.id == 0).map(|glyph| {
        let range = glyph.range();
        text.text.get(range).unwrap_or(&text.text).to_owned()
    });
    // A box that every Latin letter fills well enough: from the ascenders to just below the baseline.
    let area = placed(
        here,
        Point::new(Abs::zero(), size * -0.68),
        Point::new(text.width(), size * 0.18),
    );
    let mut spans: Vec<Span> = Vec::new();
    for glyph in &text.glyphs {
        if spans.last() != Some(&glyph.span.0) {
            spans.push(glyph.span.0);
        }
    }
    let rest = spans.split_off(spans.len().min(1));
    let outlined = text.stroke.as_ref().and_then(|stroke| colour(&stroke.paint));
    Item {
        painted: Painted::Text(Run {
            text: text.text.to_string(),
            size: size.to_pt() * least_scale(here),
            colour: if text.stroke.is_some() && outlined.is_none() {
                None
            } else {
                colour(&text.fill)
            },
            missing,
            rest,
        }),
        area,
        clip,
        span: spans.first().copied().unwrap_or(Span::detached()),
        framed: false,
    }
}

fn shapes(shape: &Shape, span: Span, here: Transform, clip: Area, out: &mut Vec<Item>) {
    let bounds = shape.bbox(false);
    let area = placed(here, bounds.min, bounds.max);
    if let (Some(fill), false) = (&shape.fill, matches!(shape.geometry, Geometry::Line(_))) {
        out.push(Item {
            painted: Painted::Fill(colour(fill)),
            area,
            clip,
            span,
            framed: false,
        });
    }
    if let Some(stroke) = &shape.stroke {
        for side in stroked(area, shape, stroke, here) {
            out.push(Item {
                painted: Painted::Stroke(colour(&stroke.paint)),
                area: side,
                clip,
                span,
                framed: false,
            });
        }
    }
}

/// The areas that a stroke paints: four sides of a rectangle, or the whole bounds of a line or curve.
fn stroked(area: Area, shape: &Shape, stroke: &FixedStroke, here: Transform) -> Vec<Area> {
    let half = stroke.thickness.to_pt() / 2.0 * most_scale(here);
    match shape.geometry {
        Geometry::Rect(_) if here.is_only_translate() => vec![
            Area {
                bottom: area.top,
                ..area
            }
            .grown(half),
            Area {
                top: area.bottom,
                ..area
            }
            .grown(half),
            Area {
                right: area.left,
                ..area
            }
            .grown(half),
            Area {
                left: area.right,
                ..area
            }
            .grown(half),
        ],
        // A thin slanting line covers next to nothing of its bounds.
        Geometry::Line(_) if area.size() > 0.0 && half < 1.0 => Vec::new(),
        Geometry::Curve(_) if half < 1.0 => Vec::new(),
        _ => vec![area.grown(half)],
    }
}

fn bracket(value: &Value) -> Option<Bracket> {
    let Value::Dict(dict) = value else { return None };
    let text = |key: &str| match dict.get(key) {
        Ok(Value::Str(text)) => Some(text.to_string()),
        _ => None,
    };
    Some(Bracket {
        what: text("relto")?,
        name: text("name")?,
        start: text("edge")? == "start",
    })
}

/// The bounds of a rectangle after a transformation.
fn placed(transform: Transform, min: Point, max: Point) -> Area {
    let corners = [(min.x, min.y), (max.x, min.y), (min.x, max.y), (max.x, max.y)]
        .map(|(x, y)| Point::new(x, y).transform(transform));
    corners
        .iter()
        .map(|corner| (corner.x.to_pt(), corner.y.to_pt()))
        .map(|(x, y)| Area::new(x, y, x, y))
        .reduce(Area::or)
        .unwrap_or(Area::new(0.0, 0.0, 0.0, 0.0))
}

/// The least factor by which a transformation scales, in any direction.
fn least_scale(t: Transform) -> f64 {
    let (least, _) = scales(t);
    least
}

fn most_scale(t: Transform) -> f64 {
    let (_, most) = scales(t);
    most
}

/// The singular values of the linear part, the lesser first.
fn scales(transform: Transform) -> (f64, f64) {
    if transform.is_only_translate() {
        return (1.0, 1.0);
    }
    let (sx, kx, ky, sy) = (
        transform.sx.get(),
        transform.kx.get(),
        transform.ky.get(),
        transform.sy.get(),
    );
    let half = (sx * sx + kx * kx + ky * ky + sy * sy) / 2.0;
    let determinant = sx * sy - kx * ky;
    let root = (half * half - determinant * determinant).max(0.0).sqrt();
    ((half - root).max(0.0).sqrt(), (half + root).sqrt())
}

fn colour(paint: &Paint) -> Colour {
    match paint {
        Paint::Solid(color) => Some(color.to_rgb_parts()),
        _ => None,
    }
}

/// Colours in plain numbers.
trait Parts {
    fn to_rgb_parts(&self) -> [f64; 4];
}

impl Parts for typst::visualize::Color {
    fn to_rgb_parts(&self) -> [f64; 4] {
        let rgb = self.to_rgb();
        [rgb.red, rgb.green, rgb.blue, rgb.alpha].map(f64::from)
    }
}

/// How well a colour can be told from the one below it (WCAG 2: 1 to 21).
pub(super) fn contrast(over: [f64; 4], under: [f64; 4]) -> f64 {
    let (a, b) = (luminance(blend(over, under)), luminance(under));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A colour laid over an opaque one.
pub(super) fn blend(over: [f64; 4], under: [f64; 4]) -> [f64; 4] {
    let alpha = over[3];
    let mix = |i: usize| over[i] * alpha + under[i] * (1.0 - alpha);
    [mix(0), mix(1), mix(2), 1.0]
}

fn luminance([r, g, b, _]: [f64; 4]) -> f64 {
    let linear = |c: f64| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}
