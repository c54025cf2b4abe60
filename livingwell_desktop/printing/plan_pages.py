"""The plan in standard and large print: a first page to tear off, then what we will do and who agrees."""

from livingwell_desktop.domain.dates import clock_time, long_date, short_date, time_range, weekday_date
from livingwell_desktop.printing.blocks import (
    Cell,
    Columns,
    cell,
    framed,
    framed_pair,
    half,
    inside,
    paragraph,
    row,
    table_head,
)
from livingwell_desktop.printing.crisis import CrisisLine
from livingwell_desktop.printing.lettering import Span, Type, Weight, measure, unbroken
from livingwell_desktop.printing.marks import (
    Status,
    draw_number,
    draw_owner,
    draw_status,
    owner_height,
    owner_room,
    status_room,
)
from livingwell_desktop.printing.paper import PAGE_BREAK, Scale, Strip, gap, joined, kept
from livingwell_desktop.printing.pen import Pen
from livingwell_desktop.printing.plan_paper import (
    Doer,
    PaperAction,
    PaperAnswer,
    PaperGoal,
    PlanPaper,
    by_words,
    quoted,
)


def plan_strips(paper: PlanPaper, scale: Scale, width: float, crisis_lines: tuple[CrisisLine, ...]) -> list[Strip]:
    """All of the plan, in reading order."""
    return [
        *_title(paper, scale, width),
        *_boxes(paper, scale, width),
        *_next_steps(paper, scale, width),
        *_crisis(crisis_lines, scale, width),
        PAGE_BREAK,
        *_goals(paper, scale, width),
        *_answers(paper, scale, width),
        *_review(paper, scale, width),
        *_sharing(paper, scale, width),
        *_copies(paper, scale, width),
    ]


