"""The plan in easy read: its own template with fewer words, not the standard plan made larger (FACTS C3)."""

from livingwell_desktop.domain.dates import clock_time, long_date, weekday_date
from livingwell_desktop.domain.wording import listed
from livingwell_desktop.printing.blocks import paragraph
from livingwell_desktop.printing.crisis import CrisisLine
from livingwell_desktop.printing.easy_read import (
    LONGEST_SENTENCE,
    Sentence,
    crisis_box,
    ended,
    pictured,
    said,
    word_count,
)
from livingwell_desktop.printing.lettering import unbroken
from livingwell_desktop.printing.marks import Status
from livingwell_desktop.printing.paper import Scale, Strip, gap
from livingwell_desktop.printing.pictures import begins_with_doing, picture_for_action, picture_for_goal
from livingwell_desktop.printing.plan_paper import NOT_THE_NEWEST, PaperAction, PaperAnswer, PlanPaper, quoted

_I_WANT = "i want to "


def easy_plan_strips(paper: PlanPaper, scale: Scale, width: float, crisis_lines: tuple[CrisisLine, ...]) -> list[Strip]:
    """All of the easy-read plan, in reading order."""
    strips = [
        *paragraph("My plan", scale.title, width, keeps=True),
        *paragraph(said("This plan is for ", paper.called, "."), scale.sentence, width),
    ]
    if not paper.is_newest:
        strips += paragraph(f"{NOT_THE_NEWEST}.", scale.strong, width)
    strips.append(gap(14))
    for goal in paper.goals:
        strips += pictured(picture_for_goal(goal.words, goal.group), [goal_sentence(goal.words)], scale, width)
        for action in goal.actions:
            if action.is_open:
                what = picture_for_action(action.what)
                strips += pictured(what, action_sentences(action, paper), scale, width)
    strips += _appointment(paper, scale, width)
    strips += _key_worker(paper, scale, width)
    strips += _agreement(paper, scale, width)
    strips += _sharing(paper, scale, width)
    if paper.review_on:
        when = "We were to look at my plan on:" if paper.is_review_late else "We look at my plan again on:"
        again = [said(when), said("", long_date(paper.review_on), ".")]
        strips += pictured("calendar", again, scale, width, day=str(paper.review_on.day))
    return [*strips, *crisis_box(crisis_lines, scale, width)]


def goal_sentence(words: str) -> Sentence:
    """The person's words; what they want is bold when they say "I want to"."""
    bare = words.strip()
    if bare.lower().startswith(_I_WANT):
        wanted = bare[len(_I_WANT) :].rstrip(".")
        return said(bare[: len(_I_WANT)], wanted, ".")
    return said(quoted(bare))


def _lowered(what: str) -> str:
    """ "Ask the landlord" in the middle of a sentence. "GP letter" stays."""
    return what[:1].lower() + what[1:] if what[1:2].islower() or what[1:2] == " " else what


def action_sentences(action: PaperAction, paper: PlanPaper) -> list[Sentence]:
    """Who will do what, and by when: two or three short sentences."""
    what, who = action.what.strip(), action.doer.called
    sentences: list[Sentence] = [said("", who, f" will {ended(_lowered(what))}")]
    if not begins_with_doing(what) or word_count(sentences[0]) > LONGEST_SENTENCE:
        sentences = [said("", who, " will do this:"), said(ended(what))]
    if action.by and action.status is Status.LATE:
        return [*sentences, said("It is late. The day was ", paper.day(action.by), ".")]
    if action.by:
        sentences.append(said(f"{who} will do it by ", paper.day(action.by), "."))
    return sentences


def _appointment(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    coming = paper.appointment
    if not coming:
        return []
    first = said("I see ", coming.sees, " again.") if coming.sees else said("I come here again.")
    at = f", {clock_time(coming.at)}" if coming.at else ""
    sentences = [first, said("", f"{weekday_date(coming.on)}{at}", ".")]
    if coming.place:
        sentences.append(said(ended(coming.place)))
    return pictured("calendar", sentences, scale, width, day=str(coming.on.day))


def _key_worker(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    worker = paper.key_worker
    if not worker:
        return []
    sentences = [said("My key worker is ", worker.name, ".")]
    if worker.phone:
        sentences.append(said("I can phone: ", unbroken(worker.phone), "."))
    return pictured("telephone", sentences, scale, width)


_ANSWERS = {
    Status.AGREES: (" agree with this plan.", " agrees."),
    Status.NOT_YET: (" have not agreed yet.", " has not answered yet."),
    Status.DOES_NOT_AGREE: (" do not agree.", " does not agree."),
}


def _answer(answer: PaperAnswer) -> Sentence:
    mine, theirs = _ANSWERS[answer.status]
    return said("", answer.doer.called, mine if answer.doer.is_person else theirs)


def _agreement(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    sentences = [_answer(answer) for answer in paper.answers]
    if not paper.is_agreed:
        sentences.insert(0, said("This plan is a draft. It is ", "not agreed", " yet."))
    return pictured("agree" if paper.is_agreed else "talking", sentences, scale, width)


def _sharing(paper: PlanPaper, scale: Scale, width: float) -> list[Strip]:
    if not paper.sharing:
        return []
    names = [name for name, can in paper.sharing[0].seen_by if can]
    words = said("", listed(names), " can see my plan.") if names else said("I do not share my plan.")
    return pictured("see", [words], scale, width)