def _title(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    version: list[tuple[str, Type]] = [(paper.version_words, scale.strong), (long_date(paper.dated), scale.body)]
    if paper.replaces:
        version.append((f"Replaces {long_date(paper.replaces)}", scale.small))
    own_words = paragraph(quoted(paper.in_own_words), scale.quote, width)
    words = [gap(16), *own_words] if own_words else []
    wide = max(measure(text, type_) for text, type_ in version)
    name = paragraph(paper.name, scale.name, width)
    if scale.stacked:
        facts = [strip for text, type_ in version for strip in paragraph(text, type_, width, keeps=True)]
        return [*paragraph("My plan", scale.title, width, keeps=True), *name, gap(6), *facts, *words, gap(18)]

    def facts_at_right(pen: Pen, x: float, top: float) -> None:
        baseline = top - scale.body_size * 1.3
        for text, type_ in version:
            pen.words(text, type_, x + width, baseline, align=1)
            baseline -= type_.leading

    title = paragraph("My plan", scale.title, width - wide)
    beside = Strip(0.0, facts_at_right, keeps=True)
    narrow = paragraph(paper.name, scale.name, width - wide - 18)
    return [beside, *kept([*title, *narrow[:2]]), *narrow[2:], *words, gap(18)]


def _boxes(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    room = inside(width) if scale.stacked else half(width)
    worker, coming = _key_worker(paper, scale, room), _appointment(paper, scale, room)
    if scale.stacked:
        return [*framed(worker, width), gap(10), *framed(coming, width), gap(14)]
    return [*framed_pair(worker, coming, width), gap(18)]


def _key_worker(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    strips = paragraph("My key worker", scale.label, width)
    worker = paper.key_worker
    if not worker:
        return [*strips, *paragraph("I do not have a key worker yet. I can ask at the desk.", scale.body, width)]
    for words in (worker.name, unbroken(worker.phone)):
        strips += paragraph(words, scale.fact, width)
    return [*strips, *paragraph(_sentence(worker.hours), scale.body, width)]


def _appointment(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    strips = paragraph("My next appointment", scale.label, width)
    coming = paper.appointment
    if not coming:
        return [*strips, *paragraph("Nothing is booked now.", scale.body, width)]
    same_year = coming.on.year == paper.printed_on.year
    day = weekday_date(coming.on) if same_year else f"{weekday_date(coming.on)} {coming.on.year}"
    strips += paragraph(day, scale.fact, width)
    if coming.at:
        at = time_range(coming.at, coming.until) if coming.until else clock_time(coming.at)
        strips += paragraph(at, scale.fact, width)
    strips += paragraph(_sentence(coming.place), scale.body, width)
    ask = f"Ask for {coming.sees} at the desk." if coming.sees else ""
    return [*strips, *paragraph(ask, scale.body, width)]


def _sentence(words: str) -> str:
    return f"{words}." if words and words[-1] not in ".!?" else words


_STEP_HEADINGS = {0: "My next steps", 1: "My next step", 2: "My two next steps", 3: "My three next steps"}


def _next_steps(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    if not paper.is_newest:
        return []
    steps = paper.next_steps
    heading = paragraph(_STEP_HEADINGS[len(steps)], scale.heading, width, keeps=True)
    if not steps:
        return [*heading, gap(4), *paragraph("There is nothing to do at the moment.", scale.body, width), gap(14)]
    strips = [*heading, gap(4)]
    columns = Columns((width,), padding=7.0, ruled=False)
    size = scale.fact.size
    for number, step in enumerate(steps, 1):
        who = ", ".join(part for part in (step.doer.in_a_line, by_words(step, paper)) if part)

        def mark(pen: Pen, x: float, baseline: float, number: int = number) -> None:
            draw_number(pen, number, x, baseline, size)

        strips += row([Cell(((step.what, scale.step), (who, scale.small)), mark, size * 2 + 16)], columns)
    return [*strips, gap(16)]


def _crisis(lines: tuple[CrisisLine, ...], scale: Scale, width: float) -> list[Strip]:
    room = inside(width)
    strips = [*paragraph("If it all gets too much", scale.subheading, room), gap(4)]
    if scale.stacked:
        for line in lines:
            spans = [Span(line.words, Weight.SEMIBOLD), Span(f", {line.when}", Weight.REGULAR)]
            strips += [*paragraph(spans, scale.sentence, room), gap(5)]
    else:
        words = max((measure(line.words, scale.strong) for line in lines), default=0.0) + 4
        columns = Columns((words, room - words - 24), gutter=24, padding=3.0, ruled=False)
        for line in lines:
            strips += row([cell(line.words, scale.strong), cell(line.when, scale.body)], columns)
    return framed(strips, width, thickness=2.4)


def _goals(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    strips = [
        *paragraph("What we will do", scale.heading, width, keeps=True),
        *paragraph("Each action has one person who does it. The letters show who they work for.", scale.small, width),
        gap(10),
    ]
    for number, goal in enumerate(paper.goals, 1):
        strips += _goal(number, goal, paper, scale, width)
    if not paper.goals:
        strips += [*paragraph("No goals are written down yet.", scale.body, width), gap(18)]
    return strips


def _goal(number: int, goal: PaperGoal, paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    about = f"Goal {number}. {goal.about}" if goal.about else f"Goal {number}"
    heading = [
        *paragraph(about, scale.label, width, keeps=True),
        gap(2),
        *paragraph(quoted(goal.words), scale.subheading, width, keeps=True),
        gap(6),
    ]
    again = [*paragraph(f"Goal {number}, continued", scale.label, width), gap(4)]
    if not goal.actions:
        return [*heading, *paragraph("There are no actions for this goal yet.", scale.body, width), gap(14)]
    if scale.stacked:
        head = joined(again)
        blocks = [strip for action in goal.actions for strip in _stacked_action(action, paper, scale, width, head)]
        return [*heading, *blocks, gap(14)]
    plain = _action_columns(scale, width, told=goal.actions[0].status is not None)
    labels = ("What will happen", "Who does it", "By", "Status")[: len(plain.widths)]
    columns = Columns(plain.widths, plain.gutter, table_head(labels, scale.label, plain, again))
    first = table_head(labels, scale.label, plain)
    strips = [*heading, Strip(first.height, first.draw, keeps=True)]
    for action in goal.actions:
        strips += row(_action_cells(action, paper, scale), columns)
    return [*strips, gap(14)]


def _action_columns(scale: Scale, width: float, *, told: bool) -> Columns:
    """The last two columns are as wide as their words; what is left is parted between what and who."""
    if not told:
        by = measure("28 Nov 2026", scale.body) + 3
        left = width - by - 20
        return Columns((left * 0.56, left * 0.44, by))
    status = max(measure(word, scale.strong) for word in ("Not started", "Stopped")) + scale.body_size * 1.5
    by = measure("28 Nov", scale.body) + 3
    left = width - status - by - 30
    return Columns((left * 0.47, left * 0.53, by, status))


def _doer_cell(doer: Doer, scale: Scale) -> Cell:
    def mark(pen: Pen, x: float, baseline: float) -> None:
        draw_owner(pen, doer.letters, x, baseline, scale.body_size, person=doer.is_person)

    under = ((doer.organisation, scale.small),) if doer.organisation else ()
    tall = owner_height(doer.letters, scale.body_size, person=doer.is_person)
    return Cell(((doer.name, scale.strong), *under), mark, owner_room(doer.letters, scale.body_size), tall)


def _status_cell(status: Status, scale: Scale) -> Cell:
    type_ = scale.body if status is Status.NO else scale.strong

    def mark(pen: Pen, x: float, baseline: float) -> None:
        draw_status(pen, status, x, baseline, scale.body_size)

    return Cell(((status.value, type_),), mark, status_room(status, scale.body_size))


def _due_words(action: PaperAction, paper: PlanPaper) -> str:
    if not action.by:
        return ""
    year = f" {action.by.year}" if action.by.year != paper.printed_on.year else ""
    return short_date(action.by) + year


def _action_cells(action: PaperAction, paper: PlanPaper, scale: Scale) -> list[Cell]:
    cells = [
        cell(action.what, scale.body),
        _doer_cell(action.doer, scale),
        cell(_due_words(action, paper), scale.body),
    ]
    return [*cells, _status_cell(action.status, scale)] if action.status else cells


def _stacked_action(action: PaperAction, paper: PlanPaper, scale: Scale, width: float, head: Strip) -> list[Strip]:
    """An action in large print: what, who, by when, how it stands, under each other."""
    columns = Columns((width,), head=head, padding=3.0, ruled=False)
    last = Columns((width,), head=head, padding=9.0)
    strips = [gap(4), *row([cell(action.what, scale.body)], columns, keeps=True)]
    strips += row([_doer_cell(action.doer, scale)], columns, keeps=True)
    by = by_words(action, paper)
    if not action.status:
        return [*strips, *row([cell(by, scale.body)], last)]
    status = _status_cell(action.status, scale)
    if by:
        joined_words = [Span(action.status.value, Weight.SEMIBOLD), Span(f", {by}", Weight.REGULAR)]
        status = Cell(((joined_words, scale.body),), status.mark, status.mark_room)
    return [*strips, *row([status], last)]


def _answers(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    if not paper.answers:
        return []
    heading = [*paragraph("Who agrees with this plan", scale.heading, width, keeps=True), gap(6)]
    if scale.stacked:
        return [*heading, *[strip for one in paper.answers for strip in _stacked_answer(one, scale, width)], gap(16)]
    status = measure(Status.DOES_NOT_AGREE.value, scale.strong) + scale.body_size * 1.5 + 2
    left = width - status - 20
    plain = Columns((left * 0.52, status, left * 0.48))
    head = table_head(("Who", "Answer", "When and how"), scale.label, plain)
    columns = Columns(plain.widths, plain.gutter, head)
    strips = [*heading, Strip(head.height, head.draw, keeps=True)]
    for answer in paper.answers:
        strips += row(
            [_doer_cell(answer.doer, scale), _status_cell(answer.status, scale), cell(_how(answer), scale.body)],
            columns,
        )
    return [*strips, gap(16)]


def _how(answer: PaperAnswer) -> str:
    if not answer.reason:
        return answer.when_and_how
    return f"{answer.when_and_how}: {quoted(answer.reason)}" if answer.when_and_how else quoted(answer.reason)


def _stacked_answer(answer: PaperAnswer, scale: Scale, width: float) -> list[Strip]:
    columns, last = Columns((width,), padding=3.0, ruled=False), Columns((width,), padding=9.0)
    strips = [gap(4), *row([_doer_cell(answer.doer, scale)], columns, keeps=True)]
    words = _how(answer)
    strips += row([_status_cell(answer.status, scale)], columns if words else last, keeps=bool(words))
    return [*strips, *(row([cell(words, scale.body)], last) if words else [])]


def _review(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    if not paper.review_on:
        return []
    who = f" {paper.reviewer} asks me to come." if paper.reviewer else ""
    words = [
        Span("We were to look" if paper.is_review_late else "We look", Weight.REGULAR),
        Span(" at this plan again on ", Weight.REGULAR),
        Span(long_date(paper.review_on), Weight.SEMIBOLD),
        Span(f".{who}", Weight.REGULAR),
    ]
    return [*paragraph(words, scale.sentence, width), gap(18)]


def _sharing(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    if not paper.sharing or not paper.sharing[0].seen_by:
        return []
    heading = [*paragraph("Who can see my plan", scale.heading, width, keeps=True), gap(6)]
    names = [name for name, _can in paper.sharing[0].seen_by]
    section = max(measure(one.words, scale.body) for one in paper.sharing) + 4
    each = (width - section - 10 * len(names)) / len(names)
    longest = max(measure(word, scale.label) for name in names for word in name.split())
    if scale.stacked or each < max(longest, scale.body_size * 4):
        return [*heading, *_sharing_in_words(paper, scale, width)]
    plain = Columns((section, *[each] * len(names)))
    head = table_head(("", *names), scale.label, plain)
    columns = Columns(plain.widths, plain.gutter, head, padding=6.0)
    strips = [Strip(head.height, head.draw)]
    for one in paper.sharing:
        answers = [_status_cell(Status.YES if can else Status.NO, scale) for _name, can in one.seen_by]
        strips += row([cell(one.words, scale.body), *answers], columns)
    return [*heading, *kept(strips), gap(16)]


def _sharing_in_words(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    """The same answers without columns, for large print and for many organisations."""
    strips = []
    columns = Columns((width,), padding=6.0)
    for one in paper.sharing:
        paragraphs: list[tuple[list[Span], Type]] = [([Span(one.words, Weight.SEMIBOLD)], scale.body)]
        for word, wanted in (("Yes", True), ("No", False)):
            names = ", ".join(name for name, can in one.seen_by if can is wanted)
            if names:
                spans = [Span(f"{word}: ", Weight.SEMIBOLD), Span(names, Weight.REGULAR)]
                paragraphs.append((spans, scale.body))
        strips += row([Cell(tuple(paragraphs))], columns)
    return [*strips, gap(16)]


def _copies(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    if not paper.copies:
        return paragraph("I have this plan on paper.", scale.body, width)
    strips = [*paragraph("Who has a copy", scale.heading, width, keeps=True), gap(4)]
    for copy in paper.copies:
        facts = (copy.how, f"version {copy.version}" if copy.version else "", paper.day(copy.on) if copy.on else "")
        details = ", ".join(fact for fact in facts if fact)
        spans = [Span(copy.who, Weight.SEMIBOLD), Span(f", {details}." if details else ".", Weight.REGULAR)]
        strips += [*paragraph(spans, scale.sentence, width), gap(4, keeps=False)]
    return strips
